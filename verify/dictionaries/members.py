"""Files that hold several arrays: which one is meant, and what is said where that is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InputError, LimitError
from .entries import MOST_ENTRIES

MOST_MEMBERS = 10_000
_MOST_LISTED = 12


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

    def fits(self, column: bool) -> bool:
        """Whether it is a matrix (with `column` also one column) of numbers."""
        return not self.refused and (len(self.shape) == 2 or (column and len(self.shape) == 1))


def chosen(members: Sequence[Member], key: str | None, *, column: bool) -> Member:
    """Return the member with the name `key`, or without one the only matrix there is.

    Raises InputError, which lists names and shapes, for an unknown name, none or several matrices, or one that is no
    matrix of numbers; LimitError for one that is too large.
    """
    if len(members) > MOST_MEMBERS:
        raise LimitError(f"the file holds {len(members)} arrays, and at most {MOST_MEMBERS} are looked at")
    if key is None:
        fitting = [member for member in members if member.fits(column)]
        if len(fitting) != 1:
            count = (
                "no matrix of numbers" if not fitting else f"{len(fitting)} matrices: choose one by its name (--key)"
            )
            raise InputError(f"the file holds {count}; it has {_listed(fitting or members)}")
        member = fitting[0]
    else:
        found = next((member for member in members if member.name == key), None)
        if found is None:
            raise InputError(f"the file holds nothing named {key[:60]!r}; it has {_listed(members)}")
        member = found
        if not member.fits(column):
            wanted = "a matrix (signals are columns) or one signal" if column else "a matrix (atoms are columns)"
            raise InputError(f"expected {wanted}, got {member.text()}")
    size = 1
    for length in member.shape:
        size *= length
    if size > MOST_ENTRIES:
        raise LimitError(f"{member.text()} has more than {MOST_ENTRIES} entries")
    return member


def _listed(members: Sequence[Member]) -> str:
    more = f" and {len(members) - _MOST_LISTED} more" if len(members) > _MOST_LISTED else ""
    return (", ".join(member.text() for member in members[:_MOST_LISTED]) or "nothing") + more
