"""`--require`: what a dictionary has to guarantee, for scripts; one line for each requirement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from .options import Format

if TYPE_CHECKING:
    from ..report import Report
    from ..report.requirements import Answer, Requirement

RequireOption = Annotated[
    list[str] | None,
    typer.Option(
        "--require",
        metavar="WHAT",
        help='What has to hold, as "l1>=3" or "l0>=4,mu<=0.3" (also network, omp, spark, mu~); repeatable. Prints one '
        "line for each; exit code 0 all proved, 1 one refuted, 3 one undecided.",
    ),
]
_PARTS = re.compile(r"\s*([a-z0-9]+~?)\s*(>=|<=|<)\s*(\S+)\s*")
_AT_LEAST = ("l0", "l1", "network", "omp", "spark")
_AT_MOST = ("mu", "mu~")
_MOST = 1000


def requirements_of(texts: Iterable[str]) -> tuple[Requirement, ...]:
    """Return what is required; raise InputError for anything that does not say so."""
    from ..report.requirements import Requirement
    from .numbers import exact_number

    found: list[Requirement] = []
    for text in (part for whole in texts for part in whole.split(",")):
        parts = _PARTS.fullmatch(text)
        name, relation, value = parts.groups() if parts else ("", "", "")
        if name not in (_AT_LEAST if relation == ">=" else _AT_MOST):
            raise InputError(
                f"--require: expected {', '.join(_AT_LEAST)} >= a number, or mu, mu~ <= (or <) one, got {text[:40]!r}"
            )
        number = exact_number(value, f"--require {name}{relation}")
        if relation == ">=" and (number.denominator != 1 or number < 1):
            raise InputError(f"--require {name}>=: expected an integer from 1 on, got {value[:40]!r}")
        found.append(Requirement(name=name, relation=relation, value=number, text=f"{name}{relation}{value}"))
    if len(found) > _MOST:
        raise InputError(f"--require: expected at most {_MOST} requirements, got {len(found)}")
    return tuple(found)


def answers_of(model: Report, requirements: Iterable[Requirement]) -> tuple[Answer, ...]:
    """Return whether each requirement is met, from what the checker accepted."""
    from ..report.requirements import answer

    return tuple(answer(model, requirement) for requirement in requirements)


def required_code(answers: tuple[Answer, ...]) -> int:
    """Return 0 if all are proved, 1 if one is refuted, else 3."""
    from ..report.requirements import worst

    return {"proved": 0, "refuted": 1, "undecided": 3}[worst(answers)]


def worse(first: int, second: int) -> int:
    """Return the worse of two exit codes: refuted 1, then undecided 3, then 0."""
    return max(first, second, key=(0, 3, 1).index)


def print_required(model: Report, answers: tuple[Answer, ...], output: Format) -> None:
    """Print one line for each requirement, or the report's JSON with `requirements` beside what it always has."""
    import sys

    if output is Format.json:
        from ..report import as_json, json_bytes
        from ..report.requirements import answers_as_json

        body = {**as_json(model), "requirements": answers_as_json(answers)}
        sys.stdout.write(json_bytes(body).decode())
        return
    for answer in answers:
        typer.echo(str(answer))
