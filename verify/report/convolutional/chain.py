"""The report on a chain of filters: one report for every dictionary and every product, with the reasons for none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..escaping import markdown_text, visible
from ..formats import write_rendered
from ..html import environment
from ..json_report import json_bytes
from .model import Claim, FilterReport
from .render import filter_context, filter_fields, filter_markdown, filter_terminal

if TYPE_CHECKING:
    from rich.console import Console


_ANSWERS = {
    "l0": "without model errors there is one for each signal",
    "l1": "without model errors basis pursuit, layer by layer, finds them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFilterReport:
    """`parts` are [i, j] with the report on D[i:j]; `no_products` [i, j] with why there is no D[i:j].

    `deep` are the accepted claims about deep codes.
    """

    parts: tuple[tuple[tuple[int, int], FilterReport], ...]
    no_products: tuple[tuple[tuple[int, int], str], ...]
    deep: tuple[Claim, ...]

    def sentences(self) -> Iterator[str]:
        """Yield what is said of deep codes, one line each."""
        for claim in self.deep:
            levels = ", ".join(map(str, claim["levels"]))
            answer = _ANSWERS[claim["question"]]
            yield f"Deep codes with at most {levels} nonzeros in the stripes of D_1, D_2, ..: {answer}."


def write_chain_report(report: ChainFilterReport, path: Path) -> None:
    """Write the report as .html, .md or .json, whole or not at all."""
    write_rendered(report, path, html=chain_html, markdown=chain_markdown, json=chain_json)


def chain_html(report: ChainFilterReport) -> str:
    """Return the report as one HTML page that loads nothing and runs no script; text of others is escaped."""
    first = report.parts[0][1]
    context: dict[str, Any] = {
        "depth": max(end for (_, end), _ in report.parts),
        "checked": first.checked,
        "deep": list(report.sentences()),
        "no_products": [f"{named(span)}: no convolutional dictionary: {reason}" for span, reason in report.no_products],
        "parts": [(named(span), filter_context(part)) for span, part in report.parts],
        "command": first.check_command,
        "relied_on": first.relied_on,
        "versions": first.versions,
    }
    return environment().get_template("filter-chain.html.jinja").render(context)


def chain_json(report: ChainFilterReport) -> bytes:
    """Return the report as JSON of schema 1: that of `check-convolutional` for each dictionary and each product."""
    body = {
        "schema": 1,
        "command": "check-dictionary --convolutional --deep",
        "deep": list(report.deep),
        "dictionaries": [{"about": list(span), **filter_fields(part)} for span, part in report.parts],
        "no_products": [{"about": list(span), "reason": reason} for span, reason in report.no_products],
    }
    return json_bytes(body)


def chain_terminal(report: ChainFilterReport, console: Console) -> None:
    """Print the report."""
    from rich.text import Text

    for span, part in report.parts:
        console.print(Text(named(span), style="bold underline"))
        filter_terminal(part, console)
    for text in report.sentences():
        console.print(Text(text))
    for span, reason in report.no_products:
        console.print(Text(f"{named(span)}: no convolutional dictionary: {visible(reason)}"))


def chain_markdown(report: ChainFilterReport) -> str:
    """Return the report as Markdown."""
    lines = ["# Chain of filters", ""]
    for span, part in report.parts:
        lines += [f"# {markdown_text(named(span))}", "", filter_markdown(part)]
    lines += [f"{markdown_text(text)}\n" for text in report.sentences()]
    lines += [f"{markdown_text(f'{named(span)}: {reason}')}\n" for span, reason in report.no_products]
    return "\n".join(lines)


def named(span: tuple[int, int]) -> str:
    """Return D_j, or the product with its factors."""
    start, end = span
    factors = " ".join(f"D_{j}" for j in range(start + 1, end + 1))
    return factors if end == start + 1 else f"D[{start}:{end}] = {factors}"
