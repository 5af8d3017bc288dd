"""What all rules ask of their evidence and premises; valid certificates of every rule."""

from __future__ import annotations

import pytest
from certificate_dictionaries import SIMPLEX
from certificate_samples import SAMPLES, sample
from certificate_steps import (
    BIG,
    NORMS,
    asked,
    bounds,
    coherence,
    derived,
    refused,
)
from certificate_writer import Writer, answer

import certificates


@pytest.mark.parametrize("name", SAMPLES)
def test_valid_certificates_are_accepted_and_all_their_claims_are_true(name):
    one = sample(name)
    found = certificates.check(one.data, dictionary=one.rows)
    assert isinstance(found, certificates.Accepted), found
    assert len(found.claims) == len(one.content()["claims"])
    for statement in found.claims:
        assert one.truth.holds(statement) is True, statement


def test_every_rule_is_used_by_a_valid_sample():
    used = {step["rule"] for name in SAMPLES for step in sample(name).content()["steps"]}
    assert used == set(certificates.rules.RULES)


# --- what all rules ask of their evidence and premises ---


@pytest.mark.parametrize("rule", sorted(certificates.rules.RULES))
def test_evidence_has_exactly_its_fields(rule):
    evidence = next(s["evidence"] for name in SAMPLES for s in sample(name).content()["steps"] if s["rule"] == rule)
    rows = next(
        sample(name).rows for name in SAMPLES if any(s["rule"] == rule for s in sample(name).content()["steps"])
    )
    assert "unknown field surplus" in refused(rows, (rule, [], {**evidence, "surplus": 1}))
    for missing in evidence:
        rest = {key: value for key, value in evidence.items() if key != missing}
        assert f"evidence has no field {missing}" in refused(rows, (rule, [], rest))


PREMISES = {
    "exact-recovery": "exact-recovery-coefficient",
    "failure-by-dependent-support": "null-vector",
    "generalized-weights-by-coherence": "mutual-coherence",
    "stability-l0": "mutual-coherence",
    "stability-l0-by-isometry": "isometry-upper",
    "stability-l0-linf": "generalized-weights",
    "bpdn-stability": "mutual-coherence",
    "bpdn-stability-generalized": "generalized-weights",
    "generalized-coherence-by-independence": "independent",
    "generalized-coherence-by-null-vector": "null-vector",
    "generalized-coherence-by-some-weights": "generalized-coherence-upper",
    "generalized-babel-by-generalized-coherence": "generalized-coherence-upper",
    "rate-by-generalized-babel": "generalized-babel",
    "null-space-by-generalized-coherence": "generalized-coherence-upper",
    "null-space-by-supports": "support-values",
    "null-space-by-search": "support-values",
    "null-space-by-null-vector": "null-vector",
    "spark-by-generalized-coherence": "generalized-coherence-upper",
    "spark-by-generalized-babel": "generalized-babel",
    "spark-by-null-space": "null-space-upper",
    "recovery-by-generalized-coherence": "generalized-coherence-upper",
    "recovery-by-null-space": "null-space-upper",
    "convergence-by-generalized-coherence": "generalized-coherence-upper",
    "convergence-by-generalized-babel": "generalized-babel",
    "independence-by-rank": "rank",
    "spark-by-coherence": "mutual-coherence",
    "independence-by-coherence": "mutual-coherence",
    "spark-by-babel": "babel",
    "independence-by-babel": "babel",
    "spark-by-isometry": "isometry-upper",
    "independence-by-isometry": "isometry-upper",
    "spark-by-orthogonal-families": "mutual-coherence",
    "spark-by-null-vector": "null-vector",
    "spark-by-dimension": "dependent-atoms",
    "uniqueness-by-spark": "spark-lower",
    "uniqueness-by-recovery": "guaranteed",
    "recovery-by-coherence": "mutual-coherence",
    "recovery-by-babel": "babel",
    "recovery-by-isometry": "isometry-upper",
    "recovery-by-independence": "independent",
    "recovery-by-orthogonality": "mutual-coherence",
    "failure-by-two-codes": "null-vector",
    "failure-by-dimension": "dependent-atoms",
    "failure-by-heavy-part": "null-vector",
    "isometry-by-babel": "babel",
    "hard-thresholding-by-isometry": "isometry-upper",
}


@pytest.mark.parametrize("rule", sorted(certificates.rules.RULES))
def test_premises_are_of_the_right_number_and_kind(rule):
    evidence = next(s["evidence"] for name in SAMPLES for s in sample(name).content()["steps"] if s["rule"] == rule)
    evidence = {**evidence, "scaling": "unit"} if "scaling" in evidence else evidence
    rows = next(
        sample(name).rows for name in SAMPLES if any(s["rule"] == rule for s in sample(name).content()["steps"])
    )
    welch = ("welch-bound", [], {})
    wanted = PREMISES.get(rule)
    if wanted is None:
        assert "it needs 0 premises and uses 1" in refused(rows, welch, (rule, [0], evidence))
        return
    assert "it needs 1 premises and uses 0" in refused(rows, (rule, [], evidence))
    assert "it needs 1 premises and uses 2" in refused(rows, welch, (rule, [0, 0], evidence))
    why = refused(rows, welch, (rule, [0], evidence))
    assert f"it needs a statement of kind {wanted}; step 0 derives welch-bound" in why


