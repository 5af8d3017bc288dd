"""Many problems: the same outcomes in order, here or in processes, and Ctrl-C keeps what is proved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.errors import InputError
from verify.problems import BasisPursuit, Lasso, SolveOptions, many
from verify.problems.many import solve_all
from verify.problems.outcome import Outcome, Status

ROOT = Path(__file__).parent.parent.parent
RNG = np.random.default_rng(0)
D = Dictionary.from_array(RNG.standard_normal((5, 9)))
SIGNALS = Signals.from_array(RNG.standard_normal((5, 6)))
PROBLEMS = [Lasso(dictionary=D, signal=signal, weight="1/10") for signal in SIGNALS]  # pyright: ignore[reportArgumentType]


def values(outcomes: tuple[Outcome, ...]) -> list[tuple[object, ...]]:
    return [(o.status, o.value_lower, o.value_upper, o.unique and o.unique.centre.support) for o in outcomes]


def test_processes_give_what_one_gives_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = solve_all(PROBLEMS, workers=1)
    monkeypatch.setattr(many, "_WORTH_A_PROCESS", -1.0)
    noted: list[tuple[str, int, int]] = []
    together = solve_all(PROBLEMS, workers=2, progress=lambda *work: noted.append(work))
    assert values(together) == values(alone)
    assert [outcome.problem for outcome in together] == PROBLEMS
    assert noted == [("signals", done, 6) for done in range(1, 7)]
    assert {outcome.status for outcome in alone} == {Status.proved_optimal}


def test_what_goes_wrong_in_a_process_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_WORTH_A_PROCESS", -1.0)
    ours = os.getpid()
    problems = [Refusing(dictionary=D, signal=signal, here=ours) for signal in SIGNALS]
    with pytest.raises(InputError, match="this is not for another process"):
        solve_all(problems, workers=2)


@dataclass(frozen=True, kw_only=True, eq=False)
class Refusing(BasisPursuit):
    here: int = 0

    def solve(self, *_: Any) -> Outcome:
        if os.getpid() != self.here:
            raise InputError("this is not for another process")
        return Outcome(problem=self)


@dataclass(frozen=True, kw_only=True, eq=False)
class Slow(BasisPursuit):
    """Waits, and keeps what it has when it is interrupted, as all problems do."""

    swallows: bool = True

    def solve(self, *_: Any) -> Outcome:
        try:
            sys.stdout.write("begun\n")
            sys.stdout.flush()
            time.sleep(30)
        except KeyboardInterrupt:
            if not self.swallows:
                raise
            return Outcome(problem=self, stopped=True, remarks=("kept",))
        return Outcome(problem=self)


@pytest.mark.parametrize("swallows", [True, False])
@pytest.mark.parametrize("limit", [None, 1000.0])
def test_an_interruption_ends_all_and_keeps_what_is_proved(swallows: bool, limit: float | None) -> None:
    problems = [PROBLEMS[0], *(Slow(dictionary=D, signal=signal, swallows=swallows) for signal in SIGNALS)]
    timer = threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    before = signal.getsignal(signal.SIGINT)
    outcomes = solve_all(problems, SolveOptions(time_limit=limit), workers=1)
    timer.join()
    assert signal.getsignal(signal.SIGINT) is before
    assert outcomes[0].status is Status.proved_optimal
    assert [outcome.stopped for outcome in outcomes] == [False] + 6 * [True]
    assert [outcome.remarks for outcome in outcomes[1:]] == [("kept",) if swallows else ()] + 5 * [()]


PROGRAM = """
import signal, sys, time
sys.path.insert(0, {tests!r})
from test_many_problems import *
if __name__ == "__main__":
    many._WORTH_A_PROCESS = -1.0
    problems = [*PROBLEMS[:2], *(Slow(dictionary=D, signal=y) for y in SIGNALS)]
    many_outcomes = solve_all(problems, workers=2, progress=lambda *_: print("solved", flush=True))
    print([outcome.stopped for outcome in many_outcomes], sorted({{o.remarks for o in many_outcomes[2:]}}), flush=True)
"""


def test_an_interruption_reaches_the_processes(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.format(tests=str(Path(__file__).parent)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        assert lines == ["solved\n", "solved\n", "begun\n", "begun\n"]
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert err == ""
    assert "[False, False, True, True, True, True, True, True]" in out
    assert time.monotonic() - started < 25


def test_signals_are_not_needed_outside_the_main_thread() -> None:
    found: list[tuple[Outcome, ...]] = []
    thread = threading.Thread(target=lambda: found.append(solve_all(PROBLEMS[:2], workers=1)))
    thread.start()
    thread.join()
    assert [outcome.status for outcome in found[0]] == 2 * [Status.proved_optimal]
