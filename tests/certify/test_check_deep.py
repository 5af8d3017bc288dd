"""Verdicts about chains against enumeration: what is guaranteed is true, what is refuted is false."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from deep_truths import deep_codes_are_unique

import certificates
from verify.certify.check import Unchecked
from verify.certify.check_deep import check_deep_dictionary
from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import ContradictionError, InputError, LimitError
from verify.facts import deep_pairs
from verify.judge_deep import judge_deep
from verify.verdict import DeepGuaranteed, DeepQuestion, DeepRefuted, DeepUndecided, Scaling

IDENTITY_HADAMARD = np.hstack([np.eye(4), np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2])
SHORT = [[1, 0, 0.1], [0, 1, 0.1]]


def chain(*rows, **options) -> DeepDictionary:
    return DeepDictionary.of([Dictionary.from_array(np.array(each, dtype=float)) for each in rows], **options)


def verdicts(deep: DeepDictionary, levels, **options) -> dict[str, object]:
    result = check_deep_dictionary(deep, sparsity=levels, **options)
    assert isinstance(result.answer, certificates.Accepted)
    return {verdict.question.value: verdict for verdict in result.verdicts}


def random_chains() -> list[tuple[list, list]]:
    rng = np.random.default_rng(5)
    found = []
    while len(found) < 12:
        m, k, n = rng.integers(2, 4), rng.integers(3, 5), rng.integers(2, 5)
        first, second = rng.integers(-1, 2, (m, k)), rng.integers(-1, 2, (k, n))
        if first.any(axis=0).all() and second.any(axis=0).all():
            found.append((first.tolist(), second.tolist()))
    return found


def test_verdicts_are_true_on_tiny_chains() -> None:
    counted = {"guaranteed": 0, "refuted": 0, "undecided": 0}
    for at, (first, second) in enumerate(random_chains()):
        k, n = len(second), len(second[0])
        every = list(itertools.product(range(1, min(k, 3) + 1), range(1, min(n, 2) + 1)))
        for levels in every[at % 2 :: 2]:
            found = verdicts(chain(first, second), levels)
            truth = deep_codes_are_unique(first, second, levels)
            for verdict in found.values():
                if isinstance(verdict, DeepGuaranteed):
                    assert truth
                if isinstance(verdict, DeepRefuted) and verdict.question is not DeepQuestion.l1:
                    assert not truth
            unique = found["l0"]
            counted["guaranteed"] += isinstance(unique, DeepGuaranteed)
            counted["refuted"] += isinstance(unique, DeepRefuted)
            counted["undecided"] += isinstance(unique, DeepUndecided)
    assert counted["guaranteed"] > 5
    assert counted["refuted"] > 5
    assert counted["undecided"] <= 0.2 * sum(counted.values()), counted


def test_a_layer_that_fails_alone_does_not_refute_the_chain() -> None:
    """D_1 confuses codes of level 2, but those are no codes of D_2; the product of both decides."""
    second = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0, 0], [0, 0]]
    found = verdicts(chain(IDENTITY_HADAMARD, second), (3, 1))
    assert isinstance(found["l0"], DeepGuaranteed)
    assert found["l0"].evidence == (2,)
    assert isinstance(found["l1"], DeepUndecided)
    assert "dictionary 1 at level 3: refuted for its own codes" in found["l1"].reason
    assert isinstance(found["stability"], DeepUndecided)
    assert "restricted isometry constant of level 6" in found["stability"].reason


def test_two_codes_are_lifted_through_leaky_relus() -> None:
    deep = chain(IDENTITY_HADAMARD, np.eye(8), np.eye(8)[:, ::-1], slopes=[1, Fraction(1, 2), Fraction(1, 3)])
    found = verdicts(deep, (2, 2, 2))
    assert all(isinstance(verdict, DeepRefuted) for verdict in found.values())
    pair = found["l0"].witness
    first, second = deep.layers_of(pair.first), deep.layers_of(pair.second)
    assert first[0] == second[0]
    assert first[-1] != second[-1]
    assert max(map(len, first[1:] + second[1:])) <= 2


def test_a_code_that_basis_pursuit_misses_is_lifted() -> None:
    """For the atoms as given a short atom costs more than the two others; deep codes are unique all the same."""
    deep = chain(SHORT, [[2, 0, 0], [0, 0, 1], [0, 3, 0]])
    found = verdicts(deep, (1, 1), scaling="as-given")
    assert isinstance(found["l0"], DeepGuaranteed)
    assert isinstance(found["l1"], DeepRefuted)
    assert found["l1"].theorem == "dsc-failure-by-heavy-part"
    assert found["l1"].witness.layer == 1
    assert set(found["l1"].witness.last) == {1}
    assert isinstance(verdicts(deep, (1, 1), scaling="unit")["l1"], DeepGuaranteed)


def test_stability_bounds_hold_for_pairs_and_grow_with_the_tolerances() -> None:
    rng = np.random.default_rng(1)
    second = np.eye(8, 8) + np.roll(np.eye(8), 1, axis=0) / 4
    deep = chain(IDENTITY_HADAMARD, second, tolerances=[0.1, 0.05])
    errors = verdicts(deep, (2, 1))["stability"]
    assert isinstance(errors, DeepUndecided), "level 4 of a 4 x 8 dictionary has dependent atoms next to it"
    deep = chain(np.eye(8) + 0.05, second, tolerances=[0.1, 0.05], slopes=[0.5, 1])
    bounds = [float(error.upper) for error in verdicts(deep, (2, 1))["stability"].evidence]
    for _ in range(200):
        x, far = np.zeros(8), np.zeros(8)
        x[rng.integers(8)], far[rng.integers(8)] = rng.standard_normal(2) * 0.1
        middles = [second @ v + noise(rng, second @ v, 0.05) for v in (x, far)]
        signals = [leaky(deep.dictionaries[0].real @ v, 0.5) for v in middles]
        if np.linalg.norm(signals[0] - signals[1]) <= 0.2:
            assert np.linalg.norm(middles[0] - middles[1]) <= bounds[0]
            assert np.linalg.norm(x - far) <= bounds[1]
    looser = chain(np.eye(8) + 0.05, second, tolerances=[0.2, 0.1], slopes=[0.5, 1])
    wider = [float(error.upper) for error in verdicts(looser, (2, 1))["stability"].evidence]
    assert np.allclose(wider, 2 * np.array(bounds))


def noise(rng, like, size: float):
    drawn = rng.standard_normal(like.shape) * (like != 0)
    return size * drawn / max(np.linalg.norm(drawn), 1e-9)


def leaky(values, slope: float):
    return np.where(values < 0, slope * values, values)


def test_a_product_with_a_zero_column_is_left_out_and_named() -> None:
    result = check_deep_dictionary(chain([[1, 1, 2]], [[1, 0], [-1, 1], [0, 0]]), sparsity=(2, 1))
    assert any("zero column at index 0" in remark for remark in result.judgement.remarks)
    assert isinstance(result.judgement.verdicts[DeepQuestion.l0], DeepRefuted)


def test_complex_chains_are_guaranteed_but_not_refuted() -> None:
    deep = DeepDictionary.of([Dictionary.from_array([[1j, 0, 1], [0, 1, 1]]), Dictionary.from_array(np.eye(3) * 1j)])
    found = verdicts(deep, (1, 1))
    assert isinstance(found["l0"], DeepGuaranteed)
    assert isinstance(verdicts(deep, (2, 2))["l0"], DeepUndecided)


def test_a_check_that_takes_too_long_is_not_run() -> None:
    result = check_deep_dictionary(chain(SHORT, np.eye(3)), sparsity=(1, 1), check_seconds=0)
    assert isinstance(result.answer, Unchecked)
    assert result.unfinished == ()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"sparsity": (1, 4)}, "dictionary 2: expected a sparsity level from 1 to 3"),
        ({"questions": ("omp",)}, "expected a question about deep codes among l0, l1, stability, got 'omp'"),
        ({"time_limit": 0}, "expected a time limit in seconds above 0"),
    ],
)
def test_bad_input_is_refused(options, why) -> None:
    with pytest.raises(InputError, match=why):
        check_deep_dictionary(chain(SHORT, np.eye(3)), **{"sparsity": (1, 1), **options})


def test_verdicts_have_no_truth_value_and_contradictions_are_bugs(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = chain(SHORT, np.eye(3))
    result = check_deep_dictionary(deep, sparsity=(1, 1), scaling="as-given")
    with pytest.raises(TypeError, match="ask isinstance"):
        bool(result.verdicts[0])
    pair = deep_pairs.DeepPair(first={0: 1}, second={1: 1})
    monkeypatch.setattr("verify.judge_deep.tiling", lambda *_: None)
    monkeypatch.setattr("verify.judge_deep.two_codes", lambda *_: pair)
    with pytest.raises(ContradictionError, match="stability of the chain is both guaranteed and refuted"):
        judge_deep(deep, (1, 1), result.judgement.blocks, Scaling.as_given)


def test_numbers_that_are_too_long_for_a_certificate_are_refused() -> None:
    long = Fraction(1, 10**4001 + 1)
    deep = DeepDictionary.of([Dictionary.from_array(SHORT), Dictionary.from_array(np.eye(3))], tolerances=[long, 0])
    with pytest.raises(LimitError, match="too long for a certificate"):
        check_deep_dictionary(deep, sparsity=(1, 1))
