"""Input of the problems that count nonzeros: what is refused, what stops early, what backends and guarantees do."""

from __future__ import annotations

import importlib.util
import json
from fractions import Fraction
from types import NoneType

import numpy as np
import pytest
from counted_certificates import assert_accepted

import verify
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.dictionaries.signals import Signal, Signals
from verify.errors import InputError, LimitError
from verify.problems import KSparse, Layered, Sparsest, only_codes
from verify.problems.case_tree import CaseTree
from verify.problems.outcome import Status
from verify.problems.problem import SolveOptions
from verify.problems.proofs import MinimiserBound, SearchTree, UniqueByGuarantee, UniqueBySearch


def gaussian(m: int, n: int, k: int, seed: int = 0, noise: float = 0.0) -> tuple[Dictionary, Signals]:
    rng = np.random.default_rng(seed)
    atoms = rng.standard_normal((m, n)) / np.sqrt(m)
    code = np.zeros(n)
    code[rng.choice(n, k, replace=False)] = rng.choice([-1, 1], k) * rng.uniform(0.5, 1.5, k)
    dictionary = Dictionary.from_array(atoms)
    if noise:
        return dictionary, Signals.from_array(atoms @ code + noise * rng.standard_normal(m) / np.sqrt(m))
    return dictionary, Signals.from_codes(dictionary, Signals.from_array(code))


SMALL, ONE = gaussian(4, 6, 2)
COMPLEX = Dictionary.from_array(np.array([[1j, 1.0]]))


@pytest.mark.parametrize("box", [0, -1, "x", float("nan"), float("inf")])
def test_boxes_that_are_refused(box: object) -> None:
    with pytest.raises(InputError, match="as box, got"):
        Sparsest(dictionary=SMALL, signal=ONE[0], box=box)  # type: ignore[arg-type]


@pytest.mark.parametrize("sparsity", [0, 7, -1, True, 1.0])
def test_sparsities_that_are_refused(sparsity: object) -> None:
    with pytest.raises(InputError, match="expected a sparsity from 1 to 6"):
        KSparse(dictionary=SMALL, signal=ONE[0], sparsity=sparsity)  # type: ignore[arg-type]


def test_other_input_that_is_refused() -> None:
    with pytest.raises(InputError, match="as epsilon, got -1"):
        Sparsest(dictionary=SMALL, signal=ONE[0], epsilon=-1)
    with pytest.raises(InputError, match="real dictionaries, and this one is complex"):
        Sparsest(dictionary=COMPLEX, signal=Signal(real=np.array([1.0])))
    with pytest.raises(InputError, match="backend among auto, highs, scip for sparsest"):
        Sparsest(dictionary=SMALL, signal=ONE[0]).solve(SolveOptions(backend="cplex"))
    with pytest.raises(InputError, match="needs a box"):
        Sparsest(dictionary=SMALL, signal=ONE[0]).solve(SolveOptions(backend="highs"))
    with pytest.raises(InputError, match="backend options need a backend by name"):
        Sparsest(dictionary=SMALL, signal=ONE[0]).solve(SolveOptions(backend_options={"a": 1}))
    with pytest.raises(InputError, match="the backend highs does not solve k-sparse; for this problem: auto"):
        KSparse(dictionary=SMALL, signal=ONE[0], sparsity=1, box=2).solve(SolveOptions(backend="highs"))
    with pytest.raises(InputError, match="the backend clarabel does not solve sparsest"):
        Sparsest(dictionary=SMALL, signal=ONE[0], box=2).solve(SolveOptions(backend="clarabel"))
    with pytest.raises(InputError, match="this one is quadratic"):
        Sparsest(dictionary=SMALL, signal=ONE[0], epsilon="1/2", box=2).solve(SolveOptions(backend="highs"))
    huge = np.array([Fraction(10) ** 400, Fraction(0), Fraction(0), Fraction(0)], dtype=object)
    with pytest.raises(InputError, match="fit into binary64"):
        Sparsest(dictionary=SMALL, signal=Signal(real=huge)).solve()
    with pytest.raises(LimitError, match="common denominator"):
        Sparsest(dictionary=SMALL, signal=Signal(real=huge / Fraction(3) ** 200_000)).solve()
    with pytest.raises(ValueError, match="open case"):
        CaseTree(3, 1).proof(Fraction(1), 2)


@pytest.mark.skipif(importlib.util.find_spec("pyscipopt") is not None, reason="SCIP is installed")
def test_a_missing_solver_says_how_to_install_it() -> None:
    with pytest.raises(InputError, match="the backend scip needs pyscipopt: pip install pyscipopt"):
        KSparse(dictionary=SMALL, signal=ONE[0], sparsity=1, box=2).solve(SolveOptions(backend="scip"))


