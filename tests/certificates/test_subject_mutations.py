"""Certificates about other subjects than the ones handed in are rejected; moved to others they prove only what is true."""

from __future__ import annotations

import pytest
from all_samples import sound
from certificate_dictionaries import ALL as DICTIONARIES
from certificate_samples import SAMPLES, Sample, sample
from certificate_writer import draft
from problem_samples import ALL as PROBLEMS
from problem_samples import PROBLEM_SAMPLES, problem_sample, subject_of

import certificates
from certificates.checker import dictionary_from_values
from certificates.subjects import signals_from_values


@pytest.mark.parametrize("name", SAMPLES)
def test_a_certificate_is_about_no_other_dictionary(name):
    one = sample(name)
    for other in DICTIONARIES:
        if other == name:
            continue
        found = certificates.check(one.data, dictionary=dictionary_from_values(DICTIONARIES[other]))
        assert isinstance(found, certificates.Rejected)
        assert "it is about another dictionary" in found.why


@pytest.mark.parametrize("name", SAMPLES)
def test_claims_moved_to_another_dictionary_are_accepted_only_if_true_there(name):
    one = sample(name)
    for other in DICTIONARIES:
        if other != name:
            moved = {**one.content(), "subjects": [{**draft(DICTIONARIES[other]).subject, "role": "dictionary"}]}
            sound(Sample(other, DICTIONARIES[other], b""), moved)


def test_a_shape_of_true_and_two_is_not_one_row():
    rows = [[1, 2]]
    for shape, accepted in (([1, 2], True), ([True, 2], False)):
        written = draft(rows)
        written.subject = {**written.subject, "shape": shape}
        written.claim(written.step("welch-bound"), "welch-bound", squared="1")
        found = certificates.check(written.sealed(), dictionary=rows)
        assert isinstance(found, certificates.Accepted) is accepted


def test_real_and_complex_dictionaries_of_the_same_numbers_are_different_subjects():
    real, twice = dictionary_from_values([[1, 3, 2]]), dictionary_from_values([[1, 3, 2 + 0j]])
    flat = dictionary_from_values([[1, 2, 3], [4, 5, 6]])
    tall = dictionary_from_values([[1, 2], [3, 4], [5, 6]])
    paired = dictionary_from_values([[1 + 2j, 3 + 4j, 5 + 6j]])
    long = dictionary_from_values([[1, 2, 3, 4, 5, 6]])
    assert len({x.digest for x in (real, twice, flat, tall, paired, long)}) == 6


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_claims_about_other_signals_are_accepted_only_if_true_there(name):
    """The same steps about other subjects: about itself rejected by digest, moved there only if true."""
    one = problem_sample(name)
    for other, (rows, *_) in PROBLEMS.items():
        if other == name:
            continue
        moved = problem_sample(other)
        content = {**one.content(), "subjects": moved.content()["subjects"]}
        sound(moved, content)
        if rows is one.rows or len(rows) == len(one.rows):
            found = moved.check(one.data)
            assert isinstance(found, certificates.Rejected)
            assert "it is about another" in found.why


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_a_certificate_is_about_no_other_signals(name):
    """One entry changed: another digest; a code is no signal; and a certificate names what is handed in."""
    one = problem_sample(name)
    dictionary = one.instance.dictionary
    changed = [[x + (i == j == 0) for j, x in enumerate(row)] for i, row in enumerate(one.given)]
    found = certificates.check(one.data, dictionary=dictionary, **{one.role: changed})
    assert isinstance(found, certificates.Rejected)
    assert found.why == f"it is about another {one.role}: the digest differs from the one handed in"
    found = certificates.check(one.data, dictionary=dictionary)
    assert found == certificates.Rejected("certificate", "it names 2 subjects, and one dictionary was handed in")
    more = [[*row, 0] for row in one.given]
    found = certificates.check(one.data, dictionary=dictionary, **{one.role: more})
    assert isinstance(found, certificates.Rejected)
    assert "the shape differs" in found.why
    other = "code" if one.role == "signal" else "signal"
    length = dictionary.n if other == "code" else dictionary.m
    found = certificates.check(one.data, dictionary=dictionary, **{other: [[0]] * length})
    assert isinstance(found, certificates.Rejected)
    assert f"role in the {other} is not one of {other}" in found.why


def test_edits_of_the_subjects_are_rejected():
    one = problem_sample("plane")
    content = one.content()
    dictionary, signal = content["subjects"]
    for subjects in (
        [dictionary],
        [signal],
        [signal, dictionary],
        [dictionary, dictionary],
        [signal, signal],
        [dictionary, signal, signal],
        [dictionary, {**signal, "role": "code"}],
        [dictionary, {**signal, "role": "dictionary"}],
        [dictionary, {**signal, "shape": [2, True]}],
        [dictionary, {**signal, "field": "complex"}],
        [dictionary, None],
        [dictionary, {}],
    ):
        found = one.check({**content, "subjects": subjects})
        assert isinstance(found, certificates.Rejected)
        assert found.step == "certificate"


def test_codes_and_their_signals_are_different_subjects():
    rows = [[1, 2], [0, 1]]
    kinds = [
        subject_of(signals_from_values(given, role))["digest"]
        for role in ("signal", "code")
        for given in (rows, [[1.0, 2], [0, 1]], [1, 2, 0, 1], [[1 + 0j, 2], [0, 1]])
    ]
    assert len(set(kinds)) == 6
    assert kinds[0] == kinds[1]
