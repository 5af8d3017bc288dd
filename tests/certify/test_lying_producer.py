"""A producer that is wrong is caught: the independent checker rejects its certificate, or the judge contradicts it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import sample

import certificates
from verify.certify import check as check_module
from verify.certify.certificate import certify
from verify.certify.check import as_subject, check_dictionary
from verify.certify.writer import Writer
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import CheckerDisagreementError, ContradictionError
from verify.facts.babel import Babel
from verify.facts.coherence import MutualCoherence
from verify.facts.measure import Facts, measure
from verify.facts.norms import AtomNorms
from verify.facts.rank import Minor, Rank
from verify.judge import Judgement, Levels, judge
from verify.theorems import SPARK_THEOREMS, Known, SparkBound
from verify.verdict import Question, Scaling

GENERIC = sample("float64", 3, 6, 9)
TALL = sample("float64", 3, 9, 5)
HADAMARD = build("identity-hadamard", "16")
DEFICIENT = Dictionary.from_array(np.vander([1, 2, 3, 4, 5], 3) @ np.array([[1, 0, 1, 2], [0, 1, 1, -1], [0, 0, 0, 0]]))
QUESTIONS = [question.value for question in Question]
COMPLEX = sample("complex128", 1, 4, 6)

Lie = Callable[[Facts], Facts]


def change(**changes: object) -> Lie:
    return lambda facts: dataclasses.replace(facts, **changes)


def alter(name: str, **changes: Callable) -> Lie:
    """Replace fields of one fact by functions of what they were."""

    def lie(facts: Facts) -> Facts:
        fact = getattr(facts, name)
        new = {field: function(getattr(fact, field)) for field, function in changes.items()}
        return dataclasses.replace(facts, **{name: dataclasses.replace(fact, **new)})

    return lie


def and_nothing_deeper(lie: Lie) -> Lie:
    """Leave out what would contradict the lie before the checker sees it."""
    return lambda facts: dataclasses.replace(lie(facts), enumeration=None, generalized=None, null_space=None)


def smaller_babel(facts: Facts) -> Facts:
    babel = facts.babel
    assert babel is not None
    step = Fraction(1, 2**30)
    return dataclasses.replace(facts, babel=Babel(lower=tuple(0 * x for x in babel.lower), upper=tuple(x - step for x in babel.upper)))  # fmt: skip


def larger_babel(facts: Facts) -> Facts:
    babel = facts.babel
    assert babel is not None
    step = Fraction(1, 2**30)
    return dataclasses.replace(facts, babel=Babel(lower=tuple(x + step for x in babel.lower), upper=tuple(x + step for x in babel.upper)))  # fmt: skip


def another_pair(facts: Facts) -> Facts:
    pair = facts.coherence.pair
    other = next((i, j) for i in range(facts.n) for j in range(i + 1, facts.n) if (i, j) != pair)
    return dataclasses.replace(facts, coherence=MutualCoherence(squared=facts.coherence.squared, pair=other))


LIES: dict[str, tuple[Dictionary, Lie, str]] = {
    "coherence too small": (GENERIC, alter("coherence", squared=lambda x: x - Fraction(1, 10**60)), "claim"),
    "coherence too large": (GENERIC, alter("coherence", squared=lambda x: x + Fraction(1, 10**60)), "claim"),
    "a pair that is less coherent": (GENERIC, another_pair, "mutual-coherence"),
    "a pair that is less coherent, complex": (COMPLEX, another_pair, "mutual-coherence"),
    "babel upper too small": (GENERIC, smaller_babel, "babel"),
    "babel lower too large": (GENERIC, larger_babel, "babel"),
    "least norm too small": (GENERIC, alter("norms", squared_min=lambda x: x / 2), "claim"),
    "greatest norm too small": (GENERIC, alter("norms", squared_max=lambda x: x - Fraction(1, 10**60)), "claim"),
    "equal norms": (GENERIC, change(norms=AtomNorms(squared_min=Fraction(1), squared_max=Fraction(1))), ""),
    "welch bound too large": (GENERIC, change(welch_squared=Fraction(1, 7)), "claim"),
    "rank too large": (DEFICIENT, change(rank=Rank(lower=3, upper=4, minor=Minor(rows=(0, 1, 2), columns=(0, 1, 2), modulus=2147483629, root=0))), "rank"),
    "a minor of other rows": (DEFICIENT, alter("rank", minor=lambda x: dataclasses.replace(x, columns=(0, 1), rows=(0, 0))), "rank"),
    "a rank its minor does not have": (GENERIC, alter("rank", lower=lambda x: x + 1), "claim"),
    "a modulus that divides the minor": (Dictionary.from_array([[1, 0], [0, 7], [0, 1]]), change(rank=Rank(lower=2, upper=2, minor=Minor(rows=(0, 1), columns=(0, 1), modulus=7, root=0))), "rank"),
    "a root that is none": (COMPLEX, alter("rank", minor=lambda x: dataclasses.replace(x, root=x.root + 1)), "rank"),
    "a null vector that is none": (GENERIC, alter("null_vector", real=lambda x: (x[0] + 1, *x[1:])), "null-vector"),
    "a null vector that is none, complex": (COMPLEX, alter("null_vector", imaginary=lambda x: (x[0] + 1, *x[1:])), "null-vector"),
    "a null vector of other atoms": (GENERIC, alter("null_vector", support=lambda x: tuple(j + 1 for j in x)), "null-vector"),
    "a null vector with a part left out": (GENERIC, and_nothing_deeper(alter("null_vector", support=lambda x: x[1:], real=lambda x: x[1:], squared_norms=lambda x: x[1:])), "null-vector"),
    "a null vector with a zero": (HADAMARD, alter("null_vector", support=lambda x: (*x, 31), real=lambda x: (*x, 0), squared_norms=lambda x: (*x, x[0])), "null-vector"),
    "false orthogonal families": (HADAMARD, change(orthogonal_family=(0, 16)), "spark-by-orthogonal-families"),
    "one orthogonal family": (HADAMARD, change(orthogonal_family=tuple(range(32))), "spark-by-orthogonal-families"),
    "families of a dictionary that has none": (GENERIC, change(orthogonal_family=(0, 1)), "spark-by-orthogonal-families"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_false_fact_is_rejected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary, lie, place = LIES[name]
    honest = measure(dictionary)
    assert lie(honest) != honest
    monkeypatch.setattr(check_module, "measure", lambda *_, **__: honest)
    assert isinstance(check_dictionary(dictionary).answer, certificates.Accepted)
    monkeypatch.setattr(check_module, "measure", lambda *_, **__: lie(honest))
    for scaling in Scaling:
        with pytest.raises(CheckerDisagreementError, match=r"the independent checker rejected this certificate at .*please report this") as caught:  # fmt: skip
            check_dictionary(dictionary, scaling=scaling)
        assert place in str(caught.value)


def test_equal_norms_are_not_believed_for_atoms_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lie that would let the coherence answer for atoms of unequal norm."""
    dictionary = Dictionary.from_array([[1.0, 0, 0.1], [0, 1.0, 0.1]])
    honest = measure(dictionary)
    lie = dataclasses.replace(
        honest,
        norms=AtomNorms(squared_min=Fraction(1), squared_max=Fraction(1)),
        null_vector=None,
        null_space=None,
    )
    monkeypatch.setattr(check_module, "measure", lambda *_, **__: lie)
    with pytest.raises(CheckerDisagreementError):
        check_dictionary(dictionary, scaling="as-given")


