"""A report on solved problems as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text, shortened
from ..markdown import bullets, table
from ..sentences import duration
from .model import SolutionReport
from .view import (
    BACKEND_HEADER,
    HEADER,
    backend_rows,
    claimed,
    code_rows,
    left_out,
    problems,
    remarks,
    rules_named,
    signal_rows,
)
from .words import lines


def render_solution_markdown(report: SolutionReport) -> str:
    """Return the report as Markdown, the result first.

    Guarantee: text that others wrote renders as it is; it cannot become markup, HTML or links.
    """
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: SolutionReport) -> Iterator[str]:
    yield f"# {markdown_text(shortened(report.given.subject.source, 120))}"
    yield from (f"**{line.head}**{markdown_text(line.rest)}" for line in lines(report))
    yield bullets(problems(report))
    if report.status == "checked":
        yield from _proved(report)
    elif report.proofs:
        yield "## Claimed, not checked"
        yield bullets(claimed(report))
    if rows := backend_rows(report):
        yield "## What the backends claimed (observed, not proved)"
        yield table(BACKEND_HEADER, [(str(r.signal), r.backend, r.status, r.value, r.gap, r.seconds) for r in rows])
    if texts := remarks(report):
        yield "## Remarks"
        yield bullets(texts)
    if report.check_command is not None:
        yield "## How to check this"
        time = "" if report.check_seconds is None else f" It takes {duration(report.check_seconds)} (estimated)."
        accepted = (
            "The checker accepted everything proved here. To check again, run" if report.status == "checked" else "Run"
        )
        yield f"{accepted} this command.{time}"
        yield markdown_block(report.check_command)
    if report.relied_on and report.status == "checked":
        yield "Relied on:"
        yield bullets(report.relied_on)
    yield "## Subjects"
    yield table(("", ""), _subjects(report))


def _proved(report: SolutionReport) -> Iterator[str]:
    yield "## What is proved"
    yield table(
        HEADER,
        [(str(r.signal), r.status, r.value, r.unique, r.nonzeros, ", ".join(r.rules)) for r in signal_rows(report)],
    )
    if text := left_out(report):
        yield markdown_text(text)
    for row in code_rows(report):
        yield f"## Signal {row.signal}: {markdown_text(row.name)}"
        yield f"{markdown_text(row.words)} Atoms are counted from 0."
        entries = ", ".join(f"{i}: {value}" for i, value in row.entries) or "zero"
        more = f", … and {row.more} more" if row.more else ""
        yield f"- {markdown_text(f'{row.name} ({report.atom_words}: value): {entries}{more}')}"
    if rules := rules_named(report):
        yield "## Rules"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in rules
        )


def _subjects(report: SolutionReport) -> Iterator[tuple[str, str]]:
    for role, subject in (("dictionary", report.subject), (report.given.role, report.given.subject)):
        yield role, subject.source
        yield f"{role}: shape", f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"
        yield f"{role}: sha256", subject.sha256
        yield f"{role}: read by", subject.loader
        yield from ((f"{role}: remark", remark) for remark in subject.remarks)
    yield "certificate", report.certificate_path or "not written"
    yield from report.versions.items()
