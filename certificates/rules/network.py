"""Rules about the unrolled network and how fast it converges (SPEC.md sections 6.3 and 6.5)."""

from __future__ import annotations

from collections.abc import Sequence

from .dictionary import Dictionary
from .fixed_point import refuse_complex
from .generalized import LONGEST_UPPER, babel_bounds, largest_upper
from .recovery import guarantee
from .values import Fields, Reject, Statement, Task, spell

_LONGEST_DIGITS = (5000 + LONGEST_UPPER) // 30 + 2
"""Of 30 bits, of the bounds of mu~_i and their multiples, numerator or denominator."""


def generalized_babel_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """P_i(k) <= k mu~ and P_i(k) + P_i(k-1) <= (2k-1) mu~ with the weights of mu~."""
    count = Fields(evidence, ("count",)).natural("count")
    refuse_complex(dictionary)
    n = dictionary.n
    if not 1 <= count <= n:
        raise Reject(f"count is not from 1 to {n}")

    def derive(premises: Sequence[Statement]) -> Statement:
        largest = largest_upper(premises[0], n)
        return {
            "kind": "generalized-babel",
            "sums": [spell((2 * k - 1) * largest) for k in range(1, count + 1)],
            "upper": [spell(k * largest) for k in range(1, count + 1)],
        }

    size = 4 * count * (500 + _LONGEST_DIGITS**2)
    return Task(("generalized-coherence-upper",), 500 * n + 4 * size, derive, size)


def rate_by_generalized_babel(dictionary: Dictionary, evidence: object) -> Task:
    """Every layer of the network brings codes with k nonzeros closer by the factor P_i(k) + P_i(k-1)."""
    level = Fields(evidence, ("level",)).natural("level")
    refuse_complex(dictionary)

    def derive(premises: Sequence[Statement]) -> Statement:
        sums = babel_bounds(premises[0], "sums")
        if not 1 <= level <= len(sums):
            raise Reject(f"level is not from 1 to {len(sums)}, the number of sums")
        if not 0 <= sums[level - 1] < 1:
            raise Reject(f"P_i({level}) + P_i({level - 1}) is not proved to be below 1")
        theorem = "rate-by-generalized-babel"
        return {"kind": "network-rate", "level": level, "rate": spell(sums[level - 1]), "theorem": theorem}

    return Task(("generalized-babel",), 1000 * dictionary.n, derive, 500 + 500**2)


def convergence_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """Network at k if (2k-1) mu~ < 1."""
    refuse_complex(dictionary)

    def holds(premise: Statement, level: int) -> bool:
        return (2 * level - 1) * largest_upper(premise, dictionary.n) < 1

    theorem = "convergence-by-generalized-coherence"
    return guarantee(dictionary, evidence, theorem, ("network",), "generalized-coherence-upper", holds)


def convergence_by_generalized_babel(dictionary: Dictionary, evidence: object) -> Task:
    """Network at k if max over i of P_i(k) + P_i(k-1) is below 1."""
    refuse_complex(dictionary)

    def holds(premise: Statement, level: int) -> bool:
        sums = babel_bounds(premise, "sums")
        return level <= len(sums) and sums[level - 1] < 1

    theorem = "convergence-by-generalized-babel"
    return guarantee(dictionary, evidence, theorem, ("network",), "generalized-babel", holds)
