"""Edited certificates about signals: unsealed edits are rejected; resealed ones never get a false claim accepted."""

from __future__ import annotations

import copy
import re

import pytest
from certificate_edits import edit, get, paths, put, renumbered, variants
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from problem_samples import ALL, PROBLEM_SAMPLES, ProblemSample, problem_sample, subject_of

import certificates
from certificates.subjects import signals_from_values

PLACE = re.compile(r"(step|claim) \d+")


def sound(one: ProblemSample, content: dict) -> bool:
    """Check edited content; if it is accepted, every claim is true. Return whether it was accepted."""
    found = one.check(content)
    if isinstance(found, certificates.Rejected):
        assert found.step
        assert found.why
        return False
    for statement in found.claims:
        assert one.truth.holds(statement) is True, statement
    return True


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_single_byte_edits_without_a_new_seal_are_rejected(name):
    one = problem_sample(name)
    data = one.data
    for at in range(0, len(data), 97):
        byte = data[at]
        for other in {byte ^ 1, byte ^ 0x20, ord("0") + (byte + 1) % 10} - {byte}:
            edited = data[:at] + bytes([other]) + data[at + 1 :]
            assert isinstance(one.check(edited), certificates.Rejected), at


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_no_single_resealed_edit_gets_a_false_claim_accepted(name):
    """Edits of evidence together with the claims that repeat it, piece by piece."""
    one = problem_sample(name)
    tried = accepted = 0
    for content in one.pieces():
        assert sound(one, content)
        for path in paths(content["steps"]):
            for value in variants(get(content["steps"], path)):
                edited = edit(content, ("steps", *path), value)
                if edited != content:
                    tried += 1
                    accepted += sound(one, edited)
    assert tried > 200
    assert 0 < accepted < tried / 4, "some edits keep a certificate valid, and hardly any"


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_no_edited_claim_alone_is_accepted(name):
    one = problem_sample(name)
    for content in one.pieces():
        for number, path in enumerate(paths(content["claims"])):
            if len(path) < 3 or path[1] != "statement":
                continue
            for value in variants(get(content["claims"], path))[number % 3 :: 3]:
                edited = copy.deepcopy(content)
                put(edited["claims"], path, value)
                if repr(edited) == repr(content):
                    continue
                found = one.check(edited)
                assert isinstance(found, certificates.Rejected)
                assert found.step == f"claim {path[0]}"
                assert "derives something else" in found.why


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_dropped_steps_that_others_need_are_rejected_by_name(name):
    one = problem_sample(name)
    content = one.content()
    count = len(content["steps"])
    for dropped in range(count):
        users = [at for at, step in enumerate(content["steps"]) if dropped in step["uses"]]
        edited = renumbered(content, {i: i - (i > dropped) for i in range(count) if i != dropped})
        del edited["steps"][dropped]
        if not edited["claims"]:
            continue
        found = one.check(edited)
        if not users:
            assert isinstance(found, certificates.Accepted)
            continue
        assert isinstance(found, certificates.Rejected)
        assert found.step == f"step {users[0] - 1} ({content['steps'][users[0]]['rule']})"
        assert "premises and uses" in found.why


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_swapped_premises_are_rejected_by_name_or_true(name):
    """Every premise of every step replaced by every second earlier step."""
    one = problem_sample(name)
    content = one.content()
    for at, step in enumerate(content["steps"]):
        for place in range(len(step["uses"])):
            for other in range((at + place) % 2, at, 2):
                edited = copy.deepcopy(content)
                edited["steps"][at]["uses"][place] = other
                found = one.check(edited)
                if isinstance(found, certificates.Rejected):
                    assert PLACE.search(f"{found.step}: {found.why}")
                else:
                    assert all(one.truth.holds(statement) is True for statement in found.claims)


@pytest.mark.parametrize("name", PROBLEM_SAMPLES)
def test_claims_about_other_signals_are_accepted_only_if_true_there(name):
    """The same steps about other subjects: about itself rejected by digest, moved there only if true."""
    one = problem_sample(name)
    for other, (rows, *_) in ALL.items():
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_series_of_resealed_edits_gets_a_false_claim_accepted(data):
    one = problem_sample(data.draw(st.sampled_from(PROBLEM_SAMPLES)))
    content = data.draw(st.sampled_from(one.pieces()))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(paths(content["steps"]) or [()]))
        if len(path) < 2:
            continue
        path = ("steps", *path)
        choices = variants(get(content, path))
        if path[-2:-1] == ("uses",):
            choices = list(range(len(content["steps"])))
        content = edit(content, path, data.draw(st.sampled_from(choices)))
    sound(one, content)
