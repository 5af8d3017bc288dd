"""`verify explain`: what an accepted certificate claims, in plain words, step by step."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import InputError
from ..files import reason, shown
from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    StrideOption,
)
from .handed_in import AboutOption, FiltersOption, HandedIn, SizeOption
from .options import Atoms, AtomsOption, CodeOption, KeyOption, NetworkOption, SignalOption

_MOST_BYTES = (64 << 20) + 1
"""One more than a certificate may have."""


class Form(StrEnum):
    """How the explanation is printed."""

    terminal = "terminal"
    markdown = "markdown"


def explain(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE", help="The certificate.")],
    dictionary: AboutOption = None,
    signal: SignalOption = None,
    code: CodeOption = None,
    network: NetworkOption = None,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", metavar="N", min=1, help="Units of work allowed; see the checker.")
    ] = None,
    output: Annotated[Form, typer.Option("--format", help="How the explanation is printed on stdout.")] = Form.terminal,
    filters: FiltersOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
    size: SizeOption = None,
) -> int:
    """Check a certificate and say what it claims and why, step by step; exit 4 and no explanation if it is rejected."""
    from certificates import Accepted

    from .certificates import run_checker

    data = _bytes(certificate)  # what is explained is what was checked, whatever happens to the file
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    about = HandedIn.of(dictionary, filters, filtering, convolutional=convolutional, size=size, read=(atoms, key))
    about = about.sized(signal, code)
    answer = run_checker(data, about, work_limit, signal=signal, code=code, network=network)
    if not isinstance(answer, Accepted):
        typer.echo(f"rejected: {answer.step}: {answer.why}")
        return 4
    body = json.loads(data)
    _print(body, answer, certificate, output)
    return 0


def _print(body: dict[str, Any], answer: Any, certificate: Path, output: Form) -> None:
    import sys

    from ..report.claim_text import claim_text
    from ..report.explanation import Explanation, explained, explanation_markdown, explanation_terminal
    from ..theorems import THEOREMS
    from .fact_rule_texts import FACT_RULE_TEXTS
    from .output import theorem_texts
    from .rule_texts import PROBLEM_RULE_TEXTS

    texts = {text.id: text for text in (*FACT_RULE_TEXTS, *PROBLEM_RULE_TEXTS)} | theorem_texts()
    pages = {theorem.id: f"docs/theorems/{theorem.section}.md, {theorem.id}" for theorem in THEOREMS}
    found = Explanation(
        certificate=str(certificate),
        subjects=tuple(
            (s["role"], f"{' × '.join(map(str, s['shape']))}, {s['field']}, sha256 {s['digest']}")
            for s in body["subjects"]
        ),
        claims=tuple(map(claim_text, answer.claims)),
        steps=explained(body, answer.claims, texts, pages),
        relied_on=tuple(answer.relied_on),
    )
    if output is Form.markdown:
        sys.stdout.write(explanation_markdown(found))
        return
    from rich.console import Console

    explanation_terminal(found, Console(soft_wrap=False))


def _bytes(certificate: Path) -> bytes:
    try:
        with certificate.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise InputError(f"{shown(certificate)}: cannot be read: {reason(error)}") from None
