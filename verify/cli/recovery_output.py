"""From an experiment to its report: the model, what is written and what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..certify.check import Unchecked
from ..certify.recover import RecoveryResult
from ..problems.recovery.codes import drawn_with
from ..report.claims import levels
from ..report.recovery import Proved, Rate, RecoveryReport, render_json, render_terminal, write
from ..versions import versions
from .options import Format
from .output import subject_of, theorem_texts


def recovery_report(result: RecoveryResult, command: str) -> RecoveryReport:
    """Return the report of an experiment; `command` repeats it."""
    settings, family = result.settings, result.family
    return RecoveryReport(
        subject=None if result.dictionary is None else subject_of(result.dictionary),
        family=None if family is None else "gaussian",
        atoms=family.atoms if family is not None else 0 if result.dictionary is None else result.dictionary.shape[1],
        picture=_picture(result),
        method=settings.method.value,
        scaling=settings.scaling.value,
        magnitudes=settings.magnitudes.value,
        seed=settings.seed,
        drawn_with=drawn_with(settings.magnitudes),
        trials=result.trials,
        confidence=result.confidence,
        rates=tuple(
            Rate(
                level=rate.level,
                dimension=rate.dimension,
                recovered=rate.recovered,
                missed=rate.missed,
                undecided=rate.undecided,
                lower=rate.interval.lower,
                upper=rate.interval.upper,
            )
            for rate in result.rates
        ),
        proved=_proved(result),
        stopped=result.stopped,
        command=command,
        theorems=theorem_texts(),
        versions=versions(),
    )


def write_recovery(model: RecoveryReport, paths: Iterable[Path]) -> None:
    """Write the report in every format asked for, each file whole or not at all."""
    for path in paths:
        write(model, path)


def print_recovery(model: RecoveryReport, output: Format) -> None:
    """Print the report on stdout."""
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))


def _proved(result: RecoveryResult) -> Proved | None:
    """Return the levels as the checker accepted them."""
    if result.check is None or isinstance(result.check.answer, Unchecked):
        return None
    found = levels(result.check.answer.claims, result.settings.scaling.value)[result.settings.method.value]
    return Proved(
        guaranteed=found.guaranteed,
        guaranteed_by=found.guaranteed_by,
        refuted=found.refuted,
        refuted_by=found.refuted_by,
    )


def _picture(result: RecoveryResult) -> tuple[tuple[float | None, ...], ...]:
    """Return the observed rates of the grid, from the least k/m on."""
    if result.family is None or result.grid is None:
        return ()
    columns, rows = result.grid
    found = {(rate.dimension, rate.level): rate.recovered / rate.trials for rate in result.rates}
    return tuple(
        tuple(found.get(result.family.cell((i, columns), (j, rows))) for i in range(columns)) for j in range(rows)
    )
