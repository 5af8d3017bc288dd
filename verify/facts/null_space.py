"""Null-space constants: how much of a null vector can lie on k atoms, from above by duals, from below by vectors."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np

from ..budget import Budget
from ..dictionaries.dictionary import Dictionary
from ..progress import Progress, silent
from ..rounding import dyadic_upper
from ..verdict import Scaling
from .generalized import GeneralizedCoherence
from .heavy_vectors import HALF, NullSpaceLower, heavy_vectors
from .support_search import open_supports, pair_table, search_work, triple_table, triples_from_pairs
from .support_values import (
    LARGEST_ORDER,
    SupportValues,
    all_supports,
    approximation_work,
    support_values,
    table_work,
)
from .working_space import WorkingSpace

SHARE_BITS = 64
_UPPER_BITS = 40
_LIMITS = (0.4999, 0.55, 0.65, 0.8)
_MOST_OPEN = 20_000
_MOST_ATOMS = 200
_MOST_LEVEL = 16
_MARGIN = 1e-9
_LARGEST_EXPONENT = 3900
"""Of the scale of atoms as given: a certificate holds numbers with up to 5000 fractional bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSpaceUpper:
    """nsc_level <= `upper`, by `basis`: generalized coherences, or values of supports, averaged, with exceptions.

    At most `remaining` supports of the level have averages of triples above `upper`.
    """

    level: int
    upper: Fraction
    basis: GeneralizedCoherence | SupportValues
    exceptions: tuple[SupportValues, ...] = ()
    remaining: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSpace:
    """Bounds of the null-space constants nsc_k of the dictionary scaled as `scaling` says, by level, increasing.

    `unfinished` names the work that the budget did not allow.
    """

    scaling: Scaling
    uppers: tuple[NullSpaceUpper, ...]
    lowers: tuple[NullSpaceLower, ...]
    unfinished: tuple[str, ...] = ()

    @property
    def guaranteed(self) -> NullSpaceUpper | None:
        """The bound below 1/2 of the highest level."""
        return max((b for b in self.uppers if b.upper < HALF), key=lambda b: b.level, default=None)

    @property
    def refuted(self) -> NullSpaceLower | None:
        """The bound of at least 1/2 of the lowest level."""
        return min((b for b in self.lowers if b.lower >= HALF), key=lambda b: b.level, default=None)


def shares(generalized: GeneralizedCoherence) -> list[Fraction]:
    """Return t_i/(1+t_i), rounded up to multiples of 2^-64, largest first (certificates/SPEC.md 6.6)."""
    return sorted((dyadic_upper(t / (1 + t), SHARE_BITS) for t in generalized.upper), reverse=True)


def best_for_spark(constants: NullSpace, n: int) -> tuple[int, NullSpaceUpper] | None:
    """Return the greatest spark bound k/nsc_k, rounded up, that the upper bounds prove, and the bound it is from."""
    bounds = [b for b in constants.uppers if b.upper < 1 and b.level <= n * b.upper]
    return max(((math.ceil(b.level / b.upper), b) for b in bounds), key=lambda item: item[0], default=None)


def null_space(
    dictionary: Dictionary,
    space: WorkingSpace,
    generalized: GeneralizedCoherence | None,
    budget: Budget,
    progress: Progress = silent,
) -> NullSpace:
    """Bound nsc_k = max { |h_S|_1/|h|_1 : D'h = 0, h != 0, |S| <= k } of a real dictionary from both sides.

    `generalized` holds for the scaling of `space` (unit atoms, or equal norms), or is None. Upper bounds: sums of
    t_i/(1+t_i); values of all pairs and triples by dual vectors, and their averages over larger supports; values of
    the few supports that averages leave open. Lower bounds: alternating linear programs, then exact null vectors.
    Guarantee: every bound is proved. Stops when the budget says so and keeps what is proved. Source: Juditsky,
    Nemirovski 2011; Cho, Mishra, Xu 2018 for averages.
    """
    search = _Search(dictionary, space, budget, progress)
    with budget.interruptible():
        search.singles(generalized)
    with budget.interruptible():
        search.lowers, search.hopeless = heavy_vectors(dictionary, space, budget, progress)
    with budget.interruptible():
        search.decide()
    return NullSpace(
        scaling=space.scaling,
        uppers=tuple(sorted(search.uppers.values(), key=lambda bound: bound.level)),
        lowers=search.lowers,
        unfinished=tuple(search.unfinished),
    )


