"""Null-space and restricted isometry constants as tables, one row a level: bounds, and what proved them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .constants import Bounds, isometry, null_space
from .escaping import visible
from .gaps import HALF, lower_text, upper_text
from .model import Report
from .sentences import atoms

Side = Literal["below", "above", "open", "left out"]

_MOST_ROWS = 14
_BEFORE, _AFTER = 5, 6


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """One level in words: bounds ("" if unknown), what proved the upper one, and the side of 1/2 that is proved.

    A row `left out` stands for several levels that are not shown.
    """

    level: str
    lower: str
    upper: str
    by: str
    side: Side

    @property
    def answer(self) -> str:
        """Whether the constant is below 1/2, in a word."""
        return {"below": "yes", "above": "no", "open": "open", "left out": ""}[self.side]


@dataclass(frozen=True, slots=True)
class ConstantTable:
    """The constants of one kind: title, symbol, what they are, rows, and whether 1/2 decides something."""

    title: str
    symbol: str
    note: str
    rows: tuple[ConstantRow, ...]
    has_half: bool


def constant_tables(report: Report) -> tuple[ConstantTable, ...]:
    """Return the tables of the constants that accepted claims bound; none for an unchecked report."""
    tables: list[ConstantTable] = []
    if nsc := null_space(report.accepted, report.asked.scaling):
        title = f"Null-space constants ({atoms(report.asked.scaling)})"
        tables.append(ConstantTable(title, "nsc", _NULL_SPACE, _rows(nsc), has_half=True))
    if delta := isometry(report.accepted):
        tables.append(ConstantTable("Restricted isometry constants (unit atoms)", "δ", _ISOMETRY, _rows(delta), False))
    return tuple(tables)


_NULL_SPACE = (
    "nsc_k is the largest share that k entries have in the sum of absolute values of a null vector, and basis pursuit "
    "recovers every code with k nonzeros if and only if nsc_k < 1/2. Lower bounds are shares of exact null vectors."
)
_ISOMETRY = (
    "δ_k is the least number with (1 - δ_k)|z|² ≤ |D z|² ≤ (1 + δ_k)|z|² for all z with at most k nonzeros and D with "
    "unit atoms. Lower bounds come from exact sets of atoms."
)


def side(bounds: Bounds) -> Side:
    """Return on which side of 1/2 a constant is proved to be."""
    if bounds.upper is not None and bounds.upper < HALF:
        return "below"
    return "above" if bounds.lower is not None and bounds.lower >= HALF else "open"


def _rows(constants: dict[int, Bounds]) -> tuple[ConstantRow, ...]:
    rows = [
        ConstantRow(
            str(level),
            "" if bounds.lower is None else lower_text(bounds.lower),
            "" if bounds.upper is None else upper_text(bounds.upper),
            visible(bounds.upper_by or ""),
            side(bounds),
        )
        for level, bounds in constants.items()
    ]
    if len(rows) <= _MOST_ROWS:
        return tuple(rows)
    # The rows that matter are those where the constants cross 1/2.
    turn = next((i for i, row in enumerate(rows) if row.side != "below"), len(rows))
    shown = sorted({0, 1, *range(max(0, turn - _BEFORE), min(len(rows), turn + _AFTER)), len(rows) - 1})
    kept: list[ConstantRow] = []
    for before, at in zip([-1, *shown], shown, strict=False):
        if at > before + 1:
            kept.append(ConstantRow("…", "", "", f"{at - before - 1} more", "left out"))
        kept.append(rows[at])
    return tuple(kept)