def test_highs_agrees_with_the_search() -> None:
    for seed in range(4):
        dictionary, signals = gaussian(8, 16, 3, seed)
        problem = Sparsest(dictionary=dictionary, signal=signals[0], box=2)
        mine, highs = problem.solve(), problem.solve(SolveOptions(backend="highs"))
        assert mine.status is highs.status is Status.proved_optimal
        assert mine.value_upper == highs.value_upper == 3
        claimed = highs.claimed[0]
        assert (claimed.backend, claimed.status) == ("highs", "optimal")
        assert claimed.value == pytest.approx(3, abs=1e-6)
        assert "scipy" in claimed.versions


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_larger_problems_are_proved_and_accepted(noise: float) -> None:
    dictionary, signals = gaussian(20, 60, 4, 1, noise)
    sparsest = Sparsest(dictionary=dictionary, signal=signals[0], box=2, epsilon=1.5 * noise)
    outcome = sparsest.solve()
    assert outcome.status is Status.proved_optimal
    assert isinstance(outcome.lower, SearchTree if noise else MinimiserBound)
    assert isinstance(outcome.unique, NoneType if noise else UniqueBySearch)
    assert_accepted(outcome, dictionary, signals)
    if noise:
        assert outcome.is_unique is False
        best = KSparse(dictionary=dictionary, signal=signals[0], box=2, sparsity=3).solve()
        assert best.status is Status.proved_optimal
        assert isinstance(best.unique, UniqueBySearch)
        assert_accepted(best, dictionary, signals)


def test_time_limits_leave_an_enclosure() -> None:
    dictionary, signals = gaussian(30, 90, 9, 2, 0.3)
    sparsest = Sparsest(dictionary=dictionary, signal=signals[0], box=2, epsilon="0.31")
    best = KSparse(dictionary=dictionary, signal=signals[0], box=2, sparsity=9)
    for outcome in (sparsest.solve(SolveOptions(time_limit=0.0)), best.solve(SolveOptions(time_limit=0.3))):
        assert outcome.stopped
        assert outcome.status in (Status.enclosed, Status.not_solved)
        assert_accepted(outcome, dictionary, signals)


def test_a_wide_gap_ends_a_search_early_and_encloses() -> None:
    dictionary, signals = gaussian(12, 30, 4, 3, 0.5)
    problem = KSparse(dictionary=dictionary, signal=signals[0], box=2, sparsity=3)
    sharp, rough = problem.solve(), problem.solve(SolveOptions(gap=0.5))
    assert sharp.status is Status.proved_optimal
    assert rough.value_lower is not None
    assert rough.value_upper is not None
    assert rough.value_upper / 2 * (1 - Fraction(1, 10**9)) <= rough.value_lower < rough.value_upper
    assert isinstance(sharp.unique, UniqueBySearch)
    assert isinstance(rough.lower, SearchTree)
    assert rough.unique is None
    assert len(rough.lower.tree) <= len(sharp.unique.tree)
    assert_accepted(rough, dictionary, signals)


def test_ctrl_c_leaves_what_is_proved() -> None:
    dictionary, signals = gaussian(30, 90, 8, 2, 0.2)
    calls = []

    def progress(work: str, done: int, total: int) -> None:
        calls.append((work, done, total))
        if len(calls) == 3:
            raise KeyboardInterrupt

    problem = KSparse(dictionary=dictionary, signal=signals[0], box=2, sparsity=8)
    outcome = problem.solve(progress=progress)
    assert outcome.stopped
    assert outcome.upper is not None
    assert_accepted(outcome, dictionary, signals)


def test_without_a_box_many_supports_are_refused_with_their_number() -> None:
    dictionary, signals = gaussian(20, 60, 5)
    outcome = Sparsest(dictionary=dictionary, signal=signals[0]).solve()
    assert outcome.status is Status.enclosed
    assert (outcome.value_lower, outcome.value_upper) == (4, 5)
    assert "523686 supports" in outcome.remarks[0]
    best = KSparse(dictionary=dictionary, signal=signals[0], sparsity=4).solve()
    assert best.lower is None
    assert "523686 supports" in best.remarks[0]


