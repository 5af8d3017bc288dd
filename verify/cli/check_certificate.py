"""`verify check-certificate`: the independent checker, on any source that can be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
from .options import (
    Atoms,
    AtomsOption,
    CodeOption,
    Format,
    FormatOption,
    KeyOption,
    NetworkOption,
    SignalOption,
)


def check_certificate(
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
    output: FormatOption = Format.terminal,
    filters: FiltersOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
    size: SizeOption = None,
) -> int:
    """Accept (exit 0) or reject (exit 4) a certificate against the dictionary, signals or network that it is about.

    A .npy or exact .json file is read by the checker itself; any other source is read by verify's loaders. Filters go
    in place of a dictionary; with --size it is their matrix for signals of that size, as solve --convolutional had it.
    """
    from certificates import Accepted, describe

    from .certificates import run_checker

    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    about = HandedIn.of(dictionary, filters, filtering, convolutional=convolutional, size=size, read=(atoms, key))
    about = about.sized(signal, code)
    answer = run_checker(certificate, about, work_limit, signal=signal, code=code, network=network)
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
