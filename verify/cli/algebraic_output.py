"""`verify check-dictionary` of algebraic entries: from the check to the report, without a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..certify.check_algebraic import AlgebraicCheckResult, check_algebraic_dictionary
from ..dictionaries.algebraic import load_algebraic
from ..dictionaries.algebraic.symbolic import cosine_expression, root_expression
from ..errors import InputError
from ..files import shown
from ..report.algebraic import AlgebraicReport, Coherence, render_json, render_terminal, write
from ..report.claims import Level
from ..report.model import Asked, Subject
from ..verdict import Guaranteed, Question, Refuted, Scaling
from ..versions import versions
from .options import Format
from .output import theorem_texts

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicOptions:
    """What was asked at the command line."""

    level: int | None
    questions: tuple[Question, ...]
    scaling: Scaling
    atoms: str
    certificate: Path | None
    reports: tuple[Path, ...]
    output: Format
    key: str | None = None
    exact: bool = False


def check_algebraic(source: str, options: AlgebraicOptions) -> int:
    """Check an algebraic dictionary, print and write the reports, and return the exit code of the verdicts."""
    if options.certificate is not None:
        raise InputError(
            f"{shown(source)}: --certificate: algebraic dictionaries have none, since the independent checker reads "
            "rational numbers only; builtin: families and .npy files hold those"
        )
    if options.key is not None or options.exact:
        raise InputError(f"{shown(source)}: --key and --exact are for dictionaries of rational numbers: leave them out")
    dictionary = load_algebraic(source, atoms=options.atoms)
    result = check_algebraic_dictionary(
        dictionary, sparsity=options.level, questions=options.questions, scaling=options.scaling
    )
    model = algebraic_report(result)
    for path in options.reports:
        write(model, path)
    if options.output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
    else:
        from rich.console import Console

        render_terminal(model, Console(soft_wrap=False))
    if any(isinstance(verdict, Refuted) for verdict in result.verdicts):
        return 1
    return 0 if all(isinstance(verdict, Guaranteed) for verdict in result.verdicts) else 3


def algebraic_report(result: AlgebraicCheckResult) -> AlgebraicReport:
    """Return the report of a check."""
    facts, dictionary = result.facts, result.dictionary
    found = facts.coherence
    return AlgebraicReport(
        subject=Subject(
            source=dictionary.origin.source,
            loader=dictionary.origin.loader,
            remarks=dictionary.origin.remarks,
            shape=dictionary.shape,
            field=dictionary.field,
            sha256=dictionary.digest,
        ),
        asked=Asked(
            sparsity=result.sparsity,
            questions=tuple(question.value for question in result.questions),
            scaling=result.scaling.value,
        ),
        coherence=Coherence(
            squared=(found.squared.lower, found.squared.upper),
            expression=coherence_text(result),
            pair=found.pair,
            attained=found.attained,
        ),
        welch_squared=facts.welch_squared,
        welch_attained=facts.welch_attained,
        babel=tuple(zip(facts.babel.lower, facts.babel.upper, strict=True)),
        norms_squared=(facts.norms_squared.lower, facts.norms_squared.upper),
        norms_equal=facts.norms_equal,
        spark=None if result.spark is None else (result.spark.value, result.spark.theorem),
        spark_upper=_spark_upper(result),
        orthogonal_pairs=facts.orthogonal_pairs,
        undecided_pairs=facts.undecided_pairs,
        two_orthogonal_families=facts.orthogonal_family is not None,
        levels={question.value: _level(result, question) for question in Question},
        theorems=theorem_texts(),
        versions=versions(),
    )


def coherence_text(result: AlgebraicCheckResult) -> str | None:
    """Return mu as SymPy writes it; None where it is long, or where the pair that attains it stayed undecided."""
    found = result.facts.coherence
    if found.rational is not None:
        return str(root_expression(found.rational))
    if not found.attained:
        return None
    text = str(cosine_expression(found.product, found.squared_norms, found.sign))
    return text if len(text) <= _LONGEST else None


def _spark_upper(result: AlgebraicCheckResult) -> int | None:
    if result.facts.coherence.rational == 1:
        return 2
    return result.facts.m + 1 if result.facts.n > result.facts.m else None


def _level(result: AlgebraicCheckResult, question: Question) -> Level:
    level = result.levels[question]
    return Level(
        guaranteed=level.guaranteed,
        guaranteed_by=level.guaranteed_by,
        refuted=level.refuted,
        refuted_by=level.refuted_by,
    )