def test_signals_out_of_range_and_boxes_too_small_are_infeasible() -> None:
    dictionary = Dictionary.from_array(np.array([[1, 0], [0, 1], [1, 1]]))
    outside = Signals.from_array([1, 1, 3])
    within = Signals.from_array([3, 1, 4])
    cases = [(outside, None, 0, False), (outside, 9, 0, False), (within, 2, 0, False), (within, 2, "1/2", False)]
    cases += [(Signals.from_array([-3, 1, -2]), None, 0, True), (outside, None, "1/2", False)]
    for signals, box, epsilon, nonnegative in cases:
        problem = Sparsest(dictionary=dictionary, signal=signals[0], box=box, epsilon=epsilon, nonnegative=nonnegative)
        outcome = problem.solve()
        assert outcome.status is Status.proved_infeasible
        assert_accepted(outcome, dictionary, signals)


def test_zero_signals_and_wide_epsilons_have_the_empty_code() -> None:
    for signals, epsilon in ((Signals.from_array([0, 0, 0, 0]), 0), (Signals.from_array([1, 0, 0, 0]), 1)):
        outcome = Sparsest(dictionary=SMALL, signal=signals[0], epsilon=epsilon).solve()
        assert outcome.status is Status.proved_optimal
        assert outcome.value_upper == 0
        assert outcome.solution is not None
        assert outcome.solution.support == ()


def test_ties_are_several_and_no_tie_is_only() -> None:
    """Two supports as near as one another are two codes; without the tie the nearer is the only one."""
    rows = [[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]]
    dictionary = Dictionary.from_array(np.array(rows))
    for box in (None, 9):
        for y, only in (([3, -3, 0], False), ([4, -3, 0], True)):
            signals = Signals.from_array(y)
            outcome = KSparse(dictionary=dictionary, signal=signals[0], sparsity=1, box=box).solve()
            assert outcome.is_unique is only
            assert_accepted(outcome, dictionary, signals)
        for y, only in (([2, 2, 0], False), ([1, 2, 0], True)):
            signals = Signals.from_array(y)
            outcome = Sparsest(dictionary=dictionary, signal=signals[0], box=box).solve()
            assert (outcome.value_upper, outcome.is_unique) == (2, only)
            assert_accepted(outcome, dictionary, signals)


def test_what_is_too_much_to_show_that_a_code_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary, signals = gaussian(20, 60, 4, 1)
    plain = Sparsest(dictionary=dictionary, signal=signals[0]).solve()
    assert (plain.status, plain.is_unique) == (Status.proved_optimal, None)
    assert "whether other codes have 4 nonzeros is open: 523686 supports" in plain.remarks[0]
    monkeypatch.setattr(only_codes, "MOST_CASES", 1)
    boxed = Sparsest(dictionary=dictionary, signal=signals[0], box=2).solve()
    assert (boxed.status, boxed.is_unique) == (Status.proved_optimal, None)
    assert "is open after 1 cases" in boxed.remarks[0]
    assert_accepted(boxed, dictionary, signals)


def test_without_a_box_signs_are_not_seen() -> None:
    dictionary = Dictionary.from_array(np.array([[1, 0], [0, 1]]))
    outcome = KSparse(
        dictionary=dictionary, signal=Signals.from_array([-3, 1])[0], sparsity=1, nonnegative=True
    ).solve()
    assert (outcome.value_lower, outcome.value_upper) == (1, 9)
    assert "the proof sees no signs: give a box" in outcome.remarks[0]


def test_duplicate_atoms_have_several_minimisers() -> None:
    dictionary = Dictionary.from_array(np.array([[1, 0, 2], [2, 1, 4]]))
    for problem in (
        Sparsest(dictionary=dictionary, signal=Signals.from_array([3, 6])[0], box=5),
        KSparse(dictionary=dictionary, signal=Signals.from_array([3, 7])[0], sparsity=1),
        KSparse(dictionary=dictionary, signal=Signals.from_array([3, 6])[0], sparsity=2),
    ):
        outcome = problem.solve()
        assert outcome.is_unique is False
        assert outcome.several is not None


def test_a_guarantee_shortens_the_proof() -> None:
    dictionary = build("identity-hadamard", "16")
    signals = Signals.from_codes(dictionary, Signals.from_array([1, *[0] * 20, -2, *[0] * 10]))
    certificate = verify.check_dictionary(dictionary).certificate.data
    problem = Sparsest(dictionary=dictionary, signal=signals[0])
    outcome = problem.solve(SolveOptions(guarantee=certificate))
    assert outcome.status is Status.proved_optimal
    assert outcome.is_unique
    assert isinstance(outcome.unique, UniqueByGuarantee)
    assert isinstance(outcome.lower, MinimiserBound)
    claim = json.loads(certificate)["claims"][outcome.unique.claim]["statement"]
    assert (claim["kind"], claim["question"]) == ("guaranteed", "l0")
    noisy = Sparsest(dictionary=dictionary, signal=signals[0], epsilon="1/10")
    assert "exact problems only" in noisy.solve(SolveOptions(guarantee=certificate)).remarks[0]
    dense = Signals.from_codes(dictionary, Signals.from_array([1, 2, 3, 4, 5, *[0] * 26, 1]))
    far = Sparsest(dictionary=dictionary, signal=dense[0]).solve(SolveOptions(guarantee=certificate, time_limit=0.0))
    assert "the guarantee reaches level 3" in far.remarks[0]
    with pytest.raises(InputError, match="got one of another"):
        Sparsest(dictionary=SMALL, signal=ONE[0]).solve(SolveOptions(guarantee=certificate))
    with pytest.raises(InputError, match="got something else"):
        problem.solve(SolveOptions(guarantee=b"{}"))


