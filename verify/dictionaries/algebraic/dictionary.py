"""A dictionary of algebraic numbers: these expressions, this shape, this digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import InputError, LimitError
from ..dictionary import Origin
from .grammar import evaluate
from .numbers import Algebraic, common, work_limit
from .signs import is_real, is_zero

MOST_ENTRIES = 16_384
"""Entries of an algebraic dictionary: they are Python objects, and so are their products."""
MOST_ATOMS = 256
_MOST_WORK = 300_000


@dataclass(frozen=True, kw_only=True, eq=False)
class AlgebraicDictionary:
    """A dictionary whose entries are algebraic numbers: n >= 2 atoms (columns), none zero.

    `rows` are the entries, `texts` the expressions they were read from; `field` is `real` if every entry is proved
    real, else `complex`. Build one with `of`, or with `verify.load_algebraic`.
    """

    rows: tuple[tuple[Algebraic, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    field: str
    origin: Origin

    @staticmethod
    def of(texts: Sequence[Sequence[str]], *, origin: Origin | None = None) -> AlgebraicDictionary:
        """Return the dictionary whose entries are these expressions, row by row.

        Guarantee: exact. Raises InputError with row and column of what is no algebraic number, for rows of different
        lengths, fewer than two atoms and zero atoms; LimitError for what is too large.
        """
        m, n = len(texts), len(texts[0]) if texts else 0
        if m < 1 or n < 2:
            raise InputError(f"expected at least one row and two atoms (columns), got shape ({m}, {n})")
        refuse_too_many(m, n)
        with work_limit(_MOST_WORK):
            rows = _entries(texts)
            for column in range(n):
                _refuse_zero([row[column] for row in rows], column)
            real = all(is_real(entry) for entry in {id(entry): entry for row in rows for entry in row}.values())
        return AlgebraicDictionary(
            rows=rows,
            texts=tuple(tuple(row) for row in texts),
            field="real" if real else "complex",
            origin=origin or Origin(source="expressions", loader="expressions"),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n): dimension and number of atoms."""
        return len(self.rows), len(self.rows[0])

    @property
    def columns(self) -> tuple[tuple[Algebraic, ...], ...]:
        """The atoms."""
        return tuple(zip(*self.rows, strict=True))

    @property
    def digest(self) -> str:
        """SHA-256 of the shape and the expressions as written, without spaces; of the spelling, not of the numbers."""
        m, n = self.shape
        lines = [
            f"sparse-verify expressions\n{m} {n}\n",
            *("".join(text.split()) for row in self.texts for text in row),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def refuse_too_many(m: int, n: int) -> None:
    """Raise LimitError for more entries or atoms than exact work allows."""
    if m * n > MOST_ENTRIES or n > MOST_ATOMS:
        raise LimitError(f"{m} x {n} algebraic entries: the limits are {MOST_ENTRIES} entries and {MOST_ATOMS} atoms")


def _entries(texts: Sequence[Sequence[str]]) -> tuple[tuple[Algebraic, ...], ...]:
    """Return the numbers, the same object for the same text, all written with one order."""
    known: dict[str, Algebraic] = {}
    for i, row in enumerate(texts):
        if len(row) != len(texts[0]):
            raise InputError(f"expected rows of one length: row 0 has {len(texts[0])} entries, row {i} has {len(row)}")
        for j, text in enumerate(row):
            if text not in known:
                try:
                    known[text] = evaluate(text)
                except InputError as error:
                    raise type(error)(f"row {i}, column {j}: {error}") from None
    numbers = dict(zip(known, common(*known.values()), strict=True))
    return tuple(tuple(numbers[text] for text in row) for row in texts)


def _refuse_zero(atom: list[Algebraic], column: int) -> None:
    found: list[bool | None] = []
    for entry in atom:
        found.append(is_zero(entry))
        if found[-1] is False:
            return
    if None in found:
        raise LimitError(f"whether the column at index {column} is zero takes too many digits to decide")
    raise InputError(f"expected nonzero atoms, got a zero column at index {column}")
