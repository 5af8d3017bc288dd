"""`verify report`: a report from a certificate, once the checker has accepted it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import Atoms, AtomsOption, DictionaryOption


def report(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE", help="The certificate.")],
    dictionary: DictionaryOption,
    output: Annotated[
        list[Path], typer.Option("--output", "-o", metavar="FILE", help="The report: .html, .md or .json; repeatable.")
    ],
    atoms: AtomsOption = Atoms.columns,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", metavar="N", min=1, help="Units of work allowed; see the checker.")
    ] = None,
) -> int:
    """Check a certificate and write a report of what was accepted; exit 4 and write nothing if it is rejected."""
    from certificates import Accepted

    from ..dictionaries import load
    from .certificates import run_checker
    from .output import certificate_report, refuse_bad_outputs, write_reports

    refuse_bad_outputs(output, None, [str(certificate), dictionary])
    answer = run_checker(certificate, dictionary, atoms, work_limit)
    if not isinstance(answer, Accepted):
        typer.echo(f"rejected: {answer.step}: {answer.why}")
        return 4
    write_reports(certificate_report(load(dictionary, atoms=atoms.value), answer, certificate), output)
    return 0
