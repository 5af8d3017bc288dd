"""One statement for the terminal and as JSON, with the constants for given values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ...exact import Enclosure
from .. import THEOREMS
from ..language import expressions
from ..language.application import Result
from ..language.conditions import Condition
from ..language.values import Root, Value, is_decimal, rounded, shown_value
from ..theorem import Theorem
from .names import tex_symbols

Values = Mapping[str, Value | tuple[Value, ...]]


def as_text(entry: Theorem, width: int, values: Values | None = None) -> str:
    """Return a statement as paragraphs of plain text; with `values`, also its constants for them.

    Raises InputError, as `apply` does, for values that the statement does not admit.
    """
    results = None if values is None else entry.apply(values)
    head = textwrap.fill(f"{entry.id}: {entry.title}", width, subsequent_indent="  ", break_on_hyphens=False)
    parts = [head, f"({entry.status}; {entry.section})", ""]
    parts += _titled(
        "Variables", (f"{_symbol(v.name, v.symbol)}: {v.meaning}; {_domain(v)}" for v in entry.variables), width
    )
    parts += _titled("Hypotheses", entry.hypothesis_texts, width)
    parts += _titled("Constants", (f"{name} = {entry.constant_text(name)}" for name in entry.constants), width)
    parts += _titled("Conclusion", (entry.conclusion,), width)
    parts += _titled("Proof", (entry.proof,) if entry.proof else (), width)
    parts += _titled("Remark", (entry.remark,) if entry.remark else (), width)
    parts += _titled("Source", (entry.source,), width)
    parts += _titled("Rests on", (", ".join(entry.depends),) if entry.depends else (), width)
    parts += _titled("Used by", (", ".join(used_by(entry)),) if used_by(entry) else (), width)
    if values is not None and results is not None:
        given = ", ".join(f"{name} = {_shown_values(value)}" for name, value in values.items())
        parts += _titled(f"For {given}", _result_lines(entry, results), width)
    return "\n".join(parts[:-1]) + "\n"


def as_json(entry: Theorem, values: Values | None = None) -> dict[str, Any]:
    """Return a statement as a JSON object of schema 1 (`theorem.schema.json` in this folder)."""
    tex = tex_symbols(entry)
    results = None if values is None else entry.apply(values)
    return {
        "schema": 1,
        "id": entry.id,
        "title": entry.title,
        "section": entry.section.value,
        "status": entry.status.value,
        "variables": [
            {
                "name": v.name,
                "symbol": v.symbol,
                "latex": v.tex,
                "meaning": v.meaning,
                "domain": v.domain.text(v.symbol),
                "each": entry.each.value if v.each and entry.each else None,
                "optional": v.optional,
            }
            for v in entry.variables
        ],
        "hypotheses": [
            {
                "text": text,
                "condition": h.text if isinstance(h, Condition) else None,
                "latex": h.latex(tex) if isinstance(h, Condition) else None,
            }
            for h, text in zip(entry.hypotheses, entry.hypothesis_texts, strict=True)
        ],
        "constants": [
            {
                "name": name,
                "formula": formula,
                "text": entry.constant_text(name),
                "latex": expressions.latex(entry.formula(name), tex),
            }
            for name, formula in entry.constants.items()
        ],
        "conclusion": entry.conclusion,
        "proof": entry.proof or None,
        "remark": entry.remark or None,
        "source": entry.source,
        "depends": list(entry.depends),
        "used_by": used_by(entry),
        "values": None if values is None else {name: _spelled(value) for name, value in values.items()},
        "results": None if results is None else {name: _result(result) for name, result in results.items()},
    }


def used_by(entry: Theorem) -> list[str]:
    """Return the ids of the statements that rest on this one."""
    return [other.id for other in THEOREMS if entry.id in other.depends]


def shown_result(result: Result) -> str:
    """Return a constant as exact text and as a decimal."""
    if isinstance(result, tuple):
        return "; ".join(shown_result(value) for value in result)
    if not isinstance(result, Fraction) or result.denominator == 1:
        return shown_value(result)
    if is_decimal(result):
        return f"{result} = {rounded(result)}"
    text, decimal = shown_value(result), f"about {rounded(result)}"
    return text if text == decimal else f"{text}, {decimal}"


def _titled(title: str, lines: Iterator[str] | tuple[str, ...], width: int) -> list[str]:
    found = [
        textwrap.fill(line, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
        for line in lines
    ]
    return [*textwrap.wrap(title, width, break_on_hyphens=False), *found, ""] if found else []


def _symbol(name: str, symbol: str) -> str:
    return name if name == symbol else f"{name} [{symbol}]"


def _domain(variable: Any) -> str:
    kinds = [variable.domain.text(variable.symbol)]
    kinds += ["one each"] if variable.each else []
    kinds += ["optional"] if variable.optional else []
    return ", ".join(kinds)


def _result_lines(entry: Theorem, results: Mapping[str, Result]) -> Iterator[str]:
    for name in entry.constants:
        yield (
            f"{name} = {shown_result(results[name])}"
            if name in results
            else f"{name} needs a value for {_needed(entry)}"
        )


def _needed(entry: Theorem) -> str:
    return ", ".join(variable.name for variable in entry.variables if variable.optional)


def _shown_values(value: Value | tuple[Value, ...]) -> str:
    return ",".join(map(shown_value, value)) if isinstance(value, tuple) else shown_value(value)


def _spelled(value: Value | tuple[Value, ...]) -> Any:
    if isinstance(value, tuple):
        return [_spelled(part) for part in value]
    return f"sqrt({value.square})" if isinstance(value, Root) else str(value)


def _result(result: Result) -> Any:
    if isinstance(result, tuple):
        return [_result(value) for value in result]
    if result is None:
        return {"exact": None, "lower": None, "upper": None}
    ends = (result.lower, result.upper) if isinstance(result, Enclosure) else (result, result)
    lower, upper = rounded(ends[0], 30, up=False), rounded(ends[1], 30, up=True)
    return {"exact": str(result) if isinstance(result, Fraction) else None, "lower": lower, "upper": upper}
