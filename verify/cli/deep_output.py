"""`verify check-dictionary --deep`: from the options to the chain, and from its check to the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.check import Unchecked
from ..certify.check_deep import DeepCheckResult
from ..dictionaries import load
from ..dictionaries.deep import DeepDictionary
from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..report import Search
from ..report.deep import DeepReport, render_json, render_terminal, write
from ..verdict import DeepGuaranteed, DeepQuestion, DeepRefuted, DeepUndecided, Question
from ..versions import versions
from .numbers import exact_number
from .options import Format
from .output import export_command, subject_of, theorem_texts, typed


def deep_dictionary(sources: Sequence[str], atoms: str, tolerances: str | None, slopes: str | None) -> DeepDictionary:
    """Return the chain of the sources; one tolerance or slope serves for every dictionary."""
    dictionaries = [load(source, atoms=atoms) for source in sources]
    count = len(dictionaries)
    return DeepDictionary.of(
        dictionaries,
        tolerances=None if tolerances is None else _numbers(tolerances, "--tolerances", count),
        slopes=None if slopes is None else _numbers(slopes, "--slopes", count),
    )


def _numbers(text: str, name: str, count: int) -> list[Fraction]:
    found = [exact_number(part.strip(), name) for part in text.split(",")]
    return found * count if len(found) == 1 else found


def deep_questions(asked: Iterable[Question], *, with_stability: bool) -> tuple[DeepQuestion, ...]:
    """Return the questions about a chain: l0 and l1, and stability where tolerances are given."""
    chosen = list(dict.fromkeys(asked))
    strange = [question.value for question in chosen if question.value not in ("l0", "l1")]
    if strange:
        raise InputError(f"--question with --deep: expected l0 or l1, got {strange[0]}")
    found = [DeepQuestion(question.value) for question in chosen] or [DeepQuestion.l0, DeepQuestion.l1]
    return (*found, DeepQuestion.stability) if with_stability else tuple(found)


def deep_report(result: DeepCheckResult, certificate: Path | None) -> DeepReport:
    """Return the report of a check, from what the checker accepted."""
    import json

    deep, answer = result.deep, result.answer
    unchecked = isinstance(answer, Unchecked)
    claims = (
        tuple(claim["statement"] for claim in json.loads(result.certificate.data)["claims"])
        if isinstance(answer, Unchecked)
        else answer.claims
    )
    return DeepReport(
        subjects=tuple(map(subject_of, deep.dictionaries)),
        levels=result.judgement.levels,
        slopes=tuple(map(str, deep.slopes)),
        tolerances=tuple(map(str, deep.tolerances)),
        questions=tuple(question.value for question in result.questions),
        scaling=result.judgement.scaling.value,
        status="unchecked" if unchecked else "checked",
        claims=claims,
        check_command=check_command(
            deep.dictionaries, certificate, answer.work if isinstance(answer, Unchecked) else 0
        ),
        reasons={
            question.value: verdict.reason
            for question, verdict in result.judgement.verdicts.items()
            if isinstance(verdict, DeepUndecided)
        },
        remarks=result.judgement.remarks,
        relied_on=() if isinstance(answer, Unchecked) else answer.relied_on,
        check_seconds=answer.seconds if isinstance(answer, Unchecked) else None,
        theorems=theorem_texts(),
        certificate_path=None if certificate is None else str(certificate),
        versions=versions(),
        search=Search(effort=result.effort.value, stopped=result.stopped, unfinished=result.unfinished),
    )


def accepted_report(dictionaries: Sequence[Dictionary], answer: Accepted, certificate: Path) -> DeepReport:
    """Return the report of an accepted certificate of a chain; raise InputError if it says nothing of deep codes."""
    claims = [claim for claim in answer.claims if str(claim["kind"]).startswith("deep-")]
    if not claims:
        raise InputError("the certificate claims nothing about deep codes, so there is no report on the chain")
    first = dict(claims[0])
    stable = next((dict(claim) for claim in claims if claim["kind"] == "deep-stability"), None)
    tolerances = ("0",) * len(dictionaries) if stable is None else tuple(map(str, _list(stable["tolerances"])))
    scaling = next((str(claim["scaling"]) for claim in claims if "scaling" in claim), "unit")
    return DeepReport(
        subjects=tuple(map(subject_of, dictionaries)),
        levels=tuple(int(str(level)) for level in _list(first["levels"])),
        slopes=tuple(map(str, _list(first["slopes"]))),
        tolerances=tolerances,
        questions=("l0", "l1") if stable is None else ("l0", "l1", "stability"),
        scaling=scaling,
        status="checked",
        claims=answer.claims,
        check_command=check_command(dictionaries, certificate),
        relied_on=answer.relied_on,
        theorems=theorem_texts(),
        certificate_path=str(certificate),
        versions=versions(),
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def check_command(dictionaries: Sequence[Dictionary], certificate: Path | None, work: int = 0) -> str:
    """Return what a sceptic types to check the certificate of a chain."""
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    before, options = "", ""
    for j, dictionary in enumerate(dictionaries, 1):
        exported, source = export_command(dictionary)
        if exported:
            form = source.rpartition(".")[2]
            exported, source = exported.replace(f"-o {source}", f"-o D{j}.{form}"), f"D{j}.{form}"
        before, options = before + exported, f"{options} --dictionary {source}"
    limit = f" --work-limit {2 * work}" if 2 * work > WORK_LIMIT else ""
    return f"{before}python -m certificates {name}{options}{limit}"


def print_deep(model: DeepReport, output: Format) -> None:
    """Print the report on stdout."""
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))


def write_deep(model: DeepReport, paths: Iterable[Path]) -> None:
    """Write the report in every format asked for, each file whole or not at all."""
    for path in paths:
        write(model, path)


def deep_exit_code(result: DeepCheckResult) -> int:
    """Return 1 if any verdict is refuted, else 3 if any is undecided, else 0; 3 for verdicts that nobody checked."""
    if isinstance(result.answer, Unchecked):
        return 3
    if any(isinstance(verdict, DeepRefuted) for verdict in result.verdicts):
        return 1
    return 0 if all(isinstance(verdict, DeepGuaranteed) for verdict in result.verdicts) else 3
