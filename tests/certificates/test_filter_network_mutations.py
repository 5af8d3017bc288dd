"""Edited certificates of networks of convolutions: no false claim is accepted, no edit without a new seal."""

from __future__ import annotations

from fractions import Fraction

import pytest
from certificate_edits import edit, get, paths, put, variants
from filter_network_samples import filter_network_sample, worst_errors

import certificates
from certificates.format import canonical, seal

CASES = [("full", False), ("circular", True)]


def true(statement: dict, boundary: str, nonnegative: bool) -> bool:
    """Whether no code of the class of a statement, of those tried, violates it."""
    numbers = (Fraction(statement[name]) for name in ("bound", "noise"))
    worst = worst_errors(boundary, nonnegative, statement["sparsity"], *numbers)
    on, off = ([Fraction(value) for value in statement[name]] for name in ("on", "off"))
    seen = all(a >= e[0] and b >= e[1] for a, b, e in zip(on, off, worst, strict=True))
    sizes = "every" if boundary == "full" else "every period >= 2t-1"
    described = statement["sizes"] == sizes and statement["nonnegative"] is nonnegative
    return seen and described and Fraction(statement["linf"]) >= max(worst[-1])


@pytest.mark.parametrize(("boundary", "nonnegative"), CASES)
def test_the_sample_is_accepted_and_true(boundary: str, nonnegative: bool) -> None:
    sample = filter_network_sample(boundary, nonnegative)
    answer = sample.check(sample.content)
    assert isinstance(answer, certificates.Accepted)
    (claim,) = answer.claims
    assert true(claim, boundary, nonnegative)
    worst = worst_errors(boundary, nonnegative, 1, Fraction(1), Fraction(1, 64))
    assert worst[0][0] > Fraction(claim["on"][0]) * Fraction(3, 4)
    weaker = {**claim, "on": [str(Fraction(x) / 2) for x in claim["on"]]}
    assert not true(weaker, boundary, nonnegative)


@pytest.mark.parametrize(("boundary", "nonnegative"), CASES)
def test_single_byte_edits_without_a_new_seal_are_rejected(boundary: str, nonnegative: bool) -> None:
    sample = filter_network_sample(boundary, nonnegative)
    for at in range(0, len(sample.data), 29):
        edited = sample.data[:at] + bytes([sample.data[at] ^ 1]) + sample.data[at + 1 :]
        assert isinstance(certificates.check(edited, **sample.subjects), certificates.Rejected), at


@pytest.mark.parametrize(("boundary", "nonnegative"), CASES)
def test_no_single_resealed_edit_gets_a_false_claim_accepted(boundary: str, nonnegative: bool) -> None:
    sample = filter_network_sample(boundary, nonnegative)
    content, tried, accepted = sample.content, 0, 0
    for number, path in enumerate(paths(content["steps"])):
        # half of the values at every place, the other half at its neighbour
        for value in variants(get(content["steps"], path))[number % 2 :: 2]:
            edited = edit(content, ("steps", *path), value)
            if edited == content:
                continue
            answer = sample.check(edited)
            tried += 1
            if isinstance(answer, certificates.Accepted):
                accepted += 1
                assert true(answer.claims[0], boundary, nonnegative), (path, value)
            else:
                assert answer.step
                assert answer.why
    assert tried > 50
    assert 0 < accepted < tried / 2, "greater bounds stay true"


@pytest.mark.parametrize(("boundary", "nonnegative"), CASES)
def test_no_edited_claim_alone_is_accepted(boundary: str, nonnegative: bool) -> None:
    sample = filter_network_sample(boundary, nonnegative)
    content = sample.content
    for path in paths(content["claims"]):
        if len(path) < 3 or path[1] != "statement":
            continue
        for value in variants(get(content["claims"], path))[::2]:
            edited = {**content, "claims": put(content["claims"], path, value)}
            if repr(edited) == repr(content):
                continue
            answer = sample.check(edited)
            assert isinstance(answer, certificates.Rejected), (path, value)
            assert answer.step == "claim 0"


def test_the_work_limit_comes_first() -> None:
    sample = filter_network_sample(*CASES[0])
    content = sample.content
    data = canonical({**content, "seal": seal(content)})
    assert data == sample.data
    work = certificates.estimate_work(data, **sample.subjects)
    answer = certificates.check(data, work_limit=work - 1, **sample.subjects)
    assert isinstance(answer, certificates.Rejected)
    assert "over the work limit" in answer.why
    assert isinstance(certificates.check(data, work_limit=work, **sample.subjects), certificates.Accepted)
