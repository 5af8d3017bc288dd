"""Expressions of algebraic numbers: their values, proved zeros, and hostile texts."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction

import pytest

from verify.dictionaries.algebraic import numbers, signs
from verify.dictionaries.algebraic.dictionary import AlgebraicDictionary
from verify.dictionaries.algebraic.grammar import evaluate
from verify.dictionaries.algebraic.numbers import Algebraic, inner_product, work_limit
from verify.dictionaries.algebraic.operations import inverse, reduced, root
from verify.dictionaries.algebraic.signs import balls, is_real, is_zero, sign
from verify.errors import InputError, LimitError
from verify.exact import ball_precision

VALUES = {
    "1/sqrt(8)": 1 / math.sqrt(8),
    "cos(pi/8)": math.cos(math.pi / 8),
    "sin(3*pi/7)": math.sin(3 * math.pi / 7),
    "exp(2*pi*I/7)": cmath.exp(2j * math.pi / 7),
    "exp(-I*pi/3)**5": cmath.exp(-5j * math.pi / 3),
    "-2**2": -4,
    "2**-3": 0.125,
    "(1+sqrt(5))/2": (1 + math.sqrt(5)) / 2,
    "1/(1+sqrt(2)+sqrt(3))": 1 / (1 + math.sqrt(2) + math.sqrt(3)),
    "1/(2+exp(2*pi*I/7))": 1 / (2 + cmath.exp(2j * math.pi / 7)),
    "sqrt(2+sqrt(2+sqrt(2)))": math.sqrt(2 + math.sqrt(2 + math.sqrt(2))),
    "1/sqrt(1+cos(pi/9))": 1 / math.sqrt(1 + math.cos(math.pi / 9)),
    "sqrt(3/7)*sqrt(5+sqrt(2))/3": math.sqrt(3 / 7) * math.sqrt(5 + math.sqrt(2)) / 3,
    "sqrt(-3)": math.sqrt(3) * 1j,
    " ( 3 / 4 ) ": 0.75,
    "cos(pi*(1/3+1/4))": math.cos(7 * math.pi / 12),
    "sqrt(0)+cos(0)": 1,
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    with ball_precision(128):
        real, imaginary = balls(evaluate(text), 128)
        wanted = complex(VALUES[text])
        assert abs(float(real.mid()) - wanted.real) < 1e-14
        assert abs(float(imaginary.mid()) - wanted.imag) < 1e-14
        assert float(real.rad()) + float(imaginary.rad()) < 1e-30


ZEROS = (
    "sqrt(2)-2*cos(pi/4)",
    "sqrt(2+sqrt(2))-2*cos(pi/8)",
    "(1+sqrt(5))/2-2*cos(pi/5)",
    "sqrt(10+2*sqrt(5))-4*sin(2*pi/5)",
    "sqrt(3+2*sqrt(2))-1-sqrt(2)",
    "1+exp(2*pi*I/3)+exp(4*pi*I/3)",
    "sqrt(2)*sqrt(3)-sqrt(6)",
    "1/(sqrt(2)+2*cos(pi/4))-sqrt(2)/4",
    "cos(pi/7)-cos(2*pi/7)+cos(3*pi/7)-1/2",
    "sqrt(5)-(exp(2*pi*I/5)-exp(4*pi*I/5)-exp(6*pi*I/5)+exp(8*pi*I/5))",
    "sqrt(1000003*1000033)-sqrt(1000003)*sqrt(1000033)",
)


@pytest.mark.parametrize("text", ZEROS)
def test_zeros_that_no_ball_separates_are_proved(text: str) -> None:
    number = evaluate(text)
    assert is_zero(number) is True
    assert sign(number) == 0
    # one part in 10^60 beside them is no zero, and its sign is proved
    assert sign(evaluate(f"{text}-1/10**60")) == -1
    with pytest.raises(InputError, match="other than zero to divide by, got zero"):
        evaluate(f"1/({text})")


def test_the_separation_bound_holds_for_small_numbers() -> None:
    """|U| >= 2^-separation for numbers that are close to zero but are not."""
    for text in ("(sqrt(2)-1)**40", "(7-5*sqrt(2))**9", "sqrt(1000001)-1000-1/2000", "cos(pi/64)-1", "(2-sqrt(3))**30"):
        number = evaluate(text)
        with ball_precision(2000):
            real, _ = balls(number, 2000)
            assert abs(float((abs(real) * number.divisor).log().mid())) <= signs.separation(number) * math.log(2)


def test_what_needs_too_many_digits_stays_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    number = evaluate("sqrt(10+2*sqrt(5))-4*sin(2*pi/5)")
    monkeypatch.setattr(signs, "MOST_BITS", 64)
    assert is_zero(number) is None
    assert sign(number) is None
    assert is_real(number) is True  # its imaginary part cancels as it is written
    with pytest.raises(LimitError, match="divided by is zero takes too many digits"):
        inverse(number)
    with pytest.raises(LimitError, match="sign of the number under a root"):
        root(number)
    with pytest.raises(LimitError, match="column at index 1 is zero takes too many digits"):
        AlgebraicDictionary.of([["1", "sqrt(10+2*sqrt(5))-4*sin(2*pi/5)"]])


def test_the_sign_of_a_number_that_is_not_real_is_undecided() -> None:
    assert sign(evaluate("I")) is None


def test_numbers_without_roots_have_one_reduced_spelling() -> None:
    left, right = evaluate("exp(2*pi*I/5)+exp(4*pi*I/5)+exp(6*pi*I/5)+exp(8*pi*I/5)"), Algebraic.of(-1)
    assert reduced(left).rational == right.rational == -1


def test_inner_products_are_products() -> None:
    texts = ("sqrt(2)", "sqrt(2+sqrt(2))/3", "exp(2*pi*I/5)", "0", "sqrt(6)*cos(pi/5)", "1/sqrt(3)")
    vector = numbers.common(*map(evaluate, texts))
    turned = vector[::-1]
    plain = numbers.total(a.conjugate() * b for a, b in zip(vector, turned, strict=True))
    assert is_zero(inner_product(vector, turned) - plain) is True
    assert is_zero(inner_product(vector, vector) - evaluate("2+(2+sqrt(2))/9+1+6*cos(pi/5)**2+1/3")) is True


HOSTILE = {
    "__import__('os').system('true')": "got '__import__'",
    "().__class__": "got '.__class__'",
    "(1).real": "got '.real'",
    "lambda: 0": "got 'lambda'",
    "[x for x in (1)]": "got '['",
    "open(1)": "got 'open'",
    "sqrt(1,2)": "got ','",
    "sqrt": "the function sqrt without its argument",
    "sqrt()": "a call of something else",
    "sqrt(2)(3)": "a call of something else",
    "pi(2)": "a call of something else",
    "x": "got 'x'",
    "True": "got 'True'",
    "None": "got 'None'",
    "0.5": "got '0.5': write it exactly, 0.5 as 1/2",
    ".5": "write it exactly",
    "1e5": "got '1e5'",
    "1_0": "got '1_0'",
    "0x10": "got '0x10'",
    "007": "a syntax error",
    "2pi": "got '2pi'",
    "2 pi": "a syntax error",
    "": "a syntax error",
    "()": "something else (Tuple)",
    "1\n+1": "a syntax error",
    "1//2": "another operation (FloorDiv)",
    "1%2": "got '%'",
    "1;2": "got ';'",
    "1#2": "got '#'",
    "f'{1}'": "got 'f'",
    "\x00": r"got '\x00'",
    "\N{GREEK SMALL LETTER PI}": r"got '\u03c0'",
    "\N{ARABIC-INDIC DIGIT ONE}": r"got '\u0661'",
    "\N{FULLWIDTH DIGIT ONE}": r"got '\uff11'",
    "1/0": "other than zero to divide by, got zero",
    "pi/0": "other than zero to divide by, got zero",
    "0**-1": "other than zero to divide by, got zero",
    "9**9**9**9": "an integer from -64 to 64 for an exponent",
    "9**(9**9)": "an integer from -64 to 64 for an exponent",
    "2**65": "an integer from -64 to 64 for an exponent",
    "2**-65": "an integer from -64 to 64 for an exponent",
    "2**(1/2)": "a root is written as sqrt(x)",
    "(9**64)**64": "more than 10000 bits",
    "9" * 101: "an integer of 101 digits",
    "1" * 1001: "an expression of 1001 characters",
    "(" * 100_000: "an expression of 100000 characters",
    "(" * 51 + "1" + ")" * 51: "brackets nested more than 50 deep",
    "-" * 900 + "1": "more than 100 levels",
    "+".join(["1"] * 400): "more than 100 levels",
    "cos(pi/10**60)": "common denominator is of more than 20 digits",
    "cos(pi/10007)": "common denominator is 20014",
    "cos(pi/4999)*cos(pi/4993)": "the limit is 10000",
    "pi": "pi may stand in the angles",
    "pi*pi": "the power 2 of pi",
    "1/pi": "the power -1 of pi",
    "1+pi": "a sum of multiples of pi and other numbers",
    "cos(1)": "a rational multiple of pi in cos",
    "exp(1)": "a rational multiple of pi I in exp",
    "exp(pi)": "a rational multiple of pi I in exp",
    "sin(sqrt(2)*pi)": "a rational multiple of pi in sin",
    "sqrt(pi)": "under a root, got a multiple of pi",
    "sqrt(I)": "a real number under a root, got a complex one",
    "sqrt(" * 10 + "2" + ")" * 10: "roots nested at most 8 deep",
    "1/(1+cos(2*pi/997))": "a field of degree above 256",
    "(" + "+".join(f"sqrt({p})" for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)) + ")**64": "too much work",
    "(" + "+".join(f"cos(pi*{k}/2053)" for k in range(1, 40)) + ")**9": "more than 512 terms",
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:30]))
def test_hostile_expressions_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught, work_limit(300_000):
        evaluate(text)
    message = str(caught.value)
    assert HOSTILE[text] in message
    assert "\n" not in message
    assert len(message) < 200
    assert message.isprintable()


def test_work_is_counted_and_the_count_ends_with_its_block() -> None:
    with pytest.raises(LimitError, match="too much work"), work_limit(2):
        evaluate("(1+sqrt(2))**9")
    assert evaluate("(1+sqrt(2))**2-3-2*sqrt(2)").rational == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["1", "x"]], "row 0, column 1: expected integers"),
        ([["1", "1"], ["1"]], "expected rows of one length: row 0 has 2 entries, row 1 has 1"),
        ([], "expected at least one row and two atoms"),
        ([["1"]], "expected at least one row and two atoms"),
        ([["1", "sqrt(2)-2*cos(pi/4)"], ["1", "0"]], "got a zero column at index 1"),
        ([["1"] * 257], "1 x 257 algebraic entries"),
    ],
)
def test_what_is_no_dictionary(rows: list[list[str]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        AlgebraicDictionary.of(rows)


def test_field_and_digest() -> None:
    real = AlgebraicDictionary.of([["exp(2*pi*I/7)+exp(-2*pi*I/7)", "1"]])
    assert real.field == "real"
    assert AlgebraicDictionary.of([["I", "1"]]).field == "complex"
    spaced, other = AlgebraicDictionary.of([["1 / 2", "1"]]), AlgebraicDictionary.of([["1/2", "1"]])
    assert spaced.digest == other.digest != real.digest
    assert Fraction(1, 2) == spaced.rows[0][0].rational
