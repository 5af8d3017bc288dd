"""An examined instance in words: both sides, and the numbers of the instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..theorems.language.values import rounded, shown_value
from .outcome import Outcome
from .proof import Comparison, Examined, Finding

_MOST_SHOWN = 24
_NOT = {"<": ">=", "<=": ">", "=": "differs from", ">=": "<", ">": "<="}


def both_sides(comparison: Comparison) -> str:
    """Return `error_linf = 22/135 > 4/27 = error_linf` or, for what holds, `... <= ...`; long numbers in short."""
    relation = comparison.relation
    if comparison.finding is Finding.violated:
        relation = _NOT[relation]
    elif comparison.finding is Finding.undecided:
        relation = "is not told apart from"
    layer = "" if comparison.layer is None else f" at layer {comparison.layer}"
    left, right = shown_value(comparison.observed), shown_value(comparison.bound)
    return f"{comparison.quantity}{layer} = {left} {relation} {right} = {comparison.formula}"


def told(found: Examined) -> Iterator[str]:
    """Yield lines: the variables' values, then the arrays of the instance, long ones by their shapes."""
    for name, value in found.values.items():
        shown = ", ".join(map(shown_value, value)) if isinstance(value, tuple) else shown_value(value)
        yield f"{name} = {shown}"
    for name, array in found.instance.items():
        yield f"{name}: {_array_text(np.asarray(array))}"


def tightness(outcome: Outcome, digits: int = 12) -> str:
    """Return the largest ratio as a decimal that is at most it, `infinite`, or nothing."""
    if outcome.infinite:
        return "infinite"
    return "" if outcome.max_ratio is None else rounded(outcome.max_ratio, digits, up=False)


def _array_text(array: NDArray[Any]) -> str:
    if array.size <= _MOST_SHOWN:
        return str(array.tolist())
    nonzero = np.flatnonzero(array)
    if array.ndim == 1 and len(nonzero) <= _MOST_SHOWN:
        return f"{len(array)} entries, {', '.join(f'{i}: {array[i]!s}' for i in nonzero) or 'all 0'}"
    return f"{' x '.join(map(str, array.shape))} {array.dtype}"
