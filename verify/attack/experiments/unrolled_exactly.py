"""The unrolled network on one instance without rounding: in rationals, or in balls where these grow too long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...exact import Enclosure, ball, ball_enclosure, ball_precision
from ...theorems.language.values import Value
from ..experiment import ExactMeasurement, Instance, NotAnInstance
from ..rationals import euclidean_norm, fractions, inner_products, power_of_two

if TYPE_CHECKING:
    from ...exact import Ball

_MOST_BITS = 60_000
_BALL_BITS = 1024
_MOST_LAYERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Network:
    """W^T D as integers A over the diagonal, W^T e with weights normalised, and the numbers of the hypotheses."""

    A: list[list[int]]
    response: list[Fraction]
    code: list[Fraction]
    s: int
    mu: Fraction
    B: Fraction
    sigma: Fraction
    depth: int
    factor: Fraction


def measured(instance: Instance, factor: Fraction, s: int | None = None) -> ExactMeasurement:
    """Return s, mu, B, sigma, K of an instance, and its errors: exact, or enclosed by balls of 1024 bits.

    s is the number of nonzeros if it is not given. Raises NotAnInstance if some w_i^T d_i is 0, or arrays do not fit
    together.
    """
    network = _network(instance, factor, s)
    errors = _rational_errors(network)
    if errors is None:
        with ball_precision(_BALL_BITS):
            quantities = _ball_quantities(network)
    else:
        off = [abs(error) for error, x in zip(errors, network.code, strict=True) if not x]
        quantities: dict[str, Value] = {
            "error_linf": max(map(abs, errors)),
            "error_l2": euclidean_norm(errors),
            "error_l1": sum(map(abs, errors), Fraction(0)),
            "off_support": max(off, default=Fraction(0)),
        }
    values = {"s": Fraction(network.s), "mu": network.mu, "B": network.B, "sigma": network.sigma}
    return ExactMeasurement(values={**values, "K": Fraction(network.depth)}, quantities=quantities)


def _network(instance: Instance, factor: Fraction, s: int | None) -> _Network:
    D, W, code, e = (instance[name] for name in ("D", "W", "code", "noise"))
    depth = int(instance["depth"])
    m, n = D.shape if D.ndim == 2 else (0, 0)
    if m < 1 or n < 2 or W.shape != (m, n) or code.shape != (n,) or e.shape != (m,):
        raise NotAnInstance("D and W are m x n with n >= 2, the code has n entries and the noise m")
    if not 0 <= depth <= _MOST_LAYERS:
        raise NotAnInstance(f"the depth is an integer from 0 to {_MOST_LAYERS}")
    if not all(np.isfinite(array).all() for array in (D, W, code, e)):
        raise NotAnInstance("all entries are finite")
    A, exponent = inner_products(W, D)
    if any(A[i][i] == 0 for i in range(len(A))):
        raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
    noise, own = inner_products(W, e[:, None])
    scale = power_of_two(own - exponent)
    response = [Fraction(row[0], A[i][i]) * scale for i, row in enumerate(noise)]
    off = [Fraction(max(abs(x) for j, x in enumerate(row) if j != i), abs(row[i])) for i, row in enumerate(A)]
    exact_code = fractions(code)
    return _Network(
        A=A,
        response=response,
        code=exact_code,
        s=max(1, sum(x != 0 for x in exact_code) if s is None else s),
        mu=max(off),
        B=max(map(abs, exact_code)),
        sigma=max(map(abs, response)),
        depth=depth,
        factor=factor,
    )


def _thresholds(network: _Network) -> list[Fraction]:
    """Return t_k = factor (s mu a_k + sigma), with a_0 = B and a_(k+1) = (2s - 1) mu a_k + 2 sigma."""
    found, a, s, mu = [], network.B, network.s, network.mu
    for _ in range(network.depth):
        found.append(network.factor * (s * mu * a + network.sigma))
        a = (2 * s - 1) * mu * a + 2 * network.sigma
    return found


def _rational_errors(network: _Network) -> list[Fraction] | None:
    """Return x* - x^K exactly, or None if the numbers become too long."""
    errors = list(network.code)
    for t in _thresholds(network):
        active = [j for j, error in enumerate(errors) if error]
        common = 1
        for j in active:
            common = math.lcm(common, errors[j].denominator)
        if common.bit_length() * max(1, len(active)) > _MOST_BITS:
            return None
        whole = {j: errors[j].numerator * (common // errors[j].denominator) for j in active}
        errors = [_next(network, i, whole, common, t) for i in range(len(errors))]
    return errors


def _next(network: _Network, i: int, whole: dict[int, int], common: int, t: Fraction) -> Fraction:
    """Return entry i of the next error: clip(x* + v, -t, t) - v; v is reduced only where the answer is not 0."""
    row = network.A[i]
    total = sum(row[j] * h for j, h in whole.items() if j != i)
    r, x = network.response[i], network.code[i]
    above, below = total * r.denominator + r.numerator * row[i] * common, row[i] * common * r.denominator
    if not x and abs(above) * t.denominator <= t.numerator * abs(below):
        return Fraction(0)
    v = Fraction(above, below)
    return min(max(x + v, -t), t) - v


def _ball_quantities(network: _Network) -> dict[str, Value]:
    zero = ball(Fraction(0))
    code = [ball(x) for x in network.code]
    response = [ball(r) for r in network.response]
    G = [[ball(Fraction(x, row[i])) for x in row] for i, row in enumerate(network.A)]
    errors = code
    for t in _thresholds(network):
        bound = ball(t)
        active = [j for j, error in enumerate(errors) if not _is_zero(error)]
        following: list[Ball] = []
        for i, row in enumerate(G):
            v = sum((row[j] * errors[j] for j in active if j != i), response[i])
            inside = network.code[i] == 0 and abs(v) <= bound
            following.append(zero if inside else (code[i] + v).max(-bound).min(bound) - v)
        errors = following
    sizes = [abs(error) for error in errors]
    off = [size for size, x in zip(sizes, network.code, strict=True) if not x]
    return {
        "error_linf": _enclosed(_maximum(sizes)),
        "error_l2": _enclosed(sum((size * size for size in sizes), zero).sqrt()),
        "error_l1": _enclosed(sum(sizes, zero)),
        "off_support": _enclosed(_maximum(off or [zero])),
    }


def _is_zero(value: Ball) -> bool:
    return bool(value == 0)


def _maximum(values: Sequence[Ball]) -> Ball:
    found = values[0]
    for value in values[1:]:
        found = found.max(value)
    return found


def _enclosed(value: Ball) -> Value:
    found = ball_enclosure(value)
    if found is None:
        raise NotAnInstance("the errors are beyond what balls of 1024 bits enclose")
    return found.lower if found.lower == found.upper else Enclosure(found.lower, found.upper)
