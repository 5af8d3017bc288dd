"""Every certificate written for a dictionary of any kind is accepted, and claims what the judge concluded."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from exact_reference import KINDS, Reference, fractions_array, sample, samples

import certificates
from certificates.checker import WORK_PER_SECOND
from verify.certify import check as check_module
from verify.certify.certificate import Certificate, certify
from verify.certify.check import CheckResult, Unchecked, as_subject, check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import FAMILIES
from verify.dictionaries.sources import load
from verify.errors import InputError, LimitError
from verify.facts.babel import Babel
from verify.facts.measure import measure
from verify.facts.rank import Rank
from verify.judge import judge
from verify.verdict import Guaranteed, Question, Refuted, Scaling, Undecided

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def claims(result: CheckResult, kind: str) -> list[dict]:
    assert isinstance(result.answer, certificates.Accepted)
    return [claim for claim in result.answer.claims if claim["kind"] == kind]


def assert_says_what_was_judged(result: CheckResult, scaling: Scaling) -> None:
    facts, known = result.facts, result.judgement.known
    for kind in ("guaranteed", "refuted"):
        stated = {claim["question"]: (claim["level"], claim["theorem"]) for claim in claims(result, kind)}
        assert len(stated) == len(claims(result, kind))
        judged = {
            question.value: (getattr(result.levels[question], kind), getattr(result.levels[question], f"{kind}_by"))
            for question in Question
            if getattr(result.levels[question], f"{kind}_by") is not None
        }
        assert stated == judged
        assert all(claim["scaling"] == scaling.value for claim in claims(result, kind))
    (norms,) = claims(result, "atom-norms")
    (coherence,) = claims(result, "mutual-coherence")
    assert Fraction(norms["squared_min"]) == facts.norms.squared_min
    assert norms["equal"] is facts.norms.equal
    assert Fraction(coherence["squared"]) == facts.coherence.squared
    assert len(claims(result, "null-vector")) == (facts.null_vector is not None)
    assert len(claims(result, "rank")) == (facts.rank.minor is not None)
    bounds = [claim["value"] for claim in claims(result, "spark-lower")]
    assert bounds == [bound.value for bound in known.spark if bound.value is not None]
    assert len(claims(result, "independent")) == sum(bound.value is None for bound in known.spark)
    assert len(claims(result, "spark-upper")) == (facts.null_vector is not None or facts.n > facts.m)
    for claim in claims(result, "spark-upper"):
        assert claim["value"] == (facts.m + 1 if facts.null_vector is None else len(facts.null_vector.support))


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_every_certificate_is_accepted(kind: str, scaling: Scaling) -> None:
    for arguments in samples([kind], 5, most=8):
        dictionary = sample(*arguments)
        result = check_dictionary(dictionary, scaling=scaling)
        assert_says_what_was_judged(result, scaling)
        again = certificates.check(result.certificate.data, dictionary=as_subject(dictionary))
        assert again == result.answer


def test_without_a_null_vector_the_dimension_bounds_the_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("verify.facts.null_vectors"), "_MOST_WORK", 0)
    for name in ("enumeration", "vertices"):
        monkeypatch.setattr(import_module(f"verify.facts.{name}"), "null_vector_on", lambda *_, **__: None)
    result = check_dictionary(sample("float64", 0, 5, 9))
    assert [claim["value"] for claim in claims(result, "spark-upper")] == [6]
    assert result.levels.l0.refuted_by == "failure-by-dimension"
    assert_says_what_was_judged(result, Scaling.unit)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.sampled(2)
def test_the_built_in_examples_are_accepted(family) -> None:
    if family.name == "digits":
        pytest.skip("its check takes seconds: examples run it")
    assert_says_what_was_judged(check_dictionary(load(family.example)), Scaling.unit)


@pytest.mark.parametrize("name", ["sloane_complex_2x4", "sloane_complex_4x16", "nsp_gauss_20x40_1"])
def test_real_dictionaries_are_accepted(name: str) -> None:
    path = DATA / f"{name}.npy"
    if not path.is_file():
        pytest.skip(f"{name} is not here: it is no part of the repository")
    for scaling in Scaling:
        assert_says_what_was_judged(check_dictionary(np.load(path), scaling=scaling), scaling)


def test_l1_guaranteed_implies_l0_guaranteed() -> None:
    """One coherent pair beside a simplex: the Babel function answers l1, and l0 no less."""
    array = np.zeros((62, 62), dtype=np.int64)
    array[:60, :60] = 60 * np.eye(60, dtype=np.int64) - 1
    array[60:, 60:] = [[5, 2], [0, 4]]
    levels = check_dictionary(array, check_seconds=0).levels
    assert (levels.l1.guaranteed, levels.l1.guaranteed_by) == (29, "recovery-by-babel")
    assert levels.l0.guaranteed == 29


def test_a_level_asked_about_gets_its_verdict() -> None:
    simplex = load("builtin:simplex:50")
    asked = check_dictionary(simplex, sparsity=25, questions=["omp", Question.l0], scaling="as-given")
    assert asked.questions == (Question.omp, Question.l0)
    assert [type(verdict) for verdict in asked.verdicts] == [Refuted, Refuted]
    assert [verdict.question for verdict in asked.verdicts] == [Question.omp, Question.l0]
    assert isinstance(check_dictionary(simplex, sparsity=24).verdicts[0], Guaranteed)
    assert isinstance(check_dictionary([[1, 0, 3], [0, 1, 2], [5, 1, 1]], sparsity=3, questions=["omp"]).verdicts[0], Undecided)  # fmt: skip
    assert check_dictionary(simplex).verdicts == ()
    assert check_dictionary(simplex, sparsity=50).verdicts[0].level == 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sparsity": 0}, "expected a sparsity level from 1 to 3, the number of atoms, got 0"),
        ({"sparsity": 4}, "expected a sparsity level from 1 to 3, the number of atoms, got 4"),
        ({"sparsity": -1}, "got -1"),
        ({"questions": ["l2"]}, "expected a question among l0, l1, network, omp, got 'l2'"),
        ({"questions": "l"}, "expected a question among l0, l1, network, omp, got 'l'"),
        ({"scaling": "metric"}, "expected a scaling among unit, as-given, got 'metric'"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_work(arguments, message, monkeypatch) -> None:
    monkeypatch.setattr(check_module, "measure", lambda *_, **__: pytest.fail("measured"))
    with pytest.raises(InputError, match=message):
        check_dictionary([[1.0, 0, 1], [0, 1, 1]], **arguments)


@pytest.mark.parametrize(
    "entries", [[1.0, 2.0], [[[1.0]]], [[1.0, 0.0]], [[1.0], [2.0]], [[1.0, np.nan]], [["a", "b"]], [[1, 2], [3]], 7, None]
)  # fmt: skip
def test_what_is_no_dictionary_is_refused(entries) -> None:
    with pytest.raises(InputError, match="expected"):
        check_dictionary(entries)


def test_facts_too_long_for_a_certificate_are_a_limit() -> None:
    long = fractions_array([[Fraction(1, 10**1500), Fraction(1)], [Fraction(1, 3), Fraction(2, 7**1500)]])
    with pytest.raises(LimitError, match=r"exact entries of this dictionary are too long for a certificate: .* 4000 digits"):  # fmt: skip
        check_dictionary(Dictionary.from_array(long))


def test_progress_is_reported_to_the_end() -> None:
    seen: list[tuple[str, int, int]] = []
    check_dictionary(sample("float32", 0, 5, 9), progress=lambda *step: seen.append(step))
    assert seen[-1] == ("independent check", 1, 1)
    assert {"coherence", "exact coherence", "Babel function"} <= {work for work, _, _ in seen}
    assert all(0 <= done <= total for _, done, total in seen)


# --- the independent check may be left out, and then the answer says so ---


def test_no_time_no_check() -> None:
    dictionary = sample("float64", 0, 5, 9)
    result = check_dictionary(dictionary, check_seconds=0)
    assert isinstance(result.answer, Unchecked)
    work = certificates.estimate_work(result.certificate.data, dictionary=as_subject(dictionary))
    assert result.answer.seconds == work / WORK_PER_SECOND > 0
    exactly = check_dictionary(dictionary, check_seconds=result.answer.seconds)
    assert isinstance(exactly.answer, certificates.Accepted)


@pytest.mark.parametrize("kind", ["float32", "complex128", "fractions", "uint8"])
def test_too_many_entries_are_not_checked(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "_MOST_ENTRIES", 44)
    monkeypatch.setattr(check_module, "as_subject", lambda _: pytest.fail("converted"))
    result = check_dictionary(sample(kind, 0, 5, 9))
    assert isinstance(result.answer, Unchecked)
    assert 0 < result.answer.seconds < 1
    monkeypatch.undo()
    monkeypatch.setattr(check_module, "_MOST_ENTRIES", 45)
    assert isinstance(check_dictionary(sample(kind, 0, 5, 9)).answer, certificates.Accepted)


def test_a_dictionary_without_a_babel_function_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("verify.facts.measure"), "LARGEST_BABEL", 3)
    result = check_dictionary(sample("float64", 0, 5, 9))
    assert result.facts.babel is None
    assert claims(result, "babel") == []
    assert_says_what_was_judged(result, Scaling.unit)


def test_a_dictionary_without_a_minor_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("verify.facts.rank"), "_MOST_WORK", 0)
    result = check_dictionary(sample("float64", 0, 5, 9))
    assert claims(result, "rank") == []
    assert_says_what_was_judged(result, Scaling.unit)


# --- files ---


def test_a_saved_certificate_is_whole_and_checked_from_the_file(tmp_path: Path) -> None:
    entries = np.array([[1.0, 0.25, 0.5], [0.0, 1.0, 0.5]])
    result = check_dictionary(entries)
    np.save(tmp_path / "D.npy", entries)
    path = tmp_path / "c.json"
    result.certificate.save(path)
    assert path.read_bytes() == result.certificate.data
    assert certificates.check(path, dictionary=tmp_path / "D.npy") == result.answer
    content = json.loads(path.read_bytes())
    assert content["origin"]["loader"] == "array"
    assert len(content["claims"]) == len(result.answer.claims)  # type: ignore[union-attr]


def test_saving_leaves_the_old_file_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        Certificate(b"new").save(path)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    Certificate(b"new").save(path)
    assert path.read_bytes() == b"new"
    with pytest.raises(InputError, match="cannot be written: its folder does not exist"):
        Certificate(b"new").save(tmp_path / "no" / "c.json")


def test_the_certificate_depends_on_the_values_only() -> None:
    entries = np.array([[1, 2, 0], [0, 1, 1]])
    data = check_dictionary(entries.astype(np.int8)).certificate.data
    for dtype in (np.int64, np.float16, np.float64, ">f4", np.uint8, object):
        assert check_dictionary(entries.astype(dtype)).certificate.data == data
    assert check_dictionary(np.asfortranarray(entries)).certificate.data == data
    assert Reference(Dictionary.from_array(entries)).mu_squared == Fraction(4, 5)


def test_uniqueness_follows_from_recovery_where_the_spark_is_not_known_well() -> None:
    """Two orthogonal pairs at cosine 1/3; without rank, families and long Babel sums the spark is known to be 4 only."""
    pair = np.array([[3, 1], [0, 2], [0, 2]])
    dictionary = Dictionary.from_array(np.block([[pair, 0 * pair], [0 * pair, pair]]))
    facts = measure(dictionary)
    assert facts.babel is not None
    short = Babel(lower=facts.babel.lower[:2], upper=facts.babel.upper[:2])
    unmeasured = Rank(lower=1, upper=4, minor=None)
    judgement = judge(dataclasses.replace(facts, babel=short, rank=unmeasured, orthogonal_family=None, isometries=()))
    assert (judgement.levels.l1.guaranteed, judgement.levels.l1.guaranteed_by) == (2, "recovery-by-babel")
    assert (judgement.levels.l0.guaranteed, judgement.levels.l0.guaranteed_by) == (2, "uniqueness-by-recovery")
    answer = certificates.check(certify(dictionary, judgement).data, dictionary=as_subject(dictionary))
    assert isinstance(answer, certificates.Accepted)
    (unique,) = (claim for claim in answer.claims if claim.get("theorem") == "uniqueness-by-recovery")
    assert (unique["kind"], unique["question"], unique["level"]) == ("guaranteed", "l0", 2)
