"""`verify theorems test` and `replay`: attacks on statements, and counterexamples proved anew."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from .options import Format, FormatOption

if TYPE_CHECKING:
    from ..attack import Outcome, Trial
    from ..progress import Progress
    from ..report.attacks import AttackRow

_MOST_INSTANCES = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    instances: int
    seed: int
    device: str
    folder: Path | None


def attack_theorems(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|FILE.py]...", help="Theorems of the registry, or files. Default: all that can be."),
    ] = None,
    instances: Annotated[int, typer.Option("--instances", metavar="N", help="How many for each theorem.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Where all random numbers come from.")] = 0,
    device: Annotated[
        str, typer.Option("--device", metavar="DEVICE", help="Where floats search: cpu, cuda. Proofs are made here.")
    ] = "cpu",
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            help="For all theorems together: each gets its share of what is left.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--counterexamples", metavar="FOLDER", help="Write counterexamples here.", show_default=False),
    ] = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Look for instances that violate theorems, and for those that come nearest to their bounds.

    Floats search, exact arithmetic decides. Ctrl-C ends the search and keeps what was found. A FILE.py is run: it
    holds a THEOREM and an EXPERIMENT. Exit code: 0 no violation found, 1 one is proved, 2 for bad input.
    """
    from ..arrays import usable_device
    from ..report.attacks import attacks_json, render_attacks
    from .progress import progress_bar

    if not 1 <= instances <= _MOST_INSTANCES:
        raise InputError(f"--instances: expected 1 to {_MOST_INSTANCES}, got {instances}")
    if seed < 0:
        raise InputError(f"--seed: expected an integer from 0 on, got {seed}")
    if time_limit is not None and not time_limit > 0:
        raise InputError(f"--time-limit: expected seconds above 0, got {time_limit}")
    if folder is not None and not folder.is_dir():
        from ..files import shown

        raise InputError(f"--counterexamples: {shown(folder)}: expected an existing folder")
    trials, left_out = _trials(names or [])
    plan = _Plan(instances=instances, seed=seed, device=usable_device(device), folder=folder)
    with progress_bar() as progress:
        rows = list(_attacked(trials, plan, time_limit, progress))
    if output is Format.json:
        sys.stdout.write(attacks_json(rows, left_out).decode())
    else:
        from rich.console import Console

        render_attacks(rows, left_out, Console(soft_wrap=False))
    for row in rows:
        if row.error is not None:
            typer.echo(f"verify: {row.error}", err=True)
    if len(rows) < len(trials):
        typer.echo(f"verify: interrupted; {len(trials) - len(rows)} theorems were not attacked", err=True)
    if any(row.violation is not None for row in rows):
        return 1
    return 2 if any(row.error is not None for row in rows) else 0


def replay(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A counterexample that `test` has written.")],
    theorem_file: Annotated[
        Path | None,
        typer.Option("--theorem", metavar="FILE.py", help="The theorem's file, if it has one.", show_default=False),
    ] = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Measure the instance of a counterexample again, exactly, and show both sides.

    Exit code: 1 it violates the theorem, 0 it does not, 3 enclosures overlap, 2 for bad input.
    """
    from ..attack import load_trial, read_counterexample, trial_of
    from ..attack.counterexample import replayed, subject
    from ..attack.numbers_text import value_json
    from ..attack.words import both_sides, told
    from ..files import shown
    from ..report.json_report import json_bytes

    read = read_counterexample(path)
    if theorem_file is None and read.file is not None:
        raise InputError(f"{shown(path)}: its theorem is in a file: give it with --theorem {read.file[:80]}")
    trial = trial_of(read.theorem) if theorem_file is None else load_trial(theorem_file)
    found = replayed(trial, read.instance)
    comparison = found.violation or found.tightest
    if subject(trial) != read.subject:
        typer.echo("verify: the theorem or its experiment is not the one that was attacked", err=True)
    if output is Format.json:
        answer = {
            "schema": 1,
            "theorem": trial.statement.id,
            "finding": comparison.finding,
            "quantity": comparison.quantity,
            "observed": value_json(comparison.observed),
            "relation": comparison.relation,
            "bound": value_json(comparison.bound),
        }
        sys.stdout.write(json_bytes(answer).decode())
    else:
        typer.echo(f"{trial.statement.id}: {comparison.finding}")
        typer.echo(f"  {both_sides(comparison)}")
        for line in told(found):
            typer.echo(f"  {line}")
    return {"violated": 1, "holds": 0, "undecided": 3}[comparison.finding]


def _trials(names: list[str]) -> tuple[list[tuple[Trial, str | None]], dict[str, str]]:
    """Return trials with their files, and which statements of the registry cannot be attacked, and why."""
    from ..attack import load_trial, trial_of
    from ..attack.experiments import EXPERIMENTS, why_not
    from ..theorems import THEOREMS

    if not names:
        left_out = {entry.id: why_not(entry.id) for entry in THEOREMS if entry.id not in EXPERIMENTS}
        return [(trial_of(name), None) for name in EXPERIMENTS], left_out
    found: list[tuple[Trial, str | None]] = []
    for name in dict.fromkeys(names):
        is_file = name.endswith(".py") or "/" in name
        found.append((load_trial(name), name) if is_file else (trial_of(name), None))
    return found, {}


def _attacked(
    trials: list[tuple[Trial, str | None]], plan: _Plan, time_limit: float | None, progress: Progress
) -> Iterator[AttackRow]:
    """Attack one theorem after another; Ctrl-C ends this one and leaves the others out."""
    from ..attack import attack
    from ..report.attacks import AttackRow

    end = None if time_limit is None else time.monotonic() + time_limit
    for at, (trial, file) in enumerate(trials):
        share = None if end is None else max(0.001, (end - time.monotonic()) / (len(trials) - at))
        try:
            outcome = attack(
                trial,
                instances=plan.instances,
                seed=plan.seed,
                device=plan.device,
                time_limit=share,
                progress=progress,
            )
        except KeyboardInterrupt:
            if not at:
                raise
            return
        except InputError as error:
            if len(trials) == 1:
                raise
            yield AttackRow(id=trial.statement.id, error=str(error))
            continue
        yield _row(trial, file, outcome, plan.folder)
        if outcome.interrupted:
            return


def _row(trial: Trial, file: str | None, outcome: Outcome, folder: Path | None) -> AttackRow:
    from ..attack.counterexample import document, write_counterexample
    from ..attack.words import both_sides, tightness
    from ..report.attacks import AttackRow

    found = outcome.counterexample
    violation = counterexample = saved = command = None
    if found is not None and found.violation is not None:
        violation = both_sides(found.violation)
        counterexample = document(trial, found, file)
        if folder is not None:
            path = folder / f"{''.join(c if c.isalnum() or c in '-_' else '-' for c in trial.statement.id)}.json"
            write_counterexample(path, counterexample)
            saved = str(path)
            command = shlex.join(
                ["verify", "theorems", "replay", saved, *([] if file is None else ["--theorem", file])]
            )
    return AttackRow(
        id=trial.statement.id,
        instances=outcome.instances,
        tightness=tightness(outcome),
        rounding=outcome.rounding,
        undecided=outcome.undecided,
        stopped=outcome.stopped,
        violation=violation,
        counterexample=counterexample,
        saved=saved,
        replay=command,
    )
