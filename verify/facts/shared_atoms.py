"""Which atoms two dictionaries have in common, exactly, each up to a factor."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from ..dictionaries.dictionary import Dictionary

MOST_ENTRIES = 1_000_000
"""Dictionaries with more entries are not looked at: this is a remark, and should cost little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAtoms:
    """Pairs (i, j) with d_i of the first and d'_j of the second parallel, each atom in one pair at most.

    `first_only` and `second_only` are the atoms left over; `equal` says that the atoms of every pair are equal, not
    only multiples of one another.
    """

    pairs: tuple[tuple[int, int], ...]
    first_only: tuple[int, ...]
    second_only: tuple[int, ...]
    equal: bool


def shared_atoms(first: Dictionary, second: Dictionary) -> SharedAtoms | None:
    """Return the atoms that two dictionaries share, or None where their spaces differ or they are large.

    d and d' are parallel where d = z d' for a number z != 0. Atoms are brought to one form, the least integers with a
    positive first nonzero entry, and looked up. Guarantee: exact. Cost: a pass over the entries in exact integers.
    """
    (m, n), (rows, columns) = first.shape, second.shape
    if m != rows or first.field != second.field or m * max(n, columns) > MOST_ENTRIES:
        return None
    places: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for j in reversed(range(columns)):
        places[_form(second, j)].append(j)
    pairs = [(i, found.pop()) for i in range(n) if (found := places.get(_form(first, i)))]
    in_first, in_second = {i for i, _ in pairs}, {j for _, j in pairs}
    return SharedAtoms(
        pairs=tuple(pairs),
        first_only=tuple(i for i in range(n) if i not in in_first),
        second_only=tuple(j for j in range(columns) if j not in in_second),
        equal=all(_equal(first, i, second, j) for i, j in pairs),
    )


def _form(dictionary: Dictionary, atom: int) -> tuple[int, ...]:
    """Return integers that two atoms have in common exactly where they are parallel."""
    integers = dictionary.integer_atoms([atom])
    real = integers.real[0]
    if integers.imaginary is None:
        lead = next(value for value in real if value)
        form = tuple(value if lead > 0 else -value for value in real)
    else:  # times the conjugate of the first nonzero entry, which is then positive
        pairs = list(zip(real, integers.imaginary[0], strict=True))
        c, d = next((a, b) for a, b in pairs if a or b)
        form = tuple(part for a, b in pairs for part in (a * c + b * d, b * c - a * d))
    divisor = math.gcd(*form)
    return tuple(value // divisor for value in form)


def _equal(first: Dictionary, i: int, second: Dictionary, j: int) -> bool:
    parts = zip(first.parts, second.parts, strict=True)
    return all(a[:, i].tolist() == b[:, j].tolist() for a, b in parts)  # Python compares mixed numbers exactly
