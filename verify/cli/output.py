"""From results to reports: the model handed to `verify.report`, what is printed, and the exit code."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.check import CheckResult, Unchecked
from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..facts.gram_picture import gram_picture
from ..files import shown
from ..report import Asked, Observation, Report, Search, SolutionReport, Subject, TheoremText, render, write
from ..theorems import THEOREMS
from ..verdict import Guaranteed, Question, Refuted, Scaling
from ..versions import versions
from .more_output import measured_tables, support_answers
from .options import Format
from .rule_texts import MORE_RULE_TEXTS

_REPORT_SUFFIXES = (".html", ".md", ".json")


def dictionary_report(result: CheckResult, scaling: Scaling, certificate: Path | None) -> Report:
    """Return the report of a check, from what the checker accepted."""
    unchecked = isinstance(result.answer, Unchecked)
    claims = claims_of(result) if isinstance(result.answer, Unchecked) else result.answer.claims
    return Report(
        subject=subject_of(result.dictionary),
        asked=Asked(
            sparsity=result.sparsity,
            questions=tuple(question.value for question in result.questions),
            scaling=scaling.value,
        ),
        status="unchecked" if unchecked else "checked",
        claims=claims,
        relied_on=() if isinstance(result.answer, Unchecked) else result.answer.relied_on,
        check_command=_check_command(
            result.dictionary, certificate, result.answer.work if isinstance(result.answer, Unchecked) else 0
        ),
        check_seconds=result.answer.seconds if isinstance(result.answer, Unchecked) else None,
        observations=_observations(result.dictionary),
        theorems=theorem_texts(),
        certificate_path=None if certificate is None else str(certificate),
        versions=versions(),
        search=Search(
            effort=result.effort.value,
            stopped=result.stopped,
            unfinished=result.unfinished,
            not_exact=result.not_exact,
        ),
        noise=None if result.more is None or result.more.noise is None else str(result.more.noise),
        measured=measured_tables(result.more),
    )


def certificate_report(dictionary: Dictionary, answer: Accepted, certificate: Path) -> Report:
    """Return the report of an accepted certificate."""
    scalings = sorted({str(claim["scaling"]) for claim in answer.claims if "scaling" in claim}, reverse=True)
    scaling = scalings[0] if scalings else Scaling.unit.value
    subject = subject_of(dictionary)
    if len(scalings) > 1:
        note = "the certificate also answers for atoms as given; this report shows its answers for unit atoms"
        subject = replace(subject, remarks=(*subject.remarks, note))
    return Report(
        subject=subject,
        asked=Asked(sparsity=None, questions=tuple(question.value for question in Question), scaling=scaling),
        status="checked",
        claims=answer.claims,
        relied_on=answer.relied_on,
        check_command=_check_command(dictionary, certificate),
        observations=_observations(dictionary),
        theorems=theorem_texts(),
        certificate_path=str(certificate),
        versions=versions(),
    )


def claims_of(result: CheckResult) -> tuple[dict[str, object], ...]:
    """Return what the certificate claims, unchecked."""
    import json

    return tuple(claim["statement"] for claim in json.loads(result.certificate.data)["claims"])


def refuse_bad_outputs(reports: Iterable[Path], certificate: Path | None, inputs: Iterable[str]) -> None:
    """Raise InputError, before any work, for an output that cannot be written or would overwrite something named.

    That is a report format that does not exist, a folder that is missing, and one file named twice among the inputs
    and the outputs.
    """
    reports = list(reports)
    for path in reports:
        if path.suffix.lower() not in _REPORT_SUFFIXES:
            raise InputError(f"{shown(path)}: expected a report named .html, .md or .json")
    seen = {os.path.realpath(name) for name in inputs}
    for path in [*reports, *([] if certificate is None else [certificate])]:
        if not path.parent.is_dir() or path.is_dir():
            raise InputError(f"{shown(path)}: cannot be written: expected a file name in an existing folder")
        real = os.path.realpath(path)
        if real in seen:
            raise InputError(f"{shown(path)}: cannot be written: the same file is named twice")
        seen.add(real)


def write_reports(model: Report | SolutionReport, paths: Iterable[Path]) -> None:
    """Write the report in every format asked for, each file whole or not at all."""
    for path in paths:
        write(model, path)


def print_report(model: Report, output: Format) -> None:
    """Print the report on stdout."""
    if output is Format.json:
        import sys

        sys.stdout.write(render(model, ".json").decode())
        return
    from rich.console import Console

    from ..report import render_terminal

    render_terminal(model, Console(soft_wrap=False))


def exit_code(result: CheckResult) -> int:
    """Return 1 if any verdict is refuted, else 3 if any is undecided, else 0; 3 for verdicts that nobody checked.

    Verdicts are those at the level asked about, and those about supports.
    """
    verdicts, supports = result.verdicts, support_answers(result.more)
    if (verdicts or supports) and isinstance(result.answer, Unchecked):
        return 3
    if "refuted" in supports or any(isinstance(verdict, Refuted) for verdict in verdicts):
        return 1
    return 0 if "undecided" not in supports and all(isinstance(verdict, Guaranteed) for verdict in verdicts) else 3


def subject_of(dictionary: Dictionary) -> Subject:
    """Return the dictionary as reports name it."""
    return Subject(
        source=dictionary.origin.source,
        loader=dictionary.origin.loader,
        remarks=dictionary.origin.remarks,
        shape=dictionary.shape,
        field=dictionary.field,
        sha256=dictionary.digest,
    )


def theorem_texts() -> dict[str, TheoremText]:
    """Return the statements that a report may name, by id."""
    stated = (TheoremText(id=e.id, statement=e.statement, source=e.source) for e in THEOREMS)
    return {text.id: text for text in (*stated, *MORE_RULE_TEXTS)}


def _check_command(dictionary: Dictionary, certificate: Path | None, work: int = 0) -> str:
    """Return what a sceptic types to check the certificate."""
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    limit = f" --work-limit {2 * work}" if 2 * work > WORK_LIMIT else ""
    before, source = export_command(dictionary)
    return f"{before}python -m certificates {name} --dictionary {source}{limit}"


def export_command(dictionary: Dictionary) -> tuple[str, str]:
    """Return what to type first so that the checker can read the dictionary (or nothing), and the file it reads."""
    source = typed(dictionary.origin.source)
    if dictionary.origin.loader in ("npy", "json") and not dictionary.origin.transposed:
        return "", source
    form = "npy" if dictionary.fits_npy else "json"
    return f"python -m verify export-dictionary {source}{reading_options(dictionary)} -o D.{form} && ", f"D.{form}"


def reading_options(dictionary: Dictionary) -> str:
    """Return the options, with a space before each, with which the dictionary was read."""
    atoms = " --atoms rows" if dictionary.origin.transposed else ""
    return atoms if dictionary.origin.key is None else f"{atoms} --key {typed(dictionary.origin.key)}"


def typed(name: str) -> str:
    """Return a file name as one types it in a shell: quoted, and never taken for an option."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)


def _observations(dictionary: Dictionary) -> tuple[Observation, ...]:
    picture = gram_picture(dictionary)
    if picture is None:
        return ()
    data = {"values": picture, "atoms": dictionary.shape[1]}
    return (Observation(title="Coherence of every pair of atoms", kind="heat-map", data=data),)
