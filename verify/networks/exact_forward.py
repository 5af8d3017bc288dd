"""The codes that an unrolled network computes in exact arithmetic, after every layer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from ..errors import InputError
from ..exact import IntegerMatrix
from .shrinkage import shrink
from .unrolled import Code, Matrix, StateLayer, UnrolledNetwork

Vector = list[Fraction]


def exact_forward(network: UnrolledNetwork, signal: Iterable[float | Fraction]) -> list[Vector]:
    """Return the code after every layer, for the stored weights and without any rounding.

    Guarantee: exact. Cost: the numbers grow by the bits of the weights in every layer, so this is for tests and small
    networks. Raises InputError for a signal of another length and for a smooth activation, whose values are no
    rationals; leaky ReLU units stand for relu exactly.
    """
    if network.activation.tau is not None:
        raise InputError(f"exact arithmetic: expected relu or leaky-relu units, got {network.activation.name}")
    m, n = network.shape
    y = [Fraction(value) for value in signal]
    if len(y) != m:
        raise InputError(f"signal: expected {m} numbers, got {len(y)}")
    known: dict[int, _ExactMatrix] = {}
    x = [Fraction(0)] * n
    codes: list[Vector] = []
    for layer in network.layers:
        if isinstance(layer, StateLayer):
            v = _exact(known, layer.signal).times(y)
            if layer.state is not None:
                v = [a + b for a, b in zip(v, _exact(known, layer.state).times(x), strict=True)]
        else:
            image = _exact(known, layer.synthesis).times(x)
            residual = [a - b for a, b in zip(y, image, strict=True)]
            change = _exact(known, layer.analysis, transposed=True).times(residual)
            v = [a + b for a, b in zip(x, change, strict=True)]
        thresholds = [Fraction(t) for t in layer.threshold.tolist()]
        if network.code is Code.signed:
            x = [shrink(a, t) for a, t in zip(v, thresholds, strict=True)]
        else:
            x = [max(a - t, Fraction(0)) for a, t in zip(v, thresholds, strict=True)]
        codes.append(x)
    return codes


class _ExactMatrix:
    """A matrix of floats as integers over one power of two."""

    def __init__(self, entries: Matrix) -> None:
        ratios = [[value.as_integer_ratio() for value in row] for row in entries.tolist()]
        self._divisor = max(q for row in ratios for _, q in row)
        self._matrix = IntegerMatrix([[p * (self._divisor // q) for p, q in row] for row in ratios])

    def times(self, vector: Vector) -> Vector:
        common = math.lcm(*(value.denominator for value in vector))
        integers = [value.numerator * (common // value.denominator) for value in vector]
        return [Fraction(total, common * self._divisor) for total in self._matrix.times(integers)]


def _exact(known: dict[int, _ExactMatrix], entries: Matrix, *, transposed: bool = False) -> _ExactMatrix:
    key = -id(entries) if transposed else id(entries)
    if key not in known:
        known[key] = _ExactMatrix(entries.T if transposed else entries)
    return known[key]
