"""The least squared distance of a signal from the spans of all supports of a size, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..exact import gram_matrix
from ..progress import Progress, silent
from .exact_fit import ExactFits

Integers = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A support whose span has the least squared distance from the signal, among all supports of at most a size."""

    support: tuple[int, ...]
    squared: Fraction


def supports_up_to(n: int, size: int) -> int:
    """Return C(n, 0) + .. + C(n, size), the number of supports of at most this size."""
    return sum(math.comb(n, t) for t in range(min(n, size) + 1))


def nearest_support(
    fits: ExactFits,
    n: int,
    size: int,
    *,
    but: tuple[int, ...] | None = None,
    progress: Progress = silent,
    stopped: Callable[[], bool] = lambda: False,
) -> Nearest | None:
    """Return the nearest support of at most `size` of the n atoms; the first one found among equals. None if stopped.

    The support `but` (increasing, of `size` atoms) is left out.

    Depth first; at each atom the Gram matrix of the later atoms and the signal loses what the atom explains, by
    fraction-free elimination (Bareiss 1968) in integers. Exact. Cost: for every support one elimination of the later
    atoms, and for the last atom one division each.
    """
    signal, scale = fits.integer_signal
    if size == 0:
        return Nearest(support=(), squared=fits.signal_squared)
    rows = [fits.atom(i)[1] for i in range(n)]
    gram = np.array(gram_matrix([*rows, signal], [*rows, signal]), dtype=object)
    search = _Search(gram, n, but, progress, stopped)
    if not search.visit((), 0, gram, 1, size):
        return None
    return Nearest(support=search.support, squared=search.best * scale**2)


class _Search:
    def __init__(
        self, gram: Integers, n: int, but: tuple[int, ...] | None, progress: Progress, stopped: Callable[[], bool]
    ) -> None:
        self.n, self.but, self.progress, self.stopped = n, but, progress, stopped
        self.best = Fraction(int(gram[n, n]))
        self.support: tuple[int, ...] = ()

    def visit(self, chosen: tuple[int, ...], first: int, gram: Integers, pivot: int, left: int) -> bool:
        """Extend a support by atoms from `first` on; `gram` is over those and the signal, times `pivot`."""
        if left == 0 or first >= self.n or self.best == 0:
            return True
        if self.stopped():
            return False
        own = np.diagonal(gram)[:-1]
        if left == 1:
            for at, (square, product) in enumerate(zip(own.tolist(), gram[:-1, -1].tolist(), strict=True)):
                if square > 0:
                    self._compare((*chosen, first + at), square * int(gram[-1, -1]) - product * product, square * pivot)
            return True
        for at, square in enumerate(own.tolist()):
            if not chosen:
                self.progress("supports by their first atom", at, len(own))
            if square == 0:
                continue  # depends on those chosen: its span is that of a smaller support
            row = gram[at, at + 1 :]
            reduced = (square * gram[at + 1 :, at + 1 :] - np.outer(row, row)) // pivot
            longer = (*chosen, first + at)
            self._compare(longer, int(reduced[-1, -1]), square)
            if not self.visit(longer, first + at + 1, reduced, square, left - 1):
                return False
        return True

    def _compare(self, support: tuple[int, ...], numerator: int, denominator: int) -> None:
        nearer = numerator * self.best.denominator < self.best.numerator * denominator
        if nearer and support != self.but:
            self.best, self.support = Fraction(numerator, denominator), support