class _Search:
    """What is known of one dictionary so far."""

    def __init__(self, dictionary: Dictionary, space: WorkingSpace, budget: Budget, progress: Progress) -> None:
        self.n = dictionary.shape[1]
        self.space, self.budget, self.progress = space, budget, progress
        self.uppers: dict[int, NullSpaceUpper] = {}
        self.lowers: tuple[NullSpaceLower, ...] = ()
        self.hopeless = self.n + 1
        self.unfinished: list[str] = []
        self.table: SupportValues | None = None

    def keep(self, bound: NullSpaceUpper) -> None:
        """Keep a bound if none for its level is as good."""
        known = self.uppers.get(bound.level)
        if bound.upper < 1 and (known is None or bound.upper < known.upper):
            self.uppers[bound.level] = bound

    def singles(self, generalized: GeneralizedCoherence | None) -> None:
        """Bound all levels by the sums of the values of single atoms, up to the first sum of 1/2."""
        if generalized is not None:
            values, basis = shares(generalized), generalized
        elif self.budget.affords(table_work(self.space, 1)):
            basis = self._values(1, fine=True)
            if basis is None:
                self.unfinished.append("values of single atoms")
                return
            values = sorted((Fraction(value) for value in basis.upper.tolist()), reverse=True)
            self.table = basis
        else:
            self.unfinished.append("values of single atoms")
            return
        total = Fraction(0)
        for level, value in enumerate(values, 1):
            total += value
            self.keep(NullSpaceUpper(level=level, upper=dyadic_upper(total, SHARE_BITS), basis=basis))
            if total >= HALF:
                break

    def decide(self) -> None:
        """Try to guarantee the levels between those that are guaranteed and those that are refuted."""
        refuted = self.hopeless
        proved = max((b.level for b in self.uppers.values() if b.upper < HALF), default=0)
        if refuted - proved <= 1 or self.space.row_space.nullity == 0:
            return
        for order in range(2, LARGEST_ORDER + 1):
            if self.n > _MOST_ATOMS or order >= self.n:
                self.unfinished.append(f"values of all supports of size {order}")
                return
            if not self.budget.affords(table_work(self.space, order)):
                self.unfinished.append(f"values of all supports of size {order}")
                return
            table = self._values(order)
            if table is None:
                self.unfinished.append(f"values of all supports of size {order}")
                return
            self.table = table
            top = dyadic_upper(Fraction(float(table.upper.max())), _UPPER_BITS)
            self.keep(NullSpaceUpper(level=order, upper=top, basis=table))
            cube = self._cube(table)
            for level in range(min(refuted - 1, _MOST_LEVEL), max(proved, order), -1):
                if self._try(level, table, cube):
                    break
            proved = max((b.level for b in self.uppers.values() if b.upper < HALF), default=0)
            if refuted - proved <= 1:
                return

    def _cube(self, table: SupportValues) -> np.ndarray:
        if table.order == 2:
            return triples_from_pairs(pair_table(table.upper, self.n))
        return triple_table(table.upper, self.n)

    def _values(self, order: int, *, fine: bool = False) -> SupportValues | None:
        if abs(self.space.exponent) > _LARGEST_EXPONENT:
            return None
        return self._run(
            support_values(self.space, all_supports(self.n, order), fine=fine), f"supports of size {order}"
        )

    def _run(self, work: Iterator[SupportValues | tuple[int, int]], name: str) -> SupportValues | None:
        for result in work:
            if isinstance(result, SupportValues):
                return result
            self.progress(name, *result)
            if self.budget.stopped():
                return None
        return None

    def _try(self, level: int, table: SupportValues, cube: np.ndarray) -> bool:
        """Bound nsc_level as well as averages and exceptions allow; say whether it is below 1/2."""
        if not self.budget.affords(search_work(self.n, level)):
            self.unfinished.append(f"all supports of size {level}")
            return False
        for limit in _LIMITS:
            self.progress(f"level {level}: supports that averages leave open", 0, 1)
            found = open_supports(cube, level, limit, most=_MOST_OPEN, stopped=self.budget.stopped)
            if self.budget.stopped():
                return False
            if found is None or self._triples_are_cheaper(table.order, len(found) * 2.0 ** (level - 1)):
                continue
            exceptions = self._exceptions(found, level) if found else ()
            if exceptions is None:
                continue
            worst = max([limit, *(float(e.upper.max()) for e in exceptions)])
            upper = dyadic_upper(Fraction(worst + _MARGIN), _UPPER_BITS)
            self.keep(
                NullSpaceUpper(level=level, upper=upper, basis=table, exceptions=exceptions, remaining=len(found))
            )
            return upper < HALF
        return False

    def _triples_are_cheaper(self, order: int, targets: float) -> bool:
        return (
            order < LARGEST_ORDER
            and targets > comb(self.n, LARGEST_ORDER) << (LARGEST_ORDER - 1)
            and self.budget.affords(table_work(self.space, LARGEST_ORDER))
        )

    def _exceptions(self, found: list[tuple[int, ...]], level: int) -> tuple[SupportValues, ...] | None:
        """Return the values of the supports that averages leave open, or None if that is too much work."""
        work = approximation_work(self.space.shape, len(found) * 2.0 ** (level - 1))
        if not self.budget.affords(work):
            self.unfinished.append(f"{len(found)} supports of size {level} with {2 ** (level - 1)} sign patterns each")
            return None
        supports = np.array(sorted(found), dtype=np.intp)
        values = self._run(support_values(self.space, supports, fine=True), f"level {level}: open supports")
        return None if values is None else (values,)
