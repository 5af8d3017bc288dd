"""A pursuit in one or more layers on one instance, in rationals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from .. import exact_matrices as exact
from .. import lasso_signs, unit_atoms
from ..experiment import ExactMeasurement, Instance, NotAnInstance

Algorithm = Literal["hard", "soft", "lasso"]


def measured(
    instance: Instance, algorithm: Algorithm, *, layered: bool, level: str, multiple: Fraction
) -> ExactMeasurement:
    """Return the numbers of the hypotheses and what the pursuit finds, layer by layer, as `LayeredCodes` says."""
    levels = exact.vector(instance["levels"])
    if any(entry < 0 for entry in levels):
        raise NotAnInstance("levels are at least 0")
    values: dict[str, list[Fraction]] = {}
    quantities: dict[str, list[Fraction]] = {}
    signal: exact.Vector | None = None
    below: exact.Vector | None = None
    for j, own in enumerate(levels):
        code = exact.vector(instance[f"code{j}"])
        D = unit_atoms.exact_unit_atoms(instance[f"points{j}"], None if below is None else len(below))
        if len(D[0]) != len(code) or not any(code):
            raise NotAnInstance("a code is not 0, and has one entry per atom")
        clean = exact.times(D, code)
        if signal is None:
            noise = exact.vector(instance["noise"])
            signal = [a + b for a, b in zip(clean, noise, strict=True)]
        error = exact.difference(signal if below is None else below, clean)
        row = _numbers(D, code, error, below)
        if level != "own":
            own = (row["x_min"] + row["mu"] * row["x_max"]) / 2 if level == "middle" else multiple * row["noise"]
        for name, value in {**row, "b": own, "xi": own}.items():
            values.setdefault(name, []).append(value)
        signal, observed = _pursued(D, signal, code, own, algorithm)
        for name, value in observed.items():
            quantities.setdefault(name, []).append(value)
        below = code
    if layered:
        return ExactMeasurement(
            values={name: tuple(column) for name, column in values.items()},
            quantities={name: tuple(column) for name, column in quantities.items()},
        )
    values["eps"] = values["noise"]
    return ExactMeasurement(
        values={name: column[0] for name, column in values.items()},
        quantities={name: column[0] for name, column in quantities.items()},
    )


def _numbers(
    D: exact.Matrix, code: exact.Vector, error: exact.Vector, below: exact.Vector | None
) -> dict[str, Fraction]:
    """Return s, mu, |x|_min, |x|_max, k and the noise of one layer."""
    atoms = exact.columns(D)
    supports = [{row for row, entry in enumerate(atom) if entry} for atom in atoms]
    stripes = [sum(bool(code[j]) and bool(one & other) for j, other in enumerate(supports)) for one in supports]
    inside = 1
    if below is not None:
        inside = max(1, *(sum(bool(below[row]) for row in support) for support in supports))
    sizes = [abs(entry) for entry in code if entry]
    gram, s = exact.gram(D), max(1, *stripes)
    others = [sorted((abs(g) for j, g in enumerate(row) if j != i), reverse=True) for i, row in enumerate(gram)]
    return {
        "s": Fraction(s),
        "mu": exact.coherence(gram),
        "babel": max(sum(row[:s], Fraction(0)) for row in others),
        "babel_before": max(sum(row[: s - 1], Fraction(0)) for row in others),
        "x_min": min(sizes),
        "x_max": max(sizes),
        "k": Fraction(inside),
        "noise": exact.greatest(exact.times(atoms, error)),
    }


def _pursued(
    D: exact.Matrix, signal: exact.Vector, code: exact.Vector, level: Fraction, algorithm: Algorithm
) -> tuple[exact.Vector, dict[str, Fraction]]:
    """Return what the pursuit finds in one layer, and its quantities."""
    atoms = exact.columns(D)
    products = exact.times(atoms, signal)
    kept = [p if abs(p) > level else Fraction(0) for p in products]
    soft = [(abs(p) - level) * (1 if p > 0 else -1) if abs(p) > level else Fraction(0) for p in products]
    found = soft if algorithm == "soft" else kept
    if algorithm == "lasso":
        if level <= 0:
            raise NotAnInstance("xi > 0")
        found = lasso_signs.exact_minimiser(D, signal, [level] * len(code))
        products = exact.times(atoms, exact.difference(signal, exact.times(D, found)))
    support = [i for i, entry in enumerate(code) if entry]
    on: Any = lambda estimate: exact.greatest(estimate[i] - code[i] for i in support)  # noqa: E731
    return found, {
        "largest_outside": exact.greatest(p for p, entry in zip(products, code, strict=True) if not entry),
        "least_inside": min(abs(products[i]) for i in support),
        "error_hard": on(kept),
        "error_soft": on(soft),
        "error": exact.greatest(exact.difference(found, code)),
    }
