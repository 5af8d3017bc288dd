"""Edited certificates: unsealed edits are rejected; resealed ones never get a false claim accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from all_samples import ALL_SAMPLES, AnySample, sample, sound
from certificate_edits import edit, get, paths, places, put, restricted, said, variants
from certificate_samples import SAMPLES
from certificate_writer import resealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import certificates
from certificates.format import FORMAT
from certificates.rules import RULES

THEOREMS = [
    rule
    for rule in RULES
    if rule.startswith(("uniqueness", "recovery", "failure", "spark-by", "independence", "convergence", "rate"))
]
RATES = ("0", "1/4", "251/1000", "753/1000", "1")
_LONG = 150
"""Places in a certificate; of a longer one every other value is tried, a different half at the next place."""


# --- unsealed edits ---


def byte_edits(data: bytes, at: int) -> Iterator[bytes]:
    byte = data[at]
    for other in {byte ^ 1, byte ^ 0x20, ord("0") + (byte + 1) % 10, 0x20} - {byte}:
        yield data[:at] + bytes([other]) + data[at + 1 :]
    for edited in (data[:at] + data[at + 1 :], data[:at] + bytes([byte]) + data[at:]):
        if edited != data:
            yield edited


def rejects_byte_edits(one: AnySample, data: bytes, stride: int) -> None:
    for at in range(0, len(data), stride):
        for edited in byte_edits(data, at):
            assert isinstance(one.check(edited), certificates.Rejected), (at, edited[max(at - 20, 0) : at + 20])


@pytest.mark.parametrize("name", ["singles", "line"])
def test_every_single_byte_edit_without_a_new_seal_is_rejected(name):
    """Of a short certificate, every byte."""
    one = sample(name)
    short = resealed(restricted(one.content(), [1])[0])
    assert isinstance(one.check(short), certificates.Accepted)
    assert len(short) < 1200
    rejects_byte_edits(one, short, 1)


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_single_byte_edits_without_a_new_seal_are_rejected(name):
    rejects_byte_edits(sample(name), sample(name).data, 97)


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_a_changed_value_under_the_old_seal_fails_by_its_seal(name):
    one = sample(name)
    content = put(one.content(), ("origin", "producer"), "somebody else")
    old_seal = json.loads(one.data)["seal"]
    edited = json.dumps({**content, "seal": old_seal}, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    found = one.check(edited)
    assert found == certificates.Rejected("certificate", "the seal does not fit: the file was damaged or edited")
    assert sound(one, content)


# --- resealed edits ---


@pytest.mark.parametrize("name", ALL_SAMPLES)
@pytest.mark.sampled(2)
def test_no_single_resealed_edit_gets_a_false_claim_accepted(name):
    """Every value replaced by its variants, half of them in a long certificate, alone and with claims that repeat it."""
    one = sample(name)
    tried = accepted = 0
    every = list(places(one.content()))
    step = 2 if len(every) > _LONG else 1
    for at, (content, path) in enumerate(every):
        for value in variants(get(content, path))[at % step :: step]:
            alone, jointly = put(content, path, value), edit(content, path, value)
            for edited in [alone] if alone == jointly else [alone, jointly]:
                if edited != content:
                    tried += 1
                    accepted += sound(one, edited)
    assert tried > 200
    assert 0 < accepted < tried / 4, "some edits keep a certificate valid, and hardly any"


@pytest.mark.parametrize("name", ALL_SAMPLES)
@pytest.mark.sampled(2)
def test_no_edited_claim_alone_is_accepted(name):
    """A claim is what its step derives, all of it: any change of a statement alone is rejected at that claim."""
    one = sample(name)
    whole = one.content()
    changes = [(whole, ("claims", at, "statement", "kind"), "rank-") for at in range(len(whole["claims"]))]
    changes += [(content, path, value) for content, path in said(whole) for value in variants(get(content, path))]
    for content, path, value in changes:
        edited = put(content, path, value)
        if repr(edited) == repr(content):
            continue
        found = one.check(edited)
        assert isinstance(found, certificates.Rejected)
        assert found.step == f"claim {path[1]}"
        assert "derives something else" in found.why


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_edits_of_the_envelope_are_rejected(name):
    one = sample(name)
    content = one.content()
    subject = content["subjects"][0]
    for path, values in {
        ("version",): [0, 2, True, "1", None, [1], {"1": 1}],
        ("format",): [FORMAT + " ", "", None, 1, [FORMAT]],
        ("origin",): [None, {}, [], "npy", {"loader": "npy"}, {"loader": "npy", "producer": 1}],
        ("origin", "loader"): [None, 1, "x" * 1001, ["npy"]],
        ("subjects",): [[], None, {}, content["subjects"] * 2, [None], ["dictionary"]],
        ("subjects", 0, "role"): ["", None, "signal", 1],
        ("subjects", 0, "digest"): ["0" * 64, None, subject["digest"].upper() + "A", 0],
        ("subjects", 0, "field"): ["complex" if subject["field"] == "real" else "real", None, "quaternion"],
        ("claims",): [[], None, {}, "all", 1],
        ("steps",): [[], None, {}, content["steps"][:-1]],
    }.items():
        for value in values:
            assert isinstance(one.check(put(content, path, value)), certificates.Rejected), (path, value)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_series_of_resealed_edits_gets_a_false_claim_accepted(data):
    one = sample(data.draw(st.sampled_from(ALL_SAMPLES)))
    content = one.content()
    for _ in range(data.draw(st.integers(1, 5))):
        path = data.draw(st.sampled_from(paths(content)))
        if path[0] in ("format", "version", "subjects") or len(path) == 1:
            continue
        choices = variants(get(content, path))
        if path[-2:-1] == ("uses",) or path[-1] == "step":
            choices = list(range(len(content["steps"])))
        try:
            content = edit(content, path, data.draw(st.sampled_from(choices)))
        except (KeyError, TypeError, IndexError):
            content = put(content, path, choices[0])
        if not isinstance(content["steps"], list) or not all(
            isinstance(c, dict) and "step" in c for c in content["claims"]
        ):
            return
    sound(one, content)


@settings(max_examples=130, deadline=None)
@given(data=st.data())
def test_no_step_written_at_will_gets_a_false_claim_accepted(data):
    """One more step of any theorem on any premises, claimed at any level: accepted only if true."""
    one = sample(data.draw(st.sampled_from(SAMPLES)))
    content = one.content()
    count = len(content["steps"])
    rule = data.draw(st.sampled_from(THEOREMS))
    uses = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=2))
    level = data.draw(st.integers(1, one.truth.n))
    question, scaling = (
        data.draw(st.sampled_from(("l0", "l1", "network", "omp"))),
        data.draw(st.sampled_from(("unit", "as-given"))),
    )
    asked = {"level": level, "question": question, "scaling": scaling}
    if rule.startswith(("uniqueness", "recovery", "failure", "convergence")):
        kind = "refuted" if rule.startswith("failure") else "guaranteed"
        evidence, statement = asked, {**asked, "kind": kind, "theorem": rule}
    elif rule in ("spark-by-null-vector", "spark-by-dimension"):
        evidence, statement = {}, {"kind": "spark-upper", "value": data.draw(st.integers(1, 9))}
    elif rule.startswith("spark"):
        first = {"first": data.draw(st.sets(st.integers(0, one.truth.n - 1)).map(sorted))}
        evidence = first if rule == "spark-by-orthogonal-families" else {}
        statement = {"kind": "spark-lower", "theorem": rule, "value": data.draw(st.integers(1, 9))}
    elif rule.startswith("rate"):
        evidence = {"level": level}
        statement = {"kind": "network-rate", "level": level, "rate": data.draw(st.sampled_from(RATES)), "theorem": rule}
    else:
        evidence, statement = {}, {"kind": "independent"}
    content["steps"].append({"evidence": evidence, "rule": rule, "uses": uses})
    content["claims"].append({"statement": statement, "step": count})
    sound(one, content)


def test_resealing_is_what_the_checker_calls_a_seal():
    one = sample("floats")
    assert resealed(one.content()) == one.data
