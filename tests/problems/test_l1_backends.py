"""Backends of l1 problems: they agree within what is proved, and what is missing or unknown is refused clearly."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.errors import InputError
from verify.problems import BasisPursuit, Bpdn, Lasso, SolveOptions, Sparsest, available_backends, l1
from verify.solvers import backends, mixed_integer

rng = np.random.default_rng(3)
D, CODE = rng.standard_normal((12, 30)), np.zeros(30)
CODE[[2, 11, 25]] = 1.5, -0.75, 2.0
Y = D @ CODE + 0.05 * rng.standard_normal(12)
C = D + 1j * rng.standard_normal((12, 30))
REAL = {
    "basis-pursuit": BasisPursuit.of(D, Y),
    "basis-pursuit unit": BasisPursuit.of(D, Y, scaling="unit"),
    "bpdn": Bpdn.of(D, Y, epsilon=0.1),
    "bpdn nonnegative": Bpdn.of(np.abs(D), np.abs(D) @ np.abs(CODE), epsilon=0.5, nonnegative=True),
    "lasso": Lasso.of(D, Y, weight=0.5),
    "lasso unit": Lasso.of(D, Y, weight=0.1, scaling="unit"),
    "lasso nonnegative": Lasso.of(D, Y, weight=0.5, nonnegative=True),
}
COMPLEX = {
    "basis-pursuit": BasisPursuit.of(C, C @ (CODE * (1 + 2j))),
    "bpdn": Bpdn.of(C, C @ (CODE * (1 + 2j)), epsilon=0.25),
    "lasso": Lasso.of(C, C @ (CODE * (1 + 2j)) + Y, weight=0.5, scaling="unit"),
}
PRECISE = {"highs", "active-set", "clarabel"}


@pytest.mark.parametrize("name", REAL)
def test_backends_agree_within_what_is_proved(name: str) -> None:
    problem = REAL[name]
    best = problem.solve()
    assert best.status == "proved-optimal"
    assert best.value_upper - best.value_lower <= 1e-9 * float(best.value_upper)
    names = available_backends(problem)
    assert len(names) >= 3
    for backend in names:
        outcome = problem.solve(SolveOptions(backend=backend))
        assert outcome.claimed[0].backend == backend
        assert outcome.claimed[0].versions
        assert outcome.value_lower <= best.value_upper
        assert outcome.value_upper is None or outcome.value_upper >= best.value_lower
        if outcome.unique is not None:
            assert outcome.unique.centre.support == best.unique.centre.support
        assert outcome.claimed[0].value == pytest.approx(
            float(best.value_upper), rel=1e-6 if backend in PRECISE else 1e-2
        )
        if backend in PRECISE:
            assert outcome.value_upper - outcome.value_lower <= 1e-6 * float(best.value_upper)


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_problems_are_enclosed(name: str) -> None:
    problem = COMPLEX[name]
    for backend, gap in (("clarabel", 1e-7), ("scs", 0.1)):
        outcome = problem.solve(SolveOptions(backend=backend))
        assert outcome.value_lower <= float(outcome.claimed[0].value) * (1 + 1e-4)
        if outcome.value_upper is not None:
            assert outcome.value_upper - outcome.value_lower <= gap * float(outcome.value_upper)
            assert outcome.value_upper >= float(outcome.claimed[0].value) * (1 - 1e-4)
        assert outcome.value_upper is not None or backend != "clarabel"
    assert set(available_backends(problem)) == {"clarabel", "scs"}


def test_scikit_learn_by_least_angle_regression() -> None:
    options = SolveOptions(backend="scikit-learn", backend_options={"method": "lars"})
    outcome = REAL["lasso"].solve(options)
    assert outcome.status == "proved-optimal"
    assert "lars" in outcome.claimed[0].status
    assert outcome.claimed[0].options == {"method": "lars"}


def test_options_reach_the_solver_and_wrong_ones_are_refused() -> None:
    outcome = REAL["basis-pursuit"].solve(SolveOptions(backend="highs", backend_options={"solver": "ipm"}))
    assert outcome.status == "proved-optimal"
    for backend, problem in (("highs", "basis-pursuit"), ("clarabel", "bpdn"), ("active-set", "lasso")):
        with pytest.raises(InputError, match="nonsense"):
            REAL[problem].solve(SolveOptions(backend=backend, backend_options={"nonsense": 1}))
    with pytest.raises(InputError, match="need a backend by name"):
        REAL["lasso"].solve(SolveOptions(backend_options={"nonsense": 1}))


def test_unknown_unsuitable_and_missing_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"expected a backend among auto, active-set, .*, got 'gurobi'"):
        REAL["lasso"].solve(SolveOptions(backend="gurobi"))
    with pytest.raises(InputError, match="highs does not solve lasso; for this problem: auto, active-set"):
        REAL["lasso"].solve(SolveOptions(backend="highs"))
    with pytest.raises(
        InputError, match=r"active-set does not solve lasso for complex dictionaries; .*: auto, clarabel, scs"
    ):
        COMPLEX["lasso"].solve(SolveOptions(backend="active-set"))
    gone = replace(backends.BACKENDS["scikit-learn"], packages=("scikit-learn-that-is-nowhere",))
    monkeypatch.setitem(backends.BACKENDS, "scikit-learn", gone)
    assert "scikit-learn" not in available_backends(REAL["lasso"])
    with pytest.raises(InputError, match="scikit-learn needs scikit-learn-that-is-nowhere: pip install"):
        REAL["lasso"].solve(SolveOptions(backend="scikit-learn"))


def test_no_time_gives_no_answer_and_says_so() -> None:
    for problem in REAL.values():
        outcome = problem.solve(SolveOptions(time_limit=0.0))
        assert outcome.stopped
        assert outcome.status == "not-solved"
        assert outcome.claimed == ()


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    REAL["lasso"].solve(progress=lambda *args: told.append(args))
    assert told[0] == ("lasso by active-set", 0, 2)


def test_the_search_for_a_backend_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Results go to stdout, and solvers must not stand between them."""
    for problem in REAL.values():
        problem.solve()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["basis-pursuit", "sparsest"])
def test_the_seconds_of_a_backend_are_those_of_solving(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the solver takes a hundred seconds of a clock that stands still otherwise."""
    now = [0.0]

    def slow(_: str) -> None:
        now[0] += 100

    clock = SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: now[0])
    monkeypatch.setattr(backends, "import_module", slow)
    monkeypatch.setattr(l1, "time", clock)
    monkeypatch.setattr(mixed_integer, "time", clock)
    if name == "sparsest":
        dictionary = Dictionary.from_array(np.array([[1, 0, 1], [0, 1, 1]]))
        problem = Sparsest(dictionary=dictionary, signal=Signals.from_array([1, 1])[0], box=2)
    else:
        problem = REAL[name]
    (claimed,) = problem.solve(SolveOptions(backend="highs")).claimed
    assert now[0] >= 100
    assert (claimed.backend, claimed.seconds) == ("highs", 0.0)
