"""`verify check-dictionary`: what a dictionary guarantees, with certificate and report."""

from __future__ import annotations

from typing import Annotated

import typer

from ..budget import Effort
from ..verdict import Question, Scaling
from .options import (
    Atoms,
    AtomsOption,
    CertificateOption,
    DeviceOption,
    EffortOption,
    ExactOption,
    Format,
    FormatOption,
    QuestionOption,
    ReportOption,
    ScalingOption,
    SecondsOption,
    Source,
    TimeLimitOption,
)


def check_dictionary(
    source: Source,
    sparsity: Annotated[
        int | None, typer.Option("--sparsity", metavar="K", help="The level to decide; without it, all levels.")
    ] = None,
    question: QuestionOption = None,
    scaling: ScalingOption = Scaling.unit,
    effort: EffortOption = Effort.quick,
    time_limit: TimeLimitOption = None,
    device: DeviceOption = "cpu",
    exact: ExactOption = False,
    atoms: AtomsOption = Atoms.columns,
    certificate: CertificateOption = None,
    report: ReportOption = None,
    output: FormatOption = Format.terminal,
    check_seconds: SecondsOption = None,
) -> int:
    """Say what a dictionary guarantees about its sparse codes, and prove it.

    Ctrl-C ends the search and keeps what is proved; a second one ends the program.
    Exit code with --sparsity: 0 guaranteed, 1 refuted, 3 undecided or not checked; without it 0. Bad input: 2.
    """
    from ..certify import check_dictionary as check
    from ..dictionaries import load
    from .output import dictionary_report, exit_code, print_report, refuse_bad_outputs, write_reports
    from .progress import progress_bar

    # Without a level every question is worth an answer; at a level basis pursuit is the one people mean.
    questions = tuple(dict.fromkeys(question or ([Question.l1] if sparsity is not None else list(Question))))
    refuse_bad_outputs(report or [], certificate, [source])
    dictionary = load(source, atoms=atoms.value)
    with progress_bar() as progress:
        result = check(
            dictionary,
            sparsity=sparsity,
            questions=questions,
            scaling=scaling,
            effort=effort,
            time_limit=time_limit,
            device=device,
            exact=exact,
            check_seconds=check_seconds,
            progress=progress,
        )
    if certificate is not None:
        result.certificate.save(certificate)
    model = dictionary_report(result, scaling, certificate)
    write_reports(model, report or [])
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    print_report(model, output)
    return exit_code(result)
