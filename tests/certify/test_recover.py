"""Experiments: the same outcomes under any order, interruption and number of threads; contradictions are noticed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import verify
from verify.certify import recover as module
from verify.certify.recover import RecoveryResult, phase_transition, recover
from verify.errors import ContradictionError, InputError
from verify.problems.recovery import experiment

D = np.random.default_rng(4).standard_normal((8, 14))


def counts(result: RecoveryResult) -> list[tuple[int | None, int, int, int, int]]:
    return [(r.dimension, r.level, r.recovered, r.missed, r.undecided) for r in result.rates]


@pytest.mark.parametrize("method", ["l1", "omp"])
def test_rates_levels_and_intervals(method: str) -> None:
    result = recover(D, levels=[1, 3, 8, 12], trials=20, method=method, magnitudes="gaussian", seed=5)
    assert [rate.level for rate in result.rates] == [1, 3, 8, 12]
    assert all(rate.trials == 20 and rate.undecided == 0 for rate in result.rates)
    assert result.at(1).recovered == 20
    assert result.at(12).missed == 20  # more atoms than dimensions
    assert result.at(12).interval.lower == 0
    assert result.at(1).interval.upper == 1
    assert result.confidence == Fraction(19, 20)
    assert result.levels is not None
    assert result.levels.case.question.value == method
    assert result.levels.guaranteed >= 1
    assert not result.stopped
    with pytest.raises(InputError, match="no trials at level 2"):
        result.at(2)


def test_default_levels_are_spread() -> None:
    assert [rate.level for rate in recover(D, trials=1).rates] == list(range(1, 9))
    wide = verify.load("builtin:gaussian:50x60:1")
    assert [rate.level for rate in recover(wide, trials=1).rates] == list(range(1, 51, 3))


def test_outcomes_do_not_depend_on_order_threads_or_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counts(recover(D, levels=range(2, 7), trials=24, seed=1))
    backwards = counts(recover(D, levels=range(6, 1, -1), trials=24, seed=1))
    assert backwards == whole
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(experiment, "_MOST_AT_ONCE", 5)
    assert counts(recover(D, levels=range(2, 7), trials=24, seed=1)) == whole
    assert counts(recover(D, levels=range(2, 7), trials=24, seed=2)) != whole


def test_a_file_of_results_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiment, "_MOST_AT_ONCE", 7)
    whole = counts(recover(D, levels=range(2, 7), trials=24, seed=1))
    state = tmp_path / "state.json"
    recover(D, levels=[3], trials=10, seed=1, resume=state)
    kept = json.loads(state.read_text())["outcomes"]["3"]
    assert len(kept) == 10
    assert counts(recover(D, levels=range(2, 7), trials=24, seed=1, resume=state)) == whole
    assert json.loads(state.read_text())["outcomes"]["3"].startswith(kept)

    def never(*_: object) -> Iterator[object]:
        raise AssertionError("nothing is left to do")

    monkeypatch.setattr(experiment.Settings, "trials_of", lambda self, dictionary: never)
    again = recover(D, levels=range(2, 7), trials=24, seed=1, resume=state)
    assert counts(again) == whole
    assert counts(recover(D, levels=[4], trials=5, seed=1, resume=state))[0][1] == 4
    assert len(json.loads(state.read_text())["outcomes"]) == 5


def test_another_experiment_is_not_continued(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    recover(D, levels=[2], trials=2, resume=state)
    before = state.read_bytes()
    for changes in ({"seed": 1}, {"method": "omp"}, {"scaling": "as-given"}, {"magnitudes": "uniform"}):
        with pytest.raises(InputError, match="holds another experiment"):
            recover(D, levels=[2], trials=2, resume=state, **changes)
    with pytest.raises(InputError, match="'dictionary' is"):
        recover(D[:, :-1], levels=[2], trials=2, resume=state)
    with pytest.raises(InputError, match="holds another experiment"):
        phase_transition(atoms=14, grid=(2, 2), trials=1, resume=state)
    assert state.read_bytes() == before


@pytest.mark.parametrize("family", [False, True])
def test_an_interruption_keeps_what_was_found(tmp_path: Path, family: bool) -> None:
    state = tmp_path / "state.json"

    def run(progress: object) -> RecoveryResult:
        common = {"trials": 12, "seed": 3, "resume": state, "progress": progress}
        return phase_transition(atoms=10, grid=(3, 3), **common) if family else recover(D, levels=[2, 5], **common)

    def interrupt(work: str, done: int, total: int) -> None:
        if work == "trials":
            raise KeyboardInterrupt

    stopped = run(interrupt)
    assert stopped.stopped
    assert sum(rate.trials for rate in stopped.rates) > 0
    resumed = run(lambda *_: None)
    assert not resumed.stopped
    state.unlink()
    assert counts(run(lambda *_: None)) == counts(resumed)


def test_a_time_limit_ends_the_trials() -> None:
    result = recover(D, levels=[2, 3, 4], trials=300, time_limit=1e-9)
    assert result.stopped
    assert 0 < sum(rate.trials for rate in result.rates) < 900


def test_a_miss_at_a_guaranteed_level_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, dictionary: object):
        return lambda codes: np.full(len(codes), 2, dtype=np.uint8)

    monkeypatch.setattr(experiment.Settings, "trials_of", broken)
    with pytest.raises(ContradictionError, match=r"l1 at level 1 is guaranteed by .*, and a code was missed"):
        recover(D, levels=[1], trials=2)
    assert recover(D, levels=[8], trials=2).at(8).missed == 2


@pytest.mark.thorough
def test_guaranteed_levels_are_never_missed() -> None:
    for source in ("builtin:steiner:6x16", "builtin:identity-hadamard:16", "builtin:simplex:9"):
        for method in ("l1", "omp"):
            result = recover(verify.load(source), levels=range(1, 6), trials=40, method=method, seed=2)
            assert result.levels is not None
            for rate in result.rates:
                assert rate.level > result.levels.guaranteed or (rate.recovered == 40)


def test_phase_transition() -> None:
    result = phase_transition(atoms=12, grid=(4, 3), trials=6, seed=2)
    assert result.levels is None
    assert {(r.dimension, r.level) for r in result.rates} == set(result.family.grid(4, 3))
    assert all(rate.trials == 6 for rate in result.rates)
    assert result.at(10, 10).level == 10 if (10, 10) in result.family.grid(4, 3) else True
    easy, hard = result.rates[-3], result.rates[2]
    assert easy.recovered >= hard.recovered
    assert counts(result) == counts(phase_transition(atoms=12, grid=(4, 3), trials=6, seed=2))
    first, second = (result.family.dictionary(4, 2, trial) for trial in (0, 1))
    assert first.digest != second.digest
    assert result.family.cell((3, 4), (0, 3)) == (10, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"levels": [0]}, "sparsity level from 1 to 14, got 0"),
        ({"levels": [15]}, "sparsity level from 1 to 14, got 15"),
        ({"levels": [1.5]}, "sparsity level from 1 to 14, got 1.5"),
        ({"levels": [True]}, "sparsity level from 1 to 14, got True"),
        ({"levels": []}, "expected 1 to 10000 sparsity levels, got 0"),
        ({"trials": 0}, "number of trials from 1 to 10000, got 0"),
        ({"trials": 10**6}, "number of trials from 1 to 10000"),
        ({"seed": -1}, "seed from 0"),
        ({"seed": "x"}, "seed from 0"),
        ({"method": "lasso"}, "method among l1, omp"),
        ({"scaling": "none"}, "scaling among unit, as-given"),
        ({"magnitudes": "large"}, "kind of magnitudes among sign, uniform, gaussian"),
        ({"confidence": "2"}, "confidence level between 0 and 1"),
        ({"time_limit": -1.0}, "time limit in seconds above 0"),
    ],
)
def test_bad_arguments(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        recover(D, **{"levels": [2], "trials": 2, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"family": "wishart"}, "family among gaussian, got 'wishart'"),
        ({"atoms": 1}, "number of atoms from 2 to 5000, got 1"),
        ({"grid": (0, 3)}, "columns and of rows of the grid from 1 to 8, got 0"),
        ({"grid": (3, 9)}, "columns and of rows of the grid from 1 to 8, got 9"),
        ({"atoms": 500, "grid": (150, 150)}, "grid of at most 10000 cells"),
        ({"time_limit": 0}, "time limit in seconds above 0"),
    ],
)
def test_bad_families(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        phase_transition(**{"atoms": 8, "grid": (2, 2), "trials": 1, **changes})


def test_complex_dictionaries_are_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "check_dictionary", None)
    with pytest.raises(InputError, match="for real dictionaries"):
        recover(verify.load("builtin:dirac-dft:4"))


def test_an_output_that_cannot_be_written_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "collect", None)
    with pytest.raises(InputError, match="cannot be written"):
        recover(D, levels=[1], trials=1, resume=tmp_path / "nowhere" / "state.json")


def test_the_library_door() -> None:
    assert verify.recover is recover
    assert verify.phase_transition is phase_transition
