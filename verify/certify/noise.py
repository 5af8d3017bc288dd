"""How far apart two codes of nearly one signal can be: the best proved bound at every level, and its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from certificates.format import rational

from ..dictionaries.dictionary import Dictionary
from ..exact import root_enclosure
from ..facts.generalized import GeneralizedCoherence
from ..rounding import dyadic_upper, rounded_up
from ..theorems import IsometryBound, Known
from .certificate import isometry_step
from .writer import Writer, short_array

MOST_LEVELS = 20
_ROOT_BITS = 128
_NORM_BITS = 40
Norm = Literal["l1", "l2", "linf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights w_i with <w_i, d^_i> = 1, |<w_i, d^_j>| <= `upper`, |w_i|_2 <= `norm`; None are the atoms themselves."""

    upper: Fraction
    norm: Fraction
    found: GeneralizedCoherence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityBound:
    """|z| <= `upper` in the norm, z_i = N_i (x_i - x'_i), for x with at most `level` nonzeros and |y - Dx|_2 <=
    epsilon.

    x' is another such code (`problem` l0), or any minimiser of sum N_i |x'_i| over |y - Dx'|_2 <= epsilon (bpdn). By
    `theorem`, which rests on `evidence`: weights, a restricted isometry constant, or the coherence (None).
    """

    problem: Literal["l0", "bpdn"]
    level: int
    norm: Norm
    upper: Fraction
    theorem: str
    evidence: Weights | IsometryBound | None


def stability_bounds(
    dictionary: Dictionary, known: Known, epsilon: Fraction, level: int | None
) -> tuple[StabilityBound, ...]:
    """Return the best bound for each problem and norm, at one level, or at all that have one, at most 20.

    Guarantee: each is proved by its theorem from the measured facts; the tolerance of BPDN is epsilon. Cost: n inner
    products for the norms of weights. Source: Donoho, Elad, Temlyakov 2006; theorems stability-l0, stability-l0-linf,
    bpdn-stability and bpdn-stability-generalized.
    """
    weights = _weights(dictionary, known)
    levels = range(1, min(MOST_LEVELS, known.facts.n) + 1) if level is None else (level,)
    bounds: list[StabilityBound] = []
    for k in levels:
        best: dict[tuple[str, str], StabilityBound] = {}
        for bound in _at(known, weights, epsilon, k):
            key = (bound.problem, bound.norm)
            if key not in best or bound.upper < best[key].upper:
                best[key] = bound
        bounds += best.values()
    return tuple(bounds)


def _weights(dictionary: Dictionary, known: Known) -> list[Weights]:
    mu = root_enclosure(known.facts.coherence.squared, _ROOT_BITS).upper
    found = [Weights(upper=mu, norm=Fraction(1))]
    generalized = known.facts.generalized
    if generalized is not None and max(generalized.upper) < 1:
        norm = _norm(dictionary, generalized)
        found.append(Weights(upper=max(generalized.upper), norm=norm, found=generalized))
    return found


def _norm(dictionary: Dictionary, generalized: GeneralizedCoherence) -> Fraction:
    """Return an upper bound of all |w_i|_2 |a_i|_2 / |<w_i, a_i>|, rounded up; the products are exact and not zero."""
    atoms, worst = dictionary.integer_atoms(range(dictionary.shape[1])), Fraction(0)
    imaginary = generalized.imaginary
    for i, (norm, real) in enumerate(zip(atoms.squared_norms, generalized.weights.tolist(), strict=True)):
        a, b = atoms.real[i], atoms.imaginary[i] if atoms.imaginary is not None else [0] * len(real)
        other = [0] * len(real) if imaginary is None else imaginary[i].tolist()
        along = sum(x * u + y * v for x, y, u, v in zip(real, other, a, b, strict=True))
        across = sum(x * v - y * u for x, y, u, v in zip(real, other, a, b, strict=True))
        length = sum(x * x + y * y for x, y in zip(real, other, strict=True))
        worst = max(worst, Fraction(length * norm, along * along + across * across))
    return dyadic_upper(root_enclosure(worst, _ROOT_BITS).upper, _NORM_BITS)


def _at(known: Known, weights: list[Weights], epsilon: Fraction, k: int) -> Iterator[StabilityBound]:
    n, mu = known.facts.n, weights[0].upper
    pairs = min(2 * k, n)
    isometry = known.isometry_bound(pairs)
    factors: list[tuple[Literal["l0", "bpdn"], str, Fraction, IsometryBound | None]] = [
        ("l0", "stability-l0", 1 - (pairs - 1) * mu, None),
        ("bpdn", "bpdn-stability", 1 - (min(4 * k, n) - 1) * mu, None),
    ]
    if isometry is not None:
        factors.append(("l0", "stability-l0-by-isometry", 1 - isometry.upper, isometry))
    for problem, theorem, factor, evidence in factors:
        if factor > 0:
            upper = rounded_up(2 * epsilon / root_enclosure(factor, _ROOT_BITS).lower) if epsilon else Fraction(0)
            yield StabilityBound(problem=problem, level=k, norm="l2", upper=upper, theorem=theorem, evidence=evidence)
    for chosen in weights:
        factor = 1 - (pairs - 1) * chosen.upper
        if factor > 0:
            upper = rounded_up(2 * epsilon * chosen.norm / factor)
            yield StabilityBound(
                problem="l0", level=k, norm="linf", upper=upper, theorem="stability-l0-linf", evidence=chosen
            )
        factor = 1 - (2 * k - 1) * chosen.upper
        if factor > 0:
            largest = 2 * epsilon * chosen.norm / factor
            root = root_enclosure(Fraction(2 * k), _ROOT_BITS).upper
            norms: tuple[tuple[Norm, Fraction], ...] = (("l1", Fraction(2 * k)), ("l2", root), ("linf", Fraction(1)))
            for norm, times in norms:
                yield StabilityBound(
                    problem="bpdn",
                    level=k,
                    norm=norm,
                    upper=rounded_up(times * largest),
                    theorem="bpdn-stability-generalized",
                    evidence=chosen,
                )


def write_stability(writer: Writer, epsilon: Fraction, bounds: tuple[StabilityBound, ...]) -> None:
    """Write and claim every bound, and what it rests on."""
    steps: dict[int, int] = {}
    for bound in bounds:
        if isinstance(bound.evidence, IsometryBound):
            uses = isometry_step(writer, bound.evidence)
        elif bound.evidence is None:
            uses = writer.step("mutual-coherence")
        else:
            key = id(bound.evidence)
            if key not in steps:
                steps[key] = _write_weights(writer, bound.evidence)
            uses = steps[key]
        said: dict[str, Any] = {
            "epsilon": rational(epsilon),
            "level": bound.level,
            "norm": bound.norm,
            "upper": rational(bound.upper),
        }
        said |= {"tolerance": rational(epsilon)} if bound.problem == "bpdn" else {}
        step = writer.draft.step(bound.theorem, [uses], **said)
        writer.draft.claim(step, f"{bound.problem}-stability", **said, theorem=bound.theorem)


def _write_weights(writer: Writer, weights: Weights) -> int:
    if weights.found is None:
        return writer.draft.step("generalized-weights-by-coherence", [writer.step("mutual-coherence")])
    imaginary = None if weights.found.imaginary is None else short_array(weights.found.imaginary)
    return writer.draft.step(
        "generalized-weights",
        imaginary=imaginary,
        norm=rational(weights.norm),
        real=short_array(weights.found.weights),
        upper=rational(weights.upper),
    )
