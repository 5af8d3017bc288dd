"""Edits of a certificate's content: where values stand, and what else could stand there."""

from __future__ import annotations

import copy
import struct
from fractions import Fraction

from certificate_truth import decoded
from certificate_writer import binary64
from problem_truth import FIELDS

from certificates.checker import PROBLEM_RULES, RULES
from certificates.format import integers, rational


def paths(value: object, at: tuple = ()) -> list[tuple]:
    """The path of every value inside."""
    found = [at] if at else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*at, key))
    return found


def put(content: object, path: tuple, value: object) -> None:
    for key in path[:-1]:
        content = content[key]
    content[path[-1]] = value


def get(content: object, path: tuple) -> object:
    for key in path:
        content = content[key]
    return content


def variants(value: object) -> list:
    """Other values that could stand there, the well-formed neighbours first."""
    if isinstance(value, bool):
        return [not value, 1, None]
    if isinstance(value, int):
        return [value + 1, value - 1, 2 * value + 1, 0, value + 2, -value, True, str(value)]
    if value is None:
        return [integers([0]), binary64([0.0]), 0, False, []]
    if isinstance(value, list):
        edits = [value[:-1], value[1:], value[::-1], [], [*value, *value[-1:]], [*value, 0]]
        return [*edits, [*value[1:], *value[:1]], {str(k): v for k, v in enumerate(value)}]
    if isinstance(value, dict):
        edits = [{k: v for k, v in value.items() if k != key} for key in value]
        try:
            numbers = decoded(value)
        except (KeyError, TypeError, ValueError, struct.error):  # no array, or one already damaged
            numbers = []
        if numbers:
            edits += [integers([1] * len(numbers)), binary64([float(x) + 1 for x in numbers])]
            edits += [binary64([-float(x) for x in numbers]), integers([round(x) + 1 for x in numbers])]
            edits.append(binary64([float(numbers[0]) * 2, *map(float, numbers[1:])]))
        return [*edits, {**value, "surplus": 0}, list(value.values())]
    for group in (
        ("l0", "l1", "network", "omp"),
        ("unit", "as-given"),
        tuple(RULES),
        tuple(PROBLEM_RULES),
        tuple(FIELDS),
    ):
        if value in group:
            return [other for other in group if other != value]
    try:
        number = Fraction(value)
    except ValueError:
        return [value + "0", "", value[:-1], value[::-1], 0]
    q = number.denominator
    numbers = (number + Fraction(1, q), number - Fraction(1, q), -number, 2 * number, number / 2, 1 / (number or 2))
    nudged = (number + Fraction(1, 2**200), number - Fraction(1, 2**200), number + 1, Fraction(0))
    return [*map(rational, numbers), *map(rational, nudged), f"{number.numerator * 2}/{q * 2}"]


def edit(content: dict, path: tuple, value: object) -> dict:
    """The content with this value there, and where a claim repeats an evidence field, there too."""
    edited = copy.deepcopy(content)
    put(edited, path, value)
    if path[0] == "steps" and len(path) >= 3:
        for claim in edited["claims"]:
            if claim["step"] != path[1]:
                continue
            if path[2] == "evidence" and len(path) > 3 and path[3] in claim["statement"]:
                claim["statement"][path[3]] = copy.deepcopy(get(edited, path[:4]))
            if path[2] == "rule" and "theorem" in claim["statement"]:
                claim["statement"]["theorem"] = value
    return edited


def renumbered(content: dict, new: dict[int, int]) -> dict:
    """The content with every reference i replaced by new[i]; references that are not in `new` are left out."""
    edited = copy.deepcopy(content)
    for step in edited["steps"]:
        step["uses"] = [new[used] for used in step["uses"] if used in new]
    edited["claims"] = [{**claim, "step": new[claim["step"]]} for claim in edited["claims"] if claim["step"] in new]
    return edited
