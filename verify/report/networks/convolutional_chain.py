"""The report of networks for a chain of filters, as text, Markdown and JSON: the claim accepted, and what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..convolutional.claim_words import sizes_in_words
from ..escaping import short_rational
from ..formats import write_rendered
from ..html import environment
from ..json_report import json_bytes
from ..numbers import decimals, rational


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainNetworkReport:
    """Everything that the report shows; `status` is `checked`, `unchecked` or `nothing`, `claim` None for the last.

    `promises` says whether the bound of the deepest code is better than that of the code 0. `seen` has `linf`,
    `trials`, `device`, `lengths`, `nonzeros`: observed, not proved. Sources are free text.
    """

    sources: tuple[str, ...]
    networks: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    method: str
    status: str
    claim: Mapping[str, Any] | None
    promises: bool
    seen: Mapping[str, Any] | None
    relied_on: tuple[str, ...]
    check_command: str
    versions: Mapping[str, str]

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield what is said, one line each, with its tone."""
        claim = self.claim
        if claim is None:
            yield "refuted", "Nothing is promised: no bound can be written down."
            return
        tone = "refuted" if not self.promises else "guaranteed" if self.status == "checked" else "unchecked"
        word = "Proved" if self.status == "checked" else "Claimed, not checked"
        if not self.promises:
            word += ", but no better than the code 0"
        sizes = " and ".join(dict.fromkeys(map(sizes_in_words, claim["sizes"])))
        levels = ", ".join(map(str, claim["levels"]))
        whose = "x_J in a stripe of the product of all filters" if self.method == "deepest-first" else "x_j in a stripe"
        bounds, noises = (", ".join(map(short_rational, claim[name])) for name in ("bounds", "tolerances"))
        said = (
            f"{word}, for signals of {sizes}, {self.method}: the bounds below of |x~_j - x_j|_inf, for all codes with "
            f"at most {levels} nonzeros of {whose} (and any number in all), entries of at most {bounds}, and model "
            f"errors x_(j-1) - D_j x_j of norm at most {noises} under each atom's taps."
        )
        yield tone, said
        if self.seen is not None and self.seen["trials"]:
            size = " x ".join(map(str, self.seen["lengths"]))
            said = (
                f"Seen, not proved: on {self.seen['trials']} codes x_J of size {size} with up to "
                f"{self.seen['nonzeros']} nonzeros, on {self.seen['device']}."
            )
            yield "undecided", said
        elif self.seen is not None:
            yield "undecided", "Nothing was tried: no code of the class was found."

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield code, bound and the greatest error seen."""
        for at, bound in enumerate([] if self.claim is None else self.claim["linf"]):
            seen = "" if self.seen is None or not self.seen["trials"] else f"{self.seen['linf'][at]:.4g}"
            yield f"x_{at + 1}", decimals(rational(bound), 6).upper, seen


def write_chain_networks(report: ChainNetworkReport, path: Path) -> None:
    """Write the report as .html, .md or .json, whole or not at all."""
    write_rendered(report, path, html=render_chain_html, markdown=render_chain_markdown, json=render_chain_json)


def render_chain_html(report: ChainNetworkReport) -> str:
    """Return the report as one HTML page that loads nothing and runs no script; text of others is escaped."""
    named = [("network", f"{net}, for {shape}") for net, shape in zip(report.networks, _shapes(report), strict=True)]
    context = {
        "report": report,
        "sentences": list(report.sentences()),
        "header": _header(report),
        "rows": list(report.rows()),
        "named": [*named, *(("filters", source) for source in report.sources), *report.versions.items()],
    }
    return environment().get_template("filter-chain-network.html.jinja").render(context)


def _header(report: ChainNetworkReport) -> tuple[str, str, str]:
    return "code", "proved" if report.status == "checked" else "claimed", "seen"


def _shapes(report: ChainNetworkReport) -> list[str]:
    return [f"filters {' x '.join(map(str, shape))}" for shape in report.shapes]


def render_chain_text(report: ChainNetworkReport) -> str:
    """Return the report for a terminal; text that others wrote is printable ASCII there."""
    lines = [*(text for _, text in report.sentences()), ""]
    lines += [plain(f"{net} for {shape}") for net, shape in zip(report.networks, _shapes(report), strict=True)]
    lines += ["", *("".join(f"{cell:>16}" for cell in row) for row in (_header(report), *report.rows()))]
    lines += ["", "To check it", plain(report.check_command), *(f"relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_chain_markdown(report: ChainNetworkReport) -> str:
    """Return the report as Markdown."""
    lines = ["# Networks for a chain of filters", "", *(f"{text}\n" for _, text in report.sentences())]
    lines += ["| " + " | ".join(row) + " |" for row in (_header(report), ("---",) * 3, *report.rows())]
    command = plain(report.check_command).replace("`", "?")
    lines += ["", "## To check it", "", f"    {command}", "", *(f"- relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_chain_json(report: ChainNetworkReport) -> bytes:
    """Return the report as JSON, schema 1."""
    fields = {name: getattr(report, name) for name in report.__slots__}
    return json_bytes({"schema": 1, "kind": "convolutional-chain", **fields})


def plain(text: str) -> str:
    """Return text in printable ASCII."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)
