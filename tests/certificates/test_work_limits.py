"""Work and memory are bounded before anything is derived."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from fractions import Fraction

import pytest
from certificate_dictionaries import SIMPLEX
from certificate_samples import sample
from certificate_writer import binary64, draft, packed_integers, resealed
from hostile_steps import HANDED_IN, ROOT, SECONDS, asked, content, null, step, with_steps

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import integers


def test_the_work_limit_is_applied_before_anything_is_derived(monkeypatch):
    data = sample("simplex").data
    work = certificates.estimate_work(data, dictionary=HANDED_IN)
    assert work > 0
    assert isinstance(certificates.check(data, dictionary=HANDED_IN, work_limit=work), certificates.Accepted)

    def never(_: object) -> None:
        raise AssertionError("derived before the work was known")

    fresh = dictionary_from_values(SIMPLEX)
    monkeypatch.setattr(certificates.checker, "_derive", never)
    found = certificates.check(data, dictionary=fresh, work_limit=work - 1)
    assert isinstance(found, certificates.Rejected)
    assert f"more than {work - 1}; raise --work-limit" in found.why
    assert isinstance(certificates.check(data, dictionary=fresh, work_limit=-1), certificates.Rejected)
    assert "cross" not in vars(fresh), "the Gram matrix was computed"


EXPENSIVE = {
    "norms": step("atom-norms"),
    "coherence": step("mutual-coherence", pair=[0, 1]),
    "babel": step("babel", lower=["0"], upper=["9"]),
    "rank": step("rank", columns=list(range(150)), modulus=2**31 - 1, root=0, rows=list(range(150))),
    "isometry": step("isometry-by-enumeration", level=2, upper="9"),
    "code": step(
        "isometry-by-vector",
        imaginary=None,
        level=150,
        lower="0",
        real=binary64([5e-324] * 150),
        support=list(range(150)),
    ),
    "enumeration": step("spark-by-enumeration", modulus=2**31 - 1, point=7, root=0, size=3),
    "values": step("support-values", bits=60, duals=packed_integers([9] * 22500, 1), order=1, scaling="unit"),
    "weights": step("generalized-coherence", imaginary=None, real=binary64([1.0] * 22500), upper=integers([1] * 150)),
    "sums": step("generalized-babel", bits=60, sums=["9"], upper=["9"], weights=integers([1] * 22500)),
    "columns": step(
        "null-space-by-column-sums",
        bits=60,
        level=9,
        scaling="unit",
        upper="9",
        weights=packed_integers([9] * 22500, 1),
    ),
    "vector": step("null-vector", imaginary=None, real=binary64([5e-324] * 150), support=list(range(150))),
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_expensive_steps_add_up_until_the_limit(name):
    rows = [[((i * j) % 101 + 1) * 2.0 ** ((i + j) % 40) for j in range(1, 151)] for i in range(1, 151)]
    handed_in = dictionary_from_values(rows)
    subjects = [{**draft(rows).subject, "role": "dictionary"}]

    def repeated(count: int) -> bytes:
        claims = [{"statement": {"kind": "x"}, "step": at} for at in range(count)]
        return resealed({**content(), "claims": claims, "steps": [EXPENSIVE[name]] * count, "subjects": subjects})

    one, ten = (certificates.estimate_work(repeated(count), dictionary=handed_in) for count in (1, 10))
    assert ten == 10 * one > 0
    start = time.monotonic()
    many = min(5000, (8 << 20) // len(repeated(1)))
    found = certificates.check(repeated(many), dictionary=handed_in, work_limit=10 * one)
    assert isinstance(found, certificates.Rejected)
    assert found.why.startswith("over the work limit: steps 0 to 10 need")
    assert time.monotonic() - start < SECONDS


def test_long_scales_are_part_of_the_work():
    """Atoms of small integers times long rationals: their norms and weights are long numbers."""
    one = [[1, 2], [3, 5]]
    long = [[Fraction(x * 7**4000, 11**3000 + j) for j, x in enumerate(row)] for row in one]

    def work(rows: list, *steps: dict) -> int:
        subjects = [{**draft(rows).subject, "role": "dictionary"}]
        loaded = {**json.loads(with_steps(list(steps))), "subjects": subjects}
        del loaded["seal"]
        return certificates.estimate_work(resealed(loaded), dictionary=rows)

    vector = null(integers([1, 1]), [0, 1])
    heavy = {**step("failure-by-heavy-part", [0]), "evidence": asked()}
    for steps in ([step("atom-norms")], [vector], [vector, heavy]):
        assert work(long, *steps) > 100 * work(one, *steps) > 0


@pytest.mark.thorough
def test_memory_stays_bounded():
    """The largest lists that a certificate may hold, and vectors of the widest floats, within 1.5 GiB."""
    program = (
        "import sys, certificates\n"
        "from certificates.checker import dictionary_from_values\n"
        "d = dictionary_from_values([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0], [1.0, -1.0, -1.0, 1.0]])\n"
        "for data in (b'[' + b'0,' * 3_999_990 + b'0]\\n', b'[' + b'[],' * 1_999_990 + b'[]]\\n',\n"
        "             b'{' + b','.join(b'\"%07d\":{}' % i for i in range(1_900_000)) + b'}\\n'):\n"
        "    assert isinstance(certificates.check(data, dictionary=d), certificates.Rejected)\n"
        "print('bounded')\n"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        preexec_fn=limit,
        timeout=120,
        check=False,
    )
    assert done.stdout == "bounded\n", done.stderr
    assert done.returncode == 0


def test_a_lower_limit_of_python_for_long_integers_rejects_and_does_not_break():
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        data = with_steps([step("babel", lower=["0"], upper=["9" * 700])])
        found = certificates.check(data, dictionary=HANDED_IN)
        assert isinstance(found, certificates.Rejected)
        assert "too long here" in found.why
        rows = [[2**2100, 1], [0, 1]]
        subjects = [{**draft(rows).subject, "role": "dictionary"}]
        steps = {**content(), "claims": [{"statement": {}, "step": 0}], "steps": [step("atom-norms")]}
        found = certificates.check(resealed({**steps, "subjects": subjects}), dictionary=rows)
        assert isinstance(found, certificates.Rejected)
        assert "too long" in found.why
    finally:
        sys.set_int_max_str_digits(before)
