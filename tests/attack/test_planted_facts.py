"""Every error planted in a statement on dictionaries is found and proved; the statements themselves survive."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from exact_null_space import NullSpace
from planted_facts import PLANTED, WEAKER, Planted

from verify.attack import attack, trial_of
from verify.attack.experiments.facts import EXPERIMENTS, NOT_ATTACKED
from verify.attack.proof import Finding
from verify.attack.rationals import ends
from verify.attack.trial import Trial
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.theorems import theorem
from verify.theorems.language.application import applied
from verify.theorems.language.statements import Statement

F = Fraction
POOL = {
    **{name: [F(x) for x in range(2, 9)] for name in ("n", "m", "nonzeros", "spark")},
    **{name: [F(1), F(2), F(3)] for name in ("k", "size")},
    "s": [F(2), F(3)],
    "u_norm": [F(1), F(2), F(5)],
    "smin": [F(1, 4), F(1)],
}
SHARES = [F(1, 9), F(1, 5), F(1, 3), F(1, 2), F(3, 4), F(1)]


def bounds(statement: Statement, values: dict[str, Fraction]) -> list | None:
    """The bounds of the observables, or None where a condition fails."""
    labels = {f"bound {i}": o.bound for i, o in enumerate(statement.observables)}
    try:
        found = applied(replace(statement, constants=labels | dict(statement.constants)), values, None)
    except InputError:
        return None
    return [found[label] for label in labels]


@pytest.mark.parametrize("planted", [p for p in PLANTED if p.formal], ids=lambda p: p.id)
def test_a_planted_statement_says_more(planted: Planted) -> None:
    """Where the true statement applies the planted one does, with a bound at least as good; and somewhere it says more."""
    true, false = planted.of, planted.trial.statement
    draw, more = random.Random(0), 0
    for turn in range(600):
        if turn > 40 and more:
            break
        values = {v.name: draw.choice(POOL.get(v.name, SHARES)) for v in true.variables}
        old, new = bounds(true, values), bounds(false, values)
        if old is None:
            more += new is not None
            continue
        assert new is not None, values
        for one, other, a, b in zip(old, new, true.observables, false.observables, strict=False):
            if other is None or one == other:
                more += other is None or (a.relation, b.relation) == (">=", ">")
            else:
                assert b.relation == a.relation
                low, high = (other, one) if a.relation in ("<", "<=") else (one, other)
                assert ends(low)[1] < ends(high)[0]
                more += 1
    assert more


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: p.id)
def test_a_planted_error_is_found(planted: Planted) -> None:
    found = next(
        (o for o in (attack(planted.trial, instances=planted.instances, seed=s) for s in range(3)) if o.violated), None
    )
    assert found is not None
    counterexample = found.counterexample
    assert counterexample is not None
    comparison = counterexample.violation
    assert comparison is not None
    assert comparison.finding is Finding.violated
    truth = NullSpace(Dictionary.from_array(counterexample.instance["dictionary"]))
    if comparison.quantity == "spark":
        assert comparison.observed == truth.spark
    if comparison.quantity == "nsc":
        k = int(counterexample.values.get("k", 1))
        given = truth.null_space_constant(k, "as-given"), truth.null_space_constant(k, "unit")
        low, high = ends(comparison.observed)
        assert any(low <= g.upper and g.lower <= high for g in given)
    if comparison.quantity == "nullity":
        assert truth.circuits


@pytest.mark.parametrize("trial", WEAKER, ids=lambda t: t.statement.id)
def test_a_weaker_statement_survives(trial: Trial) -> None:
    assert not attack(trial, instances=25).violated


@pytest.mark.parametrize("theorem_id", sorted(EXPERIMENTS))
def test_a_statement_of_the_registry_survives(theorem_id: str) -> None:
    outcome = attack(trial_of(theorem_id), instances=30, seed=1)
    assert not outcome.violated
    assert outcome.best is not None


def test_every_statement_on_one_dictionary_has_an_experiment_or_a_reason() -> None:
    assert not set(EXPERIMENTS) & set(NOT_ATTACKED)
    for theorem_id in NOT_ATTACKED:
        assert not theorem(theorem_id).observables
        with pytest.raises(InputError, match="is not attacked"):
            trial_of(theorem_id)
    for theorem_id in EXPERIMENTS:
        assert theorem(theorem_id).observables