def test_lies_that_contradict_a_truth_are_caught_by_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = measure(build("simplex", "10"))
    lie = dataclasses.replace(honest, coherence=MutualCoherence(squared=Fraction(1, 400), pair=(0, 1)))
    monkeypatch.setattr(check_module, "measure", lambda *_, **__: lie)
    with pytest.raises(ContradictionError):
        check_dictionary(build("simplex", "10"))


def with_level(judgement: Judgement, question: str, **changes: object) -> Judgement:
    levels = {name: judgement.levels[name] for name in QUESTIONS}
    levels[question] = dataclasses.replace(levels[question], **changes)
    return dataclasses.replace(judgement, levels=Levels(**levels))


def answer(dictionary: Dictionary, judgement: Judgement) -> certificates.Accepted | certificates.Rejected:
    return certificates.check(certify(dictionary, judgement).data, dictionary=as_subject(dictionary))


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("dictionary", [HADAMARD, GENERIC, build("simplex", "12"), TALL], ids=["hadamard", "generic", "simplex", "tall"])  # fmt: skip
def test_a_level_too_high_or_a_refutation_too_low_is_rejected(dictionary: Dictionary, scaling: Scaling) -> None:
    judgement = judge(measure(dictionary), scaling)
    tried = 0
    for question in QUESTIONS:
        level = judgement.levels[question]
        if level.guaranteed_by is not None and level.guaranteed < level.n:
            tried += 1
            refused = answer(dictionary, with_level(judgement, question, guaranteed=level.guaranteed + 1))
            assert isinstance(refused, certificates.Rejected)
            assert level.guaranteed_by in refused.step
            lower = with_level(judgement, question, guaranteed=max(1, level.guaranteed - 1))
            assert isinstance(answer(dictionary, lower), certificates.Accepted)  # weaker, and true
        if level.refuted is not None and level.refuted > 1:
            tried += 1
            refused = answer(dictionary, with_level(judgement, question, refuted=level.refuted - 1))
            assert isinstance(refused, certificates.Rejected)
    assert tried or scaling is Scaling.as_given


