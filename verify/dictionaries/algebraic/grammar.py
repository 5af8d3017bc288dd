"""The language of algebraic entries: integers, + - * / **, sqrt, cos, sin, exp, pi, I and parentheses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction

from ...errors import InputError, LimitError
from .numbers import Algebraic
from .operations import inverse, root

LONGEST = 1000
DEEPEST = 50
MOST_DIGITS = 100
LARGEST_EXPONENT = 64
FUNCTIONS = ("sqrt", "cos", "sin", "exp")

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:([0-9]+)(?![A-Za-z0-9_.])|(\*\*|[-+*/()])|(sqrt|cos|sin|exp|pi|I)(?![A-Za-z0-9_.])|(.))", re.DOTALL
)
_SPACES = " \t\r\n"
_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)
_WANTED = "integers, + - * / **, sqrt, cos, sin, exp, pi, I and parentheses"


@dataclass(frozen=True, slots=True)
class _Value:
    """`number` times pi^`pis`: pi may stand in angles only."""

    number: Algebraic
    pis: int = 0


def evaluate(text: str) -> Algebraic:
    """Return the algebraic number that an expression spells.

    cos and sin take rational multiples of pi, exp those of pi I, sqrt real numbers, ** integer exponents from -64 to
    64. At most 1000 characters, 50 levels and 100 digits an integer; `ast` reads the expression after every token was
    found on a list, and nothing is ever called by the name that stands in it. Guarantee: exact. Raises InputError, one
    line, for anything else, LimitError for what is too large.
    """
    text = text.strip(_SPACES)
    _refuse_strange(text)
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError("expected an expression, got a syntax error") from None
    value = _value(tree.body, 0)
    if value.pis and value.number.terms:
        raise InputError("expected an algebraic number: pi may stand in the angles of cos, sin and exp only")
    return value.number


def _refuse_strange(text: str) -> None:
    """Raise InputError for a token that is not of the language, LimitError for what is long or deep."""
    if len(text) > LONGEST:
        raise LimitError(f"an expression of {len(text)} characters: the limit is {LONGEST}")
    at = depth = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match[4] is not None:
            rest = text[at:].lstrip()
            name = re.match(r"[A-Za-z0-9_.]+", rest)
            strange = name[0] if name else rest[0]
            more = ": write it exactly, 0.5 as 1/2" if re.fullmatch(r"[0-9]*\.[0-9]*", strange) else ""
            raise InputError(f"expected {_WANTED}, got {strange[:20]!a}{more}")
        if match[1] is not None and len(match[1]) > MOST_DIGITS:
            raise LimitError(f"an integer of {len(match[1])} digits: the limit is {MOST_DIGITS}")
        depth += {"(": 1, ")": -1}.get(match[2] or "", 0)
        if depth > DEEPEST:
            raise LimitError(f"brackets nested more than {DEEPEST} deep")
        at = match.end()


def _value(node: ast.expr, depth: int) -> _Value:
    if depth > 2 * DEEPEST:
        raise LimitError(f"an expression of more than {2 * DEEPEST} levels: use parentheses around parts of long sums")
    match node:
        case ast.Constant(value=int(value)) if type(value) is int:
            return _Value(Algebraic.of(value))
        case ast.Name(id="pi"):
            return _Value(Algebraic.of(1), 1)
        case ast.Name(id="I"):
            return _Value(Algebraic.root_of_unity(_QUARTER))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, depth + 1)
            return _Value(-value.number, value.pis)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, depth + 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, depth + 1), _exponent(right))
        case ast.BinOp(left=left, op=operation, right=right):
            return _binary(_value(left, depth + 1), operation, _value(right, depth + 1))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return _Value(_function(name, _value(argument, depth + 1)))
        case _:
            raise InputError(f"expected {_WANTED}, got {_kind(node)}")


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return "a call of something else than a function of one argument"
    if isinstance(node, ast.Name):
        return f"the function {node.id} without its argument"
    return f"something else ({type(node).__name__})"


def _binary(left: _Value, operation: ast.operator, right: _Value) -> _Value:
    a, b = left.number, right.number
    match operation:
        case ast.Add() | ast.Sub():
            if left.pis != right.pis and a.terms and b.terms:
                raise InputError("expected an algebraic number, got a sum of multiples of pi and other numbers")
            pis = left.pis if a.terms else right.pis
            return _Value(a + b if isinstance(operation, ast.Add) else a - b, pis)
        case ast.Mult():
            return _times(left, right)
        case ast.Div():
            return _times(left, _Value(inverse(b), -right.pis))
        case _:
            raise InputError(f"expected {_WANTED}, got another operation ({type(operation).__name__})")


def _times(left: _Value, right: _Value) -> _Value:
    pis = left.pis + right.pis
    if pis not in (0, 1):
        raise InputError(f"expected an algebraic number, got the power {pis} of pi")
    return _Value(left.number * right.number, pis)


def _exponent(node: ast.expr) -> int:
    """Return the integer that an exponent is; it is not computed."""
    signed = 1
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        signed, node = -signed if isinstance(node.op, ast.USub) else signed, node.operand
    value = node.value if isinstance(node, ast.Constant) else None
    if type(value) is not int or value > LARGEST_EXPONENT:
        wanted = f"an integer from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT} for an exponent"
        raise InputError(f"expected {wanted}; a root is written as sqrt(x)")
    return signed * value


def _power(base: _Value, exponent: int) -> _Value:
    if exponent < 0:
        base = _Value(inverse(base.number), -base.pis)
    result = _Value(Algebraic.of(1))
    for digit in bin(abs(exponent))[2:]:
        if result.number.rational != 1:
            result = _times(result, result)
        if digit == "1":
            result = _times(result, base)
    return result


def _function(name: str, argument: _Value) -> Algebraic:
    if name == "sqrt":
        if argument.pis:
            raise InputError("expected an algebraic number under a root, got a multiple of pi")
        return root(argument.number)
    number = argument.number
    if name == "exp":
        number = number * Algebraic.root_of_unity(-_QUARTER)
    multiple = number.rational
    if multiple is None or (multiple and argument.pis != 1):
        wanted = "pi I" if name == "exp" else "pi"
        raise InputError(f"expected a rational multiple of {wanted} in {name}, since other values are not algebraic")
    turn = Algebraic.root_of_unity(multiple / 2)
    if name == "exp":
        return turn
    if name == "cos":
        return (turn + turn.conjugate()).scaled(_HALF)
    return ((turn - turn.conjugate()) * Algebraic.root_of_unity(-_QUARTER)).scaled(_HALF)
