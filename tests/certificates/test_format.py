"""The writer's half and the checker's reader agree: two readings of SPEC.md."""

from __future__ import annotations

import json
import sys
from fractions import Fraction

import pytest
from certificate_dictionaries import SIMPLEX
from certificate_samples import sample
from certificate_writer import answer, binary64, draft
from hypothesis import given, settings
from hypothesis import strategies as st

import certificates
from certificates.checker import read_certificate
from certificates.format import Draft, FormatError, canonical, integers, packed, plain_text, rational, seal
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


@given(st.sampled_from([1, 2, 4, 8]), st.data(), st.integers(-5000, 5000))
def test_packed_integers_round_trip(width, data, exponent):
    top = 1 << (8 * width - 1)
    numbers = data.draw(st.lists(st.sampled_from([-top, -1, 0, 1, top - 1]) | st.integers(-top, top - 1)))
    array = packed(b"".join(n.to_bytes(width, "little", signed=True) for n in numbers), width, exponent)
    read, found = Fields({"a": json.loads(canonical(array))}, ("a",)).integers("a", len(numbers))
    assert ([*read], found) == (numbers, exponent)


def test_packed_integers_of_another_byte_order(monkeypatch):
    array = packed(bytes([1, 2, 3, 4]), 2)
    fields = Fields({"a": array}, ("a",))
    assert [*fields.integers("a", 2)[0]] == [0x0201, 0x0403]
    monkeypatch.setattr(sys, "byteorder", "big" if sys.byteorder == "little" else "little")
    assert [*fields.integers("a", 2)[0]] == [0x0102, 0x0304]


@pytest.mark.parametrize(
    "change, why",
    [
        ({"bytes": 3}, "bytes in a is not 1, 2, 4 or 8"),
        ({"bytes": 0}, "bytes in a is not 1, 2, 4 or 8"),
        ({"bytes": 16}, "bytes in a is not 1, 2, 4 or 8"),
        ({"bytes": -1}, "bytes in a is not a natural number"),
        ({"bytes": True}, "bytes in a is not a natural number"),
        ({"bytes": "2"}, "bytes in a is not a natural number"),
        ({"bytes": 1}, "packed in a is not the base64 of 3 bytes"),
        ({"bytes": 4}, "packed in a is not the base64 of 12 bytes"),
        ({"exponent": 5001}, "exponent in a is not an integer from -5000 to 5000"),
        ({"exponent": -5001}, "exponent in a is not an integer from -5000 to 5000"),
        ({"exponent": False}, "exponent in a is not an integer from -5000 to 5000"),
        ({"exponent": None}, "exponent in a is not an integer from -5000 to 5000"),
        ({"packed": None}, "packed in a is not a text of at most 12 characters"),
        ({"packed": [1, 2, 3]}, "packed in a is not a text of at most 12 characters"),
        ({"packed": "A" * 13}, "packed in a is not a text of at most 12 characters"),
        ({"packed": "AAAAAAA"}, "packed in a is not base64"),
        ({"packed": "AAAA AAA"}, "packed in a is not base64"),
        ({"packed": "AAAA-AAA"}, "packed in a is not base64"),
        ({"packed": "AAAAAA=="}, "packed in a is not the base64 of 6 bytes"),
        ({"packed": ""}, "packed in a is not the base64 of 6 bytes"),
        ({"surplus": 1}, "a has an unknown field surplus"),
        ({"integers": []}, "a has an unknown field integers"),
        ({"binary64": ""}, "a has an unknown field binary64"),
    ],
)
def test_packed_integers_are_refused(change, why):
    array = packed(bytes(6), 2, -1)
    assert [*Fields({"a": array}, ("a",)).integers("a", 3)[0]] == [0, 0, 0]
    with pytest.raises(Reject) as refusal:
        Fields({"a": {**array, **change}}, ("a",)).integers("a", 3)
    assert why in str(refusal.value)


def test_packed_integers_need_all_their_fields_and_one_spelling():
    array = packed(bytes(1), 1)
    assert array["packed"] == "AA=="
    for missing in array:
        rest = {name: value for name, value in array.items() if name != missing}
        with pytest.raises(Reject):
            Fields({"a": rest}, ("a",)).integers("a", 1)
    with pytest.raises(Reject, match="not the base64 of 1 bytes"):
        Fields({"a": {**array, "packed": "AB=="}}, ("a",)).integers("a", 1)


@pytest.mark.thorough
def test_floats_that_are_too_many_and_too_far_apart_are_refused():
    """A million numbers of 2098 bits each; either half of them alone is short."""
    many, near = [5e-324] * 700_000, [2.0**1023] * 700_000
    for numbers in (many, near):
        assert len(Fields({"a": binary64(numbers)}, ("a",)).integers("a", len(numbers))[0]) == len(numbers)
    with pytest.raises(Reject, match="the values of a are too many and too far apart"):
        Fields({"a": binary64([*many, *near])}, ("a",)).integers("a", 1_400_000)
    assert len(Fields({"a": binary64([])}, ("a",)).integers("a", 0)[0]) == 0


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
