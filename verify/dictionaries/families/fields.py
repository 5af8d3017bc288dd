"""The field with p^2 elements, p an odd prime, as far as conference matrices need it."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray


class PrimeField:
    """GF(p^2): pairs (a, b) for a + b w, with w^2 = r and r no square modulo p."""

    def __init__(self, p: int) -> None:
        self.p = p
        squares = {x * x % p for x in range(p)}
        self.r = next(r for r in range(2, p) if r not in squares)

    def square_characters(self) -> NDArray[np.int64]:
        """Return the matrix of chi(x - y): 0 on the diagonal, 1 where x - y is a square, -1 where it is none."""
        p = self.p
        elements = list(product(range(p), repeat=2))
        signs = np.full((p, p), -1, dtype=np.int64)
        for a, b in elements:
            signs[(a * a + self.r * b * b) % p, 2 * a * b % p] = 1
        signs[0, 0] = 0
        first, second = np.array(elements).T
        return signs[(first[:, None] - first) % p, (second[:, None] - second) % p]
