"""Edited certificates about filters: unsealed edits are rejected; resealed ones never get a false claim accepted."""

from __future__ import annotations

import copy
from functools import cache

import pytest
from certificate_edits import concerned, edit, get, paths, put, restricted, variants
from certificate_writer import resealed
from filter_claims import Judge
from filter_samples import EDGES, NAMES, filter_sample, filters_of

import certificates
from certificates.format import canonical


@cache
def judge_of(name: str) -> Judge:
    one = filter_sample(name)
    return Judge(one.nested, one.stride, one.boundary, 3 if len(one.stride) == 2 else 5)


def true(name: str, content: dict) -> bool:
    """Whether all claims are true; what a refutation rests on is taken from its step."""
    steps, claims = content["steps"], content["claims"]
    for claim in claims:
        step = steps[claim["step"]]
        vector = None
        if step["uses"] and claim["statement"]["kind"] == "convolutional-refuted":
            found = steps[step["uses"][0]]["evidence"]
            vector = {"kind": "convolutional-null-vector", **found}
        if not judge_of(name).holds(claim["statement"], vector, step["evidence"].get("part")):
            return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_unsealed_edits_are_rejected(name: str) -> None:
    one = filter_sample(name)
    exact, content = one.filters, one.content()
    for path in paths(content)[::7]:
        for value in [other for other in variants(get(content, path)) if other != get(content, path)][:2]:
            answer = certificates.check(canonical(put(content, path, value)), filters=exact)
            assert isinstance(answer, certificates.Rejected), (path, value)


@pytest.mark.parametrize("name", NAMES)
def test_resealed_edits_of_steps_and_statements_never_get_a_false_claim_accepted(name: str) -> None:
    one = filter_sample(name)
    exact, content = one.filters, one.content()
    rejected = accepted = 0
    for at in range(len(content["steps"])):
        smaller, new = restricted(content, concerned(content, at))
        places = [("steps", new[at], *path) for path in paths(smaller["steps"][new[at]])]
        claim = next(k for k, claim in enumerate(smaller["claims"]) if claim["step"] == new[at])
        places += [("claims", claim, "statement", *path) for path in paths(smaller["claims"][claim]["statement"])]
        for number, path in enumerate(places):
            # half of the values at every place, the other half at its neighbour
            for value in variants(get(smaller, path))[number % 2 :: 2]:
                edited = edit(smaller, path, value)
                if edited == smaller:
                    continue
                answer = certificates.check(resealed(edited), filters=exact)
                if isinstance(answer, certificates.Rejected):
                    rejected += 1
                else:
                    accepted += 1
                    assert true(name, edited), (path, value)
    assert rejected > 100
    assert accepted


@pytest.mark.parametrize("name", NAMES)
def test_dropped_and_swapped_steps_are_rejected_by_name(name: str) -> None:
    one = filter_sample(name)
    content = one.content()
    for at, step in enumerate(content["steps"]):
        for used in step["uses"]:
            wrong = copy.deepcopy(content)
            wrong["steps"][at]["uses"] = [other for other in step["uses"] if other != used]
            answer = certificates.check(resealed(wrong), filters=one.filters)
            assert isinstance(answer, certificates.Rejected)
            assert answer.step == f"step {at} ({step['rule']})"
            others = [k for k in range(at) if content["steps"][k]["rule"] != content["steps"][used]["rule"]]
            for other in others:
                wrong["steps"][at]["uses"] = [other if k == used else k for k in step["uses"]]
                answer = certificates.check(resealed(wrong), filters=one.filters)
                assert isinstance(answer, certificates.Rejected)
                assert answer.step == f"step {at} ({step['rule']})"


@pytest.mark.parametrize(
    ("filters", "stride", "boundary", "message"),
    [
        (EDGES, (1,), "full", "digest"),
        (EDGES, (2,), "circular", "digest"),
        ([[[4, 1, -1]], [[1, -3, 2]]], (2,), "full", "digest"),
        ([[[4, 1, -1]]], (2,), "full", "shape"),
        ([[[4], [1], [-1]], [[1], [-3], [1]]], (2,), "full", "shape"),
        ([[[4, 1, -1]], [[1, -3, 1]]], (2,), "full", None),
        ([[[4.0, 1.0, -1.0]], [[1, -3, 1]]], (2,), "full", None),
    ],
)
def test_other_filters_strides_and_boundaries_are_rejected(filters, stride, boundary, message):
    answer = certificates.check(filter_sample("strided").data, filters=filters_of(filters, stride, boundary))
    if message is None:
        assert isinstance(answer, certificates.Accepted)
        return
    assert isinstance(answer, certificates.Rejected)
    assert answer.why == f"it is about other filters, another stride or another boundary: the {message} differs"


def test_subjects_of_other_roles() -> None:
    one = filter_sample("full")
    content = one.content()
    plain = certificates.check(one.data, dictionary=[[1, 0], [0, 1]])
    assert isinstance(plain, certificates.Rejected)
    for subjects in ([], content["subjects"] * 2, [{**content["subjects"][0], "role": "dictionary"}]):
        answer = certificates.check(resealed({**content, "subjects": subjects}), filters=one.filters)
        assert isinstance(answer, certificates.Rejected)
    for rule in ("atom-norms", "product", "network-error", "value-by-code", "none"):
        wrong = copy.deepcopy(content)
        wrong["steps"][0]["rule"] = rule
        answer = certificates.check(resealed(wrong), filters=one.filters)
        assert isinstance(answer, certificates.Rejected)
        assert "no such rule about filters" in answer.why
    wrong = copy.deepcopy(content)
    wrong["steps"][0]["about"] = [0, 1]
    answer = certificates.check(resealed(wrong), filters=one.filters)
    assert isinstance(answer, certificates.Rejected)
    for given in ({"dictionary": [[1, 0]], "filters": one.filters}, {"filters": "F.npy"}):
        with pytest.raises(certificates.SubjectError):
            certificates.check(one.data, **given)


def test_levels_at_other_sizes_are_other_claims() -> None:
    for name in NAMES:
        one = filter_sample(name)
        content = one.content()
        for at, claim in enumerate(content["claims"]):
            for field in ("sizes", "lengths"):
                if field in claim["statement"]:
                    wrong = copy.deepcopy(content)
                    del wrong["claims"][at]["statement"][field]
                    answer = certificates.check(resealed(wrong), filters=one.filters)
                    assert isinstance(answer, certificates.Rejected)
                    assert answer.step == f"claim {at}"
