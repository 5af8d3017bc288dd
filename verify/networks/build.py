"""From a dictionary to a network that provably computes its sparse codes: weights, thresholds, number of layers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..progress import Progress, silent
from .activations import NAMES, SMOOTH, Activation
from .code_class import CodeClass, RowNoise, exact_between
from .layer_matrices import NetworkMatrices
from .plan import Plan, Planner, floor_of
from .rounding_model import RoundingModel
from .unrolled import MOST_ENTRIES, MOST_LAYERS, Code, DType, Layer, ResidualLayer, StateLayer, UnrolledNetwork
from .weights import DICTIONARY, GENERALIZED, Floats, Rates, Weights, network_weights, rates, real_atoms

_Kind = TypeVar("_Kind", bound=StrEnum)
_LEAKY_SLOPE = 0.01
_FINEST = Fraction(1, 2**60)
_AS_GOOD, _NO_BETTER = 1.25, 0.99


class Form(StrEnum):
    """How a layer is stored and evaluated; `auto` takes the form with fewer multiplications."""

    auto = "auto"
    state = "state"
    residual = "residual"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BuiltNetwork:
    """A network with what was planned for it.

    `rate` is q, the factor of the error in a layer without noise and rounding, `level` the most nonzeros for which
    its weights have q < 1. `plan.linf` are planned bounds of |x - x*|_inf after every layer. Estimated: a certificate
    proves bounds (`verify certify-network`).
    """

    network: UnrolledNetwork
    codes: CodeClass
    plan: Plan
    rate: float
    level: int

    @property
    def weight_growth(self) -> float:
        """The factor by which the weights into smooth units grow: 1/tau; 1 for other units."""
        tau = self.network.activation.tau
        return 1.0 if tau is None else float(1 / tau)


def build_unrolled(
    dictionary: Dictionary,
    *,
    sparsity: int,
    bound: object,
    noise: object,
    layers: int | None = None,
    error: object = None,
    weights: Weights = GENERALIZED,
    nonnegative: bool = False,
    dtype: str = "float32",
    activation: str | Activation = "relu",
    form: str = "auto",
    arithmetic: str = "ieee",
    rows: RowNoise | None = None,
    progress: Progress = silent,
) -> BuiltNetwork:
    """Build x+ = T_t(x + W^T (y - D x)) for the codes x* with |x*|_0 <= sparsity, |x*|_inf <= bound, |e|_2 <= noise.

    Codes, bound and noise are those of the dictionary as given, whose atoms need not be unit vectors. `weights` is
    `generalized`, `dictionary` (W = D, each atom over its squared norm), a measured generalized coherence, or an
    m x n matrix; they are scaled to w_i^T d_i = 1 and rounded to `dtype`. There are `layers` layers, or as many as a
    planned error of at most `error` (largest entry) needs. Thresholds suppress all that atoms off the support can
    receive, the rounding of `arithmetic` included, and are rounded up. A smooth activation by name gets the scale tau
    with which it is about as good as relu. `form`: `state` has n^2 multiplications a layer, `residual` 2 m n. `rows`
    bounds |v_i e| for rows v_i, where more is known of the noise than its norm.

    Guarantee: estimated bounds; thresholds never below the rounding. Cost: the generalized coherence, unless weights
    are given, and n^2 operations a layer. Raises InputError, one line, for numbers that are missing or out of range,
    for a level above that of the weights, for an error below the floor (it says which part is responsible) and for a
    dtype that is too coarse. Source: Li, Feng, Zhou 2024, theorem 5; Liu, Chen, Wang, Yin 2019.
    """
    codes = replace(CodeClass.of(sparsity, bound, noise, dictionary.shape[1]), rows=rows)
    if not codes.bound:
        raise InputError("bound: expected a number above 0, the largest entry of a code, got 0")
    wanted = wanted_layers(layers, error)
    kind, shape = option(DType, dtype, "dtype"), option(Form, form, "form")
    RoundingModel.of(arithmetic, kind)
    unit = _activation(activation, kind)
    exact = network_weights(dictionary, weights, progress)
    atoms = real_atoms(dictionary)
    stored = stored_as(exact, kind, "weights")
    known = rates(stored.astype(np.float64), atoms, nonnegative=nonnegative)
    rate = _refuse_level(known, codes.sparsity, weights)
    layer = partial(_layer, _matrices(stored, atoms, kind, shape))
    code = Code.nonnegative if nonnegative else Code.signed
    factory = _Factory(dictionary, code, kind, layer, arithmetic)
    progress("thresholds", 0, 1)
    unit, plan = _planned(factory, unit, codes, wanted)
    progress("thresholds", 1, 1)
    network = UnrolledNetwork(
        code=code,
        dtype=kind,
        shape=dictionary.shape,
        layers=tuple(layer(at, threshold) for at, threshold in enumerate(plan.thresholds)),
        activation=unit,
        dictionary_sha256=dictionary.digest,
    )
    return BuiltNetwork(network=network, codes=codes, plan=plan, rate=rate, level=known.level)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number of layers, or an error to reach."""

    layers: int | None
    error: Fraction

    def reached(self, plan: Plan) -> bool:
        """Return whether a plan is what was asked for."""
        return self.layers is not None or plan.linf[-1] <= float(self.error)

    def plan(self, planner: Planner, codes: CodeClass) -> Plan:
        """Return the plan."""
        if self.layers is not None:
            return planner.plan(codes, layers=self.layers)
        return planner.plan(codes, error=float(self.error))


