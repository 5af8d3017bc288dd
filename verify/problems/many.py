"""The problems of many signals: one after the other, or in a process for every core."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from ..dictionaries.dictionary import Dictionary
from ..interruption import Interruptible, Interruption, ignoring_interruptions, interrupt
from ..progress import Progress, silent
from .outcome import Outcome
from .problem import Problem, SolveOptions

_WORTH_A_PROCESS = 3.0
"""In seconds: a process starts up in about one."""
_LOOKS_EVERY = 0.2
_WORK = "signals"

_Fields = dict[str, Any]


def solve_all(
    problems: Sequence[Problem],
    options: SolveOptions | None = None,
    *,
    workers: int | None = None,
    progress: Progress = silent,
) -> tuple[Outcome, ...]:
    """Solve problems of one dictionary and return their outcomes in the same order.

    With `workers` (None: one for each core) above 1 two problems are solved here and the second one is timed; if the
    others would take more than a few seconds, they are solved in as many processes. The program that calls this
    must then be importable, as the module `multiprocessing` wants it. Ctrl-C ends the work and keeps what is proved:
    problems not solved by then have outcomes without proofs, and `stopped`; a second one is an interruption. Raises
    what `Problem.solve` raises.
    """
    options = options or SolveOptions()
    workers = min((os.cpu_count() or 1) if workers is None else workers, len(problems) - 2)
    outcomes: list[Outcome] = []
    started = time.monotonic()
    with Interruption() as interruption:
        for at, problem in enumerate(problems):
            if interruption.happened:
                outcomes.append(Outcome(problem=problem, stopped=True))
                continue
            if at == 2 and workers > 1 and (time.monotonic() - started) * (len(problems) - 2) > _WORTH_A_PROCESS:
                break
            started = time.monotonic()  # the first problem also waits for what is imported
            try:
                outcomes.append(problem.solve(options, progress if len(problems) == 1 else silent))
            except KeyboardInterrupt:
                outcomes.append(Outcome(problem=problem, stopped=True))
            if len(problems) > 1:
                progress(_WORK, at + 1, len(problems))
    if len(outcomes) < len(problems):
        outcomes += _in_processes(problems[2:], options, workers, progress)
    return tuple(outcomes)


def _in_processes(
    problems: Sequence[Problem], options: SolveOptions, workers: int, progress: Progress
) -> list[Outcome]:
    context = multiprocessing.get_context("spawn")
    outcomes: list[Outcome] = []
    with Interruption(raises=False) as interruption:
        with ignoring_interruptions():  # processes inherit that while they start; they allow it while they solve
            pool = ProcessPoolExecutor(workers, context, _begin, (problems[0].dictionary, options))
            futures = [pool.submit(_solve, type(problem), _parameters(problem)) for problem in problems]
        processes = list((pool._processes or {}).values())  # pyright: ignore[reportPrivateUsage]
        try:
            for at, (problem, future) in enumerate(zip(problems, futures, strict=True)):
                while not (future.done() or future.cancelled()):
                    with contextlib.suppress(TimeoutError):
                        future.exception(_LOOKS_EVERY)
                    if interruption.happened:
                        _stop(futures, [process.pid for process in processes])
                found = None if future.cancelled() else future.result()
                outcomes.append(Outcome(problem=problem, **(found or {"stopped": True})))
                progress(_WORK, at + 3, len(problems) + 2)
        except BaseException:
            for process in processes:
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
    return outcomes


def _stop(futures: Iterable[Future[_Fields | None]], pids: Iterable[int | None]) -> None:
    """Give up what has not begun, and interrupt what has."""
    for future in futures:
        future.cancel()
    interrupt(pids)


def _parameters(problem: Problem) -> _Fields:
    """Return the fields of a problem but the dictionary, which every process holds already."""
    names = [field.name for field in dataclasses.fields(problem) if field.init and field.name != "dictionary"]
    return {name: getattr(problem, name) for name in names}


# --- in the processes ---


class _Process:
    """What a process keeps."""

    dictionary: Dictionary
    options: SolveOptions


def _begin(dictionary: Dictionary, options: SolveOptions) -> None:
    _Process.dictionary, _Process.options = dictionary, options
    Interruptible.listen()


def _solve(kind: type[Problem], parameters: Mapping[str, Any]) -> _Fields | None:
    """Solve one problem and return its outcome without the problem, None if it was interrupted."""
    try:
        with Interruptible():
            outcome = kind(dictionary=_Process.dictionary, **parameters).solve(_Process.options)
    except KeyboardInterrupt:
        return None
    names = [field.name for field in dataclasses.fields(outcome) if field.name != "problem"]
    return {name: getattr(outcome, name) for name in names}
