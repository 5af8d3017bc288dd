"""What the library refuses, and what it takes exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import verify
from verify import Dictionary, InputError, LimitError

PLANE = [[1, 0, 1], [0, 1, 1]]


@pytest.mark.parametrize("sparsity", [0, 4, -1, True, 2.0, 2.5, "2", None.__class__, 10**30])
def test_a_level_is_an_integer_from_1_to_n(sparsity) -> None:
    with pytest.raises(InputError, match="expected a sparsity level from 1 to 3"):
        verify.check_dictionary(PLANE, sparsity=sparsity)


def test_numpy_integers_and_one_question_are_fine() -> None:
    result = verify.check_dictionary(PLANE, sparsity=np.int64(1), questions="l1")
    assert [verdict.level for verdict in result.verdicts] == [1]


def test_verdicts_carry_what_proves_them() -> None:
    result = verify.check_dictionary(PLANE, questions=("l0", "l1"))
    guaranteed, refuted = result.levels.l1.at(1), result.levels.l0.at(2)
    assert isinstance(guaranteed, verify.Guaranteed)
    assert guaranteed.evidence is result.facts.coherence
    assert isinstance(refuted, verify.Refuted)
    assert refuted.witness is result.facts.null_vector


def test_masked_and_boolean_arrays_are_refused() -> None:
    with pytest.raises(InputError, match="masked"):
        Dictionary.from_array(np.ma.array(PLANE, mask=[[0, 0, 1], [0, 0, 0]]))
    for rows in (np.array(PLANE, dtype=bool), [[True, False], [False, True]]):
        with pytest.raises(InputError, match="bool"):
            Dictionary.from_array(rows)


def test_exact_complex_rationals_come_from_lists() -> None:
    dictionary = Dictionary.from_array([[Fraction(1, 3), 1j], [2, 3]])
    assert dictionary.to_rows() == ([[Fraction(1, 3), 0], [2, 3]], [[0, 1], [0, 0]])


def test_the_callers_arrays_stay_writable() -> None:
    real, imaginary = np.ones((2, 3)), np.ones((2, 3))
    Dictionary.from_parts(real, imaginary)
    assert real.flags.writeable
    assert imaginary.flags.writeable


def test_denominators_too_long_for_exact_work_are_refused_at_once() -> None:
    rows = [[Fraction(1, 2**60000 + 2 * (i + 1) * j + 1) for j in range(2)] for i in range(8)]
    with pytest.raises(LimitError, match="common denominator of more than 200000 bits"):
        verify.check_dictionary(rows)


def test_long_integers_among_decimals_are_mentioned(tmp_path) -> None:
    path = tmp_path / "D.csv"
    path.write_text("1.5,9007199254740993\n2,3\n")
    assert any("1 long integer rounded" in remark for remark in verify.load(path).origin.remarks)
    path.write_text("1.5,9007199254740992\n2,3\n")
    assert not any("rounded to binary64, as" in remark for remark in verify.load(path).origin.remarks)