@dataclass(slots=True)
class _Factory:
    """Makes planners for activations; the matrices that bound a layer are multiplied once."""

    dictionary: Dictionary
    code: Code
    dtype: DType
    layer: Any
    arithmetic: str
    _known: dict[bool, NetworkMatrices] | None = None

    def planner(self, activation: Activation) -> Planner:
        zeros = np.zeros(self.dictionary.shape[1], self.dtype.value)
        template = UnrolledNetwork(
            code=self.code,
            dtype=self.dtype,
            shape=self.dictionary.shape,
            layers=(self.layer(0, zeros), self.layer(1, zeros.copy())),
            activation=activation,
        )
        self._known = self._known or {}
        plain = activation.name == "relu"
        if plain not in self._known:
            self._known[plain] = NetworkMatrices(template, self.dictionary)
        return Planner(
            template=template,
            matrices=self._known[plain],
            layer=self.layer,
            arithmetic=self.arithmetic,
        )


def _planned(factory: _Factory, unit: Activation | str, codes: CodeClass, wanted: Wanted) -> tuple[Activation, Plan]:
    """Return the activation, with a scale if it had none, and the plan; raise InputError if it does not do."""
    if isinstance(unit, Activation):
        planner = factory.planner(unit)
        plan = wanted.plan(planner, codes)
    else:
        unit, planner, plan = _scaled(factory, unit, codes, wanted)
    refuse_plan(planner, codes, wanted, plan)
    return unit, plan


def refuse_plan(planner: Planner, codes: CodeClass, wanted: Wanted, plan: Plan) -> None:
    """Raise InputError for a plan that does not reach the error, or that rounding alone makes useless."""
    if not wanted.reached(plan):
        raise InputError(_too_small(planner, codes, wanted, plan))
    if not plan.linf[-1] < float(codes.bound):
        dtype = planner.template.dtype
        exact = planner.plan(codes, layers=len(plan.linf), rounding=False)
        if exact.linf[-1] < float(codes.bound):
            raise InputError(
                f"dtype: {dtype.value} is too coarse for this network ({planner.arithmetic} arithmetic): its "
                f"rounding alone brings the error from {exact.linf[-1]:.2g} to {plan.linf[-1]:.2g}, no less than the "
                f"codes themselves; {_finer(planner, 'fewer nonzeros')} would help"
            )


def _scaled(factory: _Factory, name: str, codes: CodeClass, wanted: Wanted) -> tuple[Activation, Planner, Plan]:
    """Return a smooth activation with the first scale that is as good as relu, nearly, or that no finer one beats."""
    relu = wanted.plan(factory.planner(Activation()), codes)
    enough = relu.linf[-1] * _AS_GOOD if wanted.layers is not None else float(wanted.error)
    tau = Fraction(2) ** max(-40, min(40, math.floor(math.log2(max(enough, 2.0**-40)))))
    best: tuple[Activation, Planner, Plan] | None = None
    while best is None or tau >= _FINEST:
        unit = Activation(name=name, tau=tau)
        planner = factory.planner(unit)
        plan = wanted.plan(planner, codes)
        if best is not None and plan.linf[-1] > _NO_BETTER * best[2].linf[-1]:
            break
        best = unit, planner, plan
        if plan.linf[-1] <= enough:
            break
        tau /= 4
    return best


