"""`verify check-codes`: from what was checked to the report."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from certificates import Accepted

from ..certify.check import Unchecked
from ..certify.code_errors import CheckedCodes
from ..dictionaries.signals import Signals
from ..report.codes import CodesReport, GivenCode, render_json, render_terminal, write
from ..versions import versions
from .options import Format
from .output import subject_of, theorem_texts
from .rule_texts import PROBLEM_RULE_TEXTS
from .solution_output import check_command


def codes_report(
    result: CheckedCodes, codes: Signals, signals: Signals | None, noise: Fraction, certificate: Path | None
) -> CodesReport:
    """Return the report on codes, from what the checker accepted."""
    level, answer = result.level_answer, result.answer
    command = None
    if result.certificate is not None:
        given = Signals.from_codes(result.dictionary, codes) if signals is None else signals
        work = answer.work if isinstance(answer, Unchecked) else 0
        command = check_command((result.dictionary, given), certificate, work)
    accepted = [found for found in (level, answer) if isinstance(found, Accepted)]
    return CodesReport(
        subject=subject_of(result.dictionary),
        codes_source=codes.origin.source,
        signal_source=None if signals is None else signals.origin.source,
        question=result.question.value,
        noise=str(noise),
        codes=tuple(
            GivenCode(nonzeros=code.nonzeros, sparsity=code.sparsity, residual=code.residual) for code in result.codes
        ),
        level_claims=level.claims if isinstance(level, Accepted) else None,
        claims=None if isinstance(answer, Unchecked) else () if answer is None else answer.claims,
        check_command=command,
        relied_on=tuple(dict.fromkeys(text for found in accepted for text in found.relied_on)),
        theorems={**theorem_texts(), **{text.id: text for text in PROBLEM_RULE_TEXTS}},
        certificate_path=None if certificate is None else str(certificate),
        versions=versions(),
    )


def print_codes(model: CodesReport, reports: Iterable[Path], output: Format) -> None:
    """Write the reports asked for, each file whole or not at all, and print the result on stdout."""
    for path in reports:
        write(model, path)
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))
