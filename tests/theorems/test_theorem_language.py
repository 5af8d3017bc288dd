"""The language of statements: formulas, conditions, domains, values, and balls behind them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from verify.errors import InputError
from verify.exact import Enclosure, ball, ball_enclosure, ball_pi, ball_precision
from verify.theorems.language import expressions
from verify.theorems.language.conditions import Condition, holds
from verify.theorems.language.domains import integers, reals
from verify.theorems.language.values import (
    EXACT,
    Root,
    compared,
    enclosed,
    is_decimal,
    read_value,
    rounded,
    shown_value,
    sign,
)

F = Fraction
SYMBOLS = {"mu": "mu~", "B": "B"}


@pytest.mark.parametrize(
    ("text", "plain", "latex"),
    [
        ("(2*s - 1)*mu", "(2s - 1) mu~", r"\left(2 s - 1\right) m"),
        ("2/(1 - q)", "2/(1 - q)", r"\frac{2}{1 - q}"),
        ("a - (b - c)", "a - (b - c)", r"a - \left(b - c\right)"),
        ("a/b*c", "(a/b) c", r"\frac{a}{b} c"),
        ("a/(b*c)", "a/(b c)", r"\frac{a}{b c}"),
        ("(a/b)**2", "(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
        ("a**(b + 1)", "a^(b + 1)", "a^{b + 1}"),
        ("-log(q)", "-log(q)", r"-\log\left(q\right)"),
        ("sqrt(2*k)*B", "sqrt(2k) B", r"\sqrt{2 k} B"),
        (
            "Max(v - t, 0) - Max(-v - t, 0)",
            "max(v - t, 0) - max(-v - t, 0)",
            r"\max\left(v - t, 0\right) - \max\left(-v - t, 0\right)",
        ),
        ("Abs(1 - a)", "|1 - a|", r"\left|1 - a\right|"),
        ("a*2", "a * 2", r"a \cdot 2"),
        ("-(a + b)", "-(a + b)", r"-\left(a + b\right)"),
    ],
)
def test_formulas_are_printed(text: str, plain: str, latex: str) -> None:
    tree = expressions.parsed(text)
    assert expressions.plain(tree, SYMBOLS) == plain
    assert expressions.latex(tree, {"mu": "m"}) == latex


@pytest.mark.parametrize(
    "text", ["a.b", "f(a)", "a if b else c", "1.5", "a < b", "sqrt(a, key=b)", "+a", "__import__('os')", "a % b", "[a]"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not part of a formula"):
        expressions.parsed(text)


def test_conditions() -> None:
    assert Condition("2*k <= m + 1").plain({}) == "2k <= m + 1"
    assert Condition("rank == n").plain({"rank": "rank D"}) == "rank D = n"
    assert Condition("a >= b").latex({}) == r"a \ge b"
    for text in ("a + b", "a < b < c", "a != b"):
        with pytest.raises(ValueError, match="a condition is formula < formula"):
            _ = Condition(text).sides
    for relation, allowed in (("<", [-1]), ("<=", [-1, 0]), ("=", [0]), (">=", [0, 1]), (">", [1])):
        assert [s for s in (-1, 0, 1) if holds(relation, s)] == allowed
        assert not holds(relation, None)


def number(text: str, **values: Fraction):
    return enclosed(lambda: expressions.evaluated(expressions.parsed(text), EXACT, values.__getitem__))


def test_values_are_exact_where_they_are_rational() -> None:
    assert number("sqrt(a)", a=F(9, 4)) == F(3, 2)
    assert number("a**(1/2)", a=F(9, 4)) == F(3, 2)
    assert number("a**(-2)", a=F(2, 3)) == F(9, 4)
    assert number("exp(a) + log(1 + a)", a=F(0)) == 1
    assert number("Max(a, 2, 1) - Min(a, 2)", a=F(5)) == 3
    assert number("Abs(-a)", a=F(5)) == 5
    assert number("1/a", a=F(0)) is None
    assert number("log(a)", a=F(0)) is None
    assert number("sqrt(a)", a=F(-1)) is None
    assert sign(lambda: expressions.evaluated(expressions.parsed("1/a"), EXACT, {"a": F(0)}.__getitem__)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exp(a)", math.exp(1.5)),
        ("log(a)", math.log(1.5)),
        ("a**a", 1.5**1.5),
        ("Max(sqrt(a), a)", 1.5),
        ("Min(sqrt(a), a)", math.sqrt(1.5)),
        ("a**100000", None),
    ],
)
def test_values_are_enclosed_otherwise(text: str, expected: float | None) -> None:
    found = number(text, a=F(3, 2))
    if expected is None:
        assert found is None  # beyond 2^4096
    else:
        assert isinstance(found, Enclosure)
        assert float(found.lower) == pytest.approx(expected, rel=1e-14)
        assert (found.upper - found.lower) * 10**29 < abs(found.lower)


def test_signs_that_no_precision_tells() -> None:
    assert sign(lambda: expressions.evaluated(expressions.parsed("sqrt(2)*sqrt(2) - 2"), EXACT, {}.__getitem__)) is None
    assert (
        sign(
            lambda: expressions.evaluated(
                expressions.parsed("sqrt(2)*sqrt(2) - 2 + a"), EXACT, {"a": F(1, 2**900)}.__getitem__
            )
        )
        == 1
    )
    assert compared(Root(F(2)), F(3, 2)) == -1
    assert compared(Enclosure(F(1), F(2)), F(3, 2)) is None


def test_balls_are_rational_intervals() -> None:
    with ball_precision(64):
        assert ball_enclosure(ball(F(1, 4))) == Enclosure(F(1, 4), F(1, 4))
        third = ball_enclosure(ball(F(1, 3)))
        assert third.lower < F(1, 3) < third.upper
        pi = ball_enclosure(ball_pi())
        assert F(314159265, 10**8) < pi.lower < pi.upper < F(314159266, 10**8)
        tiny = ball_enclosure(ball(F(-(10**5))).exp())
        assert tiny.lower < 0 < tiny.upper and tiny.upper <= F(1, 2**4095)
        assert ball_enclosure(ball(F(10**5)).exp()) is None
        assert ball_enclosure(ball(F(0)).log()) is None
        hull = ball_enclosure(ball(Enclosure(F(1), F(2))))
        assert hull.lower <= 1 and hull.upper >= 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.0773", F(773, 10000)),
        ("-3", F(-3)),
        ("1e-3", F(1, 1000)),
        (".5", F(1, 2)),
        ("2/6", F(1, 3)),
        ("sqrt(1/4)", F(1, 2)),
        ("sqrt(2)", Root(F(2))),
    ],
)
def test_values_are_read_exactly(text: str, value: object) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1/0",
        "nan",
        "inf",
        "1e9999",
        "sqrt(-1)",
        "sqrt(sqrt(2))",
        "1,5",
        "0x10",
        "1_000",
        "1" * 70,
        " 1",
        "٣",
        "sqrt(" * 9,
    ],
)
def test_other_values_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a decimal number, a fraction p/q or sqrt"):
        read_value(text)


def test_shown_values() -> None:
    assert shown_value(None) == "infinite"
    assert shown_value(F(3, 7)) == "3/7"
    assert shown_value(F(1, 3**50)) == "1/717897987691852588770249"
    assert shown_value(F(1, 3**90)) == "about 1.14574263767e-43"
    assert shown_value(Root(F(2))) == "sqrt(2)"
    assert shown_value(Enclosure(F(1), F(2))) == "between 1 and 2"
    assert rounded(F(2, 3), 3, up=False) == "0.666" and rounded(F(2, 3), 3, up=True) == "0.667"
    assert is_decimal(F(773, 2000)) and not is_decimal(F(1, 3)) and not is_decimal(F(1, 2**60))


def test_domains() -> None:
    assert reals(0, 1, above=True).text("x") == "0 < x <= 1"
    assert reals(0, 1, below=True).text("x") == "0 <= x < 1"
    assert reals().text("v") == "real v"
    assert integers(2).text("s") == "integer s >= 2"
    assert reals(0, above=True).text("x") == "x > 0"
    assert reals(None, 1).text("x") == "x <= 1" and reals(None, 1, below=True).text("x") == "x < 1"
    assert reals(0, 1).complaint(F(3, 2)) == "3/2 is 1/2 too large"
    assert reals(0).complaint(F(-1, 3)) == "-1/3 is 1/3 too small"
    assert reals(0, above=True).complaint(F(0)) == "0 is the end that is left out"
    assert integers(1).complaint(F(3, 2)) == "3/2 is no integer"
    assert integers(1).complaint(Root(F(2))) == "sqrt(2) is no integer"
    assert reals(0, 1).complaint(Root(F(2))) == "sqrt(2) is about 0.414214 too large"
    assert reals(0, 1).complaint(Enclosure(F(1, 2), F(2))) == "between 0.5 and 2 is not proved to lie inside"
    assert reals(0, 1).complaint(F(1)) is None
