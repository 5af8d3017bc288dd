"""`verify check-certificate`: the independent checker, on any source that can be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import (
    Atoms,
    AtomsOption,
    CodeOption,
    DictionariesOption,
    Format,
    FormatOption,
    KeyOption,
    NetworkOption,
    SignalOption,
)


def check_certificate(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE", help="The certificate.")],
    dictionary: DictionariesOption,
    signal: SignalOption = None,
    code: CodeOption = None,
    network: NetworkOption = None,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", metavar="N", min=1, help="Units of work allowed; see the checker.")
    ] = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Accept (exit 0) or reject (exit 4) a certificate against the dictionary, signals or network that it is about.

    A .npy or exact .json file is read by the checker itself; any other source is read by verify's loaders.
    """
    from certificates import Accepted, describe

    from .certificates import run_checker

    answer = run_checker(certificate, dictionary, atoms, work_limit, key=key, signal=signal, code=code, network=network)
    accepted = isinstance(answer, Accepted)
    if output is Format.json:
        import json

        body = (
            {"accepted": True, "claims": list(answer.claims), "relied_on": list(answer.relied_on)}
            if isinstance(answer, Accepted)
            else {"accepted": False, "step": answer.step, "why": answer.why}
        )
        typer.echo(json.dumps({"schema": 1, **body}, indent=2, sort_keys=True))
    elif isinstance(answer, Accepted):
        typer.echo("accepted")
        for claim in answer.claims:
            typer.echo("  " + describe(claim))
        for text in answer.relied_on:
            typer.echo("relied on: " + text)
    else:
        typer.echo(f"rejected: {answer.step}: {answer.why}")
    return 0 if accepted else 4
