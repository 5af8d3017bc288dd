"""What is true of one support, and of noise, in exact arithmetic; the rest of `certificate_truth`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

from certificate_duals import coherence_weights
from certificate_truth import TINY, ZERO, Gaussian, Truth, determinant, kernel, root, size_squared, times


def coefficient(truth: Truth, chosen: tuple[int, ...], scaling: str) -> Fraction | None:
    """The greatest |D_S^+ d_j|_1 over j off S, right to about 80 digits; None if the atoms of S are dependent."""
    if kernel([truth.columns[i] for i in chosen]):
        return None
    worst = Fraction(0)
    for j in set(range(truth.n)) - set(chosen):
        c = truth._coefficients(chosen, [truth.inner(i, j) for i in chosen])
        assert c is not None
        weight = [truth.norm_squared(i) / truth.norm_squared(j) if scaling == "unit" else 1 for i in chosen]
        worst = max(worst, sum(root(size_squared(x) * w) for x, w in zip(c, weight, strict=True)))
    return worst


def _coefficient(truth: Truth, s: dict) -> bool:
    known = coefficient(truth, _support(truth, s), s["scaling"])
    return known is not None and Fraction(s["lower"]) - TINY <= known <= Fraction(s["upper"]) + TINY


def _support(truth: Truth, s: dict) -> tuple[int, ...]:
    """The support, if it is one."""
    support = tuple(s["support"])
    if not support or list(support) != sorted(set(support)) or not set(support) <= set(range(truth.n)):
        raise ValueError(support)
    return support


def _guaranteed(truth: Truth, s: dict) -> bool | None:
    known = coefficient(truth, _support(truth, s), s["scaling"])
    return (True if known is not None and known < 1 - TINY else None) if s["question"] in ("l1", "omp") else False


def _refuted(truth: Truth, s: dict) -> bool | None:
    dependent = coefficient(truth, _support(truth, s), s["scaling"]) is None
    return (True if dependent else None) if s["question"] in ("l1", "omp") else False


def moduli(truth: Truth, w: list[Gaussian]) -> list[Fraction]:
    """|<w, d^_j>|^2 for all j."""
    found = []
    for j, column in enumerate(truth.columns):
        total = ZERO
        for a, b in zip(w, column, strict=True):
            product = times((a[0], -a[1]), b)
            total = total[0] + product[0], total[1] + product[1]
        found.append(size_squared(total) / truth.norm_squared(j))
    return found


def _least_weights(truth: Truth, vectors: list[list[Gaussian]]) -> tuple[Fraction, Fraction]:
    """The least squares of `upper` and `norm` for which these are the weights."""
    upper = norm = Fraction(0)
    for i, w in enumerate(vectors):
        squares = moduli(truth, w)
        upper = max(upper, *(x / squares[i] for j, x in enumerate(squares) if j != i))
        norm = max(norm, sum(map(size_squared, w)) / squares[i])
    return upper, norm


def known_weights(truth: Truth) -> list[tuple[Fraction, Fraction]]:
    """Squares of `upper` and `norm` of two choices: the atoms, and weights near those of mu~."""
    real, imaginary = coherence_weights(truth)
    entries = list(zip(map(Fraction, real), map(Fraction, imaginary), strict=True))
    near = [entries[at : at + truth.m] for at in range(0, len(entries), truth.m)]
    return [_least_weights(truth, truth.columns), _least_weights(truth, near)]


def _weights(truth: Truth, s: dict) -> bool | None:
    upper, norm = Fraction(s["upper"]), Fraction(s["norm"])
    if min(upper, norm) < 0:
        return False
    reached = any(u <= (upper + TINY) ** 2 and v <= (norm + TINY) ** 2 for u, v in known_weights(truth))
    return True if reached else None


def _is_level(truth: Truth, s: dict) -> bool:
    return type(s["level"]) is int and 1 <= s["level"] <= truth.n


def pair_bound(truth: Truth, level: int, upper: Fraction, norm: str) -> bool:
    """Whether |z| <= `upper` for every z with at most 2k nonzeros and |D^z|_2 <= 1, by determinants of Gram matrices."""
    if truth.spark <= 2 * level:
        return False
    for size in range(1, min(2 * level, truth.n) + 1):
        for chosen in itertools.combinations(range(truth.n), size):
            if norm == "linf":  # the greatest |z_i|^2 is that entry of the inverse
                whole = determinant(_gram(truth, chosen, Fraction(0)))
                for i in chosen:
                    rest = [j for j in chosen if j != i]
                    part = determinant(_gram(truth, rest, Fraction(0))) if rest else Fraction(1)
                    if part * truth.norm_squared(i) > upper**2 * whole + TINY:
                        return False
            elif determinant(_gram(truth, chosen, 1 / upper**2)) < -TINY:
                return False
    return norm in ("l2", "linf")


def _gram(truth: Truth, chosen: list[int] | tuple[int, ...], less: Fraction) -> list[list[Gaussian]]:
    """The Gram matrix less so many times the squared norms."""
    return [
        [(truth.inner(i, j)[0] - (less * truth.norm_squared(i) if i == j else 0), truth.inner(i, j)[1]) for j in chosen]
        for i in chosen
    ]


def _l0(truth: Truth, s: dict) -> bool:
    """Exactly: any z with 2k nonzeros is the difference of two codes, as far from a signal between them."""
    epsilon, upper = Fraction(s["epsilon"]), Fraction(s["upper"])
    if not _is_level(truth, s) or epsilon < 0 or upper < 0:
        return False
    if epsilon == 0:
        return truth.spark > 2 * s["level"]
    return upper > 0 and pair_bound(truth, s["level"], upper / (2 * epsilon), s["norm"])


def _bpdn(truth: Truth, s: dict) -> bool | None:
    """As far as the formulas of theory sheets tell, with the true coherence and known weights."""
    epsilon, tolerance, upper = (Fraction(s[name]) for name in ("epsilon", "tolerance", "upper"))
    k = s["level"]
    if not _is_level(truth, s) or not 0 <= epsilon <= tolerance or upper < 0:
        return False
    reach = epsilon + tolerance
    found = []
    factor = 1 - (min(4 * k, truth.n) - 1) * root(truth.mu_squared)
    if s["norm"] == "l2" and factor > 0:
        found.append(reach / root(factor))
    for u, v in known_weights(truth):
        if (factor := 1 - (2 * k - 1) * root(u)) > 0:
            largest = root(v) * reach / factor
            found.append({"l1": 2 * k * largest, "l2": root(Fraction(2 * k)) * largest, "linf": largest}[s["norm"]])
    return True if any(bound <= upper + TINY for bound in found) else None


HOLDS: dict[str, Callable[[Truth, dict], bool | None]] = {
    "exact-recovery-coefficient": _coefficient,
    "support-guaranteed": _guaranteed,
    "support-refuted": _refuted,
    "generalized-weights": _weights,
    "l0-stability": _l0,
    "bpdn-stability": _bpdn,
}
