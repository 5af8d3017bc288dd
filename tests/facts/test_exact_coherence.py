"""The generalized coherence as an exact number: true, proved, and refused in words where it stays enclosed."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from claim_truths import assert_claims
from exact_null_space import NullSpace
from small_truths import corners, known, small

import certificates
from verify.budget import Budget, Effort
from verify.certify.check import as_subject, check_dictionary
from verify.cli import main
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.facts import exact_coherence as module
from verify.facts.exact_coherence import ExactCoherence, StaysEnclosed
from verify.facts.measure import measure


def exact(dictionary: Dictionary) -> ExactCoherence | StaysEnclosed | None:
    return measure(dictionary, exact=True).exact_coherence


def of_equal_norms(count: int) -> list[tuple[str, Dictionary, NullSpace]]:
    """Signs: all norms are equal, so everything is rational."""
    rng = np.random.default_rng(3)
    shapes = [(2, 5), (3, 5), (3, 7), (4, 6), (4, 8), (5, 7)]
    return [known(rng.choice([-1, 1], shapes[at % 6]).tolist(), f"signs {at}") for at in range(count)]


def test_signs_have_an_exact_value_and_it_is_the_truth() -> None:
    solved = 0
    for name, dictionary, truth in of_equal_norms(60):
        if truth.spark == math.inf:
            continue
        found = exact(dictionary)
        assert isinstance(found, ExactCoherence), (name, found)
        assert found.value == truth.generalized_coherence("unit").exact, name
        assert found.value == truth.mu_tilde(found.atom, "unit").exact
        solved += 1
    assert solved > 40


@pytest.mark.thorough
def test_small_dictionaries_are_exact_and_true_or_enclosed_with_a_reason() -> None:
    exactly = enclosed = 0
    for name, dictionary, truth in [*small(39), *corners()]:
        result = check_dictionary(dictionary, exact=True)
        assert_claims(truth, result.answer)
        found = result.facts.exact_coherence
        if isinstance(found, ExactCoherence):
            exactly += 1
            bounds = truth.generalized_coherence("unit")
            assert bounds.lower <= found.value <= bounds.upper, name
            assert result.not_exact is None
        elif found is not None:
            enclosed += 1
            assert result.not_exact
            assert "\n" not in result.not_exact
        else:
            assert truth.spark == math.inf
    assert exactly > 10
    assert enclosed > 10


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("simplex", "12", Fraction(1, 11)),
        ("identity-hadamard", "16", Fraction(1, 4)),
        ("steiner", "6x16", Fraction(1, 3)),
    ],
)
def test_closed_forms(name: str, arguments: str, value: Fraction) -> None:
    dictionary = build(name, arguments)
    result = check_dictionary(dictionary, exact=True)
    found = result.facts.exact_coherence
    assert isinstance(found, ExactCoherence)
    assert found.value == value
    claims = [c for c in result.answer.claims if c["kind"].startswith("generalized-coherence")]
    assert {"kind": "generalized-coherence-at-most", "upper": str(value)} in claims
    lower = {"kind": "generalized-coherence-lower", "atom": found.atom, "lower": str(value)}
    assert lower in claims
    assert isinstance(
        certificates.check(result.certificate.data, dictionary=as_subject(dictionary)), certificates.Accepted
    )


def test_norms_with_rational_ratios_are_enough() -> None:
    """3, 4, 5: roots of squares; the common factor sqrt 2 does not matter."""
    rows = [[3, 5, 0, 4, 1], [4, 12, 1, 3, 0]]
    for factor in (1, Fraction(7, 3)):
        _, dictionary, truth = known([[factor * x for x in row] for row in rows])
        found = exact(dictionary)
        assert isinstance(found, ExactCoherence)
        assert found.value == truth.generalized_coherence("unit").exact == Fraction(55, 57)
    turned = [[a - b for a, b in zip(*rows, strict=True)], [a + b for a, b in zip(*rows, strict=True)]]
    found = exact(Dictionary.from_array(np.array(turned)))
    assert isinstance(found, ExactCoherence)
    assert found.value == Fraction(55, 57)


def test_what_stays_enclosed_says_why() -> None:
    irrational = exact(build("identity-hadamard", "8"))
    assert isinstance(irrational, StaysEnclosed)
    assert "irrational ratio" in irrational.why
    complex_ = exact(Dictionary.from_array(np.array([[1, 1, 1], [1, 1j, -1j]])))
    assert complex_ == StaysEnclosed(why="that is done for real dictionaries only")
    assert exact(Dictionary.from_array(np.eye(3))) is None
    late = measure(build("simplex", "8"), exact=True, budget=Budget(time_limit=1e-9)).exact_coherence
    assert late == StaysEnclosed(why="it was too much work, or there was no time")


def test_a_stopped_search_says_so() -> None:
    def interrupted(work: str, done: int, total: int) -> None:
        if work.startswith("exact generalized"):
            raise KeyboardInterrupt

    budget = Budget(effort=Effort.standard)
    found = measure(build("simplex", "8"), interrupted, exact=True, budget=budget).exact_coherence
    assert found == StaysEnclosed(why="the search was stopped")
    assert budget.interrupted


@pytest.mark.parametrize("limit", ["_MOST_WEIGHTS", "_MOST_BITS", "_MOST_SOLVING"])
def test_what_is_too_long_stays_enclosed(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, limit, 1)
    found = exact(build("simplex", "8"))
    assert isinstance(found, StaysEnclosed)
    assert "too" in found.why or "more digits" in found.why


@pytest.mark.thorough
def test_the_command_line_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", "builtin:simplex:12", "--exact", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    found = body["facts"]["generalized_coherence"]
    assert (found["status"], found["value"]) == ("exact", "1/11")
    assert Fraction(found["lower"]) <= Fraction(1, 11) <= Fraction(found["upper"])
    assert body["search"]["not_exact"] is None
    assert main(["check-dictionary", "builtin:identity-hadamard:8", "--exact", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["facts"]["generalized_coherence"]["status"] == "enclosed"
    assert body["facts"]["generalized_coherence"]["value"] is None
    assert "irrational ratio" in body["search"]["not_exact"]
    assert main(["check-dictionary", "builtin:identity-hadamard:16", "--exact"]) == 0
    assert "μ~ = 1/4 = 0.25" in capsys.readouterr().out
    assert main(["check-dictionary", "builtin:identity-hadamard:8", "--exact"]) == 0
    assert "not known exactly: the norms of" in " ".join(capsys.readouterr().out.split())
