"""`verify check-codes`: what is guaranteed of codes that somebody computed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..verdict import Question
from .options import Atoms, AtomsOption, DictionaryOption, Format, FormatOption, KeyOption, ReportOption, SignalOption


def check_codes(
    codes: Annotated[str, typer.Argument(metavar="CODES", help="Codes, as the columns of a file.")],
    dictionary: DictionaryOption,
    signal: SignalOption = None,
    noise: Annotated[
        str, typer.Option("--noise", metavar="EPS", help="Compare with codes x for which |y - Dx| is at most EPS.")
    ] = "0",
    sparsity: Annotated[
        int | None,
        typer.Option(
            "--sparsity",
            metavar="K",
            help="Compare with codes of at most K nonzeros. Default: as many as the code has.",
            show_default=False,
        ),
    ] = None,
    question: Annotated[Question, typer.Option("--question", help="Which guarantee is to cover the codes.")] = (
        Question.l1
    ),
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Write the certificate of the bounds here.")
    ] = None,
    report: ReportOption = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Say which codes a guarantee covers, and bound how far each is from every sparse code of its signal.

    The signals are D x unless --signal gives others. The bound holds for every code x with at most K nonzeros and
    |y - Dx| at most EPS: |x - c| <= (|y - Dc| + EPS)/sqrt(1 - (K + |c|_0 - 1) mu), in unit atoms.
    Exit code: 0 all codes are covered, 3 some are not. Bad input: 2.
    """
    from ..certify.code_errors import check_codes as check
    from ..dictionaries import load
    from ..dictionaries.load_signals import load_signals
    from ..errors import InputError
    from ..files import shown
    from .codes_output import codes_report, print_codes
    from .numbers import exact_number
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    epsilon = exact_number(noise, "--noise")
    refuse_bad_outputs(report or [], certificate, [name for name in (codes, dictionary, signal) if name is not None])
    read, found = load(dictionary, atoms=atoms.value, key=key), load_signals(codes)
    signals = None if signal is None else load_signals(signal)
    with progress_bar() as progress:
        try:
            result = check(
                read, found, signals=signals, noise=epsilon, sparsity=sparsity, question=question, progress=progress
            )
        except InputError as error:
            raise type(error)(f"{shown(codes)}: {error}") from None
    if certificate is not None:
        if result.certificate is None:
            raise InputError("--certificate: no bound is proved, so there is nothing to write")
        result.certificate.save(certificate)
    print_codes(codes_report(result, found, signals, epsilon, certificate), report or [], output)
    return 0 if result.all_covered else 3
