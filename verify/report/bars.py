"""The bar of levels: which part of a common axis is guaranteed, undecided and refuted, as positions in percent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .claims import levels
from .model import Report
from .sentences import NAMES

_LINEAR_UP_TO = 24
_APART = 7.0  # the least distance of the last two tick labels, in percent of the axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Levels 1 to `last`, a cell each: equally wide up to 24 levels, above that on a logarithmic scale."""

    last: int
    total: int

    @property
    def is_linear(self) -> bool:
        """Whether all cells have the same width."""
        return self.last <= _LINEAR_UP_TO

    def left(self, level: int) -> float:
        """Return where the cell of a level begins, from 0 to 100."""
        if self.is_linear:
            return 100 * (level - 1) / self.last
        return 100 * math.log(level) / math.log(self.last + 1)

    def middle(self, level: int) -> float:
        """Return the middle of the cell of a level, from 0 to 100."""
        return (self.left(level) + self.left(level + 1)) / 2

    def ticks(self) -> tuple[int, ...]:
        """Return the levels to label: well apart, the first and the last among them."""
        if self.is_linear:
            step = 1 if self.last <= 12 else 2
            wanted = list(range(1, self.last + 1, step))
        else:
            wanted = [t * 10**e for e in range(len(str(self.last))) for t in (1, 2, 5) if t * 10**e <= self.last]
        while len(wanted) > 1 and self.middle(self.last) - self.middle(wanted[-1]) < _APART:
            wanted.pop()
        return (*wanted, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of levels with one answer."""

    answer: str
    first: int
    last: int
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The bar of one question."""

    question: str
    name: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """All bars of a report, on one axis; `asked` is the level asked for, or None."""

    axis: Axis
    bars: tuple[Bar, ...]
    asked: int | None


def bars(report: Report) -> Bars | None:
    """Return the bars of the questions asked, or None if unchecked; the axis ends a little above the last change."""
    if report.status == "unchecked":
        return None
    n = report.subject.shape[1]
    k = report.asked.sparsity
    found = levels(report.accepted, report.asked.scaling)
    changes = [k or 1]
    for question in report.asked.questions:
        level = found[question]
        changes += [level.guaranteed + 1] if level.guaranteed < n else []
        changes += [level.refuted] if level.refuted is not None else []
    furthest = max(changes)
    last = n if n <= _LINEAR_UP_TO else min(n, max(8, _round_end(furthest + max(2, furthest // 4))))
    axis = Axis(last=last, total=n)
    made: list[Bar] = []
    for question in report.asked.questions:
        level = found[question]
        refuted = n + 1 if level.refuted is None else level.refuted
        runs = (
            ("guaranteed", 1, level.guaranteed),
            ("undecided", level.guaranteed + 1, refuted - 1),
            ("refuted", refuted, n),
        )
        made.append(
            Bar(
                question=question,
                name=NAMES[question],
                segments=tuple(_segment(axis, *run) for run in runs if run[1] <= min(run[2], axis.last)),
            )
        )
    return Bars(axis=axis, bars=tuple(made), asked=k if k is not None and k <= axis.last else None)


def _round_end(level: int) -> int:
    """Return a round number that is at least `level`: a multiple of 1, 10, 100, ..."""
    unit = 10 ** max(0, len(str(level)) - (1 if level < 100 else 2)) if level > _LINEAR_UP_TO else 1
    return -(-level // unit) * unit


def _segment(axis: Axis, answer: str, first: int, last: int) -> Segment:
    left, right = axis.left(first), axis.left(min(last, axis.last) + 1)
    return Segment(answer=answer, first=first, last=last, left=left, width=right - left)
