"""Files that hold several arrays: which one is meant, and what is said where that is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from ..errors import InputError, LimitError
from .entries import MOST_ENTRIES

MOST_MEMBERS = 10_000
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How many axes an array that is read may have, the first the usual number, and what it is, in words.

    `meanings` are those of the axes, where each has one of its own. `hint` is for an array that may be filters.
    """

    dimensions: tuple[int, ...]
    words: str
    meanings: tuple[str, ...] = ()
    hint: str = ""

    def refused(self, shape: tuple[int, ...]) -> InputError:
        """Return the error for an array with another number of axes."""
        would_be = f": {axes_in_words(self.meanings, shape, 'would be')}" if self.meanings else ""
        hint = self.hint if len(shape) in (3, 4) else ""
        return InputError(f"expected {self.words}, got an array of shape {str(shape)[:60]}{would_be}{hint}")

    def formed(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array, one axis as one column where columns are wanted."""
        return array[:, None] if array.ndim == 1 and self.dimensions[0] == 2 else array


def axes_in_words(meanings: Sequence[str], shape: Sequence[int], verb: str) -> str:
    """Say what each axis of an array means, which have no meaning, and what has no axis."""
    parts = [f"{length} {verb} {meaning}" for meaning, length in zip(meanings, shape, strict=False)]
    parts += [f"{length} has no letter" for length in shape[len(meanings) :][:8]]
    parts += [f"{meaning} has no axis" for meaning in meanings[len(shape) :]]
    return ", ".join(parts)


FILTERS_HINT = "; filters are taken with --convolutional, or by load_convolutional"
MATRIX = Wanted(dimensions=(2,), words="a matrix (atoms are columns)", hint=FILTERS_HINT)
SIGNALS = Wanted(dimensions=(2, 1), words="a matrix (signals are columns) or one signal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An array in a file: its name there, its shape, and the type of its entries in words.

    `refused` says why it cannot be a matrix of numbers, for one that is listed but not read.
    """

    name: str
    shape: tuple[int, ...] = ()
    kind: str = ""
    refused: str = ""

    def text(self) -> str:
        """Return name, shape and type in a few words."""
        if self.refused:
            return f"{self.name[:60]!r} ({self.refused})"
        return f"{self.name[:60]!r} ({' x '.join(map(str, self.shape)) or 'one number'} {self.kind})"

    def fits(self, wanted: Wanted) -> bool:
        """Whether it is an array of numbers with as many axes as wanted."""
        return not self.refused and len(self.shape) in wanted.dimensions


def chosen(members: Sequence[Member], key: str | None, wanted: Wanted) -> Member:
    """Return the member with the name `key`, or without one the only array there is with as many axes as wanted.

    Raises InputError, which lists names and shapes, for an unknown name, none or several such arrays, or one that is no
    such array of numbers; LimitError for one that is too large.
    """
    if len(members) > MOST_MEMBERS:
        raise LimitError(f"the file holds {len(members)} arrays, and at most {MOST_MEMBERS} are looked at")
    if key is None:
        fitting = [member for member in members if member.fits(wanted)]
        if len(fitting) != 1:
            one, many = ("matrix", "matrices") if wanted.dimensions[0] == 2 else ("filters", "arrays of filters")
            count = f"no {one} of numbers" if not fitting else f"{len(fitting)} {many}: choose one by its name (--key)"
            raise InputError(f"the file holds {count}; it has {_listed(fitting or members)}")
        member = fitting[0]
    else:
        found = next((member for member in members if member.name == key), None)
        if found is None:
            raise InputError(f"the file holds nothing named {key[:60]!r}; it has {_listed(members)}")
        member = found
        if not member.fits(wanted):
            if wanted.meanings and not member.refused:
                raise wanted.refused(member.shape)
            raise InputError(f"expected {wanted.words}, got {member.text()}")
    size = 1
    for length in member.shape:
        size *= length
    if size > MOST_ENTRIES:
        raise LimitError(f"{member.text()} has more than {MOST_ENTRIES} entries")
    return member


def _listed(members: Sequence[Member]) -> str:
    more = f" and {len(members) - _MOST_LISTED} more" if len(members) > _MOST_LISTED else ""
    return (", ".join(member.text() for member in members[:_MOST_LISTED]) or "nothing") + more
