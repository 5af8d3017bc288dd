"""Lower bounds of the value of problems that count nonzeros, by looking at all supports (SPEC.md section 6.8)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul

from .dictionary import Dictionary
from .distances import Threshold, gram_digits, read_counted
from .problems import COUNTING, Posed, read_posed
from .signals import Instance
from .values import Fields, Reject, Statement, Task, spell

_ENDLESS = 1 << 100
"""Work that nobody can wait for; it is not counted further."""


@dataclass(frozen=True, slots=True)
class _Node:
    """What is left of the Gram matrix of atoms and signal when the atoms `chosen` are eliminated from it.

    `diagonal`, `across` and (where two or more atoms are still to be chosen) `rows` are those of the atoms from `first`
    on: products with themselves, with the signal, and with later atoms; `corner` is that of the signal with itself.
    All are minors, `before` the one of the chosen atoms: they are positive, and independent.
    """

    chosen: tuple[int, ...]
    first: int
    diagonal: Sequence[int]
    across: Sequence[int]
    rows: Iterable[Sequence[int]]
    corner: int
    before: int


def value_by_enumeration(instance: Instance, evidence: object) -> Task:
    """The signal is far enough from the span of any q atoms."""
    fields = Fields(evidence, ("lower", "problem", "signal"))
    posed = read_posed(instance, fields, COUNTING)
    most, threshold, lower = read_counted(posed, fields)

    def derive(_: object) -> Statement:
        y = posed.signal
        target = Threshold(threshold.value * y.denominator**2, threshold.strictly)
        look_at_all(instance.dictionary, y.parts[0], most, target)
        return posed.statement("value-lower", lower=spell(lower))

    size = 500 + 2 * (max(map(int.bit_length, lower.as_integer_ratio())) // 30 + 1) ** 2
    digits = sum(part.bit_length() // 30 + 1 for part in threshold.value.as_integer_ratio())
    return Task((), enumeration_work(posed, most, digits) + size, derive, size)


def enumeration_work(posed: Posed, most: int, threshold_digits: int) -> int:
    """Count the supports of every size up to `most`, with numbers that grow with the size."""
    dictionary, digits = posed.dictionary, gram_digits(posed)
    n, m = dictionary.n, dictionary.m
    extra = 2 * (posed.instance.denominator_bits(posed.at) // 30 + 1) + threshold_digits
    work = posed.signal_work + n * m * (200 + digits * digits) + 100 * extra * extra
    if most >= 2:
        work += dictionary.gram_work
    sets = 1
    for size in range(1, min(most, n) + 1):
        sets = sets * (n - size + 1) // size
        longest = (size + 1) * digits
        work += sets * (900 + 8 * longest * longest + 4 * longest * (extra + longest))
        if work > _ENDLESS:
            break
    return work


def _root(dictionary: Dictionary, y: list[int], most: int) -> _Node:
    """Return the node without chosen atoms."""
    rows: Iterable[Sequence[int]] = ()
    if most >= 2:
        products = (row for row, _ in dictionary.inner_products())
        rows = itertools.chain(products, ([],))
        if most > 2:
            rows = list(rows)
    return _Node(
        chosen=(),
        first=0,
        diagonal=dictionary.squared_norms,
        across=[sum(map(mul, a, y)) for a in dictionary.real],
        rows=rows,
        corner=sum(map(mul, y, y)),
        before=1,
    )


def look_at_all(
    dictionary: Dictionary, y: list[int], most: int, target: Threshold, but: tuple[int, ...] | None = None
) -> None:
    """Go through all independent sets of at most `most` atoms, depth first, except for the set `but` (increasing).

    Raises Reject if the signal is too near to the span of one.
    """
    root, search = _root(dictionary, y, most), _Comparison(target, but)
    search.compare(root)
    if most == 1:
        search.last(root)
    waiting = [(root, 0)] if most > 2 else []
    if most == 2:
        search.last_two(root)
    while waiting:
        node, at = waiting.pop()
        if at == len(node.diagonal):
            continue
        waiting.append((node, at + 1))
        if node.diagonal[at] == 0:  # dependent on those chosen
            continue
        below = _eliminated(node, at)
        search.compare(below)
        if most - len(below.chosen) > 2:
            waiting.append((below, 0))
        else:
            search.last_two(below)


class _Comparison:
    """Compares squared distances from spans with p/q, which they must exceed (`least` 1) or reach (0)."""

    def __init__(self, target: Threshold, but: tuple[int, ...] | None) -> None:
        self._p, self._q = target.value.as_integer_ratio()
        self._least = 1 if target.strictly else 0
        self._but = but

    def _too_near(self, chosen: tuple[int, ...]) -> None:
        if chosen != self._but:
            raise Reject(f"the signal is too near to the span of the atoms {list(chosen)}")

    def compare(self, node: _Node) -> None:
        """Compare the distance from the atoms chosen."""
        if node.corner * self._q - self._p * node.before < self._least:
            self._too_near(node.chosen)

    def last(self, node: _Node) -> None:
        """Compare the distances when one more atom is chosen: (corner g - c^2)/(g before) with p/q.

        `spare` is corner q - p before; times g it must exceed q c^2 where g > 0, that is where the atom is independent.
        """
        spare = node.corner * self._q - self._p * node.before
        for at, (g, c) in enumerate(zip(node.diagonal, node.across, strict=True)):
            if g and spare * g - self._q * c * c < self._least:
                self._too_near((*node.chosen, node.first + at))

    def last_two(self, node: _Node) -> None:
        """Choose two more atoms in all ways, without dividing in between."""
        p, q, least = self._p, self._q, self._least
        for at, row in enumerate(node.rows):
            pivot, cross = node.diagonal[at], node.across[at]
            if pivot == 0:
                continue
            chosen = (*node.chosen, node.first + at)
            corner = (pivot * node.corner - cross * cross) // node.before
            if corner * q - p * pivot < least:
                self._too_near(chosen)
            spare = (corner * q - p * pivot) * node.before
            pairs = zip(row, node.diagonal[at + 1 :], node.across[at + 1 :], strict=True)
            for j, (x, g, c) in enumerate(pairs, node.first + at + 1):
                block = pivot * g - x * x  # `before` times the next pivot
                if block:
                    value = pivot * c - x * cross
                    if spare * block - q * value * value < least:
                        self._too_near((*chosen, j))


def _eliminated(node: _Node, at: int) -> _Node:
    """Choose the atom at this place, and leave those before it out."""
    rows = list(node.rows)
    pivot, cross, before, row = node.diagonal[at], node.across[at], node.before, rows[at]
    return _Node(
        chosen=(*node.chosen, node.first + at),
        first=node.first + at + 1,
        diagonal=[(pivot * g - x * x) // before for g, x in zip(node.diagonal[at + 1 :], row, strict=True)],
        across=[(pivot * c - x * cross) // before for c, x in zip(node.across[at + 1 :], row, strict=True)],
        rows=[
            [(pivot * z - x * u) // before for z, u in zip(line, row[k + 1 :], strict=True)]
            for k, (x, line) in enumerate(zip(row, rows[at + 1 :], strict=True))
        ],
        corner=(pivot * node.corner - cross * cross) // before,
        before=pivot,
    )
