"""The writer's half and the checker's reader agree: two readings of SPEC.md."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from certificate_samples import SIMPLEX, answer, binary64, draft, sample
from hypothesis import given, settings
from hypothesis import strategies as st

import certificates
from certificates.checker import read_certificate
from certificates.format import Draft, FormatError, canonical, integers, plain_text, rational, seal
from certificates.rules import values
from certificates.rules.values import Fields, Reject

LONGEST = 10**4000 - 1


@given(st.fractions())
def test_rational_numbers_round_trip(value):
    assert values.rational(rational(value), "x") == value
    assert values.spell(value) == rational(value)


@pytest.mark.parametrize(
    "value",
    [Fraction(LONGEST), Fraction(-LONGEST, 2), Fraction(1, LONGEST), Fraction(-LONGEST, LONGEST - 1), Fraction(0)],
)
def test_rational_numbers_of_4000_digits_round_trip(value):
    assert values.rational(rational(value), "x") == value
    assert values.spell(value) == rational(value)


@pytest.mark.parametrize("value", [Fraction(LONGEST + 1), Fraction(-LONGEST - 1), Fraction(1, LONGEST + 1)])
def test_longer_rational_numbers_are_refused_by_both(value):
    with pytest.raises(FormatError, match="more than 4000 digits"):
        rational(value)
    with pytest.raises(Reject, match="more than 4000 digits"):
        values.spell(value)


@given(st.lists(st.integers()), st.integers(-5000, 5000))
def test_integers_round_trip(numbers, exponent):
    read = Fields({"a": json.loads(canonical(integers(numbers, exponent)))}, ("a",)).integers("a", len(numbers))
    assert read == (numbers, exponent)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_floats_round_trip(numbers):
    read, exponent = Fields({"a": binary64(numbers)}, ("a",)).integers("a", len(numbers))
    assert [n * Fraction(2) ** exponent for n in read] == [Fraction(x) for x in numbers]


@given(st.text())
def test_free_text_is_made_printable(text):
    plain = plain_text(text)
    assert len(plain) == min(len(text), 200)
    written = draft(SIMPLEX)
    written.loader = written.producer = text
    written.claim(written.step("welch-bound"), "welch-bound", squared="1/9")
    assert isinstance(answer(SIMPLEX, written), certificates.Accepted)
    assert read_certificate(written.sealed()).producer == plain


_json = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text("abc 0/-~[]{}:,", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcz", max_size=3), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.lists(_json, min_size=1, max_size=3))
def test_canonical_bytes_and_seal_are_what_the_checker_reads(evidence):
    written = draft(SIMPLEX)
    for item in evidence:
        written.step("anything", [0, 1], value=item)
    written.claim(0, "anything", value=evidence[0])
    read = read_certificate(written.sealed())
    assert [step.evidence for step in read.steps] == [{"value": item} for item in evidence]
    assert read.claims == ((0, {"kind": "anything", "value": evidence[0]}),)
    assert [step.uses for step in read.steps] == [(0, 1)] * len(evidence)


def test_canonical_form():
    assert canonical({"b": [1, None, True], "a": "x"}) == b'{"a":"x","b":[1,null,true]}\n'
    content = sample("simplex").content()
    assert seal(content) == seal({**content, "seal": "anything"}) == json.loads(sample("simplex").data)["seal"]
    assert seal(content) != seal({**content, "version": 2})


def test_nothing_claimed_is_no_certificate():
    empty = Draft(subject={}, loader="npy", producer="tests")
    with pytest.raises(FormatError, match="a certificate claims something"):
        empty.sealed()
    empty.step("welch-bound")
    with pytest.raises(FormatError, match="a certificate claims something"):
        empty.sealed()


def test_steps_are_numbered_in_order():
    written = draft(SIMPLEX)
    assert [written.step("welch-bound") for _ in range(3)] == [0, 1, 2]
