"""Proposers that lie: wrong vectors, wrong codes, wrong supports, wrong claims. Nothing false is ever proved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from counted_certificates import assert_accepted
from counting_truths import Truth, instances

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.problems import KSparse, Sparsest, k_sparse, sparse_codes, sparsest
from verify.problems.cardinality import CardinalityProblem
from verify.problems.problem import SolveOptions
from verify.solvers import backends
from verify.solvers.backends import Backend
from verify.solvers.mixed_integer import CountingProgram, MixedInteger
from verify.solvers.sparse_relaxation import Relaxed, SparseRelaxation

HONEST = SparseRelaxation.solve


def boxed(count: int) -> list[Truth]:
    return [truth for truth in instances(count, 4) if truth.box is not None]


def assert_nothing_false(truths: list[Truth]) -> int:
    """Assert that all bounds hold and are accepted; say how many values are proved."""
    proved = 0
    for truth in truths:
        dictionary = Dictionary.from_array(truth.array)
        signals = Signals.from_array([list(row) for row in zip(truth.signal, strict=True)])
        values = truth.values()
        common = {"dictionary": dictionary, "signal": signals[0], "box": truth.box, "nonnegative": truth.nonnegative}
        first = Sparsest(**common, epsilon="1/2").solve()
        least = next((k for k, value in enumerate(values) if 4 * value <= 1), None)
        assert least is None or first.infeasible is None
        assert first.upper is None or (least is not None and first.upper.upper >= least)
        assert least is None or (first.value_lower or 0) <= least
        k = min(2, truth.n)
        second = KSparse(**common, sparsity=k).solve()
        assert second.upper is not None
        assert (second.value_lower or 0) <= values[k] <= second.upper.upper
        for outcome in (first, second):
            assert_accepted(outcome, dictionary, signals)
            proved += outcome.status.startswith("proved")
    return proved


def changed(change: Callable[[Relaxed, np.random.Generator], Relaxed]) -> Callable[..., Relaxed]:
    rng = np.random.default_rng(0)

    def solve(self: SparseRelaxation, *arguments: object) -> Relaxed:
        return change(HONEST(self, *arguments), rng)  # type: ignore[arg-type]

    return solve


def every(a: Relaxed, vectors: np.ndarray, codes: np.ndarray | None = None) -> Relaxed:
    """All cases are said to be closed, by these vectors."""
    yes = np.ones(len(a.closes), dtype=bool)
    return Relaxed(
        codes=a.codes if codes is None else codes, vectors=vectors, distance=np.full(len(yes), 9.0), closes=yes
    )


LIARS: dict[str, Callable[[Relaxed, np.random.Generator], Relaxed]] = {
    "zeros": lambda a, _: every(a, 0 * a.vectors),
    "nothing is a number": lambda a, _: every(a, np.full_like(a.vectors, np.nan), np.full_like(a.codes, np.nan)),
    "infinities": lambda a, _: every(a, np.full_like(a.vectors, np.inf), np.full_like(a.codes, np.inf)),
    "negated": lambda a, _: every(a, -a.vectors, -a.codes),
    "noise": lambda a, rng: every(a, rng.standard_normal(a.vectors.shape)),
    "huge": lambda a, _: every(a, 1e300 * a.vectors),
    "tiny": lambda a, _: every(a, 1e-310 * a.vectors),
    "swapped": lambda a, rng: every(a, rng.permutation(a.vectors), rng.permutation(a.codes)),
}


@pytest.fixture
def no_enumeration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems go through the search too."""
    monkeypatch.setattr(CardinalityProblem, "few_supports", 0)


@pytest.mark.parametrize("name", LIARS)
@pytest.mark.usefixtures("no_enumeration")
def test_lying_relaxations(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SparseRelaxation, "solve", changed(LIARS[name]))
    with np.errstate(all="ignore"):
        assert_nothing_false(boxed(40)[list(LIARS).index(name) % 3 :: 3])


@pytest.mark.usefixtures("no_enumeration")
def test_honest_relaxations_prove_everything() -> None:
    truths = boxed(36)
    assert assert_nothing_false(truths) >= 2 * len(truths) - len(truths) // 5


@pytest.mark.parametrize("value", [0.0, 1.0, -7.0, 1e300, np.nan])
def test_lying_least_squares(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(atoms: np.ndarray, *_: object) -> np.ndarray:
        return np.full(atoms.shape[1], value)

    monkeypatch.setattr(sparse_codes, "bounded_least_squares", lie)
    assert_nothing_false(boxed(40)[::5])


def test_lying_pursuit(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sparsest, k_sparse):
        monkeypatch.setattr(module, "pursued", lambda *_, **__: [[], [0], [1]])
        monkeypatch.setattr(module, "swapped", lambda *_: [1])
    assert_nothing_false(boxed(40)[1::5])


@pytest.mark.parametrize("value", [None, 0.0, 1.0, np.nan, 1e300])
def test_a_lying_backend_is_recorded_and_not_believed(value: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(program: CountingProgram, *_: object) -> MixedInteger:
        code = None if value is None else np.full(program.atoms.shape[1], value)
        return MixedInteger(code=code, value=0.0, status="optimal", seconds=0.0, versions={"liar": "1"})

    liar = Backend(name="scip", kinds=("k-sparse",), packages=("numpy",), counter=lie)
    monkeypatch.setitem(backends.BACKENDS, "scip", liar)
    for truth in boxed(40)[::6]:
        dictionary = Dictionary.from_array(truth.array)
        signals = Signals.from_array([list(row) for row in zip(truth.signal, strict=True)])
        problem = KSparse(
            dictionary=dictionary, signal=signals[0], box=truth.box, nonnegative=truth.nonnegative, sparsity=1
        )
        outcome = problem.solve(SolveOptions(backend="scip", backend_options={"limits/nodes": 3}))
        assert outcome.upper is not None
        assert (outcome.value_lower or 0) <= truth.values()[1] <= outcome.upper.upper
        assert [(c.backend, c.status, c.options) for c in outcome.claimed] == [
            ("scip", "optimal", {"limits/nodes": "3"})
        ]
        assert_accepted(outcome, dictionary, signals)
