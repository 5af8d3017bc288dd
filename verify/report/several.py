"""Several dictionaries in one table, from the JSON of their reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .escaping import shortened
from .numbers import exact_root, rational, root_decimals
from .terminal import BELOW, Page

if TYPE_CHECKING:
    from rich.console import Console

Body = dict[str, Any]
SORTS = ("name", "shape", "mu", "welch", "level", "l0", "l1", "network", "omp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the table needs of one report.

    `levels` has (guaranteed, refuted) for each question, and is None where the checker has not run; squares are exact.
    """

    source: str
    shape: tuple[int, int]
    mu_squared: Fraction | None
    welch_squared: Fraction | None
    levels: dict[str, tuple[int, int | None]] | None
    verdicts: tuple[tuple[str, str], ...] = ()
    requirements: tuple[tuple[str, str], ...] = ()
    stopped: bool = False

    @property
    def above_welch_squared(self) -> Fraction | None:
        """The square of mu over Welch's bound for the shape; None where that bound is 0 or unknown."""
        return self.mu_squared / self.welch_squared if self.mu_squared is not None and self.welch_squared else None


def row_of(body: Body) -> Row:
    """Return the row of one report's JSON."""
    mu, welch = body["facts"]["mutual_coherence"], body["facts"]["welch_bound"]
    found = body["levels"]
    m, n = body["subject"]["shape"]
    return Row(
        source=body["subject"]["source"],
        shape=(m, n),
        mu_squared=None if mu is None else rational(mu["squared"]),
        welch_squared=None if welch is None else rational(welch["squared"]),
        levels=None if found is None else {q: (level["guaranteed"], level["refuted"]) for q, level in found.items()},
        verdicts=tuple((v["question"], v["verdict"]) for v in body["verdicts"] or ()),
        requirements=tuple((r["requirement"], r["answer"]) for r in body.get("requirements", ())),
        stopped=bool(body["search"] and body["search"]["stopped"]),
    )


def sort_key(row: Row, by: str, question: str = "l1") -> tuple[Any, ...]:
    """Return what to sort by: names, shapes and coherences from the least on, levels from the greatest on.

    `level` is the guaranteed level of `question`. What was not checked comes last.
    """
    if by in ("name", "shape"):
        return (0, row.source if by == "name" else row.shape)
    if by in ("mu", "welch"):
        value = row.mu_squared if by == "mu" else row.above_welch_squared
        return (1, 0) if value is None else (0, value)
    if row.levels is None:
        return (1, 0, 0)
    guaranteed, refuted = row.levels[question if by == "level" else by]
    return (0, -guaranteed, -(refuted or row.shape[1] + 1))


def render_table(rows: Sequence[Row], questions: Sequence[str], note: str | None, console: Console) -> None:
    """Print one line for each dictionary: shape, mu, mu over Welch's bound, and for each question what is proved."""
    page = Page(console)
    asked = [q for q, _ in next((row.verdicts for row in rows if row.verdicts), ())]
    required = [text for text, _ in next((row.requirements for row in rows if row.requirements), ())]
    header = ("source", "shape", "μ", "μ/Welch", *questions, *(f"{q} at K" for q in asked), *required)
    cells = [_cells(row, questions) for row in rows]
    numbered = _width(header, cells) > page.console.width
    if numbered:  # a name would be broken in the middle
        cells = [(str(at), *rest) for at, (_, *rest) in enumerate(cells, 1)]
    page.table(header, cells)
    if numbered:
        page.items(f"{at}: {_named(row).replace(BELOW, ' ')}" for at, row in enumerate(rows, 1))
    page.paragraph(
        "Of each question: the levels guaranteed, then those refuted; levels between are undecided. μ and μ/Welch are "
        "cut off after three digits."
    )
    if note is not None:
        page.paragraph(note)


def _width(header: Sequence[str], cells: Iterable[Sequence[str]]) -> int:
    """Return the least width of a table whose first two columns are not broken, and others between words alone."""
    columns = zip(header, *cells, strict=True)
    widths = [
        max(len(part) for cell in column for part in (cell.split(BELOW) if at < 2 else cell.split()))
        for at, column in enumerate(columns)
    ]
    return sum(widths) + 3 * (len(widths) - 1)


def _named(row: Row) -> str:
    return shortened(row.source, 200) + (f"{BELOW}(stopped early)" if row.stopped else "")


def _cells(row: Row, questions: Iterable[str]) -> tuple[str, ...]:
    n = row.shape[1]
    return (
        _named(row),
        f"{row.shape[0]} × {n}",
        _root(row.mu_squared),
        _root(row.above_welch_squared),
        *(_levels(row.levels[q], n) if row.levels else "not checked" for q in questions),
        *(answer for _, answer in row.verdicts),
        *(answer for _, answer in row.requirements),
    )


def _root(square: Fraction | None) -> str:
    if square is None:
        return "–"
    root, cut = exact_root(square), root_decimals(square, 3).lower
    return cut if root is not None and root_decimals(square, 3).upper == cut else f"{cut}…"


def _levels(level: tuple[int, int | None], n: int) -> str:
    guaranteed, refuted = level
    yes = "none" if not guaranteed else f"1–{guaranteed}" if guaranteed > 1 else "1"
    return f"{yes}; " + ("none" if refuted is None else f"{refuted}–{n}" if refuted < n else f"{n}")
