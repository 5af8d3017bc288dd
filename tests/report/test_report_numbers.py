from __future__ import annotations

import math
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import InputError
from verify.report import numbers

HUGE = 10**400
anything = st.fractions() | st.builds(Fraction, st.integers(-HUGE, HUGE), st.integers(1, HUGE))
not_negative = anything.map(abs)


@given(anything)
def test_floats_are_rounded_outward_and_are_the_nearest_such(value: Fraction):
    low, high = numbers.below(value), numbers.above(value)
    if math.isfinite(low):
        assert Fraction(low) <= value
        if math.isfinite(up := math.nextafter(low, math.inf)):
            assert Fraction(up) > value
    else:
        assert value < -Fraction(sys.float_info.max)
    if math.isfinite(high):
        assert Fraction(high) >= value
        if math.isfinite(down := math.nextafter(high, -math.inf)):
            assert Fraction(down) < value
    else:
        assert value > Fraction(sys.float_info.max)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_kept(value: float):
    assert numbers.below(Fraction(value)) == value == numbers.above(Fraction(value))


def test_zero_has_no_sign():
    assert [math.copysign(1, f(Fraction(0))) for f in (numbers.below, numbers.above, numbers.root_above)] == [1, 1, 1]


@given(not_negative)
def test_roots_are_rounded_outward_and_are_the_nearest_such(square: Fraction):
    low, high = numbers.root_below(square), numbers.root_above(square)
    assert Fraction(low) ** 2 <= square
    if math.isfinite(high):
        assert Fraction(high) ** 2 >= square
        assert high in (low, math.nextafter(low, math.inf))
    else:
        assert square > Fraction(sys.float_info.max) ** 2


@pytest.mark.parametrize("root", [Fraction(0), Fraction(1, 8), Fraction(5), Fraction(1, 2**600), Fraction(2) ** 900])
def test_roots_that_are_floats_are_exact(root: Fraction):
    assert numbers.root_below(root**2) == root == numbers.root_above(root**2)


def test_roots_beyond_the_floats():
    assert numbers.root_below(Fraction(HUGE**2)) == sys.float_info.max
    assert numbers.root_above(Fraction(HUGE**2)) == math.inf
    assert numbers.root_below(Fraction(1, 10**5000)) == 0
    assert numbers.root_above(Fraction(1, 10**5000)) == math.ulp(0)


@given(st.fractions(min_value=0))
def test_rational_roots_are_found(root: Fraction):
    assert numbers.exact_root(root**2) == root


@pytest.mark.parametrize(("square", "text"), [("1/64", "1/8"), ("1/7", "sqrt(1/7)"), ("0", "0"), ("1", "1")])
def test_expressions(square: str, text: str):
    assert numbers.root_expression(numbers.rational(square)) == text


def test_long_expressions_are_left_out():
    assert numbers.root_expression(Fraction(10**40 + 1, 10**41)) is None


@given(not_negative, st.integers(1, 12))
def test_decimals_enclose(value: Fraction, digits: int):
    shown = numbers.decimals(value, digits)
    assert Fraction(shown.lower) <= value <= Fraction(shown.upper)
    assert Fraction(shown.upper) - Fraction(shown.lower) <= value / Fraction(10) ** (digits - 1)
    assert (shown.lower == shown.upper) == (Fraction(shown.lower) == value)


@given(not_negative, st.integers(1, 12))
def test_decimals_of_roots_enclose(square: Fraction, digits: int):
    shown = numbers.root_decimals(square, digits)
    low, high = Fraction(shown.lower), Fraction(shown.upper)
    assert low**2 <= square <= high**2
    assert (high - low) ** 2 <= square / Fraction(100) ** (digits - 1)
    assert (low == high) == (low**2 == square)


def test_decimals_in_words():
    assert str(numbers.root_decimals(Fraction(1, 64))) == "= 0.125"
    assert str(numbers.root_decimals(Fraction(1, 14))) == "between 0.267261 and 0.267262"
    assert str(numbers.decimals(Fraction(999_999_999, 10**9), 3)) == "between 0.999 and 1.000"
    assert str(numbers.decimals(Fraction(10**300))) == "= 1.00000e+300"


@given(anything)
def test_approximations_are_near(value: Fraction):
    assert abs(Fraction(numbers.approximate(value)) - value) <= abs(value) / 10**5


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "1/0", "1/-2", " 1", "+1", "1_0", "٣", "9" * 4001, None, 3, 0.5])
def test_other_spellings_are_refused(text: object):
    with pytest.raises(InputError, match="not a rational number"):
        numbers.rational(text)


@pytest.mark.parametrize(
    "function", [numbers.root_below, numbers.root_above, numbers.exact_root, numbers.decimals, numbers.root_decimals]
)
def test_negative_squares_are_refused(function: object):
    with pytest.raises(InputError, match="negative"):
        function(Fraction(-1, 3))  # type: ignore[operator]
