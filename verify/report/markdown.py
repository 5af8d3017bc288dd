"""A report as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .claim_text import claim_text
from .constant_tables import ConstantTable, constant_tables
from .counterexamples import counterexamples
from .escaping import markdown_block, markdown_text, shortened
from .model import Observation, Report
from .more_tables import more_tables, support_sentences
from .sentences import MEANINGS, NAMES, atoms, duration, search_note, sentences
from .view import FactRow, LevelRow, fact_rows, level_rows, theorems_named


def render_markdown(report: Report) -> str:
    """Return the report as Markdown, the verdict first.

    Guarantee: text that others wrote renders as it is; it cannot become markup, HTML or links.
    """
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# {markdown_text(shortened(report.subject.source, 120))}"
    said = [
        f"**{s.tone.capitalize()}**{markdown_text(s.rest)}" for s in (*sentences(report), *support_sentences(report))
    ]
    yield from said if len(said) == 1 else ["\n".join(f"- {line}" for line in said)]
    if report.status == "unchecked":
        yield from _unchecked(report)
    else:
        yield from _proved(report)
    for found in more_tables(report):
        yield f"## {markdown_text(found.title)}"
        yield markdown_text(found.note)
        if found.rows:
            yield table([markdown_text(name) for name in found.header], found.rows)
    yield from _observed(report.observations)
    yield from _about(report)


def _unchecked(report: Report) -> Iterator[str]:
    time = "" if report.check_seconds is None else f", which takes {duration(report.check_seconds)} (estimated)"
    yield f"To check it, run this command{time}:"
    yield markdown_block(report.check_command)
    yield "## Claimed, not checked"
    yield bullets(claim_text(claim) for claim in report.claims)


def _proved(report: Report) -> Iterator[str]:
    yield f"## Levels ({atoms(report.asked.scaling)})"
    header = ("question", "guaranteed", "by", "undecided", "refuted", "by")
    rows = [
        (f"{r.name} ({r.question})", r.guaranteed, r.guaranteed_by or "", _open(r), r.refuted, r.refuted_by or "")
        for r in level_rows(report)
    ]
    yield table(header, rows)
    if note := search_note(report):
        yield markdown_text(note)
    yield bullets(f"{NAMES[q]} ({q}): {MEANINGS[q]}" for q in report.asked.questions)
    if facts := fact_rows(report):
        yield "## Facts"
        yield table(("fact", "value", "remarks"), [(f.name, f.value, _remarks(f)) for f in facts])
    for constants in constant_tables(report):
        yield f"## {markdown_text(constants.title)}"
        yield markdown_text(constants.note)
        yield _constants(constants)
    for example in counterexamples(report):
        yield f"## {example.title}"
        yield f"{markdown_text(example.words)} Atoms are counted from 0."
        for code in example.views:
            entries = ", ".join(f"{i}: {value}" for i, value in code.entries)
            more = f", … and {code.more} more" if code.more else ""
            yield f"- {markdown_text(f'{code.name} (atom: value): {entries}{more}')}"
    if theorems := theorems_named(report):
        yield "## Theorems"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in theorems
        )


def _open(row: LevelRow) -> str:
    return row.undecided if row.undecided_gap is None else f"{row.undecided}; {row.undecided_gap}"


def _constants(constants: ConstantTable) -> str:
    half = ("< 1/2",) if constants.has_half else ()
    header = ("k", f"{constants.symbol}_k ≥", f"{constants.symbol}_k ≤", "upper bound by", *half)
    rows = [(r.level, r.lower, r.upper, r.by, *((r.answer,) if half else ())) for r in constants.rows]
    return table([markdown_text(name) for name in header], rows)


def _remarks(fact: FactRow) -> str:
    exact = (f"{e.name}: {e.short}" for e in fact.exact)
    return "; ".join((*fact.remarks, *exact))


def _observed(observations: Sequence[Observation]) -> Iterator[str]:
    texts = [o for o in observations if o.kind == "text"]
    if texts:
        yield "## Observed, not proved"
        yield bullets(f"{o.title}: {o.data}" for o in texts)


def _about(report: Report) -> Iterator[str]:
    subject = report.subject
    if report.status == "checked":
        yield "## How to check this"
        yield "The checker accepted every claim that this report is made of. To check again:"
        yield markdown_block(report.check_command)
        if report.relied_on:
            yield "Relied on:"
            yield bullets(report.relied_on)
    yield "## Subject"
    rows = [
        ("source", subject.source),
        ("shape", f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"),
        ("sha256", subject.sha256),
        ("read by", subject.loader),
        *(("remark", remark) for remark in subject.remarks),
        ("certificate", report.certificate_path or "not written"),
        *report.versions.items(),
    ]
    yield table(("", ""), rows)


def bullets(items: Iterable[str]) -> str:
    """Return texts as a list."""
    return "\n".join(f"- {markdown_text(item)}" for item in items)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return texts as a table."""
    lines = [header, ["---"] * len(header), *([markdown_text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
