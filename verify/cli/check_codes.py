"""`verify check-codes`: what is guaranteed of codes that somebody computed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..verdict import Question
from .options import Atoms, AtomsOption, DictionaryOption, Format, FormatOption, KeyOption, SignalOption

if TYPE_CHECKING:
    from ..certify.code_errors import CheckedCodes

_MOST_SHOWN = 20
_BAR = 40


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
    from .numbers import exact_number
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    epsilon = exact_number(noise, "--noise")
    refuse_bad_outputs([], certificate, [name for name in (codes, dictionary, signal) if name is not None])
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
    if output is Format.json:
        typer.echo(json.dumps(_as_json(result, certificate), indent=2))
    else:
        typer.echo("\n".join(_lines(result, certificate)))
    return 0 if result.all_covered else 3


def _lines(result: CheckedCodes, certificate: Path | None) -> list[str]:
    from ..certify.check import Unchecked
    from ..report.numbers import decimals

    level, count = result.level.guaranteed, len(result.codes)
    covered = sum(code.covered for code in result.codes)
    by = f", by {result.level.guaranteed_by}" if level else ""
    lines = [
        f"{covered} of {count} codes are covered: {result.question} is guaranteed up to {level} nonzeros{by}.",
        "",
        "Nonzeros of the codes",
    ]
    if isinstance(result.level_answer, Unchecked):
        lines.insert(1, "The check of that level takes too long and was not run, so no code counts as covered.")
    if isinstance(result.answer, Unchecked):
        lines.insert(1, "The check of the bounds below takes too long and was not run: claimed, not checked.")
    counted = Counter(code.nonzeros for code in result.codes)
    most = max(counted.values())
    for nonzeros in sorted(counted)[:_MOST_SHOWN]:
        mark = "#" if nonzeros <= level else "-"
        bar = mark * max(1, counted[nonzeros] * _BAR // most)
        lines.append(f"  {nonzeros:>4}  {counted[nonzeros]:>6}  {bar}")
    lines += ["  (# covered, - not)", "", "Errors in unit atoms, from every code as sparse as that"]
    for at, code in enumerate(result.codes[:_MOST_SHOWN]):
        bound = "no bound: too many nonzeros for this dictionary"
        if code.upper is not None:
            bound = f"at most {decimals(code.upper, 4).upper} from codes of at most {code.sparsity} nonzeros"
        lines.append(f"  {at}: {code.nonzeros} nonzeros, {bound}")
    if count > _MOST_SHOWN:
        lines.append(f"  ... and {count - _MOST_SHOWN} more (--format json has all)")
    if certificate is not None:
        lines += ["", f"Certificate: {certificate} ({_checked(result)})"]
    return lines


def _checked(result: CheckedCodes) -> str:
    from ..certify.check import Unchecked

    return "not checked: it takes too long" if isinstance(result.answer, Unchecked) else "accepted by the checker"


def _as_json(result: CheckedCodes, certificate: Path | None) -> dict[str, object]:
    from ..certify.check import Unchecked
    from ..report.numbers import above

    return {
        "schema": 1,
        "question": result.question,
        "guaranteed": {
            "level": result.level.guaranteed,
            "theorem": result.level.guaranteed_by,
            "checked": not isinstance(result.level_answer, Unchecked),
        },
        "covered": sum(code.covered for code in result.codes),
        "codes": [
            {
                "nonzeros": code.nonzeros,
                "covered": code.covered,
                "sparsity": code.sparsity,
                "residual": {"upper": above(code.residual)},
                "error": None if code.upper is None else {"upper": above(code.upper), "theorem": code.theorem},
            }
            for code in result.codes
        ],
        "checked": result.answer is not None and not isinstance(result.answer, Unchecked),
        "certificate": None if certificate is None else str(certificate),
    }
