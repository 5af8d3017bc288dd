"""Random dictionaries from a seed, and one learned from images."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...errors import InputError
from ..entries import Entries
from ..load_npy import read_npy
from .arguments import numbers, refuse_too_large

_DIGITS = Path(__file__).parent.parent / "data" / "digits.npy"


def gaussian(arguments: str) -> Entries:
    """Independent standard normal entries."""
    m, n, seed = numbers(arguments, "#x#:#", "mxn:seed, for example 20x40:7")
    if m < 1 or n < 2:
        raise InputError(f"expected at least one row and two atoms, got {m}x{n}")
    refuse_too_large(m, n, 8)
    real = np.random.default_rng(seed).standard_normal((m, n))
    drawn = f"default_rng({seed}).standard_normal of numpy {np.__version__}; other versions may draw other numbers"
    return Entries(real=real, remarks=(f"{drawn}; not normalised",))


def bernoulli(arguments: str) -> Entries:
    """Independent entries, 1 or -1 with equal probability."""
    m, n, seed = numbers(arguments, "#x#:#", "mxn:seed, for example 20x40:7")
    if m < 1 or n < 2:
        raise InputError(f"expected at least one row and two atoms, got {m}x{n}")
    refuse_too_large(m, n, 8)
    real = 2 * np.random.default_rng(seed).integers(0, 2, size=(m, n)) - 1
    drawn = f"2 default_rng({seed}).integers(0, 2) - 1 of numpy {np.__version__}; other versions may draw other numbers"
    return Entries(real=real, remarks=(f"{drawn}; exact integers",))


def digits(arguments: str) -> Entries:
    """The dictionary that examples/learn_digits_dictionary.py learns."""
    if arguments:
        raise InputError(f"expected no argument, got {arguments[:40]!r}")
    with _DIGITS.open("rb") as file:
        entries = read_npy(file)
    learned = "learned from 8 x 8 images of digits; pixels row by row; see examples/learn_digits_dictionary.py"
    return Entries(real=entries.real, remarks=(*entries.remarks, learned))
