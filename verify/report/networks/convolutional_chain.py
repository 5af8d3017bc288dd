"""The report of networks for a chain of filters, as text, Markdown and JSON: the claim accepted, and what was seen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


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

    def sentences(self) -> Iterator[str]:
        """Yield what is said, one line each."""
        claim = self.claim
        if claim is None:
            yield "Nothing is promised: no bound can be written down."
            return
        word = "Proved" if self.status == "checked" else "Claimed, not checked"
        if not self.promises:
            word += ", but no better than the code 0"
        sizes = " and ".join(repr(size) for size in dict.fromkeys(claim["sizes"]))
        levels = ", ".join(map(str, claim["levels"]))
        whose = "x_J in a stripe of the product of all filters" if self.method == "deepest-first" else "x_j in a stripe"
        yield (
            f"{word}, for signals of size {sizes}, {self.method}: the bounds below of |x~_j - x_j|_inf, for all codes "
            f"with at most {levels} nonzeros of {whose} (and any number in all), entries of at most "
            f"{', '.join(claim['bounds'])}, and model errors x_(j-1) - D_j x_j of norm at most "
            f"{', '.join(claim['tolerances'])} under each atom's taps."
        )
        if self.seen is not None and self.seen["trials"]:
            size = " x ".join(map(str, self.seen["lengths"]))
            yield (
                f"Seen, not proved: on {self.seen['trials']} codes x_J of size {size} with up to "
                f"{self.seen['nonzeros']} nonzeros, on {self.seen['device']}."
            )
        elif self.seen is not None:
            yield "Nothing was tried: no code of the class was found."

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield code, bound and the greatest error seen."""
        for at, bound in enumerate([] if self.claim is None else self.claim["linf"]):
            seen = "" if self.seen is None or not self.seen["trials"] else f"{self.seen['linf'][at]:.4g}"
            yield f"x_{at + 1}", f"{float(Fraction(bound)):.6g}", seen


HEADER = ("code", "proved", "seen")


def render_chain_text(report: ChainNetworkReport) -> str:
    """Return the report for a terminal; text that others wrote is printable ASCII there."""
    lines = [*report.sentences(), ""]
    lines += [plain(f"{net} for {shape}") for net, shape in zip(report.networks, report.shapes, strict=True)]
    header = HEADER if report.status == "checked" else ("code", "claimed", "seen")
    lines += ["", *("".join(f"{cell:>16}" for cell in row) for row in (header, *report.rows()))]
    lines += ["", "To check it", plain(report.check_command), *(f"relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_chain_markdown(report: ChainNetworkReport) -> str:
    """Return the report as Markdown."""
    header = HEADER if report.status == "checked" else ("code", "claimed", "seen")
    lines = ["# Networks for a chain of filters", "", *(f"{text}\n" for text in report.sentences())]
    lines += ["| " + " | ".join(row) + " |" for row in (header, ("---",) * 3, *report.rows())]
    command = plain(report.check_command).replace("`", "?")
    lines += ["", "## To check it", "", f"    {command}", "", *(f"- relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_chain_json(report: ChainNetworkReport) -> str:
    """Return the report as JSON, schema 1."""
    fields = {name: getattr(report, name) for name in report.__slots__}
    return json.dumps({"schema": 1, "kind": "convolutional-chain", **fields}, indent=2, sort_keys=True) + "\n"


def plain(text: str) -> str:
    """Return text in printable ASCII."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)
