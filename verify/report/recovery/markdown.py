"""The report of an experiment as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text
from ..markdown import table
from .model import RecoveryReport
from .words import OBSERVED, answer, first_word, has_undecided, interval, percent, rate, setting, spoken, title


def render_markdown(report: RecoveryReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: RecoveryReport) -> Iterator[str]:
    yield f"# Recovery of random codes: {markdown_text(title(report))}"
    yield markdown_text(setting(report))
    yield "\n".join(f"- **{first_word(s)}**{markdown_text(s.rest)}" for s in spoken(report))
    if report.stopped:
        yield "**Unfinished**: trials are missing; `--resume` with the same file goes on."
    if report.rates:
        yield "## Trials"
        yield markdown_text(OBSERVED)
        yield table(*columns(report))
    named = () if report.proved is None else (report.proved.guaranteed_by, report.proved.refuted_by)
    if theorems := [text for text in report.theorems.values() if text.id in named]:
        yield "## Theorems"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in theorems
        )
    yield "## How to repeat this"
    yield markdown_block(report.command)
    rows: list[tuple[str, str]] = []
    if report.subject is not None:
        rows += [("source", report.subject.source), ("sha256", report.subject.sha256)]
        rows += [("remark", remark) for remark in report.subject.remarks]
    yield table(("", ""), [*rows, ("drawn with", report.drawn_with), *report.versions.items()])


def columns(report: RecoveryReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table of trials."""
    cells, proved = report.family is not None, report.proved is not None
    undecided = has_undecided(report)
    header = [*(["m"] if cells else []), "k", "rate", f"{percent(report.confidence)} interval"]
    header += ["recovered", "missed", *(["undecided"] if undecided else []), *(["proved"] if proved else [])]
    rows = [
        [
            *([str(r.dimension)] if cells else []),
            str(r.level),
            rate(r),
            interval(r),
            str(r.recovered),
            str(r.missed),
            *([str(r.undecided)] if undecided else []),
            *([answer(report, r.level)] if proved else []),
        ]
        for r in report.rates
    ]
    return header, rows
