"""A backend that fails, stalls or lies costs time and proofs, never soundness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from l1_truths import assert_true, basis_pursuit, fractions, lasso, small_problems

from verify.problems import BasisPursuit, Bpdn, Lasso, SolveOptions
from verify.solvers import backends
from verify.solvers.l1_programs import Effort, L1Program, Proposal, Solver

Liar = Callable[[L1Program, Proposal, np.random.Generator], tuple[object, object]]


def perturbed(size: float) -> Liar:
    def lie(_: L1Program, honest: Proposal, rng: np.random.Generator) -> tuple[object, object]:
        moved = [a if a is None else a + size * rng.standard_normal(a.shape) for a in (honest.code, honest.dual)]
        return moved[0], moved[1]

    return lie


def other_support(_: L1Program, honest: Proposal, rng: np.random.Generator) -> tuple[object, object]:
    code = np.zeros_like(honest.code) if honest.code is None else rng.permutation(honest.code)
    return code, honest.dual


LIARS: dict[str, Liar] = {
    "slightly wrong": perturbed(1e-9),
    "wrong": perturbed(0.3),
    "another support": other_support,
    "opposite": lambda _, h, __: (None if h.code is None else -h.code, None if h.dual is None else -h.dual),
    "great duals": lambda _, h, __: (h.code, None if h.dual is None else 1e6 * h.dual),
    "zero": lambda p, _, __: (np.zeros(p.atoms.shape[1]), np.zeros(p.atoms.shape[0])),
    "not a number": lambda p, _, __: (np.full(p.atoms.shape[1], np.nan), np.full(p.atoms.shape[0], np.nan)),
    "infinite": lambda p, _, __: (np.full(p.atoms.shape[1], np.inf), np.full(p.atoms.shape[0], -np.inf)),
    "huge": lambda p, _, __: (np.full(p.atoms.shape[1], 1e300), np.full(p.atoms.shape[0], 1e300)),
    "tiny": lambda p, _, __: (np.full(p.atoms.shape[1], 1e-320), np.full(p.atoms.shape[0], 1e-320)),
    "dense": lambda p, _, rng: (rng.standard_normal(p.atoms.shape[1]), rng.standard_normal(p.atoms.shape[0])),
    "another shape": lambda p, _, __: (np.ones(p.atoms.shape[1] + 1), np.ones((p.atoms.shape[0], 1))),
    "complex": lambda p, _, __: (np.full(p.atoms.shape[1], 1j), np.full(p.atoms.shape[0], 1j)),
    "nothing": lambda _, __, ___: (None, None),
}


def install(monkeypatch: pytest.MonkeyPatch, lie: Liar) -> None:
    for name, found in list(backends.BACKENDS.items()):
        if found.solver is None:
            continue

        def dishonest(program: L1Program, effort: Effort, honest: Solver = found.solver) -> Proposal:
            rng = np.random.default_rng(len(program.costs))
            truth = honest(program, effort)
            code, dual = lie(program, truth, rng)
            return Proposal(code=code, dual=dual, status="optimal")  # type: ignore[arg-type]

        monkeypatch.setitem(backends.BACKENDS, name, replace(found, solver=dishonest))


@pytest.mark.parametrize("name", LIARS)
@pytest.mark.sampled(2)
def test_nothing_false_is_proved_of_basis_pursuit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, LIARS[name])
    for D, y, nonnegative in small_problems(18):
        outcome = BasisPursuit.of(D, y, nonnegative=nonnegative).solve(SolveOptions(backend="highs"))
        truth = basis_pursuit(fractions(D), [Fraction(v) for v in y.tolist()], nonnegative)
        assert_true(outcome, *truth)


@pytest.mark.parametrize("name", LIARS)
@pytest.mark.sampled(2)
def test_nothing_false_is_proved_of_lasso(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, LIARS[name])
    for D, y, nonnegative in small_problems(18):
        outcome = Lasso.of(D, y, nonnegative=nonnegative, weight=2).solve(SolveOptions(backend="active-set"))
        truth = lasso(fractions(D), [Fraction(v) for v in y.tolist()], Fraction(2), nonnegative)
        assert_true(outcome, *truth)


@pytest.mark.parametrize("name", LIARS)
def test_nothing_false_is_proved_of_bpdn(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth is the honest enclosure, which other tests check against lasso."""
    rng = np.random.default_rng(5)
    problems = [
        Bpdn.of(rng.standard_normal((4, 8)), rng.standard_normal(4), epsilon=0.3, scaling=s)
        for s in ("unit", "as-given")
    ]
    truths = [problem.solve() for problem in problems]
    install(monkeypatch, LIARS[name])
    for problem, truth in zip(problems, truths, strict=True):
        assert truth.unique is not None
        outcome = problem.solve(SolveOptions(backend="active-set"))
        assert outcome.infeasible is None
        assert outcome.several is None
        if outcome.value_lower is not None:
            assert outcome.value_lower <= truth.value_upper
        if outcome.value_upper is not None:
            assert outcome.value_upper >= truth.value_lower
        if outcome.unique is not None:
            assert outcome.unique.centre.support == truth.unique.centre.support


def test_a_backend_that_raises_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(program: L1Program, effort: Effort) -> Proposal:
        raise RuntimeError("out of order")

    monkeypatch.setitem(backends.BACKENDS, "highs", replace(backends.BACKENDS["highs"], solver=fails))
    outcome = BasisPursuit.of([[1, 2, 0], [0, 1, 1]], [1, 1]).solve(SolveOptions(backend="highs"))
    assert outcome.status == "not-solved"
    assert outcome.claimed[0].status == "failed: RuntimeError: out of order"
    assert outcome.claimed[0].value is None


def test_a_later_backend_makes_up_for_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = replace(backends.BACKENDS["highs"], solver=lambda _, __: Proposal(code=None, dual=None, status="unknown"))
    monkeypatch.setitem(backends.BACKENDS, "highs", nothing)
    outcome = BasisPursuit.of([[1, 2, 0], [0, 1, 1]], [1, 1]).solve()
    assert outcome.status == "proved-optimal"
    assert [claim.backend for claim in outcome.claimed] == ["highs", "clarabel"]


def test_ctrl_c_keeps_what_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(program: L1Program, effort: Effort) -> Proposal:
        raise KeyboardInterrupt

    D, y = np.random.default_rng(0).standard_normal((3, 6)), np.ones(3)
    weak = replace(
        backends.BACKENDS["active-set"],
        solver=lambda program, _: Proposal(code=np.zeros(6), dual=None, status="guessed"),
    )
    monkeypatch.setitem(backends.BACKENDS, "active-set", weak)
    monkeypatch.setitem(backends.BACKENDS, "clarabel", replace(backends.BACKENDS["clarabel"], solver=stops))
    outcome = Lasso.of(D, y, weight=0.01).solve()
    assert outcome.stopped
    assert outcome.status == "enclosed"
    assert 0 < outcome.value_lower < outcome.value_upper
