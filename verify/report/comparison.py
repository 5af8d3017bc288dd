"""Two dictionaries side by side: what accepted claims prove of each, and which is better at what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from . import claims as reading
from .claims import Level, levels
from .constants import Bounds, generalized_coherence, isometry, null_space
from .escaping import markdown_text, shortened
from .json_report import subject_as_json
from .markdown import table
from .model import QUESTIONS, Report
from .numbers import decimals, rational, root_decimals
from .sentences import NAMES, atoms

if TYPE_CHECKING:
    from rich.console import Console

Better = Literal["first", "second", "equal", "open", ""]
_WORDS = {"first": "first is better", "second": "second is better", "equal": "equal", "open": "not decided", "": ""}
_MOST_LISTED = 12
_NOTE = (
    "Better is what is proved: a smaller number, a larger spark, a level guaranteed for one and refuted for the other. "
    "Not decided: the proved bounds do not tell."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One quantity of both dictionaries in words, and which is proved to be better."""

    name: str
    first: str
    second: str
    better: Better = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAtoms:
    """Atoms of one dictionary alone, and how many they share, each up to a factor; `equal`: without one, in order."""

    shared: int
    first_only: tuple[int, ...]
    second_only: tuple[int, ...]
    equal: bool
    in_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports and their rows; `same` says that the digests are equal: the same exact numbers."""

    first: Report
    second: Report
    same: bool
    rows: tuple[Row, ...]
    atoms: SameAtoms | None = None


def compare(first: Report, second: Report, same_atoms: SameAtoms | None = None) -> Comparison:
    """Compare two reports for one scaling; `same_atoms` is what was found by looking at the entries.

    Guarantee: `better` follows from accepted claims in exact arithmetic, and is `open` where their bounds overlap.
    """
    same = first.subject.sha256 == second.subject.sha256
    rows = tuple(_rows(first, second))
    return Comparison(first=first, second=second, same=same, rows=rows, atoms=same_atoms)


def _rows(a: Report, b: Report) -> Iterator[Row]:
    yield Row(name="shape", first=_shape(a), second=_shape(b))
    yield Row(name="rank", first=_rank(a), second=_rank(b))
    for name, read in (("μ", _coherence), ("μ over Welch's bound", _above_welch)):
        x, y = read(a), read(b)
        better = "" if x is None or y is None else _smaller((x, x), (y, y))
        yield Row(name=name, first=_root(x), second=_root(y), better=better)
    tildes = generalized_coherence(a.accepted), generalized_coherence(b.accepted)
    yield _constant("μ~", *tildes)
    yield _spark_row(a, b)
    scaling = a.asked.scaling
    mine, others = levels(a.accepted, scaling), levels(b.accepted, scaling)
    for q in QUESTIONS:
        x, y = mine[q], others[q]
        yield Row(name=f"{NAMES[q]} ({q})", first=_level(a, x), second=_level(b, y), better=_higher(a, x, b, y))
    for symbol, found in (
        ("nsc", (null_space(a.accepted, scaling), null_space(b.accepted, scaling))),
        ("δ", (isometry(a.accepted), isometry(b.accepted))),
    ):
        for k in sorted(found[0].keys() & found[1].keys()):
            yield _constant(f"{symbol}_{k}", found[0][k], found[1][k])


def _smaller(x: tuple[Fraction, Fraction | None], y: tuple[Fraction, Fraction | None]) -> Better:
    """Compare two numbers that lie between bounds; the smaller is the better one."""
    if x[0] == x[1] == y[0] == y[1]:
        return "equal"
    if x[1] is not None and x[1] < y[0]:
        return "first"
    return "second" if y[1] is not None and y[1] < x[0] else "open"


def _constant(name: str, x: Bounds | None, y: Bounds | None) -> Row:
    better: Better = ""
    if x is not None and y is not None:
        better = _smaller((x.lower or Fraction(0), x.upper), (y.lower or Fraction(0), y.upper))
    return Row(name=name, first=_bounds(x), second=_bounds(y), better=better)


def _bounds(x: Bounds | None) -> str:
    if x is None:
        return "–"
    low = None if x.lower is None else decimals(x.lower, 4).lower
    high = None if x.upper is None else decimals(x.upper, 4).upper
    if x.is_exact and low == high:
        return str(low)
    return ", ".join(filter(None, (low and f"at least {low}", high and f"at most {high}"))) or "–"


def _shape(report: Report) -> str:
    m, n = report.subject.shape
    return f"{m} × {n}, {report.subject.field}"


def _rank(report: Report) -> str:
    found = reading.rank(report.accepted)
    return "–" if found is None else str(found[0]) if found[0] == found[1] else f"from {found[0]} to {found[1]}"


def _coherence(report: Report) -> Fraction | None:
    claim = reading.first(report.accepted, "mutual-coherence")
    return None if claim is None else rational(claim["squared"])


def _above_welch(report: Report) -> Fraction | None:
    mu, claim = _coherence(report), reading.first(report.accepted, "welch-bound")
    least = None if claim is None else rational(claim["squared"])
    return mu / least if mu is not None and least else None


def _root(square: Fraction | None) -> str:
    return "–" if square is None else str(root_decimals(square, 5)).removeprefix("= ")


def _spark(report: Report) -> tuple[int, int | None] | None:
    """Return bounds of the spark; None where it is infinite."""
    if reading.first(report.accepted, "independent"):
        return None
    lower, upper = reading.spark_lower(report.accepted), reading.spark_upper(report.accepted)
    return lower["value"] if lower else 2, upper["value"] if upper else None


def _spark_row(a: Report, b: Report) -> Row:
    x, y = _spark(a), _spark(b)
    better: Better = "open"
    if x == y and (x is None or x[0] == x[1]):
        better = "equal"
    elif y is not None and y[1] is not None and (x is None or x[0] > y[1]):
        better = "first"
    elif x is not None and x[1] is not None and (y is None or y[0] > x[1]):
        better = "second"
    return Row(
        name="spark", first=_spark_text(x), second=_spark_text(y), better=better if a.accepted and b.accepted else ""
    )


def _spark_text(spark: tuple[int, int | None] | None) -> str:
    if spark is None:
        return "infinite"
    low, high = spark
    return f"at least {low}" if high is None else str(low) if low == high else f"from {low} to {high}"


def _level(report: Report, level: Level) -> str:
    if report.status == "unchecked":
        return "not checked"
    yes = f"guaranteed up to {level.guaranteed}" if level.guaranteed else "none guaranteed"
    return yes + (", none refuted" if level.refuted is None else f", refuted from {level.refuted}")


def _higher(a: Report, x: Level, b: Report, y: Level) -> Better:
    if "unchecked" in (a.status, b.status):
        return ""
    if y.refuted is not None and x.guaranteed >= y.refuted:
        return "first"
    if x.refuted is not None and y.guaranteed >= x.refuted:
        return "second"
    settled = all(
        level.guaranteed + 1 == (level.refuted or report.subject.shape[1] + 1) for report, level in ((a, x), (b, y))
    )
    return "equal" if settled and x.guaranteed == y.guaranteed else "open"


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return the comparison as a JSON object."""
    return {
        "schema": 1,
        "first": {**subject_as_json(found.first.subject), "checked": found.first.status == "checked"},
        "second": {**subject_as_json(found.second.subject), "checked": found.second.status == "checked"},
        "scaling": found.first.asked.scaling,
        "same": found.same,
        "atoms": None if found.atoms is None else asdict(found.atoms),
        "rows": [
            {"name": r.name, "first": r.first, "second": r.second, "better": r.better or None} for r in found.rows
        ],
    }


