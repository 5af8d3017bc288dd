"""Bounds of a stored network's error over a class of codes and noise, as floats: what a certificate then proves.

The recursion is that of certificates/SPEC.md section 6.10, layer by layer: on the support, off it, with rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from .activations import Activation
from .code_class import CodeClass
from .layer_matrices import LayerMatrices, NetworkMatrices
from .rounding_model import DISTANCES, LIBRARY, RoundingModel
from .unrolled import DType, Matrix, StateLayer, UnrolledNetwork

Floats = NDArray[np.float64]

_INFLATED = 1 + 2.0**-40
"""More than the rounding of the recursion itself, so that what is 0 here is 0 for the checker."""


class AnyLayer(Protocol):
    """A layer: its thresholds, and matrices that `Matrices` knows."""

    @property
    def threshold(self) -> Matrix:
        """A threshold for every row."""
        ...


class Network(Protocol):
    """What the recursion asks of a network."""

    @property
    def layers(self) -> Sequence[AnyLayer]:
        """The layers."""
        ...

    @property
    def dtype(self) -> DType:
        """The format."""
        ...

    @property
    def activation(self) -> Activation:
        """What stands for relu."""
        ...


class Matrices(Protocol):
    """What the recursion asks of the matrices of a network, for what the rows of a layer see.

    Row i is about the column `own`[i], and column j has the bounds of row `kinds`[j]; `sizes` are the number of entries
    of a signal that a row sees and of columns, `norms` those of the columns of D. For a dictionary rows and columns are
    the atoms; for filters rows are the atoms (c, 0), and columns those of their stripe, cut to the taps of the row.
    """

    one_sided: bool
    own: NDArray[np.intp]
    kinds: NDArray[np.intp]
    norms: Floats
    sizes: tuple[int, int]

    def of(self, layer: Any) -> LayerMatrices:
        """Return the matrices of a layer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ManyMatrices:
    """Several kinds of rows that see different things, with the same `own` and `kinds`: bounds are the greatest."""

    parts: tuple[Matrices, ...]


AnyMatrices = Matrices | ManyMatrices


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBounds:
    """Bounds of |x_i - x*_i| after every layer, where x*_i != 0 (`on`) and elsewhere (`off`), and at the end.

    Estimated: computed in floating point and rounded nowhere; a certificate rounds them up, and the checker proves
    them or not. Infinite where sums have no error bound.
    """

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    l2: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errors:
    """Bounds per atom: x_i - x*_i <= `above` and x*_i - x_i <= `below` on the support, |x_i| <= `off` elsewhere."""

    above: Floats
    below: Floats
    off: Floats

    @property
    def on(self) -> Floats:
        """Bounds of |x_i - x*_i| on the support."""
        return np.maximum(self.above, self.below)


class ErrorBounder:
    """Bounds the error of one network for one dictionary; matrices are multiplied once for all classes.

    For filters the matrices are handed in. Raises InputError if network and dictionary do not fit.
    """

    def __init__(self, network: Network, known: Dictionary | AnyMatrices) -> None:
        self._network = network
        if isinstance(known, Dictionary):
            assert isinstance(network, UnrolledNetwork)
            known = NetworkMatrices(network, known)
        self._matrices: AnyMatrices = known

    def bounds(
        self, codes: CodeClass, arithmetic: str = "ieee", *, rounding: bool = True, activation: bool = True
    ) -> ErrorBounds:
        """Return the bounds for a class; without `rounding` or `activation`, those of networks free of these errors.

        Cost: n^2 log n a layer. Raises InputError for an arithmetic that the network's format does not have.
        """
        states = self.states(codes, arithmetic, rounding=rounding, activation=activation)
        on = tuple(_greatest(state.on) for state in states)
        off = tuple(_greatest(state.off) for state in states)
        return ErrorBounds(on=on, off=off, linf=max(on[-1], off[-1]), l2=_norm(states[-1], codes.sparsity))

    def states(
        self, codes: CodeClass, arithmetic: str = "ieee", *, rounding: bool = True, activation: bool = True
    ) -> list[Errors]:
        """Return the bounds of every atom after every layer, as `bounds` does."""
        network, dtype = self._network, self._network.dtype
        model = RoundingModel.of(arithmetic, dtype)
        model = model if rounding else RoundingModel.none(dtype)
        pass_ = layer_pass(network, self._matrices, model, codes, activation)
        with np.errstate(all="ignore"):
            return pass_.run()


