"""Edited certificates of a network: unsealed edits are rejected; resealed ones never get a false claim accepted."""

from __future__ import annotations

import copy
import hashlib
import json
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from certificate_edits import edit, get, paths, put, variants
from certificate_networks import Sample, check, draft, evidence, files, run_exact

import certificates
from certificates.format import canonical, seal
from certificates.networks import network_from_bytes


@cache
def attained(scale: Fraction = Fraction(1)) -> tuple[Sample, tuple[tuple[Fraction, Fraction, Fraction], ...]]:
    """A network and the errors of one nonzero of this modulus, exactly: [I, Hadamard/2] and its transpose, no noise."""
    hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    atoms = np.hstack([np.eye(4), hadamard / 2])
    tensors: dict[str, np.ndarray] = {"V": atoms.T.copy(), "M": np.eye(8) - atoms.T @ atoms}
    layers: list[dict[str, str | None]] = []
    for k in range(3):
        tensors[f"t.{k}"] = np.full(8, 2.0 ** -(k + 1) + 2.0**-18)
        layers.append({"signal": "V", "state": "M" if k else None, "threshold": f"t.{k}"})
    sample = Sample(atoms, tensors, layers, 1, Fraction(1), Fraction(0))
    worst = [[Fraction(0)] * 3 for _ in layers]
    for sign in (1, -1):
        for i in range(8):
            states = run_exact(sample, [scale * Fraction(sign * x) for x in atoms[:, i].tolist()])
            for at, state in enumerate(states):
                errors = [abs(x - scale * sign * (i == j)) for j, x in enumerate(state)]
                off = max(error for j, error in enumerate(errors) if j != i)
                total = sum(error * error for error in errors)
                worst[at] = list(map(max, worst[at], (errors[i], off, total)))
    return sample, tuple((on, off, total) for on, off, total in worst)


def true(statement: dict) -> bool:
    """Whether no code of the class of a statement, of those tried, violates it; greater classes are tried too."""
    _, worst = attained(Fraction(statement["bound"]))
    if statement["sparsity"] != 1:
        return False  # no level above is accepted with bounds so near to what is attained
    on, off = ([Fraction(value) for value in statement[name]] for name in ("on", "off"))
    seen = all(a >= e[0] and b >= e[1] for a, b, e in zip(on, off, worst, strict=True))
    linf, l2 = Fraction(statement["linf"]), Fraction(statement["l2"])
    return seen and linf >= max(worst[-1][:2]) and l2 * l2 >= worst[-1][2] and statement["nonnegative"] is False


@cache
def content() -> dict:
    sample, _ = attained()
    return draft(sample, evidence(sample, slack=1 + Fraction(1, 1 << 24)))


def test_the_sample_is_accepted_and_nearly_attained():
    sample, worst = attained()
    answer = check(sample, content())
    assert isinstance(answer, certificates.Accepted)
    assert true(answer.claims[0])
    for value, (on, _, _) in zip(answer.claims[0]["on"], worst, strict=True):
        assert Fraction(value) < on * (1 + Fraction(1, 1000))


def test_single_byte_edits_without_a_new_seal_are_rejected():
    sample, stored = attained()[0], attained()[0].stored
    data = canonical({**content(), "seal": seal(content())})
    for at in range(0, len(data), 29):
        edited = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        answer = certificates.check(edited, dictionary=sample.dictionary.tolist(), network=stored)
        assert isinstance(answer, certificates.Rejected), at


def test_no_single_resealed_edit_gets_a_false_claim_accepted():
    sample, stored = attained()[0], attained()[0].stored
    tried = accepted = 0
    for path in paths(content()["steps"]):
        for value in variants(get(content()["steps"], path)):
            edited = edit(content(), ("steps", *path), value)
            if edited == content():
                continue
            answer = check(sample, edited, stored)
            tried += 1
            if isinstance(answer, certificates.Accepted):
                accepted += 1
                assert true(answer.claims[0]), (path, value)
            else:
                assert answer.step
                assert answer.why
    assert tried > 100
    assert 0 < accepted < tried / 2, "greater bounds stay true"


def test_no_edited_claim_alone_is_accepted():
    sample, stored = attained()[0], attained()[0].stored
    for path in paths(content()["claims"]):
        if len(path) < 3 or path[1] != "statement":
            continue
        for value in variants(get(content()["claims"], path))[::2]:
            edited = copy.deepcopy(content())
            edited["claims"] = put(edited["claims"], path, value)
            if repr(edited) == repr(content()):
                continue
            answer = check(sample, edited, stored)
            assert isinstance(answer, certificates.Rejected), (path, value)
            assert answer.step == "claim 0"


@pytest.mark.parametrize("bit", range(0, 64, 5))
def test_one_flipped_bit_of_the_network_is_noticed(bit):
    """With the digest in the description as it was, the files do not fit; with a new one it is another network."""
    sample, _ = attained()
    tensors, description = files(sample)
    at = len(tensors) - 1 - 37 * bit % len(tensors)
    flipped = tensors[:at] + bytes([tensors[at] ^ (1 << bit % 8)]) + tensors[at + 1 :]
    with pytest.raises(certificates.SubjectError, match="their digest differs"):
        network_from_bytes(flipped, description)
    fields = json.loads(description)
    fields["tensors_sha256"] = hashlib.sha256(flipped).hexdigest()
    try:
        other = network_from_bytes(flipped, json.dumps(fields).encode())
    except certificates.SubjectError:
        return  # a bit of the header, or a number that is not finite any more
    answer = check(sample, content(), other)
    assert isinstance(answer, certificates.Rejected)
    assert answer.why == "it is about another network: the digest differs from the one handed in"


def test_a_network_that_was_not_handed_in_or_not_named():
    sample, stored = attained()[0], attained()[0].stored
    data = canonical({**content(), "seal": seal(content())})
    answer = certificates.check(data, dictionary=sample.dictionary.tolist())
    assert isinstance(answer, certificates.Rejected)
    assert "it names 2 subjects, and one dictionary was handed in" in answer.why
    alone = {**content(), "subjects": content()["subjects"][:1]}
    data = canonical({**alone, "seal": seal(alone)})
    answer = certificates.check(data, dictionary=sample.dictionary.tolist())
    assert isinstance(answer, certificates.Rejected)
    assert "this rule is about a network, and none was handed in" in answer.why
    answer = certificates.check(data, dictionary=sample.dictionary.tolist(), network=stored)
    assert isinstance(answer, certificates.Rejected)
    assert "it names 1 subjects, and 2 were handed in" in answer.why


def test_the_work_limit_comes_first():
    sample, stored = attained()[0], attained()[0].stored
    data = canonical({**content(), "seal": seal(content())})
    subjects = {"dictionary": sample.dictionary.tolist(), "network": stored}
    work = certificates.estimate_work(data, **subjects)
    answer = certificates.check(data, work_limit=work - 1, **subjects)
    assert isinstance(answer, certificates.Rejected)
    assert "over the work limit" in answer.why
    assert isinstance(certificates.check(data, work_limit=work, **subjects), certificates.Accepted)
