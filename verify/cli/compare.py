"""`verify compare A B`: what is proved of two dictionaries, side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..budget import Effort
from ..errors import InputError
from ..verdict import Question, Scaling
from .completion import complete_source
from .exit_codes import REJECTED
from .options import (
    Atoms,
    AtomsOption,
    DeviceOption,
    EffortOption,
    KeyOption,
    ScalingOption,
    SecondsOption,
    TimeLimitOption,
)

if TYPE_CHECKING:
    from ..dictionaries.dictionary import Dictionary
    from ..report import Report
    from ..report.comparison import SameAtoms


class Form(StrEnum):
    """How the comparison is printed."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A dictionary.", autocompletion=complete_source)],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.", autocompletion=complete_source)],
    certificate: Annotated[
        list[Path] | None,
        typer.Option(
            "--certificate",
            metavar="FILE",
            help="Twice: of A and of B, instead of a search.",
            show_default=False,
        ),
    ] = None,
    scaling: ScalingOption = Scaling.unit,
    effort: EffortOption = Effort.quick,
    time_limit: TimeLimitOption = None,
    check_seconds: SecondsOption = None,
    device: DeviceOption = "cpu",
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    output: Annotated[Form, typer.Option("--format", help="How the comparison is printed on stdout.")] = Form.terminal,
) -> int:
    """Compare what is proved of two dictionaries, and say which is better at what.

    Exit code 0; 3 if the check of one takes too long and was not run; 4 if a certificate is rejected.
    """
    from ..certify import check_dictionary
    from ..dictionaries import load
    from ..report.comparison import compare as compared
    from .output import dictionary_report
    from .progress import progress_bar

    if certificate is not None and len(certificate) != 2:
        raise InputError(f"--certificate: expected one for each of the two dictionaries, got {len(certificate)}")
    reports: list[Report] = []
    dictionaries = [load(source, atoms=atoms.value, key=key) for source in (first, second)]
    for at, dictionary in enumerate(dictionaries):
        if certificate is not None:
            found = _accepted((first, second)[at], certificate[at], atoms, key, scaling)
            if found is None:
                return REJECTED
            reports.append(found)
            continue
        with progress_bar() as progress:
            result = check_dictionary(
                dictionary,
                questions=tuple(Question),
                scaling=scaling,
                effort=effort,
                time_limit=time_limit,
                check_seconds=check_seconds,
                device=device,
                progress=progress,
            )
        reports.append(dictionary_report(result, scaling, None, pictures=False))
    _print(compared(reports[0], reports[1], _same_atoms(*dictionaries)), output)
    return 0 if all(report.status == "checked" for report in reports) else 3


def _same_atoms(first: Dictionary, second: Dictionary) -> SameAtoms | None:
    from ..facts.shared_atoms import shared_atoms
    from ..report.comparison import SameAtoms

    found = shared_atoms(first, second)
    if found is None:
        return None
    places = [j for _, j in found.pairs]
    return SameAtoms(
        shared=len(places),
        first_only=found.first_only,
        second_only=found.second_only,
        equal=found.equal,
        in_order=places == sorted(places),
    )


def _accepted(source: str, certificate: Path, atoms: Atoms, key: str | None, scaling: Scaling) -> Report | None:
    """Return the report of a certificate, for one scaling; None, after a line that says why, if it is rejected."""
    from dataclasses import replace

    from certificates import Accepted

    from ..dictionaries import load
    from .certificates import run_checker
    from .handed_in import HandedIn
    from .output import certificate_report

    answer = run_checker(certificate, HandedIn.matrices([source], atoms, key), None)
    if not isinstance(answer, Accepted):
        typer.echo(f"rejected: {certificate}: {answer.step}: {answer.why}")
        return None
    report = certificate_report(load(source, atoms=atoms.value, key=key), answer, certificate)
    return replace(report, asked=replace(report.asked, scaling=scaling.value))


def _print(found: object, output: Form) -> None:
    import sys

    from ..report import json_bytes
    from ..report.comparison import Comparison, comparison_json, comparison_markdown, comparison_terminal

    assert isinstance(found, Comparison)
    if output is Form.json:
        sys.stdout.write(json_bytes(comparison_json(found)).decode())
    elif output is Form.markdown:
        sys.stdout.write(comparison_markdown(found))
    else:
        from rich.console import Console

        comparison_terminal(found, Console(soft_wrap=False))
