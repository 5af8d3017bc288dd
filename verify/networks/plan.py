"""The thresholds of a network, layer by layer: as low as nothing off the support gets through, rounding included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .code_class import CodeClass
from .error_bounds import AnyLayer, AnyMatrices, Network, layer_pass
from .rounding_model import RoundingModel
from .unrolled import MOST_LAYERS, DType

LayerMaker = Callable[[int, NDArray[Any]], AnyLayer]

_MARGIN = 1 + 2.0**-30
_STILL = 1e-6
_HOPELESS = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Thresholds, as stored, and planned bounds of |x_i - x*_i| after every layer on the support and off it.

    `settled` says that further layers would bring nothing. Estimated: a certificate proves the bounds, or others.
    """

    thresholds: tuple[NDArray[Any], ...]
    on: tuple[float, ...]
    off: tuple[float, ...]
    settled: bool

    @property
    def linf(self) -> tuple[float, ...]:
        """Bounds of |x - x*|_inf after every layer."""
        return tuple(map(max, self.on, self.off))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planner:
    """Plans networks whose layers have the matrices of `template`; `layer` makes layer k from its threshold."""

    template: Network
    matrices: AnyMatrices
    layer: LayerMaker
    arithmetic: str = "ieee"

    def plan(
        self,
        codes: CodeClass,
        *,
        layers: int = MOST_LAYERS,
        error: float = 0.0,
        rounding: bool = True,
        activation: bool = True,
    ) -> Plan:
        """Return the plan of the layers asked for, fewer if the error is reached or nothing changes any more.

        t_i = P_i(s)(a - o) + (R_i + kappa_i) o + eta_i + the rounding, rounded up in the dtype, and that number is used
        onward (with an exact W^T D; in general the recursion for any weights). Nothing changes any more where a layer
        brings less than one part in a million; only a plan without a number of layers ends there.
        Cost: n^2 operations and a selection of s in n numbers per atom and layer.
        """
        dtype = self.template.dtype
        model = RoundingModel.of(self.arithmetic, dtype) if rounding else RoundingModel.none(dtype)
        run = layer_pass(self.template, self.matrices, model, codes, activation)
        errors, thresholds, states = run.start(), [], []
        before, settled = float("inf"), False
        with np.errstate(all="ignore"):
            for at in range(layers):
                zero = self.template.layers[min(at, 1)]
                threshold = rounded_up(run.needed(zero, errors) * _MARGIN, dtype)
                errors = run.after(self.layer(at, threshold), errors)
                thresholds.append(threshold)
                ends = (float(part.max()) for part in (errors.on, errors.off))
                states.append(tuple(float("inf") if np.isnan(end) else end for end in ends))
                now = max(states[-1])
                hopeless = not now <= _HOPELESS * max(float(codes.bound), 1e-300)
                settled = hopeless or abs(now - before) <= _STILL * now
                if now <= error or (settled and (layers == MOST_LAYERS or hopeless)):
                    break
                before = now
        on, off = zip(*states, strict=True)
        return Plan(thresholds=tuple(thresholds), on=on, off=off, settled=settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What no further layer gets below, and its parts; `error` is their sum. Estimated."""

    noise: float
    activation: float
    rounding: float

    @property
    def error(self) -> float:
        """The floor itself."""
        return self.noise + self.activation + self.rounding

    @property
    def responsible(self) -> str:
        """The largest part."""
        return max(("noise", "activation", "rounding"), key=lambda name: getattr(self, name))


def floor_of(planner: Planner, codes: CodeClass) -> Floor:
    """Return the floor of a class: with noise alone, what the activation adds, and what rounding adds.

    Rounding includes that of the stored weights. Cost: that of four plans until nothing changes any more.
    """

    def least(noise: bool, activation: bool, rounding: bool) -> float:
        quiet = codes if noise else replace(codes, noise=Fraction(0), rows=None)
        return min(planner.plan(quiet, activation=activation, rounding=rounding).linf)

    smooth = planner.template.activation.tau is not None
    stored = least(False, False, False)
    with_noise = least(True, False, False) if codes.noise else stored
    with_activation = least(True, True, False) if smooth else with_noise
    return Floor(
        noise=with_noise - stored,
        activation=with_activation - with_noise,
        rounding=least(True, True, True) - with_activation + stored,
    )


def rounded_up(values: NDArray[np.float64], dtype: DType) -> NDArray[Any]:
    """Return the least numbers of a dtype that are no smaller."""
    stored = values.astype(dtype.value)
    low = stored.astype(np.float64) < values
    return np.where(low, np.nextafter(stored, np.array(np.inf, dtype=dtype.value)), stored)
