"""Rules that guarantee a level for codes away from the ends, or with weights for every cut (SPEC.md section 6.14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .convolutional_levels import ASKED, Asked, read_asked
from .filters import Filters
from .values import QUESTIONS, Fields, Reject, Statement, Task, rational

SUPPORTS = ("interior", "uncut")
_WEIGHTED = ("l0", "l1", "network")


def recovery_by_cut_weights(filters: Filters, evidence: object) -> Task:
    """l0, l1 and network at k for all codes if (2k-1) mu~ < 1, with weights for every way in which atoms are cut."""
    asked = read_asked(Fields(evidence, ASKED), _WEIGHTED)
    _refuse_as_given(asked)
    windows = sorted(filters.windows())

    def derive(premises: Sequence[Statement]) -> Statement:
        for window, premise in zip(windows, premises, strict=True):
            if premise["window"] != [list(part) for part in window] or premise["among"] != "all":
                raise Reject(f"the weights are not, in this order, those of all windows, here {window}")
        if (2 * asked.level - 1) * max(_largest(premise, filters.count) for premise in premises) >= 1:
            raise Reject(f"the condition of recovery-by-cut-weights does not hold at level {asked.level}")
        return {**asked.statement("convolutional-guaranteed", "recovery-by-cut-weights"), "sizes": filters.sizes}

    return Task(("convolutional-cut-weights",) * len(windows), filters.count * len(windows), derive)


def recovery_of_uncut_by_coherence(filters: Filters, evidence: object) -> Task:
    """All questions at k if (2k-1) mu < 1, mu that of the pairs of which the competing atoms are."""

    def holds(asked: Asked, wide: bool, premises: Sequence[Statement]) -> bool:
        _refuse_other(premises[0], "one-uncut" if wide else "uncut")
        return (2 * asked.level - 1) ** 2 * rational(premises[0]["squared"], "squared") < 1

    theorem = "recovery-of-uncut-by-coherence"
    return _guarantee(filters, evidence, theorem, QUESTIONS, lambda _: ("convolutional-coherence-among",), holds)


def recovery_of_uncut_by_babel(filters: Filters, evidence: object) -> Task:
    """All questions at k if the sums of k-1 uncut atoms and, for atoms off the support, of k are together below 1."""

    def holds(asked: Asked, wide: bool, premises: Sequence[Statement]) -> bool:
        _refuse_other(premises[0], "uncut")
        _refuse_other(premises[-1], "to-uncut" if wide else "uncut")
        sums = [
            _sum_of(premise, k, filters) for premise, k in ((premises[0], asked.level - 1), (premises[-1], asked.level))
        ]
        return sum(sums) < 1

    def premises_of(wide: bool) -> tuple[str, ...]:
        return ("convolutional-babel-among",) * (1 + wide)

    return _guarantee(filters, evidence, "recovery-of-uncut-by-babel", QUESTIONS, premises_of, holds)


def recovery_of_uncut_by_weights(filters: Filters, evidence: object) -> Task:
    """l0, l1 and network at k if (2k-1) mu~ < 1, mu~ that of whole atoms against the competing ones."""

    def holds(asked: Asked, wide: bool, premises: Sequence[Statement]) -> bool:
        (premise,) = premises
        if premise["window"] != [list(part) for part in filters.whole] or (wide and premise["among"] != "all"):
            raise Reject("the weights are not those of whole atoms against all that compete with them")
        return (2 * asked.level - 1) * _largest(premise, filters.count) < 1

    theorem = "recovery-of-uncut-by-weights"
    return _guarantee(filters, evidence, theorem, _WEIGHTED, lambda _: ("convolutional-cut-weights",), holds)


def _guarantee(
    filters: Filters,
    evidence: object,
    theorem: str,
    questions: Sequence[str],
    premises_of: Callable[[bool], tuple[str, ...]],
    holds: Callable[[Asked, bool, Sequence[Statement]], bool],
) -> Task:
    """Return the task of a rule about codes on atoms that are not cut, or whose stripes are not.

    The second argument of `holds` is whether cut atoms compete.
    """
    fields = Fields(evidence, (*ASKED, "support"))
    asked, support = read_asked(fields, questions), fields.choice("support", SUPPORTS)
    _refuse_as_given(asked)
    wide = support == "uncut" and asked.question in ("l1", "omp")

    def derive(premises: Sequence[Statement]) -> Statement:
        if not holds(asked, wide, premises):
            raise Reject(f"the condition of {theorem} does not hold at level {asked.level}")
        statement = asked.statement("convolutional-guaranteed-among", theorem)
        return {**statement, "sizes": filters.sizes, "support": support}

    return Task(premises_of(wide), filters.count, derive)


def _refuse_as_given(asked: Asked) -> None:
    if asked.scaling == "as-given" and asked.question in ("l1", "omp"):
        raise Reject("of atoms as given this rule says nothing about l1 and omp")


def _refuse_other(premise: Statement, among: str) -> None:
    if premise["among"] != among:
        raise Reject(f"the premise is about atoms that are {premise['among']}, not {among}")


def _largest(premise: Statement, count: int) -> Fraction:
    fields = Fields(premise, ("among", "kind", "sizes", "upper", "window"), "the weights")
    values, exponent = fields.integers("upper", count)
    return max(values) * Fraction(2) ** exponent


def _sum_of(premise: Statement, k: int, filters: Filters) -> Fraction:
    """Return the bound of the sums of k; the last of all stands for those beyond it, as stripes end there."""
    values = [Fraction(0), *Fields(premise, ("among", "kind", "sizes", "upper"), "the sums").rationals("upper")]
    if k >= len(values) and len(values) < filters.stripe:
        raise Reject(f"there is no sum of {k} atoms")
    return values[min(k, len(values) - 1)]
