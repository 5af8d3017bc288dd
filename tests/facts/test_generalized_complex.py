"""Generalized coherence of complex dictionaries: closed forms, and solvers that lie."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import certificates
from verify.budget import Budget, Effort
from verify.certify.check import check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.facts import generalized_complex as module
from verify.facts.coherence import mutual_coherence
from verify.facts.generalized import GeneralizedCoherence
from verify.facts.measure import measure
from verify.solvers.complex_weights import LeastRepresentation

TIGHT = Dictionary.from_array(np.array([[1, 1, 1], [1, 1j, -1j]]) * np.array([1, 2, 3]))


def found(dictionary: Dictionary) -> GeneralizedCoherence:
    result = module.complex_generalized_coherence(dictionary, Budget(effort=Effort.standard))
    assert result is not None
    return result


def test_of_three_lines_in_the_plane_the_value_is_enclosed() -> None:
    """The null vector is (2, -1 + i, -1 - i): mu~ = 1/sqrt 2, by the first atom."""
    enclosure = found(TIGHT).enclosure
    atoms = np.array([[1, 1, 1], [1, 1j, -1j]]) / np.sqrt(2)
    h = np.abs(np.linalg.svd(atoms)[2][-1])
    exact = max(x / (h.sum() - x) for x in h)  # a kernel of one dimension: the ratio is that of its vector
    assert enclosure.lower <= enclosure.upper
    assert float(enclosure.lower) == pytest.approx(exact, abs=1e-6)
    assert float(enclosure.upper) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("kind", ["orthogonal", "not a number", "zero", "none", "random"])
def test_useless_weights_give_the_coherence_and_nothing_false(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(atoms: np.ndarray, atom: int) -> LeastRepresentation | None:
        m, n = atoms.shape
        weights = {
            "orthogonal": np.array([atoms[1, atom].conj(), -atoms[0, atom].conj()]),
            "not a number": np.full(m, np.nan + 0j),
            "zero": np.zeros(m, dtype=complex),
            "random": np.random.default_rng(atom).standard_normal(m) + 0j,
        }
        if kind == "none":
            return None
        return LeastRepresentation(weights=weights[kind], null_vector=np.ones(n, dtype=complex))

    honest = found(TIGHT).enclosure
    monkeypatch.setattr(module, "least_representation", lie)
    result = found(TIGHT)
    assert result.enclosure.upper >= honest.lower
    assert result.enclosure.lower <= honest.upper
    if kind != "random":
        assert result.enclosure.upper**2 <= mutual_coherence(TIGHT).squared + Fraction(1, 10**9)
    assert isinstance(check_dictionary(TIGHT, effort="standard").answer, certificates.Accepted)


def test_a_budget_that_is_over_leaves_the_coherence() -> None:
    result = module.complex_generalized_coherence(TIGHT, Budget(time_limit=1e-9))
    assert result.unfinished == 3
    assert result.vector is None
    assert result.enclosure.upper**2 <= mutual_coherence(TIGHT).squared + Fraction(1, 10**9)


def test_ctrl_c_keeps_the_weights_found() -> None:
    uppers = []
    for at in range(4):

        def interrupted(work: str, done: int, total: int, at: int = at) -> None:
            if done == at:
                raise KeyboardInterrupt

        budget = Budget(effort=Effort.standard)
        result = module.complex_generalized_coherence(TIGHT, budget, interrupted)
        assert result.unfinished == 3 - at
        assert budget.interrupted is (at < 3)
        assert result.enclosure.upper >= found(TIGHT).enclosure.lower
        assert result.enclosure.lower <= found(TIGHT).enclosure.upper
        uppers.append(sum(result.upper))
    assert uppers == sorted(uppers, reverse=True)
    assert uppers[0] > uppers[-1]
    assert found(TIGHT).unfinished == 0


def test_small_complex_dictionaries_have_it_at_effort_quick() -> None:
    rng = np.random.default_rng(0)
    for m, n, measured in ((8, 20, True), (30, 60, False)):
        rows = rng.standard_normal((m, n)) + 1j * rng.standard_normal((m, n))
        facts = measure(Dictionary.from_array(rows))
        assert (facts.generalized is not None) is measured
        assert ("generalized coherence" in facts.unfinished) is not measured
