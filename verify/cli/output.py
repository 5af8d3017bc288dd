"""From results to reports: the model handed to `verify.report`, what is printed, and the exit code."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from certificates import Accepted

from ..certify.check import CheckResult, Unchecked
from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..facts.gram_picture import gram_picture
from ..files import shown
from ..report import Asked, Observation, Report, Subject, TheoremText, render, write
from ..theorems import THEOREMS
from ..verdict import Guaranteed, Question, Refuted, Scaling, Verdict
from ..versions import versions
from .options import Format

_REPORT_SUFFIXES = (".html", ".md", ".json")


def dictionary_report(result: CheckResult, scaling: Scaling, certificate: Path | None) -> Report:
    """Return the report of a check, from what the checker accepted."""
    unchecked = isinstance(result.answer, Unchecked)
    claims = claims_of(result) if isinstance(result.answer, Unchecked) else result.answer.claims
    return Report(
        subject=_subject(result.dictionary),
        asked=Asked(
            sparsity=result.sparsity,
            questions=tuple(question.value for question in result.questions),
            scaling=scaling.value,
        ),
        status="unchecked" if unchecked else "checked",
        claims=claims,
        relied_on=() if isinstance(result.answer, Unchecked) else result.answer.relied_on,
        check_command=_check_command(result.dictionary, certificate),
        check_seconds=result.answer.seconds if isinstance(result.answer, Unchecked) else None,
        observations=_observations(result.dictionary),
        theorems=_theorems(),
        certificate_path=None if certificate is None else str(certificate),
        versions=versions(),
    )


def certificate_report(dictionary: Dictionary, answer: Accepted, certificate: Path) -> Report:
    """Return the report of an accepted certificate."""
    scaling = next((str(claim["scaling"]) for claim in answer.claims if "scaling" in claim), Scaling.unit.value)
    return Report(
        subject=_subject(dictionary),
        asked=Asked(sparsity=None, questions=tuple(question.value for question in Question), scaling=scaling),
        status="checked",
        claims=answer.claims,
        relied_on=answer.relied_on,
        check_command=_check_command(dictionary, certificate),
        observations=_observations(dictionary),
        theorems=_theorems(),
        certificate_path=str(certificate),
        versions=versions(),
    )


def claims_of(result: CheckResult) -> tuple[dict[str, object], ...]:
    """Return what the certificate claims, unchecked."""
    import json

    return tuple(claim["statement"] for claim in json.loads(result.certificate.data)["claims"])


def refuse_bad_outputs(reports: Iterable[Path], certificate: Path | None = None) -> None:
    """Raise InputError, before any work, for a report format that does not exist or a folder that is missing."""
    reports = list(reports)
    for path in reports:
        if path.suffix.lower() not in _REPORT_SUFFIXES:
            raise InputError(f"{shown(path)}: expected a report named .html, .md or .json")
    for path in [*reports, *([] if certificate is None else [certificate])]:
        if not path.parent.is_dir() or path.is_dir():
            raise InputError(f"{shown(path)}: cannot be written: expected a file name in an existing folder")


def write_reports(model: Report, paths: Iterable[Path]) -> None:
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


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """Return 1 if any verdict is refuted, else 3 if any is undecided, else 0."""
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        return 1
    return 0 if all(isinstance(verdict, Guaranteed) for verdict in verdicts) else 3


def _subject(dictionary: Dictionary) -> Subject:
    return Subject(
        source=dictionary.origin.source,
        loader=dictionary.origin.loader,
        remarks=dictionary.origin.remarks,
        shape=dictionary.shape,
        field=dictionary.field,
        sha256=dictionary.digest,
    )


def _theorems() -> dict[str, TheoremText]:
    return {entry.id: TheoremText(id=entry.id, statement=entry.statement, source=entry.source) for entry in THEOREMS}


def _check_command(dictionary: Dictionary, certificate: Path | None) -> str:
    """Return what a sceptic types to check the certificate."""
    source, name = dictionary.origin.source, "CERTIFICATE" if certificate is None else shlex.quote(str(certificate))
    if dictionary.origin.loader in ("npy", "json") and not dictionary.origin.transposed:
        return f"python -m certificates {name} --dictionary {shlex.quote(source)}"
    atoms = " --atoms rows" if dictionary.origin.transposed else ""
    return (
        f"python -m verify export-dictionary {shlex.quote(source)}{atoms} -o D.npy && "
        f"python -m certificates {name} --dictionary D.npy"
    )


def _observations(dictionary: Dictionary) -> tuple[Observation, ...]:
    picture = gram_picture(dictionary)
    if picture is None:
        return ()
    data = {"values": picture, "atoms": dictionary.shape[1]}
    return (Observation(title="Coherence of every pair of atoms", kind="heat-map", data=data),)
