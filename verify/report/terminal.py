"""A report on a terminal: the verdict first, then levels, facts and what to run to check it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .claim_text import claim_text
from .constant_tables import ConstantTable, constant_tables
from .counterexamples import counterexamples
from .escaping import shortened, visible
from .model import Report
from .more_tables import more_tables, support_sentences
from .sentences import atoms, duration, search_note, sentences
from .view import FactRow, fact_rows, level_rows

if TYPE_CHECKING:
    from rich.console import Console

COLOURS = {"guaranteed": "green", "proved": "green", "refuted": "red", "undecided": "yellow", "unchecked": "yellow"}
_FIXED = "\x1f"  # a space where no line may break; control characters in texts are visible before it is used
BELOW = "\x1e"  # what follows goes to the next line of a cell
_ASCII = str.maketrans(
    {
        "μ": "mu",
        "₁": "_1",
        "²": "^2",
        "√": "sqrt",
        "≤": "<=",
        "≥": ">=",
        "–": "-",
        "…": "...",
        "≈": "~",
        "′": "'",
        "∞": "inf",
        "⁺": "+",
    }
    | {"×": "x", "δ": "delta", "←": "<-", "−": "-"}
)


def render_terminal(report: Report, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    Page(console).report(report)


class Page:
    """Plain text in, safe styled lines out."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def safe(self, text: str) -> str:
        """Return text with no control characters, markup, or characters that the console cannot write."""
        from rich.markup import escape

        shown = visible(text)
        encoding = self.console.encoding
        try:
            shown.encode(encoding)
        except UnicodeEncodeError:
            shown = shown.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
        return escape(shown)

    def line(self, text: str = "", style: str = "") -> None:
        """Print text that is not ours, wrapped, without markup."""
        from rich.text import Text

        self.console.print(Text.from_markup(self.safe(text), style=style), soft_wrap=False, highlight=False)

    def heading(self, text: str) -> None:
        """Print a heading after an empty line."""
        self.console.print()
        self.line(text, "bold")

    def report(self, report: Report) -> None:
        """Print all of it."""
        for sentence in (*sentences(report), *support_sentences(report)):
            colour = COLOURS[sentence.tone]
            self.console.print(
                f"[bold {colour}]{sentence.tone.capitalize()}[/]{self.safe(sentence.rest)}", highlight=False
            )
        self.console.print()
        subject = report.subject
        shape = f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"
        self.line(f"{shortened(subject.source, 200)} ({shape}, read by {shortened(subject.loader, 80)})")
        self.items(subject.remarks)
        if report.status == "unchecked":
            self.unchecked(report)
        else:
            self.proved(report)
        for found in more_tables(report):
            self.heading(found.title)
            if found.rows:
                self.table(found.header, found.rows)
            self._indented(visible(found.note), "  ", "  ")
        self.observed(report)
        self.ending(report)

    def unchecked(self, report: Report) -> None:
        """Print what is claimed, and that it is only claimed."""
        self.heading("Claimed, not checked")
        self.items(claim_text(claim) for claim in report.claims)

    def proved(self, report: Report) -> None:
        """Print levels, facts and the two codes, all from accepted claims."""
        self.heading(f"Levels ({atoms(report.asked.scaling)})")
        self.table(
            ("question", "guaranteed", "undecided", "refuted"),
            [
                (
                    f"{row.name} ({row.question})" if row.name.lower() != row.question else row.name,
                    self._by(row.guaranteed, row.guaranteed_by),
                    row.undecided if row.undecided_gap is None else f"{row.undecided}{BELOW}{row.undecided_gap}",
                    self._by(row.refuted, row.refuted_by),
                )
                for row in level_rows(report)
            ],
        )
        if note := search_note(report):
            self._indented(visible(note), "  ", "  ")
        if facts := fact_rows(report):
            self.heading("Facts (atoms are counted from 0)")
            rows = [(f.name, f.value, _remarks(f)) for f in facts]
            self.table(("fact", "value", "remarks"), rows, (self.console.width // 4, 3 * self.console.width // 10))
        for constants in constant_tables(report):
            self.constants(constants)
        for example in counterexamples(report):
            self.heading(f"{example.title} (atom: value)")
            self._indented(example.words, "  ", "  ")
            for code in example.views:
                more = (f"… and {code.more} more",) if code.more else ()
                self.wrapped((*(f"{i}: {value}" for i, value in code.entries), *more), f"  {code.name:<3}", "     ")

    def constants(self, table: ConstantTable) -> None:
        """Print the bounds of constants, one line a level."""
        self.heading(table.title)
        half = ("< 1/2",) if table.has_half else ()
        header = ("k", f"{table.symbol}_k ≥", f"{table.symbol}_k ≤", "upper bound by", *half)
        rows = [
            (r.level, r.lower, r.upper, folded(r.by, self.console.width // 2), *((r.answer,) if half else ()))
            for r in table.rows
        ]
        self.table(header, rows)
        self._indented(table.note, "  ", "  ")

    def observed(self, report: Report) -> None:
        """Print observations that are texts."""
        texts = [o for o in report.observations if o.kind == "text"]
        if texts:
            self.heading("Observed, not proved")
            self.items(f"{o.title}: {o.data}" for o in texts)

    def ending(self, report: Report) -> None:
        """Print what was relied on, the certificate, and how to check it."""
        if report.relied_on and report.status == "checked":
            self.heading("Relied on")
            self.items(report.relied_on)
        self.heading("Certificate")
        state = "accepted by the checker" if report.status == "checked" else "unchecked"
        self.line(f"  {report.certificate_path or 'not written to a file'} ({state})")
        if report.status == "unchecked" and report.check_seconds is not None:
            self.line(f"  Checking takes {duration(report.check_seconds)} (estimated):")
        self.command(report.check_command)

    def command(self, text: str) -> None:
        """Print a command in one line whatever the width, so that it can be copied."""
        self.console.print(f"  {self.safe(text)}", soft_wrap=True, highlight=False)

    def paragraph(self, text: str) -> None:
        """Print a text, indented."""
        self._indented(visible(text), "  ", "  ")

    def items(self, texts: Iterable[str]) -> None:
        """Print a list, wrapped with a hanging indent."""
        for text in texts:
            self._indented(visible(text), "  - ", "    ")

    def wrapped(self, parts: Iterable[str], first: str, others: str) -> None:
        """Print parts after commas, breaking lines between parts only."""
        whole = ", ".join(visible(part).replace(" ", _FIXED) for part in parts)
        self._indented(whole, first, others)

    def _indented(self, text: str, first: str, others: str) -> None:
        width = max(20, self.console.width - 1)
        for line in textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
        ) or [first]:
            self.line(line.replace(_FIXED, " "))

    def _by(self, span: str, theorem: str | None) -> str:
        return span if theorem is None else f"{span}{BELOW}{folded(theorem, self.console.width // 4 - 2)}"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], widest: Sequence[int] = ()) -> None:
        """Print a table of plain texts; `widest` limits the first columns."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for at, name in enumerate(header):
            table.add_column(self.safe(name), overflow="fold", max_width=widest[at] if at < len(widest) else None)
        for row in rows:
            table.add_row(*("\n".join(map(self.safe, cell.split(BELOW))) for cell in row))
        self.console.print(table, highlight=False)


def folded(theorem: str, width: int) -> str:
    """Return the id of a theorem in lines that break after hyphens."""
    return BELOW.join(textwrap.wrap(visible(theorem), max(10, width)) or [""])


def _remarks(fact: FactRow) -> str:
    return "; ".join((*fact.remarks, *(f"{e.name}: {e.short}" for e in fact.exact)))
