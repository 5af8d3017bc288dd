"""Formulas as text: parsed once, evaluated exactly or in balls, handed to SymPy, printed plainly or as LaTeX."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FUNCTIONS = ("sqrt", "exp", "log", "Max", "Min", "Abs")
_PLAIN = {ast.Add: " + ", ast.Sub: " - "}
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Algebra:
    """How numbers of one kind are made and combined: `binary` carries out one of Python's + - * / on two of them."""

    integer: Callable[[int], Any]
    binary: Callable[[Callable[[Any, Any], Any], Any, Any], Any]
    power: Callable[[Any, Any], Any]
    functions: Mapping[str, Callable[..., Any]]


_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def parsed(text: str) -> ast.expr:
    """Return the syntax tree of a formula in names, integers, + - * / ** and FUNCTIONS.

    The text is the registry's own, or a theorem author's; it is read, never executed. Raises ValueError for more.
    """
    tree = ast.parse(text, mode="eval").body
    for _ in walk(tree):
        pass  # it complains about what is no part of a formula
    return tree


def walk(tree: ast.expr) -> Iterator[ast.expr]:
    """Yield the nodes of a formula, without the names of functions; raise ValueError for what no formula has."""
    yield tree
    match tree:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS or isinstance(op, ast.Pow):
            yield from walk(left)
            yield from walk(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from walk(operand)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            for argument in arguments:
                yield from walk(argument)
        case ast.Name() | ast.Constant(value=int()):
            pass
        case _:
            raise ValueError(f"not part of a formula: {ast.unparse(tree)!r}")


def names(tree: ast.expr) -> set[str]:
    """Return the names of a formula."""
    return {node.id for node in walk(tree) if isinstance(node, ast.Name)}


def evaluated(tree: ast.expr, algebra: Algebra, value: Callable[[str], Any]) -> Any:
    """Return the value of a formula in an algebra; `value` gives that of a name."""
    match tree:
        case ast.Name(id=name):
            return value(name)
        case ast.Constant(value=number):
            assert isinstance(number, int)
            return algebra.integer(number)
        case ast.UnaryOp(operand=operand):
            return -evaluated(operand, algebra, value)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return algebra.power(evaluated(left, algebra, value), evaluated(right, algebra, value))
        case ast.BinOp(left=left, op=op, right=right):
            first, second = evaluated(left, algebra, value), evaluated(right, algebra, value)
            return algebra.binary(_OPERATIONS[type(op)], first, second)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return algebra.functions[name](*(evaluated(argument, algebra, value) for argument in arguments))
    raise AssertionError("a parsed formula has no other nodes")


def plain(tree: ast.expr, symbols: Mapping[str, str]) -> str:
    """Return a formula as one line of plain text: `2/(1 - (2s - 1) mu)`."""
    return _plain(tree, symbols)[0]


def latex(tree: ast.expr, symbols: Mapping[str, str]) -> str:
    """Return a formula as LaTeX."""
    return _latex(tree, symbols)[0]


def _plain(tree: ast.expr, symbols: Mapping[str, str]) -> tuple[str, int]:
    match tree:
        case ast.Name(id=name):
            return symbols.get(name, name), _ATOM
        case ast.Constant(value=number):
            return str(number), _ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{_bracketed(_plain(operand, symbols), _PRODUCT)}", _SUM
        case ast.Call(func=ast.Name(id=name), args=arguments):
            shown = {"Max": "max", "Min": "min"}.get(name, name)
            inside = ", ".join(plain(argument, symbols) for argument in arguments)
            return (f"|{inside}|" if name == "Abs" else f"{shown}({inside})"), _ATOM
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            second = _bracketed(_plain(right, symbols), _SUM + isinstance(op, ast.Sub))
            return f"{plain(left, symbols)}{_PLAIN[type(op)]}{second}", _SUM
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _plain_product(left, right, symbols), _PRODUCT
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above = _bracketed(_plain(left, symbols), _PRODUCT)
            return f"{above}/{_bracketed(_plain(right, symbols), _POWER)}", _PRODUCT
        case ast.BinOp(left=left, right=right):
            base = _bracketed(_plain(left, symbols), _ATOM)
            return f"{base}^{_bracketed(_plain(right, symbols), _ATOM)}", _POWER
    raise AssertionError("a parsed formula has no other nodes")


def _plain_product(left: ast.expr, right: ast.expr, symbols: Mapping[str, str]) -> str:
    def factor(tree: ast.expr) -> str:
        fraction = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)
        return _bracketed(_plain(tree, symbols), _POWER if fraction else _PRODUCT)

    first, second = factor(left), factor(right)
    if second[0].isdigit():
        return f"{first} * {second}"
    return first + ("" if first.isdigit() and (len(second) == 1 or second[0] == "(") else " ") + second


def _latex(tree: ast.expr, symbols: Mapping[str, str]) -> tuple[str, int]:
    match tree:
        case ast.Name(id=name):
            return symbols.get(name, name), _ATOM
        case ast.Constant(value=number):
            return str(number), _ATOM
        case ast.UnaryOp(operand=operand):
            return f"-{_bracketed(_latex(operand, symbols), _PRODUCT, latex=True)}", _SUM
        case ast.Call(func=ast.Name(id=name), args=arguments):
            inside = ", ".join(latex(argument, symbols) for argument in arguments)
            if name == "sqrt":
                return rf"\sqrt{{{inside}}}", _ATOM
            if name == "Abs":
                return rf"\left|{inside}\right|", _ATOM
            return rf"\{name.lower()}\left({inside}\right)", _ATOM
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            second = _bracketed(_latex(right, symbols), _SUM + isinstance(op, ast.Sub), latex=True)
            return f"{latex(left, symbols)}{_PLAIN[type(op)]}{second}", _SUM
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            first = _bracketed(_latex(left, symbols), _PRODUCT, latex=True)
            second = _bracketed(_latex(right, symbols), _PRODUCT, latex=True)
            dot = r" \cdot " if second[0].isdigit() else " "
            return first + dot + second, _PRODUCT
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{latex(left, symbols)}}}{{{latex(right, symbols)}}}", _POWER
        case ast.BinOp(left=left, right=right):
            return f"{_bracketed(_latex(left, symbols), _ATOM, latex=True)}^{{{latex(right, symbols)}}}", _POWER
    raise AssertionError("a parsed formula has no other nodes")


def _bracketed(part: tuple[str, int], least: int, *, latex: bool = False) -> str:
    text, strength = part
    if strength >= least:
        return text
    return rf"\left({text}\right)" if latex else f"({text})"
