"""Deep codes that are found to fail: two of one signal, or one that a layer's basis pursuit misses. All exact."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, islice

from ..dictionaries.deep import DeepDictionary, Entries
from ..dictionaries.dictionary import Dictionary
from ..exact import kernel
from .null_vectors import NullVector

_MOST_SETS = 3000
"""Sets of atoms that are gone through for one dictionary, for its null vectors or for the codes of one signal."""
_MOST_SPLITS = 1000
_MOST_LIFTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepPair:
    """Two different codes of the last dictionary, in integers, whose deep codes have one signal x_0 = x'_0."""

    first: dict[int, int]
    second: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCode:
    """A code of the last dictionary, in integers, whose x_`layer` is a multiple of a heavy part of a null vector."""

    layer: int
    last: dict[int, int]


def two_codes(
    deep: DeepDictionary, levels: Sequence[int], known: Mapping[tuple[int, int], NullVector]
) -> DeepPair | None:
    """Return two deep codes of one signal of a real chain without noise, or None if none was found.

    Splits null vectors of every D_j, and of the products D[i:J] in `known` where the rho between are the identity, into
    two codes, and lifts these to codes of the last dictionary. `known` has null vectors of D[i:j] by (i, j).

    Guarantee: |x_j|_0 <= levels[j-1] and x_(j-1) = rho_j(D_j x_j) exactly, for both. None says nothing. Cost: at most
    3000 sets of atoms a dictionary and a lift, 1000 splits of a null vector.
    """
    for start, end in _spans(deep, known):
        dictionary = deep.dictionaries[start] if end == start + 1 else deep.product(start, end)
        for h in _null_vectors(dictionary, levels[end - 1], known.get((start, end))):
            for first, second in _splits(h, levels[end - 1]):
                found = _lifted_pair(deep, levels, end, first, second)
                if found is not None:
                    return found
    return None


def missed_code(deep: DeepDictionary, levels: Sequence[int], layer: int, heavy: Entries) -> MissedCode | None:
    """Return a deep code whose x_`layer` is `heavy`, the heavy part of a null vector of D_`layer`, or None.

    Guarantee and cost: as for `two_codes`.
    """
    for signed in (heavy, {i: -value for i, value in heavy.items()}):
        for last in islice(_lifts(deep, levels, signed, layer), _MOST_LIFTS):
            if _is_deep(deep.layers_of(last), levels):
                (integers,) = _integers(last)
                return MissedCode(layer=layer, last=integers)
    return None


def _spans(deep: DeepDictionary, known: Mapping[tuple[int, int], NullVector]) -> list[tuple[int, int]]:
    products = [(i, j) for i, j in known if j - i > 1 and deep.is_linear_inside(i, j)]
    return [*((at, at + 1) for at in range(deep.depth - 1, -1, -1)), *products]


def _lifted_pair(
    deep: DeepDictionary, levels: Sequence[int], end: int, first: Entries, second: Entries
) -> DeepPair | None:
    if not all(_is_deep(_down(deep, end, code), levels[:end]) for code in (first, second)):
        return None
    for a in islice(_lifts(deep, levels, first, end), _MOST_LIFTS):
        for b in islice(_lifts(deep, levels, second, end), _MOST_LIFTS):
            below = [deep.layers_of(code) for code in (a, b)]
            if a != b and below[0][0] == below[1][0] and all(_is_deep(layers, levels) for layers in below):
                integers = _integers(a, b)
                return DeepPair(first=integers[0], second=integers[1])
    return None


def _down(deep: DeepDictionary, end: int, code: Entries) -> list[Entries]:
    """Return x_0 .. x_end that follow from x_end."""
    found = [code]
    for at in range(end - 1, -1, -1):
        found.append(deep.before(at, found[-1]))
    return found[::-1]


def _is_deep(layers: Sequence[Entries], levels: Sequence[int]) -> bool:
    return all(len(code) <= level for code, level in zip(layers[1:], levels, strict=True))


def _splits(h: Entries, level: int) -> Iterator[tuple[Entries, Entries]]:
    """Yield pairs of codes with at most `level` nonzeros whose difference is a multiple of h, not by zero."""
    if len(h) <= level:
        yield h, {i: 2 * value for i, value in h.items()}
    sizes = range(max(1, len(h) - level), min(level, len(h) - 1) + 1)
    for part in islice(chain.from_iterable(combinations(h, size) for size in sizes), _MOST_SPLITS):
        yield {i: h[i] for i in part}, {i: -value for i, value in h.items() if i not in part}


def _lifts(deep: DeepDictionary, levels: Sequence[int], code: Entries, layer: int) -> Iterator[Entries]:
    """Yield codes of the last dictionary from which x_`layer` = code follows."""
    if layer == deep.depth:
        yield code
        return
    slope = deep.slopes[layer]
    signal = {i: value / slope if value < 0 else value for i, value in code.items()}
    for above in _codes_of(deep.dictionaries[layer], signal, levels[layer]):
        yield from _lifts(deep, levels, above, layer + 1)


def _codes_of(dictionary: Dictionary, signal: Entries, level: int) -> Iterator[Entries]:
    """Yield codes with at most `level` nonzeros of a signal, one for each of the first sets of atoms that have one."""
    m, n = dictionary.shape
    common = math.lcm(*(value.denominator for value in signal.values()))
    right = [-int(signal.get(row, Fraction(0)) * common) for row in range(m)]
    for atoms in _sets(n, level):
        known = dictionary.integer_atoms(atoms)
        for vector in kernel([list(row) for row in zip(*known.real, right, strict=True)]):
            if vector[-1]:
                values = zip(atoms, vector, known.scale, strict=False)
                code = {i: Fraction(value, vector[-1] * common) / scale for i, value, scale in values if value}
                if len(code) == len(atoms):
                    yield code


def _null_vectors(dictionary: Dictionary, level: int, known: NullVector | None) -> Iterator[Entries]:
    """Yield null vectors with at most 2 `level` nonzeros: the one known, then those of the first sets of atoms."""
    if known is not None and len(known.support) <= 2 * level:
        yield {i: Fraction(value) for i, value in zip(known.support, known.real, strict=True)}
    for atoms in _sets(dictionary.shape[1], 2 * level):
        found = dictionary.integer_atoms(atoms)
        for vector in kernel([list(row) for row in zip(*found.real, strict=True)]):
            if all(vector):
                yield {i: value / scale for i, value, scale in zip(atoms, vector, found.scale, strict=True)}


def _sets(n: int, largest: int) -> Iterator[tuple[int, ...]]:
    """Yield the sets of 1, 2, .. `largest` of n atoms, all of a size or none, as long as there are not too many."""
    left = _MOST_SETS
    for size in range(1, min(n, largest) + 1):
        left -= math.comb(n, size)
        if left < 0:
            return
        yield from combinations(range(n), size)


def _integers(*codes: Entries) -> list[dict[int, int]]:
    """Return codes times one positive number that makes them integers."""
    common = math.lcm(*(value.denominator for code in codes for value in code.values()))
    divisor = math.gcd(*(int(value * common) for code in codes for value in code.values()))
    return [{i: int(value * common) // divisor for i, value in sorted(code.items())} for code in codes]
