"""What attacks on theorems found: a table on a terminal, JSON of schema 1, and a counterexample in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .json_report import json_bytes
from .terminal import Page

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackRow:
    """One statement: texts and numbers that the caller has made.

    `tightness` is a decimal rounded down, `infinite`, or empty; `error` stands in place of an outcome. `violation`
    says both sides; `counterexample` is its JSON and `saved` its file.
    """

    id: str
    instances: int = 0
    tightness: str = ""
    rounding: int = 0
    undecided: int = 0
    stopped: bool = False
    violation: str | None = None
    counterexample: Mapping[str, Any] | None = None
    saved: str | None = None
    replay: str | None = None
    error: str | None = None


def render_attacks(rows: Sequence[AttackRow], left_out: Mapping[str, str], console: Console) -> None:
    """Print a table of the attacks, then every counterexample, then what was not attacked and why."""
    page = Page(console)
    if rows:
        cells = [(row.id, f"{row.instances:,}", row.tightness, _outcome(row)) for row in rows]
        page.table(("theorem", "instances", "tightness", "outcome"), cells)
        page.items(
            ("tightness: the largest exact ratio of both sides found, 1 if the bound is attained; rounded down",)
        )
    for row in rows:
        if row.violation is not None:
            page.heading(f"Counterexample to {row.id}")
            page.paragraph(row.violation)
            if row.saved is not None:
                page.line(f"  {row.saved}")
            if row.replay is not None:
                page.command(row.replay)
    if left_out:
        page.heading("Not attacked")
        page.items(f"{name}: {why}" for name, why in left_out.items())


def attacks_json(rows: Sequence[AttackRow], left_out: Mapping[str, str]) -> bytes:
    """Return the attacks as JSON bytes of schema 1 (`theorems-test.schema.json`)."""
    value = {
        "schema": 1,
        "theorems": [_row_json(row) for row in rows],
        "not_attacked": [{"id": name, "why": why} for name, why in left_out.items()],
    }
    return json_bytes(value)


def _row_json(row: AttackRow) -> dict[str, Any]:
    number = row.tightness not in ("", "infinite")
    return {
        "id": row.id,
        "instances": row.instances,
        "max_ratio": float(row.tightness) if number else None,
        "violated": row.violation is not None,
        "counterexample": row.counterexample,
        "rounding": row.rounding,
        "undecided": row.undecided,
        "stopped": row.stopped,
        "saved": row.saved,
        "error": row.error,
    }


def _outcome(row: AttackRow) -> str:
    if row.error is not None:
        return f"not tested: {row.error}"
    if row.violation is not None:
        return "VIOLATED, proved"
    parts = ["no violation"]
    if row.rounding:
        parts.append(f"{row.rounding} in floats only")
    if row.undecided:
        parts.append(f"{row.undecided} undecided")
    if row.stopped:
        parts.append("stopped early")
    return "; ".join(parts)
