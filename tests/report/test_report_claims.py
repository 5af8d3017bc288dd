from __future__ import annotations

import base64
import struct
from fractions import Fraction

import pytest
from report_samples import answer, claim, complex_field, identity_hadamard, null_vector_refutes_two

from verify.errors import InputError, VerifyError
from verify.report import Asked, Level, Observation, levels, verdict
from verify.report import claims as reading


def test_levels_are_the_largest_guaranteed_and_the_smallest_refuted():
    claims = [
        answer("guaranteed", "l1", 2, "recovery-by-coherence"),
        answer("guaranteed", "l1", 3, "recovery-by-babel"),
        answer("refuted", "l1", 9, "failure-by-dimension"),
        answer("refuted", "l1", 7, "failure-by-heavy-part"),
        answer("guaranteed", "l1", 5, "recovery-by-babel", "as-given"),
        answer("refuted", "omp", 9, "failure-by-dimension"),
    ]
    found = levels(claims, "unit")
    assert found["l1"] == Level(
        guaranteed=3, guaranteed_by="recovery-by-babel", refuted=7, refuted_by="failure-by-heavy-part"
    )
    assert found["omp"] == Level(guaranteed=0, guaranteed_by=None, refuted=9, refuted_by="failure-by-dimension")
    assert found["l0"] == Level(guaranteed=0, guaranteed_by=None, refuted=None, refuted_by=None)
    assert levels(claims, "as-given")["l1"].guaranteed == 5
    assert levels(claims, "as-given")["l1"].refuted is None


@pytest.mark.parametrize("refuted", [1, 3])
def test_contradicting_claims_are_an_error_and_never_a_verdict(refuted: int):
    claims = [answer("guaranteed", "l0", 3, "a"), answer("refuted", "l0", refuted, "b")]
    with pytest.raises(VerifyError, match="contradict"):
        levels(claims, "unit")


def test_verdicts_around_the_gap():
    level = Level(guaranteed=4, guaranteed_by="a", refuted=7, refuted_by="b")
    answers = [verdict(level, k) for k in range(1, 10)]
    assert answers == ["guaranteed"] * 4 + ["undecided"] * 2 + ["refuted"] * 3
    unknown = Level(guaranteed=0, guaranteed_by=None, refuted=None, refuted_by=None)
    assert verdict(unknown, 1) == verdict(unknown, 10**6) == "undecided"


def test_a_level_below_one_is_refused():
    with pytest.raises(InputError, match="at least 1"):
        verdict(Level(guaranteed=4, guaranteed_by="a", refuted=None, refuted_by=None), 0)


def test_the_sharpest_bounds_are_read():
    claims = identity_hadamard().claims
    lower, upper = reading.spark_lower(claims), reading.spark_upper(claims)
    assert lower is not None and upper is not None
    assert (lower["value"], upper["value"]) == (16, 65)
    assert lower["theorem"] == "spark-by-orthogonal-families"
    assert reading.rank([claim("rank", lower=3, upper=9), claim("rank", lower=5, upper=8)]) == (5, 8)
    assert reading.rank([]) is reading.babel([]) is reading.spark_lower([]) is reading.spark_upper([]) is None
    assert reading.two_codes([]) is None


def test_two_codes_have_one_signal():
    atoms = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 0)]
    codes = reading.two_codes(null_vector_refutes_two().claims)
    assert codes is not None
    signals = [[sum(a * atoms[i][row] for i, a, _ in code) for row in range(3)] for code in (codes.first, codes.second)]
    assert signals[0] == signals[1]
    assert codes.first != codes.second
    assert codes.nonzeros == 2
    assert not {i for i, *_ in codes.first} & {i for i, *_ in codes.second}


def test_complex_codes_keep_both_parts():
    codes = reading.two_codes(complex_field().claims)
    assert codes is not None and codes.is_complex
    assert codes.first == ((0, 1, 0), (1, 0, 1))
    assert codes.second == ((2, Fraction(-1, 2), Fraction(3, 2)),)


def test_the_null_vector_with_the_fewest_nonzeros_is_shown():
    long = claim("null-vector", imaginary=None, real={"exponent": 0, "integers": ["1"] * 4}, support=[0, 1, 2, 3])
    short = claim("null-vector", imaginary=None, real={"exponent": 0, "integers": ["1"] * 3}, support=[4, 5, 6])
    codes = reading.two_codes([long, short])
    assert codes is not None and codes.first[0][0] == 4


def test_long_values_are_scaled_and_the_signals_stay_equal():
    entries = {"exponent": 1200, "integers": [f"{3**50:x}", f"{-2 * 3**50:x}", f"{3**51:x}"]}
    codes = reading.two_codes([claim("null-vector", imaginary=None, real=entries, support=[1, 4, 6])])
    assert codes is not None and codes.is_scaled
    assert codes.first == ((1, Fraction(1, 3), 0), (4, Fraction(-2, 3), 0))
    assert codes.second == ((6, -1, 0),)
    short = reading.two_codes(null_vector_refutes_two().claims)
    assert short is not None and not short.is_scaled


def test_arrays_are_read_exactly():
    binary = base64.b64encode(struct.pack("<3d", 0.1, -2.0, 5e-324)).decode()
    assert reading.array({"binary64": binary}) == [Fraction(0.1), -2, Fraction(1, 2**1074)]
    assert reading.array({"exponent": -3, "integers": ["-1f", "0"]}) == [Fraction(-31, 8), 0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [1, 2],
        {"binary64": "AAAA"},
        {"binary64": "not base64!"},
        {"binary64": base64.b64encode(struct.pack("<d", float("inf"))).decode()},
        {"exponent": 0, "integers": ["xyz"]},
        {"exponent": 0, "integers": [7]},
        {"exponent": 5001, "integers": ["1"]},
    ],
)
def test_other_arrays_are_refused(value: object):
    with pytest.raises(InputError, match="array"):
        reading.array(value)


def test_a_null_vector_with_missing_values_is_refused():
    with pytest.raises(InputError, match="3 nonzeros comes with 1"):
        reading.two_codes(
            [claim("null-vector", imaginary=None, real={"exponent": 0, "integers": ["1"]}, support=[0, 1, 2])]
        )


def test_models_refuse_what_they_cannot_mean():
    report = identity_hadamard()
    with pytest.raises(InputError, match=r"Subject\.field is 'quaternion'"):
        identity_hadamard(
            subject=type(report.subject)(source="", loader="", shape=(2, 3), field="quaternion", sha256="")
        )
    with pytest.raises(InputError, match=r"Report\.status is 'maybe'"):
        identity_hadamard(status="maybe")
    with pytest.raises(InputError, match=r"Asked\.questions is empty"):
        Asked(sparsity=1, questions=())
    with pytest.raises(InputError, match=r"Asked\.questions is 'l2'"):
        Asked(sparsity=1, questions=("l2",))
    with pytest.raises(InputError, match=r"Asked\.scaling is 'log'"):
        Asked(sparsity=1, scaling="log")
    with pytest.raises(InputError, match=r"Asked\.sparsity is 0"):
        Asked(sparsity=0)
    with pytest.raises(InputError, match=r"Observation\.kind is 'pie'"):
        Observation(title="", kind="pie", data={})
    with pytest.raises(InputError, match="mapping with values and atoms"):
        Observation(title="", kind="heat-map", data={"values": []})
    with pytest.raises(InputError, match="2 counts has 3 edges, got 2"):
        Observation(title="", kind="histogram", data={"edges": [0, 1], "counts": [1, 2]})
