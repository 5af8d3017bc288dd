"""Recovered and missed are true, for every code of small dictionaries and for some of larger ones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import NullSpace
from recovery_truths import basis_pursuit_recovers, matching_pursuit_recovers
from small_truths import corners, small

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import InputError
from verify.problems.recovery.basis_pursuit import BasisPursuitTrials
from verify.problems.recovery.codes import Codes, draw
from verify.problems.recovery.kinds import Magnitudes
from verify.problems.recovery.matching_pursuit import MatchingPursuitTrials
from verify.problems.recovery.outcomes import MISSED, RECOVERED, UNDECIDED, spelled
from verify.solvers.signed_duals import Proposals
from verify.verdict import Scaling

METHODS = {"l1": BasisPursuitTrials, "omp": MatchingPursuitTrials}


def some_codes(n: int, level: int, seed: int) -> Codes:
    magnitudes = list(Magnitudes)[seed % 3]
    return draw(seed, [(level, trial) for trial in range(3)], n, level, magnitudes)


def true_answer(truth, codes: Codes, at: int, method: str, scaling: Scaling) -> bool | None:
    support = codes.supports[at].tolist()
    if method == "l1":
        return basis_pursuit_recovers(truth, support, codes.signs[at].tolist(), scaling.value)
    return matching_pursuit_recovers(truth, support, [Fraction(x) for x in codes.values[at].tolist()], scaling.value)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.sampled(2)
def test_outcomes_of_small_dictionaries_are_true(method: str, scaling: Scaling) -> None:
    counts = {RECOVERED: 0, MISSED: 0, UNDECIDED: 0}
    for seed, (name, dictionary, truth) in enumerate([*small(65), *corners()]):
        trials = METHODS[method](dictionary, scaling)
        n = dictionary.shape[1]
        for level in range(1, n + 1):
            codes = some_codes(n, level, seed)
            for at, outcome in enumerate(trials(codes).tolist()):
                counts[outcome] += 1
                if outcome != UNDECIDED:
                    answer = true_answer(truth, codes, at, method, scaling)
                    assert answer is None or answer == (outcome == RECOVERED), (name, level, codes[at : at + 1])
    assert counts[UNDECIDED] * 20 < counts[RECOVERED] + counts[MISSED]
    assert min(counts[RECOVERED], counts[MISSED]) > 100


def lie(rng: np.random.Generator, kind: str):
    """What a broken solver proposes: noise, nothing, infinity, or what is not a number."""

    def propose(shape: tuple[int, ...]) -> np.ndarray:
        return {
            "noise": rng.standard_normal(shape),
            "large": 1e200 * rng.standard_normal(shape),
            "nothing": np.zeros(shape),
            "infinite": np.full(shape, np.inf),
            "nan": np.full(shape, np.nan),
        }[kind]

    return propose


@pytest.mark.parametrize("kind", ["noise", "large", "nothing", "infinite", "nan"])
@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.sampled(2)
def test_wrong_proposals_prove_nothing_false(monkeypatch: pytest.MonkeyPatch, kind: str, scaling: Scaling) -> None:
    propose = lie(np.random.default_rng(1), kind)
    home = "verify.problems.recovery"
    monkeypatch.setattr(
        "verify.solvers.signed_duals.SignedDuals.proposals",
        lambda self: Proposals(
            dual=propose((len(self._signs), self._projector._inverse.shape[1])), null_vector=propose(self._signs.shape)
        ),
    )
    for name in ("least_dual", "heaviest_vertex"):
        monkeypatch.setattr(
            f"{home}.basis_pursuit.{name}",
            lambda rows, signs: Proposals(dual=propose((1, rows.shape[1])), null_vector=propose((1, len(rows)))),
        )
    monkeypatch.setattr(
        f"{home}.basis_pursuit.Supports.combined", lambda self, some, right: propose((len(some), self.rows.shape[2]))
    )
    monkeypatch.setattr(f"{home}.basis_pursuit._ROUNDS", 2)
    for seed, (name, dictionary, truth) in enumerate(small(26)):
        trials = BasisPursuitTrials(dictionary, scaling)
        for level in range(1, dictionary.shape[1] + 1):
            codes = some_codes(dictionary.shape[1], level, seed)
            for at, outcome in enumerate(trials(codes).tolist()):
                if outcome != UNDECIDED:
                    answer = true_answer(truth, codes, at, "l1", scaling)
                    assert answer is None or answer == (outcome == RECOVERED), (name, level)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["noise", "nothing", "nan", "large"])
def test_wrong_inverses_prove_nothing_false(monkeypatch: pytest.MonkeyPatch, kind: str, method: str) -> None:
    propose = lie(np.random.default_rng(1), kind)
    monkeypatch.setattr("verify.problems.recovery.atoms._inverses", lambda matrices: propose(matrices.shape))
    for seed, (name, dictionary, truth) in enumerate(small(26)):
        trials = METHODS[method](dictionary, Scaling.as_given)
        for level in range(1, dictionary.shape[1] + 1):
            codes = some_codes(dictionary.shape[1], level, seed)
            for at, outcome in enumerate(trials(codes).tolist()):
                if outcome != UNDECIDED:
                    answer = true_answer(truth, codes, at, method, Scaling.as_given)
                    assert answer is None or answer == (outcome == RECOVERED), (name, level)


def test_an_ill_conditioned_support_is_not_called_dependent() -> None:
    """Atoms 0 and 1 differ by 2^-50: recovery is possible, and only exact arithmetic could tell."""
    tiny = 2.0**-50
    dictionary = Dictionary.from_array([[1, 1, 0, 1], [0, tiny, 1, 1], [0, 0, 1, -1.0]])
    codes = Codes(supports=np.array([[0, 1]]), values=np.array([[1.0, 1.0]]))
    truth = NullSpace(dictionary)
    for method in METHODS:
        outcome = METHODS[method](dictionary, Scaling.as_given)(codes)[0]
        answer = true_answer(truth, codes, 0, method, Scaling.as_given)
        assert outcome == UNDECIDED or (outcome == RECOVERED) == answer


@pytest.mark.parametrize("method", METHODS)
def test_levels_above_the_dimension_are_missed_without_work(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.problems.recovery.supports.least_singular_values", None)
    trials = METHODS[method](build("gaussian", "3x8:1"), Scaling.unit)
    assert trials(draw(0, [(4, 0), (4, 1)], 8, 4, Magnitudes.sign)).tolist() == [MISSED, MISSED]


@pytest.mark.parametrize("method", METHODS)
def test_independent_atoms_recover_everything(method: str) -> None:
    """With an orthogonal basis both methods do; with any independent atoms basis pursuit does."""
    orthogonal = Dictionary.from_array(np.diag([1, 2, 3, 4, 5]))
    assert spelled(METHODS[method](orthogonal, Scaling.unit)(draw(0, [(5, 0)], 5, 5, Magnitudes.gaussian))) == "r"
    if method == "l1":
        tall = build("gaussian", "9x6:2")
        for level in (1, 3, 6):
            assert (
                spelled(BasisPursuitTrials(tall, Scaling.unit)(draw(0, [(level, 0)], 6, level, Magnitudes.sign))) == "r"
            )


@pytest.mark.parametrize("method", METHODS)
def test_complex_dictionaries_are_refused(method: str) -> None:
    with pytest.raises(InputError, match="for real dictionaries, and this one is complex"):
        METHODS[method](build("dirac-dft", "4"), Scaling.unit)


@pytest.mark.parametrize(("source", "level"), [("20x40:1", 6), ("30x40:2", 17)])
def test_larger_codes_agree_with_linear_programs(source: str, level: int) -> None:
    """Basis pursuit itself, solved in floats: it finds the code or something cheaper."""
    from scipy.optimize import linprog

    dictionary = build("gaussian", source)
    codes = draw(5, [(level, trial) for trial in range(30)], 40, level, Magnitudes.gaussian)
    outcomes = BasisPursuitTrials(dictionary, Scaling.as_given)(codes)
    assert {RECOVERED, MISSED} == set(outcomes.tolist())
    for at, outcome in enumerate(outcomes.tolist()):
        x = np.zeros(40)
        x[codes.supports[at]] = codes.values[at]
        both = np.hstack([dictionary.real, -dictionary.real])
        found = linprog(np.ones(80), A_eq=both, b_eq=dictionary.real @ x, method="highs")
        nearest = found.x[:40] - found.x[40:]
        assert (np.abs(nearest - x).max() < 1e-6) == (outcome == RECOVERED)
        assert outcome == RECOVERED or np.abs(nearest).sum() < np.abs(x).sum() + 1e-9
