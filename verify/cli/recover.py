"""`verify recover`: how often a method recovers random codes, beside what is proved."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Annotated

import typer

from ..budget import Effort
from ..errors import InputError
from ..problems.recovery.kinds import Magnitudes, Method
from ..verdict import Scaling
from .options import (
    Atoms,
    AtomsOption,
    DeviceOption,
    EffortOption,
    Format,
    FormatOption,
    KeyOption,
    ReportOption,
    ScalingOption,
)

_MOST_LEVELS = 10_000


def recover(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="A .npy, .csv, .txt or exact .json file, or builtin:NAME:ARGS."),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option("--levels", metavar="LIST", help="Such as 1-20 or 1,2,5-9. Default: up to 20 levels from 1 to m."),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", metavar="N", help="How many codes at each level.")] = 100,
    magnitudes: Annotated[
        Magnitudes, typer.Option("--magnitudes", help="Nonzeros: 1 or -1, uniform up to 1, standard normal.")
    ] = Magnitudes.sign,
    method: Annotated[Method, typer.Option("--method", help="Basis pursuit or OMP.")] = Method.l1,
    scaling: ScalingOption = Scaling.unit,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Where all random numbers come from.")] = 0,
    confidence: Annotated[str, typer.Option("--confidence", metavar="P", help="Of each interval.")] = "0.95",
    family: Annotated[
        str | None,
        typer.Option("--family", metavar="gaussian:N", help="Instead of SOURCE: random dictionaries with N atoms."),
    ] = None,
    grid: Annotated[
        str, typer.Option("--grid", metavar="CxR", help="With --family: how many values of m/n and of k/m.")
    ] = "10x10",
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help="Keep what is found here, and go on from there.")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit", metavar="SECONDS", help="End the trials after so many seconds.", show_default=False
        ),
    ] = None,
    effort: EffortOption = Effort.quick,
    device: DeviceOption = "cpu",
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    report: ReportOption = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Draw random codes at every level, prove for each whether it is recovered, and say how often it was.

    Beside the rates stand the levels at which every code is proved to be recovered, and those at which some code is
    missed.
    Ctrl-C ends the trials and keeps what was found. Exit code: 0 done, 3 if trials are missing, 2 for bad input.
    """
    from ..certify.recover import phase_transition
    from ..certify.recover import recover as run
    from ..dictionaries import load
    from .output import refuse_bad_outputs
    from .progress import progress_bar
    from .recovery_output import print_recovery, recovery_report, write_recovery

    if (source is None) == (family is None):
        raise InputError("expected either a SOURCE or --family gaussian:N")
    if family is not None and levels is not None:
        raise InputError("--levels is for one dictionary; a family has --grid")
    refuse_bad_outputs(report or [], resume, [] if source is None else [source])
    common = {
        "trials": trials, "magnitudes": magnitudes.value, "method": method.value, "scaling": scaling, "seed": seed,
        "confidence": confidence, "resume": resume, "time_limit": time_limit,
    }  # fmt: skip
    if source is not None:
        dictionary = load(source, atoms=atoms.value, key=key)
        chosen = None if levels is None else parse_levels(levels)
        with progress_bar() as progress:
            result = run(dictionary, levels=chosen, effort=effort, device=device, progress=progress, **common)
        what = [source, *(["--atoms", "rows"] if atoms is Atoms.rows else []), *(["--key", key] if key else [])]
        what += [] if levels is None else ["--levels", levels]
    else:
        name, count = parse_family(family or "")
        with progress_bar() as progress:
            result = phase_transition(name, atoms=count, grid=parse_grid(grid), progress=progress, **common)
        what = ["--family", f"{name}:{count}", "--grid", grid]
    what += ["--trials", str(trials), "--method", method.value, "--scaling", scaling.value]
    what += ["--magnitudes", magnitudes.value, "--seed", str(seed), "--confidence", confidence]
    what += [] if resume is None else ["--resume", str(resume)]
    model = recovery_report(result, shlex.join(["verify", "recover", *what]))
    write_recovery(model, report or [])
    if result.stopped:
        go_on = "the same command goes on" if resume is not None else "with --resume FILE they would be kept"
        typer.echo(f"verify: the trials were stopped; these are the ones that were run, and {go_on}", err=True)
    print_recovery(model, output)
    return 3 if result.stopped else 0


def parse_levels(text: str) -> list[int]:
    """Return the levels that a list such as `1-20` or `1,2,5-9` names; raise InputError for anything else."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,9})(?:-([0-9]{1,9}))?\s*", part, re.ASCII)
        if match is None:
            raise InputError(f"expected levels such as 1-20 or 1,2,5-9, got {text[:60]!r}")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= _MOST_LEVELS:
            raise InputError(f"expected levels in increasing order, at most {_MOST_LEVELS} of them, got {part[:40]!r}")
        found += range(first, last + 1)
    return found


def parse_family(text: str) -> tuple[str, int]:
    """Return name and number of atoms of `gaussian:N`; raise InputError for anything else."""
    match = re.fullmatch(r"([a-z]+):([0-9]{1,9})", text, re.ASCII)
    if match is None:
        raise InputError(f"expected a family such as gaussian:200, got {text[:60]!r}")
    return match[1], int(match[2])


def parse_grid(text: str) -> tuple[int, int]:
    """Return both numbers of `CxR`; raise InputError for anything else."""
    match = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", text, re.ASCII)
    if match is None:
        raise InputError(f"expected a grid such as 10x10, got {text[:60]!r}")
    return int(match[1]), int(match[2])
