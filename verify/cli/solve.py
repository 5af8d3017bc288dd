"""`verify solve`: sparse-coding problems solved with proof, with certificate and report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..verdict import Scaling
from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    StrideOption,
)
from .handed_in import HandedIn, SizeOption
from .options import (
    Atoms,
    AtomsOption,
    CertificateOption,
    CodeOption,
    Format,
    FormatOption,
    KeyOption,
    ProblemName,
    ReportOption,
    SecondsOption,
    SignalOption,
)


def solve(
    problem: Annotated[ProblemName, typer.Argument(metavar="PROBLEM", help=f"One of {', '.join(ProblemName)}.")],
    dictionary: Annotated[
        str,
        typer.Option("--dictionary", metavar="SOURCE", help="A .npy, .csv, .txt or exact .json file, or builtin:..."),
    ],
    signal: SignalOption = None,
    code: CodeOption = None,
    epsilon: Annotated[
        str | None,
        typer.Option(
            "--epsilon",
            metavar="E",
            help="bpdn, sparsest: the residual allowed, as 0.1 or 1/3; auto: the rounding radius of the signal's type.",
        ),
    ] = None,
    weight: Annotated[str | None, typer.Option("--weight", metavar="W", help="lasso: the weight of the norm.")] = None,
    sparsity: Annotated[
        int | None, typer.Option("--sparsity", metavar="K", help="k-sparse: the most nonzeros.")
    ] = None,
    box: Annotated[
        str | None, typer.Option("--box", metavar="B", help="sparsest, k-sparse: the largest |x_i| allowed.")
    ] = None,
    nonnegative: Annotated[bool, typer.Option("--nonnegative", help="Over codes without negative entries.")] = False,
    scaling: Annotated[
        Scaling | None,
        typer.Option(
            "--scaling",
            help="Weigh |x_i| by 1 (as-given, the default) or by the norm of its atom (unit).",
            show_default=False,
        ),
    ] = None,
    backend: Annotated[
        str, typer.Option("--backend", metavar="NAME", help="The solver that proposes; auto: the problem's own choice.")
    ] = "auto",
    gap: Annotated[
        float, typer.Option("--gap", metavar="G", help="The relative gap wanted between the bounds.")
    ] = 1e-9,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="SECONDS", help="The most time for each signal.")
    ] = None,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    dictionary_certificate: Annotated[
        Path | None,
        typer.Option(
            "--dictionary-certificate", metavar="FILE", help="A certificate of the dictionary; it may shorten a proof."
        ),
    ] = None,
    certificate: CertificateOption = None,
    report: ReportOption = None,
    output: FormatOption = Format.terminal,
    check_seconds: SecondsOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
    size: SizeOption = None,
) -> int:
    """Solve a sparse-coding problem for every signal (column) of a file, and prove the answer.

    The signals are those of --signal FILE, or D times the codes of --code FILE, exactly. Ctrl-C keeps what is proved; a
    second one ends the program. With --convolutional D is the matrix of filters for signals of one size, of at most
    1000000 entries: a file holds one signal (channels, lengths), or several with one more axis in front; with --size
    also columns. Atoms are then named filter@position.
    Exit code: 0 all proved optimal, 1 some proved infeasible, 3 some only enclosed, not solved or not checked. Bad
    input: 2.
    """
    from ..certify.solve import solve_problems
    from ..errors import InputError
    from .convolutional_matrix import MOST_SOLVED
    from .output import refuse_bad_outputs
    from .progress import progress_bar
    from .solution_output import print_solution_report, solution_exit_code, solution_report
    from .solve_input import Asked, posed, read_subjects, solve_options

    if (signal is None) == (code is None):
        raise InputError(
            "expected either --signal FILE or --code FILE, got " + ("neither" if signal is None else "both")
        )
    asked = Asked.of(
        problem.value,
        epsilon=epsilon,
        weight=weight,
        sparsity=sparsity,
        box=box,
        nonnegative=nonnegative,
        scaling=scaling,
    )
    options = solve_options(backend, gap, time_limit, dictionary_certificate)
    inputs = [dictionary, signal or code or "", *([str(dictionary_certificate)] if dictionary_certificate else [])]
    refuse_bad_outputs(report or [], certificate, inputs)
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    about = HandedIn.of([dictionary], None, filtering, convolutional=convolutional, size=size, read=(atoms, key))
    about = about.sized(signal, code)
    read_dictionary, signals = read_subjects(about, signal, code, MOST_SOLVED)
    problems = posed(asked, read_dictionary, signals)
    with progress_bar() as progress:
        result = solve_problems(
            problems, signals, options=options, check_seconds=check_seconds, workers=None, progress=progress
        )
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    written = certificate if result.certificate is not None else None
    model = solution_report(result, written, about)
    print_solution_report(model, report or [], output)
    if certificate is not None and written is None:
        typer.echo("verify: nothing is proved, so no certificate was written", err=True)
    if any(outcome.stopped for outcome in result.outcomes):
        typer.echo("verify: the work was stopped; this is what was proved so far", err=True)
    return solution_exit_code(model)
