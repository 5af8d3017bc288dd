"""Whether the best code of a problem that counts nonzeros is the only one: no other support comes as near."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..budget import Budget
from ..progress import Progress
from .all_supports import supports_up_to
from .cardinality import SparseWork
from .case_search import CaseSearch
from .leaf_bounds import Threshold
from .proofs import UniqueByEnumeration, UniqueBySearch, UniqueCounted
from .sparse_codes import Found

MOST_CASES = 20_000
"""Of a search for other codes; the search for sparser ones has no such limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCodes:
    """What is known of other codes as good as the best one: `only` proves that there are none, `other` is one.

    `remark` says why neither is known.
    """

    only: UniqueCounted | None = None
    other: Found | None = None
    remark: str = ""


def other_codes(work: SparseWork, best: Found, squared: Fraction, budget: Budget, progress: Progress) -> OtherCodes:
    """Look for another code with as many nonzeros as `best` or fewer and |y - Dx|_2^2 <= `squared`.

    Needs that `best` is within `squared`. Guarantee: exact. Cost: all supports of its size if they are few, else (with
    a box) a search of at most about MOST_CASES cases.
    """
    if not owns_its_support(work, best, squared):
        return OtherCodes()
    size = len(best.atoms)
    if work.enumerates(size):
        found = work.nearest(size, budget, progress, but=best.atoms)
        if found is None:
            return OtherCodes()
        if found.squared > squared:
            return OtherCodes(only=UniqueByEnumeration(centre=best.code))
        other = _other(work, best, squared, found.support)
        if other is not None:
            return OtherCodes(other=other)
    return _searched(work, best, squared, budget, progress)


def owns_its_support(work: SparseWork, best: Found, squared: Fraction) -> bool:
    """Say whether no other code on the support of `best` comes within `squared`, exactly: it is least squares there."""
    fit = work.fits.fit(best.atoms)
    return len(fit.atoms) == len(best.atoms) and fit.squared >= squared


def only_by_tree(search: CaseSearch, best: Found) -> UniqueBySearch | None:
    """Return the proof that a finished search for the best k-sparse code contains, or None if it contains none."""
    if not search.holds_strictly(best.atoms):
        return None
    return _by_tree(search, best)


def _by_tree(search: CaseSearch, best: Found) -> UniqueBySearch:
    proof = search.proof(Fraction(0))
    return UniqueBySearch(centre=best.code, tree=proof.tree, duals=proof.duals, duals_exponent=proof.duals_exponent)


def _other(work: SparseWork, best: Found, squared: Fraction, support: tuple[int, ...]) -> Found | None:
    found = work.codes.least(support)
    if found is None or found.squared > squared or len(found.atoms) > len(best.atoms):
        return None
    return None if (found.atoms, found.values) == (best.atoms, best.values) else found


def _searched(work: SparseWork, best: Found, squared: Fraction, budget: Budget, progress: Progress) -> OtherCodes:
    size = len(best.atoms)
    if work.bounds is None:
        count = supports_up_to(work.n, size)
        return OtherCodes(
            remark=f"whether other codes have {size} nonzeros is open: {count} supports would have to be gone through, "
            f"and the limit is {work.problem.most_supports}"
            if count > work.problem.most_supports
            else ""
        )
    threshold = Threshold(squared=squared, strict=True)
    seen: list[Found] = []

    def improve(support: tuple[int, ...]) -> Threshold | None:
        other = _other(work, best, squared, support)
        if other is None:
            return threshold
        seen.append(other)
        return None

    search = work.search(size, threshold, improve)
    search.leave_open(best.atoms)
    if search.run(budget, progress, anytime=False, most=MOST_CASES):
        return OtherCodes(only=_by_tree(search, best))
    if seen:
        return OtherCodes(other=seen[0])
    if budget.cut_short:
        return OtherCodes()
    return OtherCodes(remark=f"whether other codes have {size} nonzeros is open after {MOST_CASES} cases")
