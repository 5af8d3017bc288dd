"""Edited certificates: unsealed edits are rejected; resealed ones never get a false claim accepted."""

from __future__ import annotations

import copy
import json
import re

import pytest
from certificate_dictionaries import ALL
from certificate_edits import edit, get, paths, put, renumbered, variants
from certificate_samples import SAMPLES, Sample, sample
from certificate_writer import draft, resealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import certificates
from certificates.checker import RULES, dictionary_from_values
from certificates.format import FORMAT

THEOREMS = [
    rule
    for rule in RULES
    if rule.startswith(("uniqueness", "recovery", "failure", "spark-by", "independence", "convergence", "rate"))
]
RATES = ("0", "1/4", "251/1000", "753/1000", "1")


def sound(one: Sample, content: dict) -> bool:
    """Check edited content; if it is accepted, every claim is true. Return whether it was accepted."""
    found = one.check(content)
    if isinstance(found, certificates.Rejected):
        assert found.step
        assert found.why
        return False
    for statement in found.claims:
        assert one.truth.holds(statement) is True, statement
    return True


# --- unsealed edits ---


@pytest.mark.parametrize("name", SAMPLES)
def test_every_single_byte_edit_without_a_new_seal_is_rejected(name):
    one = sample(name)
    data = one.data
    for at in range(0, len(data), 7):
        byte = data[at]
        others = {byte ^ 1, byte ^ 0x20, ord("0") + (byte + 1) % 10, 0x20} - {byte}
        edits = [data[:at] + bytes([other]) + data[at + 1 :] for other in others]
        edits += [data[:at] + data[at + 1 :], data[:at] + bytes([byte]) + data[at:]]
        for edited in edits:
            if edited == data:
                continue
            found = certificates.check(edited, dictionary=one.dictionary)
            assert isinstance(found, certificates.Rejected), (at, edited[max(at - 20, 0) : at + 20])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_changed_value_under_the_old_seal_fails_by_its_seal(name):
    one = sample(name)
    old_seal = json.loads(one.data)["seal"]
    content = one.content()
    content["origin"]["producer"] = "somebody else"
    edited = json.dumps({**content, "seal": old_seal}, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    found = certificates.check(edited, dictionary=one.dictionary)
    assert found == certificates.Rejected("certificate", "the seal does not fit: the file was damaged or edited")
    assert sound(one, content)


# --- resealed edits ---


@pytest.mark.parametrize("name", SAMPLES)
def test_no_single_resealed_edit_gets_a_false_claim_accepted(name):
    one = sample(name)
    content = one.content()
    tried = accepted = 0
    for path in paths(content):
        if path[0] in ("format", "version", "origin"):
            continue
        for value in variants(get(content, path)):
            alone = copy.deepcopy(content)
            put(alone, path, value)
            jointly = edit(content, path, value)
            for edited in [alone] if alone == jointly else [alone, jointly]:
                if edited != content:
                    tried += 1
                    accepted += sound(one, edited)
    assert tried > 300
    assert accepted < tried / 4, "hardly any edit keeps a certificate valid"


@pytest.mark.parametrize("name", SAMPLES)
def test_no_edited_claim_alone_is_accepted(name):
    """A claim is what its step derives, all of it: any change of a statement alone is rejected at that claim."""
    one = sample(name)
    content = one.content()
    for path in paths(content["claims"]):
        if len(path) < 3 or path[1] != "statement":
            continue
        for value in variants(get(content["claims"], path)):
            edited = copy.deepcopy(content)
            put(edited["claims"], path, value)
            if edited == content and value is not True:
                continue
            found = one.check(edited)
            assert isinstance(found, certificates.Rejected)
            assert found.step == f"claim {path[0]}"
            assert "derives something else" in found.why


@pytest.mark.parametrize("name", SAMPLES)
def test_edits_of_the_envelope_are_rejected(name):
    one = sample(name)
    content = one.content()
    for path, values in {
        ("version",): [0, 2, True, "1", None, [1], {"1": 1}],
        ("format",): [FORMAT + " ", "", None, 1, [FORMAT]],
        ("origin",): [None, {}, [], "npy", {"loader": "npy"}, {"loader": "npy", "producer": 1}],
        ("origin", "loader"): [None, 1, "x" * 1001, ["npy"]],
        ("subjects",): [[], None, {}, content["subjects"] * 2, [None], ["dictionary"]],
        ("subjects", 0, "role"): ["", None, "signal", 1],
        ("subjects", 0, "digest"): ["0" * 64, None, content["subjects"][0]["digest"].upper() + "A", 0],
        ("subjects", 0, "field"): ["complex" if one.dictionary.field == "real" else "real", None, "quaternion"],
        ("claims",): [[], None, {}, "all", 1],
        ("steps",): [[], None, {}, content["steps"][:-1]],
    }.items():
        for value in values:
            edited = copy.deepcopy(content)
            put(edited, path, value)
            assert isinstance(one.check(edited), certificates.Rejected), (path, value)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_certificate_is_about_no_other_dictionary(name):
    one = sample(name)
    for other in ALL:
        if other == name:
            continue
        found = certificates.check(one.data, dictionary=dictionary_from_values(ALL[other]))
        assert isinstance(found, certificates.Rejected)
        assert "it is about another dictionary" in found.why


@pytest.mark.parametrize("name", SAMPLES)
def test_claims_moved_to_another_dictionary_are_accepted_only_if_true_there(name):
    one = sample(name)
    for other in ALL:
        if other != name:
            moved = {**one.content(), "subjects": [{**draft(ALL[other]).subject, "role": "dictionary"}]}
            sound(Sample(other, ALL[other], b""), moved)


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


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_series_of_resealed_edits_gets_a_false_claim_accepted(data):
    one = sample(data.draw(st.sampled_from(SAMPLES)))
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
            put(content, path, choices[0])
        if not isinstance(content["steps"], list) or not all(
            isinstance(c, dict) and "step" in c for c in content["claims"]
        ):
            return
    sound(one, content)


@settings(max_examples=200, deadline=None)
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


# --- steps dropped, repeated and swapped ---

PLACE = re.compile(r"(step|claim) \d+")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_dropped_step_that_another_needs_is_rejected_by_name(name):
    one = sample(name)
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
            assert isinstance(found, certificates.Accepted)  # without its claim nothing needed it
            continue
        assert isinstance(found, certificates.Rejected)
        rule = content["steps"][users[0]]["rule"]
        assert found.step == f"step {users[0] - 1} ({rule})"
        assert "premises and uses" in found.why


@pytest.mark.parametrize("name", SAMPLES)
def test_a_dropped_step_that_a_claim_needs_is_rejected_by_name(name):
    one = sample(name)
    content = one.content()
    for dropped in range(len(content["steps"])):
        edited = copy.deepcopy(content)
        del edited["steps"][dropped]
        found = one.check(edited)
        assert isinstance(found, certificates.Rejected)
        assert PLACE.search(f"{found.step}: {found.why}")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_repeated_step_that_serves_nothing_is_rejected_by_name(name):
    one = sample(name)
    for repeated in range(len(one.content()["steps"])):
        content = one.content()
        count = len(content["steps"])
        content["steps"].append(content["steps"][repeated])
        found = one.check(content)
        assert isinstance(found, certificates.Rejected)
        assert found.why == f"step {count} ({content['steps'][repeated]['rule']}) serves no claim"
        content["claims"].append({**next(c for c in content["claims"] if c["step"] == repeated), "step": count})
        assert sound(one, content)


@pytest.mark.parametrize("name", SAMPLES)
def test_swapped_steps_are_rejected_by_name(name):
    one = sample(name)
    content = one.content()
    count = len(content["steps"])
    statements = {claim["step"]: claim["statement"] for claim in content["claims"]}
    for i in range(count):
        for j in range(i + 1, count):
            if statements[i] == statements[j]:
                continue  # they prove the same, and each serves for the other
            edited = copy.deepcopy(content)
            edited["steps"][i], edited["steps"][j] = edited["steps"][j], edited["steps"][i]
            found = one.check(edited)
            assert isinstance(found, certificates.Rejected)
            assert PLACE.search(f"{found.step}: {found.why}")
            swapped = {k: j if k == i else i if k == j else k for k in range(count)}
            consistent = renumbered(edited, swapped)
            forward = any(used >= at for at, step in enumerate(consistent["steps"]) for used in step["uses"])
            found = one.check(consistent)
            assert isinstance(found, certificates.Rejected) is forward
            if forward:
                assert "which is not before it" in found.why


def test_uses_cannot_point_forward_or_to_itself():
    one = sample("simplex")
    for at, step in enumerate(one.content()["steps"]):
        for used in range(at, len(one.content()["steps"]) + 2):
            content = one.content()
            content["steps"][at]["uses"] = [used] * max(len(step["uses"]), 1)
            found = one.check(content)
            assert found == certificates.Rejected("certificate", f"step {at} uses step {used}, which is not before it")


def test_a_claim_cannot_name_a_step_that_is_not_there():
    one = sample("simplex")
    count = len(one.content()["steps"])
    for step in (count, count + 1, 2**53 - 1):
        content = one.content()
        content["claims"][0]["step"] = step
        why = f"claim 0 names step {step}, and there are {count} steps"
        assert one.check(content) == certificates.Rejected("certificate", why)


def test_resealing_is_what_the_checker_calls_a_seal():
    one = sample("floats")
    assert resealed(one.content()) == one.data
