"""A counterexample made smaller while exact arithmetic still proves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from .experiment import Instance, NotAnInstance
from .proof import Examined, examined
from .trial import Trial

_BITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_MOST_TRIES = 300


def shrunk(trial: Trial, found: Examined, budget: Budget) -> Examined:
    """Return a simpler counterexample: what the experiment proposes, and entries of few bits, as long as it is proved.

    Guarantee: the violation of what is returned is proved, as that of `found` is.
    """
    tries = 0
    progressed = True
    while progressed:
        progressed = False
        for simpler in _simpler(trial, found.instance):
            tries += 1
            if tries > _MOST_TRIES or budget.stopped():
                return found
            try:
                smaller = examined(trial, simpler)
            except (NotAnInstance, ArithmeticError, IndexError):
                continue
            if smaller.violation is not None and size(simpler) < size(found.instance):
                found, progressed = smaller, True
                break
    return found


def size(instance: Instance) -> tuple[int, int]:
    """Return how large an instance is: its entries, then the bits of its numbers."""
    return sum(array.size for array in instance.values()), sum(_bits(array) for array in instance.values())


def _simpler(trial: Trial, instance: Instance) -> Iterator[Instance]:
    yield from trial.experiment.simplified(instance)
    for name, array in instance.items():
        if array.dtype.kind in "fc":
            now = _bits(array)
            for bits in _BITS:
                shorter = rounded(array, bits)
                if _bits(shorter) < now:
                    yield {**instance, name: shorter}


def rounded(array: NDArray[Any], bits: int) -> NDArray[Any]:
    """Return an array with every entry rounded to so many significant bits."""
    if array.dtype.kind == "c":
        return rounded(np.real(array), bits) + 1j * rounded(np.imag(array), bits)
    mantissa, exponent = np.frexp(array)
    return np.ldexp(np.round(np.ldexp(mantissa, bits)), exponent - bits)


def _bits(array: NDArray[Any]) -> int:
    """Return how many bits the numbers of an array take: significant ones, and 1 for every entry that is not 0."""
    if array.dtype.kind == "c":
        return _bits(np.real(array)) + _bits(np.imag(array))
    if array.dtype.kind != "f":
        return sum(int(abs(int(entry))).bit_length() for entry in array.ravel())
    mantissa, exponent = np.frexp(array[np.isfinite(array) & (array != 0)])
    whole = np.abs(np.ldexp(mantissa, 53)).astype(np.int64)
    trailing = np.log2(whole & -whole).astype(np.int64)
    return int((53 - trailing + np.abs(exponent) // 8).sum())