def layer_pass(
    network: Network, matrices: AnyMatrices, model: RoundingModel, codes: CodeClass, activation: bool
) -> LayerPass | ManyPasses:
    """Return the recursion of a network."""
    if isinstance(matrices, ManyMatrices):
        parts = tuple(LayerPass(network, part, model, codes, activation) for part in matrices.parts)
        return ManyPasses(network, parts)
    return LayerPass(network, matrices, model, codes, activation)


def _greatest(values: Floats) -> float:
    return float("inf") if np.isnan(values).any() else float(values.max())


def _norm(errors: Errors, sparsity: int) -> float:
    on, off = errors.on**2, errors.off**2
    gains = np.sort(on - off)[-sparsity:]
    total = off.sum() + np.maximum(gains, 0).sum()
    return float("inf") if np.isnan(total) else float(np.sqrt(total))


class LayerPass:
    """One run of the recursion through all layers."""

    def __init__(
        self,
        network: Network,
        matrices: Matrices,
        model: RoundingModel,
        codes: CodeClass,
        activation: bool,
    ) -> None:
        self._network, self._matrices, self._model = network, matrices, model
        self._sparsity = codes.sparsity
        self._bound = float(codes.bound)
        clean = self._bound * float(np.sort(matrices.norms)[-codes.sparsity :].sum()) + float(codes.noise)
        rounding = model.unit * clean + matrices.sizes[0] * model.tiny
        self._signal, self._noise = clean + rounding, float(codes.noise) + rounding
        self._rounded, self._rows = rounding, codes.rows
        self._activation = activation
        self._known: dict[int, Floats] = {}
        self._own = np.arange(len(matrices.own)), matrices.own

    def start(self) -> Errors:
        """Return the bounds for the code 0."""
        n = len(self._matrices.own)
        full, zeros = np.full(n, self._bound), np.zeros(n)
        return Errors(above=zeros if self._matrices.one_sided else full, below=full, off=zeros)

    def run(self) -> list[Errors]:
        """Return the bounds after every layer."""
        errors = self.start()
        states: list[Errors] = []
        for layer in self._network.layers:
            errors = self.after(layer, errors)
            states.append(errors)
        return states

    def after(self, layer: AnyLayer, errors: Errors) -> Errors:
        """Return the bounds after a layer."""
        matrices = self._matrices.of(layer)
        same, cross = matrices.same, matrices.cross
        more = self._side(same, cross, matrices.residual, errors)
        less = more if cross is None else self._side(cross, same, matrices.residual, errors)
        t = np.asarray(layer.threshold, dtype=np.float64)
        noise = self._row_noise(matrices)
        error, sizes = self._rounding(layer, matrices, errors, more, less, t)
        if cross is None:
            after = self._after_relu(sizes + error, error, t)
            on = more[0] + noise + t + error + after
            return Errors(above=on, below=on, off=np.maximum(0, more[1] + noise + error - t) + after)
        above, off = (np.maximum(0, side + noise + error - t) for side in more)
        return Errors(above=above, below=np.minimum(self._bound, less[0] + noise + t + error), off=off)

    def _row_noise(self, matrices: LayerMatrices) -> Floats:
        """Bound |V_i e| with the rounding of the signal."""
        plain = matrices.norms * self._noise
        if self._rows is None:
            return plain
        return np.minimum(plain, self._rows(matrices.signal) + matrices.norms * self._rounded)

    def needed(self, layer: AnyLayer, errors: Errors) -> Floats:
        """Return thresholds that suppress, with rounding, all that atoms off the support can receive in a layer."""
        matrices = self._matrices.of(layer)
        more = self._side(matrices.same, matrices.cross, matrices.residual, errors)
        less = more if matrices.cross is None else self._side(matrices.cross, matrices.same, matrices.residual, errors)
        base = more[1] + self._row_noise(matrices)
        zeros = np.zeros_like(base)
        at_zero, _ = self._rounding(layer, matrices, errors, more, less, zeros)
        at_one, _ = self._rounding(layer, matrices, errors, more, less, zeros + 1)
        return (base + at_zero) / np.maximum(0, 1 - (at_one - at_zero) * _INFLATED) * _INFLATED  # affine in t

    def _side(
        self, same: Floats, cross: Floats | None, residual: Floats | None, errors: Errors
    ) -> tuple[Floats, Floats]:
        """Bound how far the sums leave x* to one side, without the noise: on the support, and off it."""
        kinds, at = self._matrices.kinds, self._own
        values = same * (errors.above - errors.off)[kinds]
        own = same[at] * errors.above
        if cross is not None:
            values = values + cross * errors.below[kinds]
            own = own + cross[at] * errors.below
        if residual is not None:
            values = values + residual * self._bound
            own = own + residual[at] * self._bound
        values[at] = 0.0
        top = np.maximum(0, np.partition(values, -self._sparsity, axis=1)[:, -self._sparsity :])
        total = top.sum(axis=1)
        base = same @ errors.off[kinds]
        others = base - same[at] * errors.off
        return _INFLATED * (others + total - top[:, 0] + own), _INFLATED * (base + total)

    def _rounding(
        self,
        layer: AnyLayer,
        matrices: LayerMatrices,
        errors: Errors,
        more: tuple[Floats, Floats],
        less: tuple[Floats, Floats],
        t: Floats,
    ) -> tuple[Floats, Floats]:
        """Bound the errors of the sums, and the sums of the moduli of their terms."""
        (m, n), s, model = self._matrices.sizes, self._sparsity, self._model
        nonzeros = n if errors.off.any() else s
        entries = max(self._bound + float(errors.above.max()), float(errors.off.max()))

        def underflow(inputs: float) -> float:
            return 8 * model.tiny * (n + m + 4) * (2 + matrices.largest + inputs)

        if isinstance(layer, StateLayer):
            moduli = np.maximum(*more) + (0 if matrices.cross is None else np.maximum(*less))
            moduli = moduli + self._bound * self._heavy(matrices)
            moduli = moduli + matrices.norms * self._signal + t
            theta = model.sum_error((nonzeros if layer.state is not None else 0) + m + 2)
            return theta * moduli + underflow(max(entries, self._signal)), moduli
        columns, differences = matrices.columns, matrices.differences
        assert columns is not None
        assert differences is not None
        kinds = self._matrices.kinds
        image = _weighted(columns, (self._bound + errors.above)[kinds], errors.off[kinds], s)
        change = _weighted(columns, errors.on[kinds], errors.off[kinds], s) + self._bound * float(
            np.sort(differences)[-s:].sum()
        )
        error = model.sum_error(nonzeros + 2) * (self._signal + image)
        error += (np.sqrt(m) + 2) * underflow(max(entries, self._signal))
        computed = change + self._noise + error
        moduli = np.maximum(self._bound + errors.above, errors.off) + matrices.norms * computed + t
        whole = matrices.norms * error + model.sum_error(m + 3) * moduli + underflow(max(entries, computed))
        return whole, moduli

    def _heavy(self, matrices: LayerMatrices) -> Floats:
        """Return the sum of the s largest moduli of each row of M."""
        if id(matrices) not in self._known:
            whole = matrices.same if matrices.cross is None else np.maximum(matrices.same, matrices.cross)
            s = self._sparsity
            self._known[id(matrices)] = np.partition(whole, -s, axis=1)[:, -s:].sum(axis=1)
        return self._known[id(matrices)]

    def _after_relu(self, sizes: Floats, error: Floats, t: Floats) -> Floats:
        """Bound what the activations and the last subtraction add."""
        activation, model = self._network.activation, self._model
        last = model.last
        if activation.name == "relu" or not self._activation:
            return 2 * last * np.maximum(0, error - t)
        if activation.slope is not None:
            slope = float(activation.slope)
            added = 16 * last / (1 - slope * slope) * sizes
        else:
            assert activation.tau is not None
            tau = float(activation.tau)
            added = tau * DISTANCES[activation.name] + 2 * LIBRARY * last * (tau + sizes)
        return added + last * (sizes + added)


