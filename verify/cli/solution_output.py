"""From solved problems to reports: the model handed to `verify.report`, what is printed, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.check import Unchecked
from ..certify.solve import SolveResult
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signals
from ..problems.outcome import Outcome
from ..problems.residuals import float_residual
from ..report import (
    Backend,
    Given,
    Notes,
    Proof,
    SolutionReport,
    Subject,
    render,
    render_solution_terminal,
    solutions_as_json,
)
from ..versions import versions
from .handed_in import HandedIn
from .options import Format
from .output import export_command, reading_options, subject_of, typed, write_reports
from .rule_texts import PROBLEM_RULE_TEXTS

_RULES = {text.id: text for text in PROBLEM_RULE_TEXTS}
_CODE = ("divisor", "imaginary", "real", "support")
_DRAWN = 3


def solution_report(result: SolveResult, certificate: Path | None, about: HandedIn) -> SolutionReport:
    """Return the report of solved problems, from what the checker accepted; `about` says how they were typed."""
    answer = result.answer
    proofs = () if result.certificate is None else proofs_of(result.certificate.data)
    work = answer.work if isinstance(answer, Unchecked) else 0
    return SolutionReport(
        subject=subject_of(result.dictionary),
        given=_given(result.signals),
        status="checked" if isinstance(answer, Accepted) or answer is None else "unchecked",
        problems=tuple(outcome.problem.statement for outcome in result.outcomes),
        proofs=proofs,
        notes=tuple(_notes(outcome, drawn=at < _DRAWN) for at, outcome in enumerate(result.outcomes)),
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=None
        if not proofs
        else check_command((result.dictionary, result.signals), certificate, work, about),
        grid=about.grid,
        check_seconds=answer.seconds if isinstance(answer, Unchecked) else None,
        theorems=_RULES,
        certificate_path=None if certificate is None else str(certificate),
        versions=versions(),
    )


def certificate_solution_report(
    dictionary: Dictionary, signals: Signals, answer: Accepted, certificate: Path, about: HandedIn
) -> SolutionReport:
    """Return the report of an accepted certificate about signals."""
    proofs = tuple(p for p in proofs_of(certificate.read_bytes()) if p.claim in answer.claims)
    posed: dict[tuple[int, str], Mapping[str, Any]] = {}
    for proof in proofs:
        if "problem" in proof.claim:
            problem = proof.claim["problem"]
            posed.setdefault((proof.claim["signal"], json.dumps(problem, sort_keys=True)), problem)
    in_order = sorted(posed, key=lambda key: key[0])
    return SolutionReport(
        subject=subject_of(dictionary),
        given=_given(signals),
        status="checked",
        problems=tuple(posed[key] for key in in_order),
        signals=tuple(signal for signal, _ in in_order),
        proofs=proofs,
        check_command=check_command((dictionary, signals), certificate, 0, about),
        grid=about.grid,
        relied_on=answer.relied_on,
        theorems=_RULES,
        certificate_path=str(certificate),
        versions=versions(),
    )


def proofs_of(data: bytes) -> tuple[Proof, ...]:
    """Return the claims of a certificate with the rules of their steps, and the codes in their evidence."""
    content = json.loads(data)
    steps = content["steps"]
    return tuple(_proof(claim["statement"], steps[claim["step"]]) for claim in content["claims"])


def _proof(statement: Mapping[str, Any], step: Mapping[str, Any]) -> Proof:
    evidence = step["evidence"]
    code = {name: evidence[name] for name in _CODE} if step["rule"] == "value-by-code" else None
    return Proof(claim=statement, rule=step["rule"], code=code)


def print_solution_report(model: SolutionReport, reports: Iterable[Path], output: Format) -> None:
    """Write the reports asked for, and print the result on stdout."""
    write_reports(model, reports)
    if output is Format.json:
        import sys

        sys.stdout.write(render(model, ".json").decode())
        return
    from rich.console import Console

    render_solution_terminal(model, Console(soft_wrap=False))


def solution_exit_code(model: SolutionReport) -> int:
    """Return 1 if a problem is proved infeasible, else 0 if all are proved optimal, else 3; 3 if nothing is checked."""
    statuses = [result["status"] for result in solutions_as_json(model)["results"]]
    if "proved-infeasible" in statuses:
        return 1
    return 0 if all(status == "proved-optimal" for status in statuses) else 3


def _given(signals: Signals) -> Given:
    given, role = (signals, "signal") if signals.codes is None else (signals.codes, "code")
    subject = Subject(
        source=given.origin.source,
        loader=given.origin.loader,
        remarks=given.origin.remarks,
        shape=given.shape,
        field=given.field,
        sha256=given.digest if role == "signal" else given.code_digest,
    )
    return Given(role=role, subject=subject)


def _notes(outcome: Outcome, *, drawn: bool) -> Notes:
    return Notes(
        backends=tuple(
            Backend(
                name=claimed.backend,
                status=claimed.status,
                value=claimed.value,
                seconds=claimed.seconds,
                versions=claimed.versions,
                options=claimed.options,
            )
            for claimed in outcome.claimed
        ),
        remarks=outcome.remarks,
        stopped=outcome.stopped,
        residual=float_residual(outcome) if drawn else None,
    )


def check_command(
    subjects: tuple[Dictionary, Signals], certificate: Path | None, work: int, about: HandedIn | None = None
) -> str:
    """Return what a sceptic types to check the certificate; files that only verify reads are checked through it."""
    dictionary, signals = subjects
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    given, role = (signals, "signal") if signals.codes is None else (signals.codes, "code")
    limit = f" --work-limit {2 * work}" if 2 * work > WORK_LIMIT else ""
    second = f"--{role} {typed(given.origin.source)}{limit}"
    options = about.typed if about is not None and about.is_filters else ""
    source = f"{typed(dictionary.origin.source)}{options or reading_options(dictionary)}"
    if given.origin.loader not in ("npy", "json"):
        return f"python -m verify check-certificate {name} --dictionary {source} {second}"
    if options:
        form = "npy" if dictionary.fits_npy else "json"
        before, source = f"python -m verify export-dictionary {source} -o D.{form} && ", f"D.{form}"
    else:
        before, source = export_command(dictionary)
    return f"{before}python -m certificates {name} --dictionary {source} {second}"
