"""The search: true statements survive, wrong ones are refuted with proof, floats alone refute nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
from toy import THEOREM, TRIAL, Codes

from verify.attack import Trial, attack, chosen, examined, repeated, shared, trial_of
from verify.attack.engine import _Search
from verify.attack.experiments import EXPERIMENTS, NOT_ATTACKED, experiment_of
from verify.attack.experiments.unrolled_network import UnrolledNetwork
from verify.attack.shrinking import rounded, size
from verify.budget import Budget, Effort
from verify.errors import InputError
from verify.progress import silent
from verify.theorems import THEOREMS, Observable, theorem

F = Fraction
LISTA = theorem("lista-linf")
SMALL = UnrolledNetwork(shapes=((3, 4), (4, 6)), layers=4)


def test_a_true_statement_survives_and_its_equality_is_found_exactly() -> None:
    outcome = attack(TRIAL, instances=600, seed=1)
    assert not outcome.violated
    assert outcome.instances == 600
    assert outcome.max_ratio == 1
    assert outcome.undecided == 0
    assert not outcome.stopped


@pytest.mark.parametrize("device", ["cpu:0", "cuda"])
def test_a_device_changes_where_floats_search_and_nothing_else(device: str) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    outcome = attack(Trial(statement=LISTA, experiment=SMALL), instances=200, device=device)
    assert outcome.max_ratio == 1 and not outcome.violated


def test_the_same_seed_gives_the_same_search() -> None:
    first, second = (attack(TRIAL, instances=300, seed=5) for _ in range(2))
    assert first.drawn == second.drawn
    assert first.best is not None and second.best is not None
    np.testing.assert_array_equal(first.best.instance["x"], second.best.instance["x"])


def test_a_wrong_statement_is_refuted_by_a_small_counterexample() -> None:
    wrong = replace(THEOREM, constants={"bound": "s*energy - 1/8"})
    outcome = attack(Trial(statement=wrong, experiment=Codes()), instances=600)
    assert outcome.counterexample is not None
    assert outcome.violated
    code = outcome.counterexample.instance["x"]
    assert len(code) == 1 and code[0] == 2.0 ** round(np.log2(abs(code[0])))


def test_strict_inequalities_are_violated_at_equality() -> None:
    strict = replace(THEOREM, observables=(replace(THEOREM.observables[0], relation="<"),))
    outcome = attack(Trial(statement=strict, experiment=Codes()), instances=200)
    assert outcome.violated and outcome.max_ratio == 1


def test_a_violation_that_only_floats_see_is_rounding() -> None:
    outcome = attack(Trial(statement=THEOREM, experiment=Codes(lie=1.5)), instances=400)
    assert not outcome.violated
    assert outcome.max_ratio is not None and outcome.max_ratio <= 1
    assert outcome.suspects > 0 and outcome.rounding > 0


def test_a_violation_that_floats_do_not_see_is_not_missed_where_it_is_the_best() -> None:
    wrong = replace(THEOREM, constants={"bound": "9*s*energy/10"})
    outcome = attack(Trial(statement=wrong, experiment=Codes(lie=0.9)), instances=400)
    assert outcome.violated


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        (Codes(empty=True), r"^toy: no instance satisfies the hypotheses; the one that failed most: integer s >= 1 \(1[0-9]{4} of 1[0-9]{4}\)$"),
        (Codes(refused=True), "^toy: none of 300 instances was proved to satisfy the hypotheses: x is a code of a kind that never is$"),
    ],
)  # fmt: skip
def test_hypotheses_that_are_never_satisfied_are_an_error(experiment: Codes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        attack(Trial(statement=THEOREM, experiment=experiment), instances=300)


def test_limits_are_kept() -> None:
    def interrupted(work: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    outcome = attack(TRIAL, instances=100_000, progress=interrupted)
    assert outcome.interrupted and outcome.stopped and 0 < outcome.instances < 100_000
    assert outcome.max_ratio is not None
    outcome = attack(TRIAL, instances=10**9, time_limit=0.05)
    assert outcome.stopped and not outcome.interrupted
    with pytest.raises(KeyboardInterrupt):
        attack(TRIAL, progress=_stop_at_once)
    for arguments, message in (
        ({"instances": 0}, "instances: expected at least 1, got 0"),
        ({"seed": -1}, "seed: expected an integer from 0 on, got -1"),
        ({"time_limit": 0.0}, "time limit: expected seconds above 0, got 0.0"),
        ({"device": "nowhere"}, "expected a torch device"),
    ):
        with pytest.raises(InputError, match=message):
            attack(TRIAL, **arguments)


def _stop_at_once(work: str, done: int, total: int) -> None:
    raise KeyboardInterrupt


# --- lista-linf and wrong variants of it ---


def wrong(**constants: str):
    return replace(LISTA, id="wrong", constants={**LISTA.constants, **constants})


@pytest.mark.parametrize("name", ["lista-linf", "lista-l2", "lista-l1"])
def test_the_unrolled_network_converges_as_stated(name: str) -> None:
    outcome = attack(Trial(statement=theorem(name), experiment=SMALL), instances=400)
    assert not outcome.violated
    assert outcome.max_ratio == 1


@pytest.mark.parametrize(
    ("statement", "experiment"),
    [
        (wrong(error_linf="C_1*q**(K + 1) + floor*(1 - q**(K + 1))"), SMALL),
        (wrong(C_2="1/(1 - q)"), SMALL),
        (LISTA, replace(SMALL, shapes=((3, 4),), threshold_factor=F(9, 10))),
    ],
    ids=["one layer too early", "half of the noise", "thresholds too small"],
)
def test_wrong_variants_are_refuted(statement, experiment) -> None:
    outcome = attack(Trial(statement=statement, experiment=experiment), instances=4000)
    found = outcome.counterexample
    assert found is not None and found.violation is not None
    assert isinstance(found.violation.observed, Fraction) and isinstance(found.violation.bound, Fraction)
    assert found.violation.observed > found.violation.bound


def test_the_support_leaves_that_of_the_code_only_for_small_thresholds() -> None:
    inside = replace(LISTA, observables=(Observable(quantity="off_support", relation="<=", bound="0"),))
    assert not attack(Trial(statement=inside, experiment=SMALL), instances=400).violated
    smaller = replace(SMALL, shapes=((3, 4),), threshold_factor=F(9, 10))
    assert attack(Trial(statement=inside, experiment=smaller), instances=4000).violated


def by_definition(D, W, x, e, depth, factor) -> list[Fraction]:
    """x* - x^K from the iteration as the statement writes it, in rationals."""
    m, n = len(D), len(D[0])
    W = [[W[r][i] / sum(W[k][i] * D[k][i] for k in range(m)) for i in range(n)] for r in range(m)]
    gram = [[sum(W[r][i] * D[r][j] for r in range(m)) for j in range(n)] for i in range(n)]
    s = sum(v != 0 for v in x)
    mu = max(abs(gram[i][j]) for i in range(n) for j in range(n) if i != j)
    sigma = max(abs(sum(W[r][i] * e[r] for r in range(m))) for i in range(n))
    a = max(map(abs, x))
    y = [sum(D[r][j] * x[j] for j in range(n)) + e[r] for r in range(m)]
    code = [F(0)] * n
    for _ in range(depth):
        t = factor * (s * mu * a + sigma)
        rest = [y[r] - sum(D[r][j] * code[j] for j in range(n)) for r in range(m)]
        u = [code[i] + sum(W[r][i] * rest[r] for r in range(m)) for i in range(n)]
        code = [v - t if v > t else v + t if v < -t else F(0) for v in u]
        a = (2 * s - 1) * mu * a + 2 * sigma
    return [p - q for p, q in zip(x, code, strict=True)]


@pytest.mark.parametrize("factor", [F(1), F(1, 2)])
@pytest.mark.parametrize("depth", [0, 1, 4])
def test_floats_rationals_balls_and_the_definition_agree(depth: int, factor: Fraction, monkeypatch) -> None:
    random = np.random.default_rng(depth)
    experiment = replace(SMALL, threshold_factor=factor)
    batch = {**experiment.draw(random, 40), "depth": np.full(40, depth)}
    floats = experiment.measure(batch, "cpu")
    apart = {name: np.array(array) for name, array in batch.items()}  # no array is shared: batched products
    for measurement in (floats, experiment.measure(apart, "cpu")):
        for at in (0, 7, 23):
            instance = chosen(batch, at)
            D, W = ([[F(v) for v in row] for row in instance[name].tolist()] for name in ("D", "W"))
            x, e = ([F(v) for v in instance[name].tolist()] for name in ("code", "noise"))
            error = by_definition(D, W, x, e, depth, factor)
            exact = experiment.exact(instance)
            assert exact.quantities["error_linf"] == max(map(abs, error))
            assert exact.quantities["error_l1"] == sum(map(abs, error))
            assert exact.quantities["off_support"] == max(
                (abs(v) for v, c in zip(error, x, strict=True) if not c), default=0
            )
            for name in ("error_linf", "error_l1"):
                assert float(measurement.quantities[name][at]) == pytest.approx(float(exact.quantities[name]), rel=1e-9)
            for name, value in exact.values.items():
                assert float(measurement.values[name][at]) == pytest.approx(float(value), rel=1e-9, abs=1e-12)
    with monkeypatch.context() as patch:
        patch.setattr("verify.attack.experiments.unrolled_exactly._MOST_BITS", -1)
        enclosed = experiment.exact(instance).quantities
    for name in ("error_linf", "error_l1", "off_support"):
        value, ball = exact.quantities[name], enclosed[name]
        lower, upper = (ball, ball) if isinstance(ball, Fraction) else (ball.lower, ball.upper)
        assert lower <= value <= upper and upper - lower < F(1, 10**100)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"D": np.ones((2, 1)), "W": np.ones((2, 1)), "code": np.ones(1)}, "D and W are m x n with n >= 2"),
        ({"noise": np.ones(3)}, "the noise m"),
        ({"W": np.array([[0.0, 1.0], [1.0, 0.0]])}, r"w_i\^T d_i = 1 for every i, after scaling: one is 0"),
        ({"D": np.full((2, 2), np.inf)}, "all entries are finite"),
        ({"depth": np.array(-1)}, "the depth is an integer from 0 to 1000"),
        ({"depth": np.array(10**9)}, "the depth is an integer from 0 to 1000"),
    ],
)  # fmt: skip
def test_what_is_no_instance(changed, message: str) -> None:
    instance = {"D": np.eye(2), "W": np.eye(2), "code": np.array([1.0, 0]), "noise": np.zeros(2), "depth": np.array(1)}
    assert SMALL.exact(instance).quantities["error_linf"] == 0
    with pytest.raises(ValueError, match=message):
        SMALL.exact({**instance, **changed})


# --- the registry of experiments, batches, shrinking ---


def test_every_statement_has_an_experiment_or_a_reason() -> None:
    ids = {entry.id for entry in THEOREMS}
    assert ids >= EXPERIMENTS.keys() and ids >= NOT_ATTACKED.keys()
    assert not EXPERIMENTS.keys() & NOT_ATTACKED.keys()
    for name in EXPERIMENTS:
        assert trial_of(name).statement is theorem(name)
    with pytest.raises(InputError, match="is not attacked: "):
        experiment_of(next(iter(ids - EXPERIMENTS.keys())))
    with pytest.raises(InputError, match="no theorem has the id 'lista'"):
        trial_of("lista")


def test_shared_arrays() -> None:
    batch = repeated({"x": np.arange(3.0), "k": np.array(2)}, 5)
    assert batch["x"].shape == (5, 3) and batch["k"].shape == (5,)
    np.testing.assert_array_equal(shared(batch["x"]), np.arange(3.0))
    assert shared(np.ones((5, 3))) is None
    chosen(batch, 4)["x"][0] = 7  # a copy
    assert batch["x"][0, 0] == 0


def test_rounding_to_bits() -> None:
    np.testing.assert_array_equal(rounded(np.array([0.3, -5.1, 0.0, 1e300]), 1), [0.25, -4.0, 0.0, 2.0**996])
    np.testing.assert_array_equal(rounded(np.array([0.3 + 5j]), 2), [0.25 + 4j])
    assert size({"x": np.array([0.0, 1.0, 3.0])})[1] < size({"x": np.array([0.0, 1.0, 3.1])})[1]
    assert size({"x": np.array([5])}) == (1, 3)


class Growing(Codes):
    """It proposes instances that are larger, and the same one for ever."""

    def simplified(self, instance) -> Iterator:
        while True:
            yield {"x": np.tile(instance["x"], 2)} if len(instance["x"]) < 64 else instance


def test_shrinking_ends_and_accepts_nothing_larger() -> None:
    claim = replace(THEOREM, constants={"bound": "s*energy/2"})
    found = attack(Trial(statement=claim, experiment=Growing()), instances=50).counterexample
    assert found is not None and len(found.instance["x"]) == 4


def test_what_floats_misjudge_is_judged_by_its_exact_ratio() -> None:
    trial = Trial(statement=THEOREM, experiment=Codes(lie=1.5))
    search = _Search(trial, 50, "cpu", np.random.default_rng(0), Budget(effort=Effort.thorough), silent)
    search.draw()
    assert any(elite.seen for elite in search.elites)
    assert all(elite.score <= 1 for elite in search.elites if elite.seen)


def test_examined_tells_what_is_tightest() -> None:
    found = examined(TRIAL, {"x": np.array([3.0, 1.0])})
    assert found.tightest.ratio == F(16, 20)
    assert found.violation is None and not found.undecided
