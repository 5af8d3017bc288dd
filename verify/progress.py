"""How long work says how far it is: a callback, so that nothing below the command line knows of terminals."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the name of the work, how much is done and how much there is."""

    def __call__(self, work: str, done: int, total: int) -> None:
        """Note that `done` of `total` units of `work` are done."""
        ...


def silent(work: str, done: int, total: int) -> None:
    """Say nothing."""
