"""One forward pass through a stack of layers: which supports it provably finds, and the first layer that fails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...errors import InputError
from ...rounding import dyadic_upper
from ...theorems import theorem
from ..code_class import exact_between
from .codes import LayerCodes, Rule
from .layers import MeasuredLayer, nonzeros_in_atom

_FINE = 10
"""A threshold that is chosen is at most 2^-10 of its range above the best one, so that it has few bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPass:
    """One layer: with |d_i^T e| <= `noise`, thresholds b with `lower` <= b < `upper` find the support.

    `inside` and `spread` say how the error of the layer below became noise. `threshold` is the one taken, None if there
    is none; `error` then bounds the error of the code, entry by entry. `level` is the greatest sparsity at which the
    layer would find every support, all else equal; `statement` is the theorem's id.
    """

    codes: LayerCodes
    inside: int
    spread: Fraction
    noise: Fraction
    lower: Fraction
    upper: Fraction
    threshold: Fraction | None
    error: Fraction | None
    level: int
    statement: str = "thresholding-by-babel"

    @property
    def found(self) -> bool:
        """Whether every support of the class is provably found."""
        return self.error is not None

    @property
    def gap(self) -> Fraction:
        """How far the range of thresholds is from not being empty: `lower` - `upper`."""
        return self.lower - self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardPass:
    """The layers up to the first that fails, or all of them. Guarantee: proved, in exact arithmetic."""

    rule: Rule
    layers: tuple[LayerPass, ...]
    depth: int

    @property
    def failed(self) -> int | None:
        """The first layer, from 1, whose supports are not proved to be found; None if there is none."""
        return None if self.layers[-1].found else len(self.layers)


def forward_pass(
    layers: Sequence[MeasuredLayer],
    codes: Sequence[LayerCodes],
    rule: Rule = Rule.soft,
    thresholds: Sequence[object] | None = None,
) -> ForwardPass:
    """Follow one forward pass x^_j = T(D_j^T x^_(j-1)), x^_0 = y, for y = D_1 x_1 + e_1, x_(j-1) = D_j x_j + e_j.

    Atoms are unit vectors: those given are scaled to it. Layer j finds the support if mu_1(s) |x|_max + eps <= b <
    |x|_min - mu_1(s-1) |x|_max - eps, errs by at most eps + mu_1(s-1) |x|_max (+ b for soft and relu), and the next
    layer has eps = spread error + its own noise. Without `thresholds`, b is about the least (the middle for hard).
    Rounding of a forward pass in floating point is not included: count it as noise.

    Guarantee: rational arithmetic on upper bounds. Cost: the coherence and the Babel function of each layer. Raises
    InputError for numbers of layers that differ, and a sparsity above the atoms of a stripe. Source: Papyan, Romano,
    Elad 2017; theory 5.1.
    """
    for name, given in (("classes of codes", codes), ("thresholds", thresholds or layers)):
        if len(given) != len(layers):
            raise InputError(f"expected {len(layers)} {name}, one for each layer, got {len(given)}")
    error, found = Fraction(0), []
    for j, (layer, own) in enumerate(zip(layers, codes, strict=True)):
        if own.sparsity > layer.others + 1:
            raise InputError(
                f"layer {j + 1}: expected a sparsity of at most {layer.others + 1}, the atoms of a stripe, "
                f"got {own.sparsity}"
            )
        wanted = None if thresholds is None else exact_between(thresholds[j], f"threshold of layer {j + 1}")
        before = (layers[j - 1], codes[j - 1].sparsity) if j else None
        found.append(_layer(layer, own, rule, wanted, *entering(layer, own, before, error)))
        if found[-1].error is None:
            break
        error = found[-1].error
    return ForwardPass(rule=rule, layers=tuple(found), depth=len(layers))


def entering(
    layer: MeasuredLayer, codes: LayerCodes, before: tuple[MeasuredLayer, int] | None, error: Fraction
) -> tuple[int, Fraction, Fraction]:
    """Return (k, spread, eps) of a layer, from the layer below with its sparsity, and that layer's error."""
    if before is None:
        return 0, Fraction(0), codes.noise
    inside = nonzeros_in_atom(before[0].dictionary, before[1], layer.dictionary)
    spread = layer.spread_upper(inside)
    values = {"spread": spread, "error": error, "noise": codes.noise}
    return inside, spread, upper_of(theorem("thresholding-next-layer-by-entries").apply(values)["eps"])


def upper_of(result: object) -> Fraction:
    """Return the upper end of a result."""
    upper = getattr(result, "upper", result)
    if not isinstance(upper, Fraction):
        raise InputError("a bound is infinite")
    return upper


def _range(layer: MeasuredLayer, codes: LayerCodes, eps: Fraction) -> tuple[Fraction, Fraction]:
    s, largest = codes.sparsity, codes.largest
    return layer.sum_upper(s) * largest + eps, codes.least - layer.sum_upper(s - 1) * largest - eps


def _layer(
    layer: MeasuredLayer,
    codes: LayerCodes,
    rule: Rule,
    wanted: Fraction | None,
    inside: int,
    spread: Fraction,
    eps: Fraction,
) -> LayerPass:
    lower, upper = _range(layer, codes, eps)
    threshold = _chosen(lower, upper, rule) if wanted is None else wanted
    error = None
    if threshold is not None and lower <= threshold < upper:
        values = {
            "s": Fraction(codes.sparsity),
            "babel": layer.sum_upper(codes.sparsity),
            "babel_before": layer.sum_upper(codes.sparsity - 1),
            "x_min": codes.least,
            "x_max": codes.largest,
            "eps": eps,
            "b": threshold,
        }
        said = theorem("thresholding-by-babel").apply(values)
        error = upper_of(said["error_hard" if rule is Rule.hard else "error_soft"])
    return LayerPass(
        codes=codes,
        inside=inside,
        spread=spread,
        noise=eps,
        lower=lower,
        upper=upper,
        threshold=threshold,
        error=error,
        level=_level(layer, codes, eps),
    )


def _chosen(lower: Fraction, upper: Fraction, rule: Rule) -> Fraction | None:
    """Return a threshold of the range with few bits; None if the range is empty."""
    if lower >= upper:
        return None
    width = upper - lower
    bits = max(0, _FINE + 1 + math.ceil(math.log2(width.denominator)) - (width.numerator.bit_length() - 1))
    return dyadic_upper((lower + upper) / 2 if rule is Rule.hard else lower, bits)


def _level(layer: MeasuredLayer, codes: LayerCodes, eps: Fraction) -> int:
    """Return the greatest sparsity with a threshold, 0 if none; sums grow with it, so it is found by bisection."""
    low, high = 0, layer.others + 2
    while high - low > 1:
        middle = (low + high) // 2
        at = LayerCodes(sparsity=middle, least=codes.least, largest=codes.largest)
        lower, upper = _range(layer, at, eps)
        low, high = (middle, high) if lower < upper else (low, middle)
    return low
