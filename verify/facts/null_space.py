"""Null-space constants: how much of a null vector can lie on k atoms, from above by duals, from below by vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import WorkingSpace
from ..progress import Progress, silent
from ..rounding import dyadic_upper
from ..verdict import Scaling
from .column_sums import ColumnSums, column_sums, column_sums_work
from .generalized import GeneralizedCoherence
from .heavy_vectors import HALF, NullSpaceLower, heavy_vectors
from .support_search import checking_work, open_supports, pair_table, triple_table, triples_from_pairs
from .support_sieve import Closed, close_supports
from .support_values import (
    LARGEST_ORDER,
    SupportValues,
    all_supports,
    approximation_work,
    support_values,
    table_work,
)
from .ties import SharpValues, settled

Floats = NDArray[np.float64]

SHARE_BITS = 64
_UPPER_BITS = 40
_LIMITS = (0.4999, 0.55, 0.65, 0.8)
_MOST_OPEN = 20_000
_MOST_ATOMS = 200
_MOST_LEVEL = 16
_MOST_CHECKING = {Effort.quick: 1e10, Effort.standard: 4e10, Effort.thorough: 4e11}
"""Units of the checker's work for all searches of one certificate; it takes 6e10 unless told otherwise."""
_MARGIN = 1e-9
_TIE = Fraction(1, 2**20)
_ROUGH = Fraction(1, 2**8)
"""Coarse values of pairs are so near."""
_WITHIN_REACH = Fraction(9, 16)  # of column sums, from sums of single atoms
_MOST_BYTES = 15e6
_BYTES = 8.0 / 3  # of an entry of two bytes, in base64
_LARGEST_EXPONENT = 3900
"""Of the scale of atoms as given: a certificate holds numbers with up to 5000 fractional bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSpaceUpper:
    """nsc_level <= `upper`, by `basis`: generalized coherences, column sums, or values of supports with exceptions.

    At most `remaining` supports of the level > 3 have averages of triples above `upper`, and the search for them visits
    at most `prefixes` prefixes with `pairs` pairs of atoms behind them.
    """

    level: int
    upper: Fraction
    basis: GeneralizedCoherence | SupportValues | SharpValues | ColumnSums
    exceptions: tuple[SupportValues | SharpValues, ...] = ()
    remaining: int = 0
    prefixes: int = 0
    pairs: int = 0


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
    with budget.interruptible():
        search.columns()
    return NullSpace(
        scaling=space.scaling,
        uppers=tuple(sorted(search.uppers.values(), key=lambda bound: bound.level)),
        lowers=search.lowers,
        unfinished=tuple(search.unfinished),
    )


class _Search:
    """What is known of one dictionary so far."""

    def __init__(self, dictionary: Dictionary, space: WorkingSpace, budget: Budget, progress: Progress) -> None:
        self.dictionary, self.n = dictionary, dictionary.shape[1]
        self.space, self.budget, self.progress = space, budget, progress
        self.uppers: dict[int, NullSpaceUpper] = {}
        self.lowers: tuple[NullSpaceLower, ...] = ()
        self.hopeless = self.n + 1
        self.unfinished: list[str] = []

    def keep(self, bound: NullSpaceUpper) -> None:
        """Keep a bound if none for its level is as good."""
        known = self.uppers.get(bound.level)
        if bound.upper < 1 and (known is None or bound.upper < known.upper):
            self.uppers[bound.level] = bound

    def singles(self, generalized: GeneralizedCoherence | None) -> None:
        """Bound all levels by the sums of the values of single atoms, up to the first sum of 1/2."""
        if generalized is not None:
            values, basis = shares(generalized), generalized
        else:
            basis = self._values(all_supports(self.n, 1), fine=True)
            if basis is None:
                self.unfinished.append("values of single atoms")
                return
            values = sorted((Fraction(value) for value in basis.upper.tolist()), reverse=True)
        total = Fraction(0)
        for level, value in enumerate(values, 1):
            total += value
            self.keep(NullSpaceUpper(level=level, upper=dyadic_upper(total, SHARE_BITS), basis=basis))
            if total >= HALF:
                break

    def decide(self) -> None:
        """Try to guarantee the levels between those that are guaranteed and those that are refuted."""
        if 1 in self.uppers and HALF <= self.uppers[1].upper <= HALF + _TIE and self.budget.effort is not Effort.quick:
            self._settle_singles()
        for order in range(2, LARGEST_ORDER + 1):
            refuted = min((b.level for b in self.lowers if b.lower >= HALF), default=self.n + 1)
            likely = min(refuted - 1, self.hopeless, _MOST_LEVEL)
            proved = max((b.level for b in self.uppers.values() if b.upper < HALF), default=0)
            if likely <= proved or self.space.row_space.nullity == 0:
                return
            table = self._table(order)
            if table is None:
                self.unfinished.append(f"values of all supports of size {order}")
                return
            top = dyadic_upper(Fraction(float(table.upper.max())), _UPPER_BITS)
            self.keep(NullSpaceUpper(level=order, upper=top, basis=table))
            if order == 2 and HALF <= top <= HALF + _ROUGH:
                self._settle_pairs(table)
            cube = triple_table(table.upper, self.n) if order == LARGEST_ORDER else self._cube_of_pairs(table)
            for level in range(max(proved, order) + 1, likely + 1):  # the cheap levels first
                if not self._try(level, table, cube):
                    break

    def columns(self) -> None:
        """Try column sums for the levels just above those that are guaranteed, unless quick work is asked for."""
        m, n = self.space.shape
        while self.budget.effort is not Effort.quick and self.budget.affords(column_sums_work(n, m)):
            proved = max((b.level for b in self.uppers.values() if b.upper < HALF), default=0)
            known = self.uppers.get(proved + 1)
            if proved + 1 >= self.hopeless or known is None or known.upper > _WITHIN_REACH:
                return
            if abs(self.space.exponent) > _LARGEST_EXPONENT:
                return
            self.progress(f"level {proved + 1}: column sums", 0, 1)
            found = column_sums(self.space, proved + 1)
            if found is None:
                return
            upper = dyadic_upper(Fraction(found.upper), _UPPER_BITS)
            self.keep(NullSpaceUpper(level=found.level, upper=upper, basis=found))
            if upper >= HALF:
                return

    def _cube_of_pairs(self, table: SupportValues) -> Floats:
        return triples_from_pairs(pair_table(table.upper, self.n))

    def _table(self, order: int) -> SupportValues | None:
        """Return the values of all supports of a size, or None if they cost too much."""
        if self.n > _MOST_ATOMS or order >= self.n or not self.budget.affords(table_work(self.space, order)):
            return None
        return self._values(all_supports(self.n, order), fine=False)

    def _values(self, supports: NDArray[np.intp], *, fine: bool) -> SupportValues | None:
        """Return the values of some supports, or None if they cost too much or the budget ends."""
        targets = len(supports) * 2.0 ** (supports.shape[1] - 1)
        work = approximation_work(self.space.shape, targets)
        if not self.budget.affords(work) or targets * self.space.shape[0] * _BYTES > _MOST_BYTES:
            return None
        if abs(self.space.exponent) > _LARGEST_EXPONENT:
            return None
        for result in support_values(self.space, supports, fine=fine):
            if isinstance(result, SupportValues):
                return result
            self.progress(f"{len(supports)} supports of size {supports.shape[1]}", *result)
            if self.budget.stopped():
                break
        return None

    def _try(self, level: int, table: SupportValues, cube: Floats) -> bool:
        """Bound nsc_level as well as averages and exceptions allow; say whether it is below 1/2."""
        if self.budget.stopped():
            return False
        most_work = self._most_checking()
        for limit in _LIMITS:
            self.progress(f"level {level}: supports that averages leave open", 0, 1)
            found = open_supports(cube, level, limit, most=_MOST_OPEN, most_work=most_work, stopped=self.budget.stopped)
            if self.budget.stopped():
                return False
            if found is None:
                continue
            closed = Closed(exceptions=(), bound=limit)
            if found.supports:
                closed = close_supports(
                    cube, found.supports, table.order, limit, lambda supports, fine: self._values(supports, fine=fine)
                )
            if closed is None:
                self.unfinished.append(f"{len(found.supports)} supports of size {level} that averages leave open")
                continue
            bound = NullSpaceUpper(
                level=level,
                upper=dyadic_upper(Fraction(closed.bound + _MARGIN), _UPPER_BITS),
                basis=table,
                exceptions=closed.exceptions,
                remaining=len(found.supports),
                prefixes=found.prefixes,
                pairs=found.pairs,
            )
            self.keep(bound)
            return bound.upper < HALF or self._settle(bound, limit)
        self.unfinished.append(f"all supports of size {level}")
        return False

    def _most_checking(self) -> float:
        """Return what the checker's search for one more level may cost."""
        most = min(_MOST_CHECKING[self.budget.effort], self.budget.operations / 4)
        known = sum(checking_work(self.n, b.prefixes, b.pairs) for b in self.uppers.values())
        return max(0.0, most - known)

    def _settle_singles(self) -> None:
        """Decide level 1 exactly, if only 1/2 is in the way."""
        singles = self._values(all_supports(self.n, 1), fine=True)
        found = self._exactly(singles) if singles is not None and singles.upper.max() <= HALF + _TIE else None
        if found is not None:
            self.keep(NullSpaceUpper(level=1, upper=max(found.upper), basis=found))

    def _settle_pairs(self, table: SupportValues) -> None:
        """Decide level 2 exactly, by pairs as exceptions to sums of single atoms, if only 1/2 is in the way."""
        limit, wide = _LIMITS[0], table.upper >= float(HALF) - _MARGIN
        singles = self._values(all_supports(self.n, 1), fine=True)
        fine = self._values(table.supports[wide], fine=True)
        if singles is None or fine is None:
            return
        sums = singles.upper[table.supports].sum(axis=1)
        own = table.taken(~wide & (sums > limit * (1 - _MARGIN)))
        upper = dyadic_upper(Fraction(float(fine.upper.max()) + _MARGIN), _UPPER_BITS)
        bound = NullSpaceUpper(level=2, upper=upper, basis=singles, exceptions=(own, fine))
        self.keep(bound)
        if upper >= HALF:
            self._settle(bound, limit)

    def _settle(self, bound: NullSpaceUpper, limit: float) -> bool:
        """Decide exactly what keeps a bound from 1/2, where that is little and all else is within `limit` < 1/2."""
        *others, own = bound.exceptions or (None,)
        if self.budget.effort is Effort.quick or limit >= HALF or bound.upper > HALF + _TIE:
            return False
        if not isinstance(own, SupportValues) or own.order != bound.level:
            return False
        open_ones = own.upper + 2 * _MARGIN >= float(HALF)
        found = self._exactly(own.taken(open_ones))
        if found is None:
            return False
        closed = own.taken(~open_ones)
        known = [x for v in (*others, closed) if v is not None and v.order == bound.level for x in map(float, v.upper)]
        rest = dyadic_upper(Fraction(max([limit, *known]) + _MARGIN), _UPPER_BITS)
        self.keep(replace(bound, upper=max(rest, *found.upper), exceptions=(*others, closed, found)))
        return True

    def _exactly(self, values: SupportValues) -> SharpValues | None:
        """Return values below 1/2 of these supports, or keep what refutes one of them."""
        tell = f"level {values.order}: supports in exact arithmetic"
        found = settled(
            self.dictionary,
            self.space,
            values,
            lambda done, total: self.progress(tell, done, total),
            self.budget.stopped,
        )
        if isinstance(found, SharpValues):
            return found
        if isinstance(found, NullSpaceLower):
            self.lowers = tuple(sorted((*self.lowers, found), key=lambda lower: lower.level))
        else:
            self.unfinished.append(f"exact values of {len(values.supports)} supports of size {values.order}")
        return None
