"""Any bytes as a certificate: Accepted or Rejected, in bounded time, never an exception."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from certificate_dictionaries import ALL
from certificate_edits import paths, places, put, said
from certificate_samples import sample
from certificate_writer import binary64, resealed
from hostile_steps import HANDED_IN, SECONDS, asked, content, null, step, with_steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import certificates
from certificates.checker import read_certificate
from certificates.format import canonical, integers
from certificates.rules.values import Reject

GOOD = sample("simplex").data
BODY = GOOD[:-1]

# Long ones are made when they are asked for.
BYTES: dict[str, bytes | Callable[[], bytes]] = {
    "empty": b"",
    "one newline": b"\n",
    "two newlines": GOOD + b"\n",
    "no newline": BODY,
    "carriage return": BODY + b"\r\n",
    "trailing space": BODY + b" \n",
    "leading space": b" " + GOOD,
    "leading newline": b"\n" + GOOD,
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "NUL": GOOD.replace(b"tests", b"te\0ts"),
    "DEL": GOOD.replace(b"tests", b"te\x7fts"),
    "tab": GOOD.replace(b'"tests"', b'\t"tests"'),
    "non-ASCII text": GOOD.replace(b"tests", "tésts".encode()),
    "Latin-1 text": GOOD.replace(b"tests", b"t\xe9sts"),
    "escape": GOOD.replace(b"tests", b"te\\u0073ts"),
    "escaped quote": GOOD.replace(b"tests", b'te\\"ts'),
    "lone surrogate escape": GOOD.replace(b"tests", b"\\ud800"),
    "surrogate bytes": GOOD.replace(b"tests", b"\xed\xa0\x80"),
    "space after comma": GOOD.replace(b",", b", ", 1),
    "duplicate key": GOOD.replace(b'"version":1', b'"version":1,"version":1'),
    "duplicate inner key": GOOD.replace(b'"producer":"tests"', b'"producer":"other","producer":"tests"'),
    "unsorted keys": BODY.replace(b',"version":1', b"").replace(b"{", b'{"version":1,', 1) + b"\n",
    "unknown field": canonical({**json.loads(GOOD), "extra": 1}),
    "sealed unknown field": resealed({**content(), "extra": 1}),
    "float": GOOD.replace(b'"version":1', b'"version":1.0'),
    "exponent": GOOD.replace(b'"version":1', b'"version":1e0'),
    "NaN": GOOD.replace(b'"version":1', b'"version":NaN'),
    "Infinity": GOOD.replace(b'"version":1', b'"version":-Infinity'),
    "minus zero": GOOD.replace(b'"version":1', b'"version":-0'),
    "leading zero": GOOD.replace(b'"version":1', b'"version":01'),
    "huge integer": GOOD.replace(b'"version":1', b'"version":' + b"9" * 10**6),
    "integer of 5000 digits": GOOD.replace(b'"version":1', b'"version":' + b"9" * 5000),
    "2^53": GOOD.replace(b'"version":1', b'"version":9007199254740992'),
    "no JSON": b"certificate\n",
    "two objects": BODY + GOOD,
    "null": b"null\n",
    "true": b"true\n",
    "number": b"1\n",
    "text": b'"certificate"\n',
    "list": b"[]\n",
    "empty object": b"{}\n",
    "list of a certificate": b"[" + BODY + b"]\n",
    "deep lists": lambda: b"[" * 10**6 + b"]" * 10**6 + b"\n",
    "deep lists unclosed": lambda: b"[" * (1 << 22) + b"\n",
    "deep objects": lambda: b'{"a":' * 10**5 + b"1" + b"}" * 10**5 + b"\n",
    "deep after a lone quote": lambda: b'"' + b"[" * 10**6 + b"\n",
    "deep inside": GOOD.replace(b'"tests"', b"[" * 17 + b"]" * 17),
    "nested 17": b"[" * 17 + b"]" * 17 + b"\n",
    "closing brackets": lambda: b"]" * 10**6 + b"[" * 10**6 + b"\n",
    "mixed brackets": lambda: b"[}" * 10**6 + b"\n",
    "quotes": lambda: b'"' * (10**6 + 1) + b"\n",
    "commas": lambda: b"[" + b"," * 4_000_001 + b"]\n",
    "wide list": lambda: b"[" + b"0," * 4_000_001 + b"0]\n",
    "many lists": lambda: b"[" + b"[]," * 2_000_001 + b"[]]\n",
    "long text": lambda: canonical({**json.loads(GOOD), "seal": "0" * (1 << 25)}),
    "too long": lambda: b" " * ((64 << 20) + 1),
    "long loader": resealed({**content(), "origin": {"loader": "x" * 1001, "producer": ""}}),
    "no seal": canonical(content()),
    "seal of another": canonical({**content(), "seal": "0" * 64}),
    "upper-case seal": GOOD.replace(
        json.loads(GOOD)["seal"].encode(), json.loads(GOOD)["seal"].upper().replace("0", "O").encode()
    ),
    "version 2": resealed({**content(), "version": 2}),
    "version true": resealed({**content(), "version": True}),
    "shape of booleans": resealed(
        {**content(), "subjects": [{**content()["subjects"][0], "shape": [3, True]}]},
    ),
    "10^5 steps": lambda: with_steps([step("atom-norms")] * 10**5),
    "10001 steps": lambda: with_steps([step("welch-bound")] * 10001),
    "10^5 idle steps": lambda: with_steps([step("atom-norms")] * 10**5, content()["claims"][:1]),
    "no steps": with_steps([], content()["claims"]),
    "step null": with_steps([None]),
    "step without rule": with_steps([{"evidence": {}, "uses": []}]),
    "rule of a list": with_steps([{"evidence": {}, "rule": ["atom-norms"], "uses": []}]),
    "long rule": with_steps([step("x" * 101)]),
    "dunder rule": with_steps([step("__class__")]),
    "evidence list": with_steps([{"evidence": [], "rule": "atom-norms", "uses": []}]),
    "uses null": with_steps([{"evidence": {}, "rule": "atom-norms", "uses": None}]),
    "uses negative": with_steps([step("atom-norms"), step("spark-by-coherence", [-1])]),
    "uses true": with_steps([step("atom-norms"), step("atom-norms"), step("spark-by-coherence", [True])]),
    "uses itself": with_steps([step("spark-by-coherence", [0])]),
    "uses the next": with_steps([step("spark-by-coherence", [1]), step("atom-norms")]),
    "uses out of range": with_steps([step("spark-by-coherence", [2**53 - 1])]),
    "uses the same 10^6 times": lambda: with_steps([step("atom-norms"), step("spark-by-coherence", [0] * 10**6)]),
    "claim of null": with_steps([step("atom-norms")], [None]),
    "claim without statement": with_steps([step("atom-norms")], [{"step": 0}]),
    "statement null": with_steps([step("atom-norms")], [{"statement": None, "step": 0}]),
    "statement empty": with_steps([step("atom-norms")], [{"statement": {}, "step": 0}]),
    "claim of a step true": with_steps([step("atom-norms")] * 2, [{"statement": {}, "step": True}]),
    "claim of a negative step": with_steps([step("atom-norms")], [{"statement": {}, "step": -1}]),
    "claim out of range": with_steps([step("atom-norms")], [{"statement": {}, "step": 1}]),
    "deep statement": with_steps(
        [step("atom-norms")], [{"statement": {"kind": [[[[[[[[[[[[[]]]]]]]]]]]]]}, "step": 0}]
    ),
    "10^5 claims": lambda: with_steps([step("atom-norms")], [{"statement": {"kind": "atom-norms"}, "step": 0}] * 10**5),
    "vector of 10^6 numbers": lambda: with_steps([null(integers([1] * 10**6))]),
    "vector of 10^6 floats": lambda: with_steps([null(binary64([5e-324] * 10**6))]),
    "support of 10^6": lambda: with_steps([null(integers([1] * 10**6), range(10**6))]),
    "exponent 10^15": with_steps([null(integers([1, 1, 1, 1], 10**15))]),
    "exponent -10^15": with_steps([null(integers([1, 1, 1, 1], -(10**15)))]),
    "long base64": lambda: with_steps([null({"binary64": "A" * (1 << 25)})]),
    "base64 with spaces": with_steps([null({"binary64": " " * 40})]),
    "integers of 50000 digits": lambda: with_steps([null({"exponent": 5000, "integers": ["f" * 50000] * 4})]),
    "an integer of 10^7 digits": lambda: with_steps([null({"exponent": 0, "integers": ["f" * 10**7] * 4})]),
    "rational of 10^6 digits": lambda: with_steps([step("babel", lower=["9" * 10**6], upper=["1"])]),
    "3000 rationals": lambda: with_steps([step("babel", lower=["9" * 4000] * 3000, upper=["1/" + "9" * 4000] * 3000)]),
    "rationals of other lengths": lambda: with_steps([step("babel", lower=["0"] * 10**6, upper=["1"])]),
    "modulus 0": with_steps([step("rank", columns=[0], modulus=0, root=0, rows=[0])]),
    "big rank": lambda: with_steps(
        [step("rank", columns=list(range(10**5)), modulus=7, root=0, rows=list(range(10**5)))]
    ),
    "level 2^53 - 1": with_steps(
        [step("mutual-coherence", pair=[0, 1]), {**step("recovery-by-coherence", [0]), "evidence": asked(2**53 - 1)}]
    ),
}


def hostile(name: str) -> bytes:
    made = BYTES[name]
    return made if isinstance(made, bytes) else made()


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.sampled(2)
def test_hostile_bytes_are_rejected(name):
    data = hostile(name)
    start = time.monotonic()
    found = certificates.check(data, dictionary=HANDED_IN)
    assert isinstance(found, certificates.Rejected)
    assert found.step
    assert 0 < len(found.why) < 400
    assert time.monotonic() - start < SECONDS
    if len(data) < 1 << 20:  # an estimate reads as a check does
        assert certificates.estimate_work(data, dictionary=HANDED_IN) < 10**12


REASONS = {
    "two newlines": "one line of printable ASCII",
    "escape": "one line of printable ASCII",
    "duplicate key": "not in canonical form",
    "unsorted keys": "not in canonical form",
    "space after comma": "not in canonical form",
    "minus zero": "not in canonical form",
    "float": "holds no floating-point numbers",
    "NaN": "holds no floating-point numbers",
    "2^53": "a JSON integer is not below 2^53",
    "huge integer": "a JSON integer is not below 2^53",
    "no JSON": "it is not JSON",
    "list": "the certificate is not an object",
    "empty object": "the certificate has no field claims",
    "sealed unknown field": "the certificate has an unknown field extra",
    "deep lists": "nested more than 16 deep",
    "nested 17": "nested more than 16 deep",
    "wide list": "more than 4000000 commas",
    "many lists": "more than 4000000 commas",
    "too long": "more than 67108864",
    "version 2": "this checker reads version 1",
    "version true": "version in the certificate is not a natural number",
    "shape of booleans": "the shape differs",
    "10001 steps": "at most 10000 steps",
    "uses negative": "uses in step 1 is not a list of natural numbers",
    "uses true": "uses in step 2 is not a list of natural numbers",
    "uses null": "uses in step 0 is not a list",
    "step null": "step 0 is not an object",
    "long rule": "rule in step 0 is not a text of at most 100 characters",
    "claim of null": "claim 0 is not an object",
    "statement null": "the statement of claim 0 is not an object",
    "claim out of range": "claim 0 names step 1, and there are 1 steps",
    "seal of another": "the seal does not fit",
    "uses the same 10^6 times": "it needs 1 premises and uses 1000000",
    "vector of 10^6 floats": "not a text of at most 44 characters",
    "vector of 10^6 numbers": "not an array of length 4",
}


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_says_what_is_wrong(name):
    found = certificates.check(hostile(name), dictionary=HANDED_IN)
    assert isinstance(found, certificates.Rejected)
    assert REASONS[name] in found.why


def test_nesting_of_16_is_read():
    with pytest.raises(Reject, match="the certificate is not an object"):
        read_certificate(b"[" * 16 + b"]" * 16 + b"\n")


WRONG = (None, True, False, 0, -1, 2**53 - 1, "", "x", "0", [], [[]], [None], {}, {"": None}, [0, 0], ["0", "1"])


@pytest.mark.parametrize("name", ["simplex", "complex-plane"])
def test_wrong_types_everywhere(name):
    """Every value of a certificate, one after the other, replaced by values of every type."""
    one = sample(name)
    whole = one.content()
    envelope = [(whole, path) for path in paths(whole) if path[0] in ("format", "origin", "version")]
    for part, path in [*places(whole), *said(whole), *envelope]:
        for wrong in WRONG:
            edited = put(part, path, wrong)
            found = one.check(edited)
            if path[0] == "origin" and isinstance(wrong, str) and len(path) == 2:
                assert isinstance(found, certificates.Accepted)
            elif isinstance(found, certificates.Accepted):
                assert all(one.truth.holds(statement) is True for statement in found.claims)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_rejected(data):
    assert isinstance(certificates.check(data, dictionary=HANDED_IN), certificates.Rejected)


_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.text("abcdef0123456789/-{}[]:, =+", max_size=12)
    | st.sampled_from(["1/2", "l1", "unit", "null-vector", "rank", "babel", "binary64", "AAAAAAAA8D8="])
)
_names = st.sampled_from(
    ["claims", "evidence", "rule", "uses", "step", "statement", "kind", "level", "pair", "real", "integers", "exponent"]
)
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4), max_leaves=12
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_json)
def test_arbitrary_json_is_rejected(value):
    assert isinstance(certificates.check(canonical(value), dictionary=HANDED_IN), certificates.Rejected)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(certificates.rules.RULES)),
            st.dictionaries(_names, _json, max_size=3),
            st.lists(st.integers(0, 3), max_size=2),
        ),
        min_size=1,
        max_size=4,
    ),
    _json,
)
def test_arbitrary_steps_under_a_right_envelope_are_rejected(steps, statement):
    """No such step derives a statement that such a claim could state."""
    written = [{"evidence": evidence, "rule": rule, "uses": uses} for rule, evidence, uses in steps]
    claims = [{"statement": {"kind": "x", "y": statement}, "step": at} for at in range(len(written))]
    assert isinstance(certificates.check(with_steps(written, claims), dictionary=HANDED_IN), certificates.Rejected)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_arbitrary_evidence_in_the_right_fields_never_breaks_a_rule(data):
    one = sample(data.draw(st.sampled_from(sorted(ALL))))
    content = one.content()
    at = data.draw(st.integers(0, len(content["steps"]) - 1))
    for field in content["steps"][at]["evidence"]:
        if data.draw(st.booleans()):
            content["steps"][at]["evidence"][field] = data.draw(_json)
    found = one.check(content)
    if isinstance(found, certificates.Accepted):
        assert all(one.truth.holds(statement) is True for statement in found.claims)