def _too_small(planner: Planner, codes: CodeClass, wanted: Wanted, plan: Plan) -> str:
    if not plan.settled:
        return f"error: {MOST_LAYERS} layers reach {min(plan.linf):.3g} only, and {float(wanted.error):.3g} was wanted"
    floor = floor_of(planner, codes)
    help_ = {
        "noise": "less noise",
        "activation": "a smaller tau, or relu",
        "rounding": _finer(planner, "fewer nonzeros or other weights"),
    }
    return (
        f"error: {float(wanted.error):.3g} is below the floor {min(plan.linf):.3g} of any number of layers (noise "
        f"{floor.noise:.2g}, activation {floor.activation:.2g}, rounding {floor.rounding:.2g}): {floor.responsible} is "
        f"responsible, {help_[floor.responsible]} would help"
    )


def _finer(planner: Planner, otherwise: str) -> str:
    """Return what rounds less."""
    if planner.arithmetic != "ieee":
        return "the arithmetic ieee"
    return "float64" if planner.template.dtype is DType.float32 else otherwise


def wanted_layers(layers: int | None, error: object) -> Wanted:
    """Return what was asked for; raise InputError unless it is one of the two."""
    if (layers is None) == (error is None):
        raise InputError("expected either a number of layers or an error to reach")
    if layers is None:
        number = exact_between(error, "error")
        if not number:
            raise InputError("error: expected a number above 0, got 0")
        return Wanted(None, number)
    if isinstance(layers, bool) or not isinstance(layers, int) or not 1 <= layers <= MOST_LAYERS:
        raise InputError(f"layers: expected a number from 1 to {MOST_LAYERS}, got {layers!r}")
    return Wanted(layers, Fraction(0))


def option(kind: type[_Kind], value: str, name: str) -> _Kind:
    """Return the member of this value; raise InputError if there is none."""
    names = [member.value for member in kind]
    if value not in names:
        raise InputError(f"{name}: expected one of {', '.join(names)}, got {str(value)[:40]!r}")
    return kind(value)


def _activation(value: str | Activation, dtype: DType) -> Activation | str:
    """Return an activation; the name alone of a smooth one, whose scale is to be found."""
    if isinstance(value, Activation):
        return value
    if value not in NAMES:
        raise InputError(f"activation: expected one of {', '.join(NAMES)}, got {str(value)[:40]!r}")
    if value in SMOOTH:
        return value
    if value == "relu":
        return Activation()
    return Activation(name=value, slope=Fraction(float(np.array(_LEAKY_SLOPE, dtype=dtype.value))))


def stored_as(entries: Floats, dtype: DType, name: str) -> NDArray[Any]:
    """Return entries in a dtype; raise InputError where one is out of its range."""
    with np.errstate(over="ignore", under="ignore"):
        stored = np.ascontiguousarray(entries.astype(dtype.value))
    if not np.isfinite(stored).all():
        raise InputError(
            f"dtype: {dtype.value} cannot hold the {name}, whose largest entry is {np.abs(entries).max():.2g}: take "
            "float64, or scale the atoms"
        )
    return stored


def _matrices(weights: NDArray[Any], atoms: Floats, dtype: DType, form: Form) -> tuple[NDArray[Any], ...]:
    """Return (V, M) for the form `state`, (W, D, None) for `residual`."""
    m, n = atoms.shape
    if form is Form.auto:
        form = Form.state if n <= 2 * m and n * (n + m) <= MOST_ENTRIES // 2 else Form.residual
    if form is Form.residual:
        return weights, stored_as(atoms, dtype, "atoms"), np.empty(0)
    state = stored_as(np.eye(n) - weights.T.astype(np.float64) @ atoms, dtype, "state matrix")
    return np.ascontiguousarray(weights.T), state


def _layer(matrices: tuple[NDArray[Any], ...], at: int, threshold: NDArray[Any]) -> Layer:
    if len(matrices) == 2:
        signal, state = matrices
        return StateLayer(state=state if at else None, signal=signal, threshold=threshold)
    return ResidualLayer(analysis=matrices[0], synthesis=matrices[1], threshold=threshold)


def _refuse_level(known: Rates, sparsity: int, weights: Weights) -> float:
    """Return q at the level; raise InputError unless it is below 1."""
    rate = known.by_level[sparsity - 1]
    if rate < 1:
        return rate
    better = "the weights of the generalized coherence, " if isinstance(weights, str) and weights == DICTIONARY else ""
    reach = f"codes with at most {known.level} nonzeros, " if known.level else ""
    raise InputError(
        f"sparsity: the level of these weights is {known.level}, and at {sparsity} the error changes by q = {rate:.4g} "
        f">= 1 in a layer; {reach}{better}less coherent atoms or longer signals would help"
    )