def test_premises_in_the_wrong_order_are_refused():
    steps = [coherence(0, 1), NORMS, ("recovery-by-coherence", [1, 0], asked(1, "l1", "as-given"))]
    why = refused(SIMPLEX, *steps)
    assert "it needs a statement of kind mutual-coherence; step 1 derives atom-norms" in why
    steps = [coherence(0, 1), ("recovery-by-coherence", [0, 0], asked(1, "l1", "as-given"))]
    assert "it needs a statement of kind atom-norms" in refused(SIMPLEX, *steps)
    steps = [coherence(0, 1), NORMS, ("recovery-by-coherence", [0, 1], asked(1, "l1", "unit"))]
    assert "it needs 1 premises and uses 2" in refused(SIMPLEX, *steps)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"level": 0}, "level is not from 1 to 4"),
        ({"level": 5}, "level is not from 1 to 4"),
        ({"level": -1}, "level in evidence is not a natural number"),
        ({"level": True}, "level in evidence is not a natural number"),
        ({"level": "1"}, "level in evidence is not a natural number"),
        ({"level": None}, "level in evidence is not a natural number"),
        ({"question": "l2"}, "question in evidence is not one of l1, omp"),
        ({"question": "l0"}, "question in evidence is not one of l1, omp"),
        ({"question": ["l1"]}, "question in evidence is not one of l1, omp"),
        ({"scaling": "Unit"}, "scaling in evidence is not one of unit, as-given"),
        ({"scaling": None}, "scaling in evidence is not one of unit, as-given"),
    ],
)
def test_level_question_and_scaling_are_read_strictly(change, why):
    step = ("recovery-by-coherence", [0], {**asked(1, "l1"), **change})
    assert why in refused(SIMPLEX, coherence(0, 1), step)


@pytest.mark.parametrize(
    "rule, question",
    [
        ("uniqueness-by-spark", "l1"),
        ("uniqueness-by-spark", "omp"),
        ("uniqueness-by-recovery", "l1"),
        ("recovery-by-babel", "l0"),
        ("recovery-by-isometry", "l0"),
        ("recovery-by-isometry", "omp"),
        ("recovery-by-independence", "omp"),
        ("recovery-by-orthogonality", "l1"),
        ("failure-by-heavy-part", "omp"),
        ("failure-by-heavy-part", "l0"),
    ],
)
def test_a_theorem_answers_only_its_questions(rule, question):
    assert "question in evidence is not one of" in refused(SIMPLEX, (rule, [], asked(1, question)))


@pytest.mark.parametrize("pair", [[], [0], [0, 1, 2], [1, 0], [1, 1], [0, 4], [-1, 0], [True, 2], ["0", "1"], None, 3])
def test_a_pair_is_two_increasing_indices(pair):
    assert "pair" in refused(SIMPLEX, ("mutual-coherence", [], {"pair": pair}))


@pytest.mark.parametrize(
    "text",
    [
        "2/4",
        "1/1",
        "-0",
        "0/3",
        "01",
        "1/02",
        "+1",
        "1/0",
        "1/-2",
        " 1",
        "1.0",
        "1e3",
        "",
        "1/",
        "/1",
        "9" * 4001,
        1,
        None,
    ],
)
def test_a_rational_number_has_one_spelling(text):
    assert "is not a rational number in lowest terms" in refused(SIMPLEX, bounds(text))


def test_rational_numbers_have_up_to_4000_digits():
    derived(SIMPLEX, bounds(str(10**4000 - 1)))
    rows = [[BIG, 1], [0, 1]]
    assert "more than 4000 digits" in refused(rows, NORMS)


def test_an_unknown_rule_is_refused_by_name():
    assert "this checker knows no such rule" in refused(SIMPLEX, ("recovery-by-faith", [], {}))


def test_what_was_relied_on_is_said_once_each():
    found = certificates.check(sample("simplex").data, dictionary=SIMPLEX)
    assert isinstance(found, certificates.Accepted)
    assert len(set(found.relied_on)) == len(found.relied_on) == 3
    written = Writer(SIMPLEX)
    written.loader = "scipy"
    written.norms()
    found = answer(SIMPLEX, written)
    assert isinstance(found, certificates.Accepted)
    assert found.relied_on == ("the loader 'scipy', for how the values checked came from the source",)
