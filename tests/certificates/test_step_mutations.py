"""Steps dropped, repeated and swapped, and premises exchanged: what a claim needs is missed by name."""

from __future__ import annotations

import re

import pytest
from all_samples import ALL_SAMPLES, sample, sound
from certificate_edits import concerned, put, renumbered, restricted
from certificate_samples import SAMPLES

import certificates

PLACE = re.compile(r"(step|claim) \d+")


@pytest.mark.parametrize("name", ALL_SAMPLES)
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


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_a_dropped_step_that_a_claim_needs_is_rejected_by_name(name):
    one = sample(name)
    for dropped in range(len(one.content()["steps"])):
        edited = one.content()
        del edited["steps"][dropped]
        found = one.check(edited)
        assert isinstance(found, certificates.Rejected)
        assert PLACE.search(f"{found.step}: {found.why}")


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_a_repeated_step_that_serves_nothing_is_rejected_by_name(name):
    one = sample(name)
    whole = one.content()
    for repeated in range(len(whole["steps"])):
        content, new = restricted(whole, [repeated])
        count, at = len(content["steps"]), new[repeated]
        content["steps"].append(content["steps"][at])
        found = one.check(content)
        assert isinstance(found, certificates.Rejected)
        assert found.why == f"step {count} ({content['steps'][at]['rule']}) serves no claim"
        content["claims"].append({**next(c for c in content["claims"] if c["step"] == at), "step": count})
        assert sound(one, content)


@pytest.mark.parametrize("name", SAMPLES)
def test_swapped_steps_are_rejected_by_name(name):
    """Every pair of steps, in the least certificate that holds both."""
    one = sample(name)
    whole = one.content()
    for a in range(len(whole["steps"])):
        for b in range(a + 1, len(whole["steps"])):
            content, new = restricted(whole, [a, b])
            i, j = new[a], new[b]
            statements = {claim["step"]: claim["statement"] for claim in content["claims"]}
            if statements[i] == statements[j]:
                continue  # they prove the same, and each serves for the other
            steps = list(content["steps"])
            steps[i], steps[j] = steps[j], steps[i]
            edited = {**content, "steps": steps}
            found = one.check(edited)
            assert isinstance(found, certificates.Rejected)
            assert PLACE.search(f"{found.step}: {found.why}")
            swapped = {k: j if k == i else i if k == j else k for k in range(len(steps))}
            consistent = renumbered(edited, swapped)
            forward = any(used >= at for at, step in enumerate(consistent["steps"]) for used in step["uses"])
            found = one.check(consistent)
            assert isinstance(found, certificates.Rejected) is forward
            if forward:
                assert "which is not before it" in found.why


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_exchanged_premises_are_rejected_by_name_or_true(name):
    """Every premise of every step replaced by every earlier step, in the least certificate that holds both."""
    one = sample(name)
    whole = one.content()
    for at, step in enumerate(whole["steps"]):
        for place in range(len(step["uses"])):
            for other in range(at):
                content, new = restricted(whole, {*concerned(whole, at), other})
                found = one.check(put(content, ("steps", new[at], "uses", place), new[other]))
                if isinstance(found, certificates.Rejected):
                    assert PLACE.search(f"{found.step}: {found.why}")
                else:
                    assert all(one.truth.holds(statement) is True for statement in found.claims)


def test_uses_cannot_point_forward_or_to_itself():
    one = sample("simplex")
    content = one.content()
    for at, step in enumerate(content["steps"]):
        for used in range(at, len(content["steps"]) + 2):
            edited = put(content, ("steps", at, "uses"), [used] * max(len(step["uses"]), 1))
            found = one.check(edited)
            assert found == certificates.Rejected("certificate", f"step {at} uses step {used}, which is not before it")


def test_a_claim_cannot_name_a_step_that_is_not_there():
    one = sample("simplex")
    count = len(one.content()["steps"])
    for step in (count, count + 1, 2**53 - 1):
        why = f"claim 0 names step {step}, and there are {count} steps"
        edited = put(one.content(), ("claims", 0, "step"), step)
        assert one.check(edited) == certificates.Rejected("certificate", why)