def test_residuals_and_objectives() -> None:
    dictionary = Dictionary.from_array(np.array([[1.0, 0.0], [0.0, 1.0]]))
    signal = Signals.from_array([3.0, 4.0])[0]
    sparsest = Sparsest(dictionary=dictionary, signal=signal, box=3, epsilon=1, nonnegative=True)
    assert sparsest.objective(np.array([0.0, 2.0])) == 1
    assert sparsest.optimality_residual(np.array([3.0, 3.0])) == 0
    assert sparsest.optimality_residual(np.array([3.0, 0.0])) == pytest.approx(3)
    assert sparsest.optimality_residual(np.array([3.0, 4.0])) == pytest.approx(1)
    assert sparsest.optimality_residual(np.array([-1.0, 4.0])) == pytest.approx(3)
    best = KSparse(dictionary=dictionary, signal=signal, sparsity=1)
    assert best.objective(np.array([0.0, 4.0])) == pytest.approx(9)
    assert best.optimality_residual(np.array([0.0, 4.0])) == 0
    assert best.optimality_residual(np.array([0.0, 3.5])) == pytest.approx(0.5)
    assert best.optimality_residual(np.array([3.0, 4.0])) == pytest.approx(1)


def test_layers() -> None:
    first, second = gaussian(8, 12, 1)[0], gaussian(12, 16, 1, 1)[0]
    deep = Signals.from_codes(second, Signals.from_array(np.eye(16)[3]))
    code = np.zeros(12)
    code[[2, 7]] = 1, -1
    inner = Dictionary.from_array(np.array([np.eye(12)[2] - np.eye(12)[7], *np.eye(12)[3:6]]).T)
    signals = Signals.from_codes(first, Signals.from_array(code))
    found = Layered(dictionaries=[first, inner], signal=signals[0], boxes=[2, None]).solve()
    assert found.is_complete
    assert [code.support for code in found.codes] == [(2, 7), (0,)]
    assert [outcome.status for outcome in found.layers] == [Status.proved_optimal] * 2
    assert found.is_unique
    lost = Layered(
        dictionaries=[first, inner], signal=Signals.from_codes(first, Signals.from_array(np.eye(12)[0]))[0]
    ).solve()
    assert not lost.is_complete
    assert not lost.is_infeasible
    assert "layer 2 has no code" in lost.remarks[0]
    tall = Dictionary.from_array(np.array([[1, 0], [0, 1], [0, 0]]))
    assert Layered(dictionaries=[tall], signal=Signals.from_array([1, 1, 1])[0]).solve().is_infeasible
    with pytest.raises(InputError, match="dictionary 2 to have 12 rows"):
        Layered(dictionaries=[first, first], signal=signals[0])
    with pytest.raises(InputError, match="at least one dictionary"):
        Layered(dictionaries=[], signal=signals[0])
    with pytest.raises(InputError, match="expected 1 epsilons"):
        Layered(dictionaries=[first], signal=signals[0], epsilons=[0, 0])
    with pytest.raises(InputError, match="as epsilon"):
        Layered(dictionaries=[first], signal=signals[0], epsilons=[-1])
    with pytest.raises(InputError, match="a guarantee is about one dictionary"):
        Layered(dictionaries=[first, inner], signal=signals[0]).solve(SolveOptions(guarantee=b""))
    assert deep.shape == (12, 1)


def test_layers_are_unique_by_a_guarantee() -> None:
    dictionary = build("identity-hadamard", "16")
    signals = Signals.from_codes(dictionary, Signals.from_array([1, *[0] * 20, -2, *[0] * 10]))
    certificate = verify.check_dictionary(dictionary).certificate.data
    found = Layered(dictionaries=[dictionary], signal=signals[0]).solve(SolveOptions(guarantee=certificate))
    assert found.is_unique
    loose = Layered(dictionaries=[dictionary], signal=signals[0], epsilons=["1/9"], boxes=[3]).solve()
    assert not loose.is_unique