class ManyPasses:
    """The recursion for several kinds of rows at once: after every layer the greatest bounds."""

    def __init__(self, network: Network, parts: tuple[LayerPass, ...]) -> None:
        self._network, self._parts = network, parts

    def start(self) -> Errors:
        """Return the bounds for the code 0."""
        return self._parts[0].start()

    def run(self) -> list[Errors]:
        """Return the bounds after every layer."""
        errors = self.start()
        states: list[Errors] = []
        for layer in self._network.layers:
            errors = self.after(layer, errors)
            states.append(errors)
        return states

    def after(self, layer: AnyLayer, errors: Errors) -> Errors:
        """Return the bounds after a layer."""
        found = [part.after(layer, errors) for part in self._parts]
        above, below, off = (
            np.max([getattr(one, name) for one in found], axis=0) for name in ("above", "below", "off")
        )
        return Errors(above=above, below=below, off=off)

    def needed(self, layer: AnyLayer, errors: Errors) -> Floats:
        """Return thresholds that suppress in all rows what atoms off the support can receive."""
        return np.max([part.needed(layer, errors) for part in self._parts], axis=0)


def _weighted(weights: Floats, on: Floats, off: Floats, sparsity: int) -> float:
    """Return the greatest sum of weights times `on` over a support, and times `off` over the rest."""
    gains = np.sort(weights * (on - off))[-sparsity:]
    return float((weights * off).sum() + np.maximum(gains, 0).sum())
