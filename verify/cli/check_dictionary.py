"""`verify check-dictionary`: what a dictionary guarantees, with certificate and report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ..budget import Effort
from ..errors import InputError
from ..verdict import Question, Scaling
from .atom_shape import AtomShapeOption, atom_shape, refuse_other_shape
from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    Options,
    StrideOption,
    check_filters,
)
from .levels import levels_of
from .more_options import ConfusableOption, MoreFactsOption, NoiseOption, SupportOption, also_of, refuse_more
from .one_of_several import Asked
from .options import (
    Atoms,
    AtomsOption,
    CertificateOption,
    ChosenEffortOption,
    DeepOption,
    DeviceOption,
    ExactOption,
    Format,
    FormatOption,
    KeyOption,
    QuestionOption,
    ReportOption,
    ScalingOption,
    SecondsOption,
    SlopesOption,
    Sources,
    TimeLimitOption,
    TolerancesOption,
)
from .requirements import RequireOption, answers_of, print_required, required_code, requirements_of, worse
from .several import SortOption, asked_by_default, check_several, efforts_of


def check_dictionary(
    sources: Sources,
    sparsity: Annotated[
        str | None,
        typer.Option(
            "--sparsity",
            metavar="K",
            help="The level to decide; without it, all levels. With --deep one for each dictionary: K1,K2,..",
        ),
    ] = None,
    deep: DeepOption = False,
    tolerances: TolerancesOption = None,
    slopes: SlopesOption = None,
    question: QuestionOption = None,
    scaling: ScalingOption = Scaling.unit,
    effort: ChosenEffortOption = None,
    time_limit: TimeLimitOption = None,
    device: DeviceOption = "cpu",
    exact: ExactOption = False,
    support: SupportOption = None,
    noise: NoiseOption = None,
    confusable: ConfusableOption = None,
    more_facts: MoreFactsOption = False,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    certificate: CertificateOption = None,
    report: ReportOption = None,
    shape: AtomShapeOption = None,
    output: FormatOption = Format.terminal,
    check_seconds: SecondsOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
    require: RequireOption = None,
    sort: SortOption = None,
) -> int:
    """Say what a dictionary guarantees about its sparse codes, and prove it.

    Ctrl-C ends the search and keeps what is proved; a second one ends the program. Dictionaries of algebraic numbers
    (exact:NAME:ARGS, or a .json file of expressions: docs/algebraic.md) get facts and verdicts, but no certificate.
    Several dictionaries give one table, or with --format json one object a line; their certificates and reports go
    to folders, and the worst exit code counts.
    Exit code with --sparsity or --support: 0 guaranteed, 1 refuted, 3 undecided or not checked; without them 0. Bad
    input: 2.
    """
    levels = None if sparsity is None else levels_of(sparsity)
    required = requirements_of(require or ())
    also = also_of(support, noise, confusable, more_facts=more_facts)
    sides = atom_shape(shape, report, one_dictionary=len(sources) == 1 and not (deep or convolutional))
    if len(sources) > 1 and not (deep or convolutional):
        # in processes of their own: this one needs nothing of what follows
        _one_dictionary(sources[:1], levels, tolerances or slopes)
        refuse_more(also)
        asked = Asked(
            sparsity=None if levels is None else levels[0],
            questions=asked_by_default(question, None if levels is None else levels[0]),
            scaling=scaling,
            efforts=efforts_of(effort, asks=bool(levels or required)),
            time_limit=time_limit,
            check_seconds=check_seconds,
            device=device,
            exact=exact,
            atoms=atoms.value,
            key=key,
            required=required,
        )
        return check_several(sources, asked, (certificate, report or ()), output, sort)
    from ..certify import check_dictionary as check
    from ..dictionaries import load
    from ..dictionaries.algebraic import is_algebraic
    from .observations import with_tiles
    from .output import dictionary_report, exit_code, print_report, refuse_bad_outputs, write_reports
    from .progress import progress_bar

    refuse_bad_outputs(report or [], certificate, sources)
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    if convolutional:
        if exact or also or atoms is not Atoms.columns:
            raise InputError("--convolutional is for filters: leave --exact, --atoms and what is for dictionaries out")
        if required or sort:
            raise InputError("--require and --sort are for dictionaries of atoms: leave them or --convolutional out")
        if device != "cpu":
            raise InputError("--device: filters are measured on the CPU, leave it or --convolutional out")
        if deep and (key is not None or tolerances or slopes):
            raise InputError(
                "--key, --tolerances and --slopes are not for a chain of filters: export each with its key"
            )
        source, level = (None, None) if deep else _one_dictionary(sources, levels, tolerances or slopes)
        asked = Options(
            sparsity=level,
            questions=question or [],
            scaling=scaling,
            effort=(effort or Effort.quick).value,
            time_limit=time_limit,
            check_seconds=check_seconds,
            certificate=certificate,
            reports=report or [],
            output=output,
        )
        if source is None:
            from .convolutional_chains import check_filter_chain

            return check_filter_chain(sources, filtering, levels or (), asked)
        return check_filters(source, key, filtering, asked)
    filtering.refuse_without()
    if deep:
        _refuse_for_a_chain(levels, key, exact=exact, table=bool(required or sort))
        refuse_more(also)
        chosen = _Chosen(scaling, effort or Effort.quick, time_limit, device, check_seconds)
        return _check_deep(
            (sources, atoms.value, tolerances, slopes),
            levels or (),
            question or [],
            chosen,
            (certificate, report, output),
        )
    source, level = _one_dictionary(sources, levels, tolerances or slopes)
    questions = asked_by_default(question, level)
    if is_algebraic(source):
        from .algebraic_output import AlgebraicOptions, check_algebraic

        refuse_more(also)
        if required or sort or sides:
            raise InputError("--require, --sort and --atom-shape are for dictionaries of numbers, got algebraic ones")
        wanted = AlgebraicOptions(
            level=level,
            questions=questions,
            scaling=scaling,
            atoms=atoms.value,
            certificate=certificate,
            reports=tuple(report or []),
            output=output,
            key=key,
            exact=exact,
        )
        return check_algebraic(source, wanted)
    dictionary = load(source, atoms=atoms.value, key=key)
    refuse_other_shape(sides, dictionary.shape[0])
    with progress_bar() as progress:
        result = check(
            dictionary,
            sparsity=level,
            questions=questions,
            scaling=scaling,
            effort=effort or Effort.quick,
            time_limit=time_limit,
            device=device,
            exact=exact,
            also=also,
            check_seconds=check_seconds,
            progress=progress,
        )
    model = dictionary_report(result, scaling, certificate, pictures=bool(report))
    answers = answers_of(model, required)
    if certificate is not None:
        result.certificate.save(certificate)
    write_reports(with_tiles(model, dictionary, sides), report or [])
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    if required:
        print_required(model, answers, output)
        return worse(exit_code(result), required_code(answers))
    print_report(model, output)
    return exit_code(result)


def _one_dictionary(
    sources: list[str], levels: tuple[int, ...] | None, chain_option: str | None
) -> tuple[str, int | None]:
    if len(sources) > 1:
        raise InputError(f"expected one source, got {len(sources)}; --deep says that they are a chain")
    if levels is not None and len(levels) > 1:
        raise InputError(f"--sparsity: expected one level, got {len(levels)}; --deep takes one for each dictionary")
    if chain_option is not None:
        raise InputError("--tolerances and --slopes are for a chain: add --deep")
    return sources[0], next(iter(levels or ()), None)


def _refuse_for_a_chain(levels: tuple[int, ...] | None, key: str | None, *, exact: bool, table: bool) -> None:
    if table:
        raise InputError("--require and --sort are for single dictionaries: leave them or --deep out")
    if levels is None:
        raise InputError("--deep needs --sparsity K1,K2,..: one level for each dictionary")
    if key is not None:
        raise InputError("--key is for one dictionary: export those of the chain first, each with its key")
    if exact:
        raise InputError("--exact is for one dictionary: leave it or --deep out")


@dataclass(frozen=True, slots=True)
class _Chosen:
    scaling: Scaling
    effort: Effort
    time_limit: float | None
    device: str
    check_seconds: float | None


def _check_deep(
    chain: tuple[list[str], str, str | None, str | None],
    levels: tuple[int, ...],
    questions: list[Question],
    chosen: _Chosen,
    outputs: tuple[Path | None, list[Path] | None, Format],
) -> int:
    from ..certify.check_deep import check_deep_dictionary
    from .deep_output import deep_dictionary, deep_exit_code, deep_questions, deep_report, print_deep, write_deep
    from .progress import progress_bar

    asked = deep_questions(questions, with_stability=chain[2] is not None)
    model = deep_dictionary(*chain)
    certificate, reports, output = outputs
    with progress_bar() as progress:
        result = check_deep_dictionary(
            model,
            sparsity=levels,
            questions=asked,
            scaling=chosen.scaling,
            effort=chosen.effort,
            time_limit=chosen.time_limit,
            device=chosen.device,
            check_seconds=chosen.check_seconds,
            progress=progress,
        )
    if certificate is not None:
        result.certificate.save(certificate)
    report = deep_report(result, certificate)
    write_deep(report, reports or [])
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    print_deep(report, output)
    return deep_exit_code(result)
