"""Lower bounds of the value of problems that count nonzeros, by a tree of cases (SPEC.md section 6.8)."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest
from operator import mul

from .distances import Threshold, read_counted, squared_distance, squared_distance_work
from .packed import PackedRows, combination_work, packing_work
from .problems import COUNTING, Posed, read_posed
from .signals import Instance
from .values import Fields, Reject, Statement, Task, spell
from .vectors import Vectors


@dataclass(frozen=True, slots=True)
class Leaf:
    """A case that is closed by a dual vector or exactly: `counted` atoms may be used, of the others only `left`.

    Both containers change while the tree is walked.
    """

    exact: bool
    counted: dict[int, None]
    excluded: dict[int, None]
    left: int


def leaves(tree: Sequence[int], left: int, n: int) -> Iterator[Leaf]:
    """Walk a tree in preorder and yield its leaves; raise Reject unless it is exactly one tree."""
    counted: dict[int, None] = {}
    excluded: dict[int, None] = {}
    path: list[int] = []  # atoms branched on; it is in `excluded` in the first subtree and in `counted` in the second
    done = False
    for at, code in enumerate(tree):
        if done:
            raise Reject(f"the tree ends before its entry {at}")
        if code >= 2:
            atom = code - 2
            if atom >= n or atom in counted or atom in excluded:
                raise Reject(f"entry {at} of the tree branches on no atom that is left")
            path.append(atom)
            excluded[atom] = None
            continue
        yield Leaf(code == 1, counted, excluded, left)
        while path and path[-1] in counted:
            del counted[path.pop()]
            left += 1
        if path:
            if left == 0:
                raise Reject(f"behind entry {at} of the tree more atoms are counted than there may be")
            del excluded[path[-1]]
            counted[path[-1]] = None
            left -= 1
        done = not path
    if not done:
        raise Reject("the tree is not complete")


def value_by_search(instance: Instance, evidence: object) -> Task:
    """Close every case by a dual vector or by an exact distance."""
    fields = Fields(evidence, ("duals", "lower", "problem", "signal", "tree"))
    posed = read_posed(instance, fields, COUNTING)
    most, threshold, lower = read_counted(posed, fields)
    search = Search(posed, fields, most)

    def derive(_: object) -> Statement:
        search.close(threshold)
        return posed.statement("value-lower", lower=spell(lower))

    numbers = [part.bit_length() // 30 + 1 for part in threshold.value.as_integer_ratio()]
    work = search.work + sum(500 * number * number for number in numbers)
    return Task((), work, derive, 500 + sum(number * number for number in numbers))


class Search:
    """The tree of cases of codes with at most `most` nonzeros, from the fields `tree` and `duals`.

    `work` is the work of closing all leaves, `count` the number of entries of the tree.
    """

    def __init__(self, posed: Posed, fields: Fields, most: int) -> None:
        dictionary = posed.dictionary
        self._posed, self._most = posed, most
        self._tree = fields.naturals("tree")
        self.count = len(self._tree)
        self.work = posed.signal_work + 500 * self.count
        vectors = 0
        costs: dict[int, int] = {}
        for leaf in leaves(self._tree, most, dictionary.n):
            if leaf.exact:
                size = len(leaf.counted)
                if leaf.left and size + len(leaf.excluded) < dictionary.n:
                    raise Reject("a leaf is closed exactly, and more atoms may be used")
                if size not in costs:
                    costs[size] = squared_distance_work(posed, size)
                self.work += costs[size]
            else:
                vectors += 1
        if vectors and posed.problem.box is None:
            raise Reject("a leaf is closed by a dual vector, and the problem has no box")
        if vectors == 0:
            fields.integers("duals", 0)
        self._duals = Vectors(fields, "duals", vectors, dictionary.m) if vectors else None
        if self._duals is not None:
            self.work += _dual_work(posed, self._duals)

    def close(self, threshold: Threshold, within: Container[int] = ()) -> None:
        """Raise Reject unless all leaves are closed; leaves of codes on some of the atoms `within` need not be."""
        y = self._posed.signal
        target = Threshold(threshold.value * y.denominator**2, threshold.strictly)
        closing = None if self._duals is None else _Closing(self._posed, self._duals, threshold)
        for leaf in leaves(self._tree, self._most, self._posed.dictionary.n):
            if not leaf.exact:
                if closing is None or not closing.closes(leaf):
                    raise Reject(f"a dual vector does not close its leaf, where {_place(leaf)}")
                continue
            if within and all(i in within for i in leaf.counted):
                continue
            if not target.reached(*squared_distance(self._posed.dictionary, y.parts[0], list(leaf.counted))):
                raise Reject(f"the signal is too near to the span of the atoms, where {_place(leaf)}")


def _place(leaf: Leaf) -> str:
    """Say where a leaf is, shortly."""
    counted = sorted(leaf.counted)
    more = "" if len(counted) <= 10 else f" and {len(counted) - 10} more"
    return f"the atoms {counted[:10]}{more} are counted and {len(leaf.excluded)} excluded"


class _Closing:
    """The dual vectors of a tree, in the order of its leaves."""

    def __init__(self, posed: Posed, duals: Vectors, threshold: Threshold) -> None:
        dictionary = posed.dictionary
        self._nonnegative = posed.problem.nonnegative
        self._packed = PackedRows(dictionary.real, dictionary.bits, duals.weight)
        common = math.lcm(*{scale.denominator for scale in dictionary.scale})
        self._weights = [scale.numerator * (common // scale.denominator) for scale in dictionary.scale]
        self._vectors = iter(duals)
        self._y = posed.signal.parts[0]
        box = posed.problem.box or Fraction(1)
        # h times common, the denominators of y and of the box, without the power of two of v
        self._along = common * box.denominator
        self._across = box.numerator * posed.signal.denominator
        self._unit = common * box.denominator * posed.signal.denominator
        self._threshold = threshold

    def closes(self, leaf: Leaf) -> bool:
        """Say whether the next dual vector closes a leaf."""
        v = next(self._vectors)
        products = self._packed.combined(v)
        if self._nonnegative:
            sizes = [g * w if g > 0 else 0 for g, w in zip(products, self._weights, strict=True)]
        else:
            sizes = [abs(g) * w for g, w in zip(products, self._weights, strict=True)]
        total = sum(sizes[i] for i in leaf.counted)
        for taken in (leaf.counted, leaf.excluded):
            for i in taken:
                sizes[i] = 0
        total += sum(sizes) if leaf.left >= len(sizes) else sum(nlargest(leaf.left, sizes))
        h = sum(map(mul, v, self._y)) * self._along - total * self._across
        if h <= 0:
            return not self._threshold.strictly and self._threshold.value <= 0
        return self._threshold.reached(h * h, sum(map(mul, v, v)) * self._unit**2)


def _dual_work(posed: Posed, duals: Vectors) -> int:
    dictionary, box = posed.dictionary, posed.problem.box or Fraction(1)
    m, n, bits = dictionary.m, dictionary.n, dictionary.bits
    scale = dictionary.scale_bits // 30 + 1
    product = (bits + duals.weight.bit_length()) // 30 + 1
    sizes = n * (600 + product * scale + 2 * (product + scale))
    whole = (bits + duals.weight.bit_length() + dictionary.scale_bits + posed.signal_bits) // 30 + 1
    whole += sum(part.bit_length() // 30 + 1 for part in box.as_integer_ratio())
    signal = posed.signal_bits // 30 + 1
    squares = m * (150 + (duals.weight.bit_length() // 30 + 1) * (signal + product)) + 3000 + 30 * whole * whole
    each = combination_work(m, n, bits, duals.weight) + sizes + squares
    return duals.count * each + duals.reading_work + packing_work(m, n, bits, duals.weight) + n * 4 * scale * scale
