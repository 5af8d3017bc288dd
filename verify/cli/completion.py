"""What a shell offers for a dictionary: built-in ones by name; for the rest it offers files."""

from __future__ import annotations

_BUILTIN = "builtin:"
_LEAST = "bu"
NAMES = (
    "alltop",
    "bernoulli",
    "dct",
    "digits",
    "dirac-dct",
    "dirac-dft",
    "gaussian",
    "harmonic",
    "identity-hadamard",
    "mercedes-benz",
    "paley",
    "partial-fourier",
    "partial-hadamard",
    "real-dirac-dft",
    "simplex",
    "steiner",
)
"""The names of the families, written down here so that completing them loads no numerical library."""


def complete_source(incomplete: str) -> list[str]:
    """Return the built-in dictionaries that begin so; none for what may be a file."""
    if not incomplete.startswith(_LEAST):
        return []
    return [_BUILTIN + name for name in NAMES if (_BUILTIN + name).startswith(incomplete)]
