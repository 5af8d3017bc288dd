"""Edits of a certificate's content: where values stand, and what else could stand there. No edit changes its argument."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction

from certificate_truth import decoded
from certificate_writer import binary64
from problem_truth import FIELDS

from certificates.format import integers, rational
from certificates.rules import FILTER_RULES, PROBLEM_RULES, RULES


def paths(value: object, at: tuple = ()) -> list[tuple]:
    """The path of every value inside."""
    found = [at] if at else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*at, key))
    return found


def put(content: object, path: tuple, value: object) -> object:
    """The content with this value there; everything beside the path is shared."""
    if not path:
        return value
    edited = content.copy()
    edited[path[0]] = put(content[path[0]], path[1:], value)
    return edited


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
        ("stripe", "total"),
        tuple(FILTER_RULES),
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
    edited = put(content, path, value)
    if path[0] != "steps" or len(path) < 3:
        return edited
    repeated = {}
    if path[2] == "evidence" and len(path) > 3:
        repeated = {path[3]: get(edited, path[:4])}
    elif path[2] == "rule":
        repeated = {"theorem": value}
    claims = []
    for claim in edited["claims"]:
        changed = {name: said for name, said in repeated.items() if name in claim["statement"]}
        same = claim["step"] != path[1] or not changed
        claims.append(claim if same else {**claim, "statement": {**claim["statement"], **changed}})
    return {**edited, "claims": claims}


def renumbered(content: dict, new: dict[int, int]) -> dict:
    """The content with every reference i replaced by new[i]; references that are not in `new` are left out."""
    steps = [{**step, "uses": [new[used] for used in step["uses"] if used in new]} for step in content["steps"]]
    claims = [{**claim, "step": new[claim["step"]]} for claim in content["claims"] if claim["step"] in new]
    return {**content, "steps": steps, "claims": claims}


def restricted(content: dict, kept: Iterable[int]) -> tuple[dict, dict[int, int]]:
    """These steps and all that they use, with their claims, and the new number of every step that is left."""
    steps, needed = content["steps"], set(kept)
    for at in range(len(steps) - 1, -1, -1):
        if at in needed:
            needed.update(steps[at]["uses"])
    new = {old: number for number, old in enumerate(sorted(needed))}
    smaller = renumbered(content, new)
    smaller["steps"] = [smaller["steps"][at] for at in sorted(needed)]
    return smaller, new


def concerned(content: dict, at: int) -> set[int]:
    """This step and those that use it, directly or not: no other step notices an edit of it."""
    found = {at}
    for later, step in enumerate(content["steps"]):
        if found & set(step["uses"]):
            found.add(later)
    return found


def places(content: dict) -> Iterator[tuple[dict, tuple]]:
    """The path of every value but those of the envelope and of statements, in the least content that notices an edit.

    References to steps stand in the whole content: there every other step can be named.
    """
    for path in paths(content):
        if path[0] in ("claims", "subjects"):
            whole = path[2:3] != ("statement",) or len(path) == 3
        else:
            whole = path == ("steps",) or path[2:3] == ("uses",)
        if whole:
            yield content, path
    for at in range(len(content["steps"])):
        smaller, new = restricted(content, concerned(content, at))
        for path in paths(smaller["steps"][new[at]]):
            if path[0] != "uses":
                yield smaller, ("steps", new[at], *path)
        yield smaller, ("steps", new[at])


def said(content: dict) -> Iterator[tuple[dict, tuple]]:
    """The path of every value in a statement, in the least content that derives it and claims nothing else."""
    for claim in content["claims"]:
        smaller, new = restricted(content, [claim["step"]])
        smaller["claims"] = [{**claim, "step": new[claim["step"]]}]
        for path in paths(claim["statement"]):
            yield smaller, ("claims", 0, "statement", *path)
