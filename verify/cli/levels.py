"""Levels as one types them."""

from __future__ import annotations

from ..errors import InputError


def levels_of(text: str) -> tuple[int, ...]:
    """Return the levels that --sparsity says; raise InputError for anything that is no list of numbers."""
    parts = text.split(",")
    if not all(part.isascii() and part.strip().isdigit() and len(part) < 20 for part in parts):
        raise InputError(
            f"--sparsity: expected a level, or one for each dictionary of a chain, as 3,2; got {text[:40]!r}"
        )
    return tuple(map(int, parts))