@pytest.mark.parametrize("theorem", ["recovery-by-coherence", "recovery-by-babel", "recovery-by-orthogonality", "recovery-by-independence", "uniqueness-by-spark"])  # fmt: skip
def test_a_theorem_that_does_not_apply_is_rejected(theorem: str) -> None:
    """Level 3 of basis pursuit on atoms with mu = 1/4 and neither independent nor orthogonal."""
    judgement = judge(measure(HADAMARD))
    for question in ("l1", "omp"):
        false = with_level(judgement, question, guaranteed=3, guaranteed_by=theorem)
        try:
            refused = answer(HADAMARD, false)
        except KeyError:  # there is no premise that could be named
            assert theorem in ("recovery-by-independence", "uniqueness-by-spark")
            continue
        assert isinstance(refused, certificates.Rejected)


HADAMARD_SPARK = {
    "spark-by-coherence": 5,
    "spark-by-babel": 5,
    "spark-by-orthogonal-families": 8,
    "spark-by-generalized-coherence": 5,
    "spark-by-null-space": 7,
    "spark-by-enumeration": 7,
}


@pytest.mark.parametrize(("theorem", "value"), [("spark-by-coherence", 6), ("spark-by-babel", 6), ("spark-by-orthogonal-families", 9), ("spark-by-coherence", None), ("spark-by-enumeration", 8), ("spark-by-generalized-coherence", 6), ("spark-by-null-space", 8), ("spark-by-null-space", None)])  # fmt: skip
def test_a_bound_of_the_spark_that_is_too_high_is_rejected(theorem: str, value: int | None) -> None:
    judgement = judge(measure(HADAMARD))
    lower = [found for found in (entry.lower(judgement.known.facts) for entry in SPARK_THEOREMS) if found is not None]
    bounds = {bound.theorem: bound.value for bound in lower if bound.theorem != "spark-by-isometry"}
    assert bounds == HADAMARD_SPARK
    false = tuple(SparkBound(value=value if name == theorem else v, theorem=name) for name, v in bounds.items())
    known = dataclasses.replace(judgement.known, spark=false)
    assert isinstance(answer(HADAMARD, dataclasses.replace(judgement, known=known)), certificates.Rejected)


def test_a_certificate_of_another_dictionary_is_rejected() -> None:
    other = Dictionary.from_array(np.nextafter(GENERIC.real, 2))
    refused = certificates.check(check_dictionary(GENERIC).certificate.data, dictionary=as_subject(other))
    assert isinstance(refused, certificates.Rejected)
    assert "digest" in refused.why


@pytest.mark.parametrize(
    ("missing", "claimed", "message"),
    [
        ({"babel": None}, SparkBound(value=3, theorem="spark-by-babel"), "the Babel function was not measured"),
        (
            {"rank": Rank(lower=1, upper=6, minor=None)},
            SparkBound(value=None, theorem="independence-by-rank"),
            "no minor proves the rank",
        ),
    ],
)
def test_a_consequence_of_what_was_not_measured_is_not_written(missing, claimed, message) -> None:
    facts = dataclasses.replace(measure(GENERIC), **missing)
    judgement = judge(facts)
    known = Known(facts=facts, spark=(claimed,))
    with pytest.raises(ValueError, match=message):
        certify(GENERIC, dataclasses.replace(judgement, known=known))


def test_a_refutation_without_a_null_vector_is_not_written() -> None:
    facts = dataclasses.replace(measure(GENERIC), null_vector=None)
    judgement = with_level(judge(facts), "l1", refuted=2, refuted_by="failure-by-two-codes", witness=None)
    with pytest.raises(KeyError, match="failure-by-two-codes"):
        certify(GENERIC, judgement)
    with pytest.raises(ValueError, match="no null vector was found"):
        Writer(GENERIC, facts).step("null-vector")
