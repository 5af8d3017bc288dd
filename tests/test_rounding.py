"""Rounding bounds: the direction is right, and the result is the best there is."""

from __future__ import annotations

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.rounding import (
    BINARY32,
    BINARY64,
    dyadic_lower,
    dyadic_upper,
    float_lower,
    float_upper,
    gamma,
    inner_product_error_upper,
)

values = st.one_of(
    st.fractions(),
    st.builds(lambda p, e: p * Fraction(10) ** e, st.fractions(-10, 10), st.integers(-400, 400)),
    st.floats(allow_nan=False, allow_infinity=False).map(Fraction),
)
LARGEST = Fraction(sys.float_info.max)


@given(values)
def test_floats_below_and_above(value: Fraction) -> None:
    low, high = float_lower(value), float_upper(value)
    assert low <= value <= high
    assert math.nextafter(low, math.inf) > value
    assert math.nextafter(high, -math.inf) < value
    if low == high:
        assert Fraction(low) == value


def test_beyond_the_floats() -> None:
    assert float_lower(2 * LARGEST) == sys.float_info.max
    assert float_upper(2 * LARGEST) == math.inf
    assert float_lower(-2 * LARGEST) == -math.inf
    assert float_upper(-2 * LARGEST) == -sys.float_info.max
    assert float_upper(Fraction(1, 10**400)) == 5e-324
    assert float_lower(Fraction(1, 10**400)) == 0


@given(values, st.integers(0, 90))
def test_dyadic_numbers_below_and_above(value: Fraction, bits: int) -> None:
    low, high = dyadic_lower(value, bits), dyadic_upper(value, bits)
    assert low <= value <= high
    assert low * 2**bits % 1 == 0
    assert high * 2**bits % 1 == 0
    assert value - low < Fraction(1, 2**bits)
    assert high - value < Fraction(1, 2**bits)


@given(st.integers(0, 10**6), st.sampled_from([BINARY32, BINARY64]))
def test_gamma(operations: int, precision) -> None:
    unit = precision.unit_roundoff
    found = gamma(operations, unit)
    assert found * (1 - operations * unit) == operations * unit
    if operations < 60:
        assert (1 + unit) ** operations - 1 <= found  # what it is there to bound
        assert (1 - unit) ** -operations - 1 <= found


def test_gamma_has_an_end() -> None:
    assert gamma(2**24 - 1, BINARY32.unit_roundoff) == 2**24 - 1
    with pytest.raises(ValueError, match=r"16777216 operations at unit roundoff 6.0e-08 have no error bound"):
        gamma(2**24, BINARY32.unit_roundoff)


@pytest.mark.parametrize(("precision", "dtype"), [(BINARY32, np.float32), (BINARY64, np.float64)])
def test_precisions_are_those_of_the_formats(precision, dtype: type) -> None:
    information = np.finfo(dtype)
    assert precision.name == np.dtype(dtype).name
    assert precision.unit_roundoff == Fraction(float(information.eps)) / 2
    assert precision.underflow == Fraction(float(information.smallest_normal))


@pytest.mark.parametrize(("precision", "dtype"), [(BINARY32, np.float32), (BINARY64, np.float64)])
def test_inner_products_stay_within_the_bound(precision, dtype: type) -> None:
    """Summed one by one, the worst order there is, with operands rounded to the format first."""
    rng = np.random.default_rng(0)
    for length in (1, 2, 7, 50):
        bound = inner_product_error_upper(length, 1, precision)
        assert gamma(length + 2, precision.unit_roundoff) < bound < 2 * gamma(length + 2, precision.unit_roundoff)
        for spread in (0, 30, 300 if dtype is np.float64 else 37):
            x = rng.uniform(0.5, 1, length) * 10.0 ** -rng.uniform(0, max(spread, 1), length)
            y = rng.uniform(0.5, 1, length) * 10.0 ** -rng.uniform(0, max(spread, 1), length)
            x[0] = y[-1] = 1
            total = dtype(0)
            for a, b in zip(x.astype(dtype), y.astype(dtype), strict=True):
                total = total + a * b
            exact = sum(Fraction(a) * Fraction(b) for a, b in zip(x.tolist(), y.tolist(), strict=True))
            norms = sum(Fraction(a) ** 2 for a in x.tolist()) * sum(Fraction(b) ** 2 for b in y.tolist())
            assert (Fraction(float(total)) - exact) ** 2 <= bound**2 * norms
