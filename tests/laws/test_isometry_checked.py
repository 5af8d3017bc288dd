"""What the producer measures of restricted isometry, the checker derives; what is claimed beyond, it refuses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from exact_reference import KINDS, sample, samples

import certificates
from certificates.format import Draft, integers, rational
from verify.certify.check import as_subject
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.facts.isometry import RestrictedIsometry, isometries


def written(dictionary: Dictionary, found: RestrictedIsometry, upper: Fraction, lower: Fraction) -> bytes:
    subject = {"digest": dictionary.digest, "field": dictionary.field, "shape": list(dictionary.shape)}
    draft = Draft(subject=subject, loader="npy", producer="tests")
    step = draft.step("isometry-by-enumeration", level=found.level, upper=rational(upper))
    rule = "isometry-by-enumeration"
    draft.claim(step, "isometry-upper", level=found.level, theorem=rule, upper=rational(upper))
    vector = {
        "imaginary": None if found.imaginary is None else integers(found.imaginary),
        "real": integers(found.real),
        "support": list(found.support),
    }
    step = draft.step("isometry-by-vector", level=found.level, lower=rational(lower), **vector)
    draft.claim(step, "isometry-lower", level=found.level, lower=rational(lower))
    return draft.sealed()


@pytest.mark.parametrize("kind", KINDS)
def test_the_checker_derives_what_was_measured_and_nothing_beyond(kind: str) -> None:
    for arguments in samples([kind], 3, most=6):
        dictionary = sample(*arguments)
        subject = as_subject(dictionary)
        for found in isometries(dictionary):
            data = written(dictionary, found, found.upper, found.lower)
            assert isinstance(certificates.check(data, dictionary=subject), certificates.Accepted)
            for upper, lower, step in (
                (found.lower - Fraction(1, 10**9), found.lower, "step 0 (isometry-by-enumeration)"),
                (found.upper, found.upper + Fraction(1, 10**9), "step 1 (isometry-by-vector)"),
            ):
                answer = certificates.check(written(dictionary, found, upper, lower), dictionary=subject)
                assert isinstance(answer, certificates.Rejected)
                assert answer.step == step


@pytest.mark.parametrize("name, parameter", [("simplex", "8"), ("identity-hadamard", "8"), ("dirac-dft", "5")])
def test_built_in_families(name: str, parameter: str) -> None:
    dictionary = build(name, parameter)
    for found in isometries(dictionary, most_cases=2000):
        data = written(dictionary, found, found.upper, found.lower)
        assert isinstance(certificates.check(data, dictionary=as_subject(dictionary)), certificates.Accepted)


def test_what_is_measured_by_default_is_within_the_work_limit() -> None:
    """40 atoms, 91390 sets of four: the checker needs a small part of its work limit."""
    dictionary = sample("float64", 0, 60, 40)
    subject = as_subject(dictionary)
    last = isometries(dictionary)[-1]
    assert last.level == 4 or last.lower >= 1
    data = written(dictionary, last, last.upper, last.lower)
    assert 0 < certificates.estimate_work(data, dictionary=subject) < 60_000_000_000 // 20
    assert isinstance(certificates.check(data, dictionary=subject), certificates.Accepted)
