"""The report of a network of convolutions in every format: terminal, Markdown, HTML, JSON."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..escaping import markdown_block, markdown_text, shortened, visible
from ..formats import write_rendered
from ..html import environment
from ..json_report import json_bytes
from ..markdown import table
from ..numbers import above
from ..terminal import COLOURS, Page
from .convolutional import ConvolutionalNetworkReport
from .convolutional_words import OBSERVED, filters_text, floor, header, rows, sentences, setting

if TYPE_CHECKING:
    from rich.console import Console


def write_filter_network_report(report: ConvolutionalNetworkReport, path: str | os.PathLike[str]) -> None:
    """Write the report as .html, .md or .json, whole or not at all."""
    write_rendered(report, path, html=filter_network_html, markdown=filter_network_markdown, json=filter_network_json)


def filter_network_terminal(report: ConvolutionalNetworkReport, console: Console) -> None:
    """Print the report.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for sentence, word in sentences(report):
        tone = "cyan" if word == "Observed" else COLOURS[sentence.tone]
        console.print(f"[bold {tone}]{word}[/]{page.safe(sentence.rest)}", highlight=False)
    console.print()
    page.line(f"{shortened(report.network.source, 120)}: {setting(report)}")
    page.line(f"for {shortened(report.subject.source, 120)}")
    page.items(report.subject.remarks)
    if report.claim is not None:
        claimed = "" if report.status == "checked" else ", claimed and not checked"
        page.heading(f"Errors of an entry by layer{claimed}")
        page.table(header(report), rows(report))
        page.paragraph(floor(report))
        if report.seen is not None:
            page.paragraph(OBSERVED)
        page.heading("To check it")
        page.command(report.check_command)
    page.items(f"relied on: {text}" for text in report.relied_on)


def filter_network_markdown(report: ConvolutionalNetworkReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    blocks = [f"# Network of convolutions: {markdown_text(shortened(report.network.source, 120))}"]
    blocks += ["\n".join(f"- **{word}**{markdown_text(one.rest)}" for one, word in sentences(report))]
    blocks.append(markdown_text(setting(report)))
    if report.claim is not None:
        blocks += ["## Errors of an entry by layer", table(header(report), rows(report)), markdown_text(floor(report))]
        blocks += [markdown_text(OBSERVED)] if report.seen is not None else []
        blocks += ["## How to check this", markdown_block(report.check_command)]
    if report.relied_on:
        blocks.append("Relied on:\n\n" + "\n".join(f"- {markdown_text(text)}" for text in report.relied_on))
    named = [("network", report.network.source), ("sha256", report.network.sha256)]
    named += [("filters", report.subject.source), ("sha256", report.subject.sha256)]
    blocks.append(table(("", ""), [*named, *report.versions.items()]))
    return "\n\n".join(blocks) + "\n"


def filter_network_html(report: ConvolutionalNetworkReport) -> str:
    """Return the report as one HTML page with its style and picture inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    from markupsafe import Markup

    from .pictures import error_picture

    context: dict[str, Any] = {
        "report": report,
        "subject": report.subject,
        "network": report.network,
        "title": shortened(report.network.source, 120),
        "setting": setting(report),
        "sentences": [(one.tone, word, visible(one.rest)) for one, word in sentences(report)],
        "picture": None if report.claim is None else Markup(error_picture(report)),
        "header": header(report),
        "rows": rows(report),
        "floor": floor(report),
        "observed": OBSERVED if report.seen is not None else None,
    }
    return environment().get_template("network.html.jinja").render(context)


def filter_network_json(report: ConvolutionalNetworkReport) -> bytes:
    """Return the report as JSON of schema 1 (`certify-network-convolutional.schema.json`).

    Guarantee: `error` and the bounds under `per_layer` come from an accepted claim where `status` is `checked`, and are
    rounded up; `observed` and `floor` are floats that nobody proved.
    """
    seen, linf, codes, subject = report.seen, report.linf, report.codes, report.subject
    return json_bytes(
        {
            "schema": 1,
            "kind": "convolutional-network",
            "status": report.status,
            "promises": report.broken is None and report.status != "nothing",
            "broken_layer": report.broken,
            "subject": {
                "source": subject.source,
                "loader": subject.loader,
                "remarks": list(subject.remarks),
                "shape": list(subject.shape),
                "stride": list(subject.stride),
                "boundary": subject.boundary,
                "sha256": subject.sha256,
                "words": filters_text(report),
            },
            "network": asdict(report.network),
            "class": {
                "sparsity": codes.sparsity,
                "stripe": report.stripe,
                "bound": str(codes.bound),
                "noise": str(codes.noise),
                "arithmetic": codes.arithmetic,
                "searched": report.searched,
            },
            "sizes": report.sizes,
            "error": {"linf": None if linf is None else {"upper": above(linf)}},
            "per_layer": [
                {
                    "layer": at + 1,
                    "on": {"upper": above(on)},
                    "off": {"upper": above(off)},
                    "observed": None if seen is None else {"on": seen.on[at], "off": seen.off[at]},
                }
                for at, (on, off) in enumerate(zip(report.on, report.off, strict=True))
            ],
            "observed": None
            if seen is None
            else {
                "linf": seen.linf,
                "ratio": None if not linf else seen.linf / above(linf),
                "trials": seen.trials,
                "device": seen.device,
                "sizes": [list(size) for size in seen.sizes],
                "lengths": list(seen.lengths),
                "nonzeros": seen.nonzeros,
                "note": OBSERVED,
            },
            "floor": dict(report.floor),
            "certificate": report.certificate_path,
            "relied_on": list(report.relied_on),
            "check_command": report.check_command,
            "check_seconds": report.check_seconds,
            "versions": dict(report.versions),
        }
    )
