"""The report of a network of convolutions, as text and JSON: the claim accepted, and what was seen beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalNetworkReport:
    """Everything that the report shows; `status` is `checked`, `unchecked` or `nothing`, `claim` None for the last.

    `broken` is the layer (from 1) after which the bound is no better than that of the code 0. `seen` has `on`, `off`,
    `linf`, `trials`, `device`, `lengths` and `nonzeros`: observed, not proved. Sources are free text.
    """

    source: str
    network: str
    shape: tuple[int, ...]
    status: str
    claim: Mapping[str, Any] | None
    broken: int | None
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
        if self.broken is not None:
            word += f", but no better than the code 0 (layer {self.broken} breaks it)"
        yield (
            f"{word}, for signals of size {claim['sizes']!r}: |x - x*|_inf <= {_number(claim['linf'])} after "
            f"{len(claim['on'])} layers, for every code x* with at most {claim['sparsity']} nonzeros in a stripe "
            f"(and any number in all), entries of at most {claim['bound']}, and noise of norm at most "
            f"{claim['noise']} under each atom's taps."
        )
        if self.seen is not None:
            size = " x ".join(map(str, self.seen["lengths"]))
            yield (
                f"Seen, not proved: at most {self.seen['linf']:.4g}, on {self.seen['trials']} codes of size {size} "
                f"with up to {self.seen['nonzeros']} nonzeros, on {self.seen['device']}."
            )

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield layer, bound on the support, bound off it, and the greatest error seen."""
        if self.claim is None:
            return
        for at, (on, off) in enumerate(zip(self.claim["on"], self.claim["off"], strict=True)):
            seen = "" if self.seen is None else f"{max(self.seen['on'][at], self.seen['off'][at]):.4g}"
            yield str(at + 1), _number(on), _number(off), seen


HEADER = ("layer", "on the support", "off it", "seen")


def render_text(report: ConvolutionalNetworkReport) -> str:
    """Return the report for a terminal; text that others wrote is printable ASCII there."""
    lines = [*report.sentences(), "", plain(f"{report.network} for {report.source} {report.shape}"), ""]
    lines += ["".join(f"{cell:>16}" for cell in row) for row in (HEADER, *report.rows())]
    lines += ["", "To check it", plain(report.check_command), *(f"relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_convolutional_markdown(report: ConvolutionalNetworkReport) -> str:
    """Return the report as Markdown."""
    lines = ["# Network of convolutions", "", *(f"{text}\n" for text in report.sentences())]
    lines += ["| " + " | ".join(row) + " |" for row in (HEADER, ("---",) * 4, *report.rows())]
    command = plain(report.check_command).replace("`", "?")
    lines += ["", "## To check it", "", f"    {command}", "", *(f"- relied on: {text}" for text in report.relied_on)]
    return "\n".join(lines) + "\n"


def render_convolutional_json(report: ConvolutionalNetworkReport) -> str:
    """Return the report as JSON, schema 1."""
    fields = {name: getattr(report, name) for name in report.__slots__}
    return json.dumps({"schema": 1, "kind": "convolutional-network", **fields}, indent=2, sort_keys=True) + "\n"


def _number(text: str) -> str:
    return f"{float(Fraction(text)):.6g}"


def plain(text: str) -> str:
    """Return text in printable ASCII."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)