def _head(found: Comparison) -> str:
    if found.same:
        return "The same dictionary: equal digests, so equal in every number; what differs below is what was proved."
    return " ".join(filter(None, (f"Two dictionaries, {atoms(found.first.asked.scaling)}.", _atoms_in_common(found))))


def _atoms_in_common(found: Comparison) -> str:
    """Return in words by which atoms the dictionaries differ; nothing where they share none."""
    both = found.atoms
    if both is None or not both.shared:
        return ""
    up_to = "" if both.equal else ", up to factors"
    if not both.first_only and not both.second_only:
        order = "" if both.in_order else " in another order"
        return f"They have the same atoms{order}{up_to}."
    if not both.second_only:
        return f"The second is the first without {_listed(both.first_only)}{up_to}."
    if not both.first_only:
        return f"The first is the second without {_listed(both.second_only)}{up_to}."
    return (
        f"They share {both.shared} atom{'' if both.shared == 1 else 's'}{up_to}; the first alone has "
        f"{_listed(both.first_only)}, the second alone {_listed(both.second_only)}."
    )


def _listed(indices: tuple[int, ...]) -> str:
    if len(indices) == 1:
        return f"atom {indices[0]}"
    if len(indices) > _MOST_LISTED:
        return f"{len(indices)} atoms"
    return f"atoms {', '.join(map(str, indices[:-1]))} and {indices[-1]}"


def _cells(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(r.name, r.first, r.second, "" if found.same else _WORDS[r.better]) for r in found.rows]


def comparison_markdown(found: Comparison) -> str:
    """Return the comparison as Markdown; text that others wrote renders as it is."""
    names = [shortened(report.subject.source, 60) for report in (found.first, found.second)]
    header = ("", *map(markdown_text, names), "")
    return "\n\n".join(["# Comparison", markdown_text(_head(found)), table(header, _cells(found)), _NOTE]) + "\n"


def comparison_terminal(found: Comparison, console: Console) -> None:
    """Print the comparison; text that others wrote has no effect on the terminal."""
    from .terminal import Page

    page = Page(console)
    page.line(_head(found), "bold")
    names = [shortened(report.subject.source, 60) for report in (found.first, found.second)]
    page.table(("", *names, ""), _cells(found))
    page.paragraph(_NOTE)
