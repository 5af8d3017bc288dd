"""Generalized mutual coherence of a complex dictionary: the same duality, with second-order cones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..progress import Progress, silent
from ..rounding import dyadic_lower, dyadic_upper, float_upper
from ..solvers.complex_weights import least_representation
from ..verdict import Scaling
from .generalized import UPPER_BITS, GeneralizedCoherence
from .nearby_vectors import exact_near

_BITS = 50
_SLACK = 1.0 + 2.0**-45
_WORK_OF_A_PROGRAM = 1e5


def complex_generalized_work(dictionary: Dictionary) -> float:
    """Return the operations that `complex_generalized_coherence` plans: one cone problem per atom."""
    m, n = dictionary.shape
    return _WORK_OF_A_PROGRAM * n * n * (m + 10.0)


def complex_generalized_coherence(
    dictionary: Dictionary, budget: Budget, progress: Progress = silent
) -> GeneralizedCoherence:
    """Enclose mu~(D) of a complex dictionary and bound every mu~_i, with the weights that prove it.

    As `generalized_coherence`, with moduli of complex numbers. Guarantee: every bound is proved: from above in products
    with a rigorous error bound, from below by an exact null vector. Where the budget or Ctrl-C ends the work,
    atoms are their own weights. Cost: a second-order cone problem per atom, some 50 ms for 10 x 91.
    """
    m, n = dictionary.shape
    unit = unit_atoms(dictionary)
    atoms = (unit.rows[:, :m] + 1j * unit.rows[:, m:]).T.astype(np.complex128)
    weights = atoms.T.copy()
    best, null_vector, atom, unfinished = 0.0, None, 0, n
    watched = budget.watched(progress)
    with budget.interruptible():
        for i in range(n):
            watched("generalized coherence", i, n)
            found = least_representation(atoms, i)
            unfinished -= 1
            if found is None:
                continue
            if np.isfinite(found.weights).all() and np.abs(found.weights).max() > 0:
                weights[i] = found.weights
            share = 1.0 / max(float(np.abs(found.null_vector).sum()) - 1.0, 1e-300)
            if np.isfinite(share) and share > best:
                best, null_vector, atom = share, found.null_vector, i
    error = float_upper(unit.error)
    useless = ~(_upper(atoms, *_integers(weights), error) <= 1.0)
    weights[useless] = atoms.T[useless]  # an atom whose weights are useless gets itself
    real, imaginary = _integers(weights)
    upper = _upper(atoms, real, imaginary, error)
    vector = None if null_vector is None else exact_near(dictionary, null_vector, atoms.T)
    lower = Fraction(0)
    if vector is not None:
        moduli = dict(zip(vector.support, vector.moduli(Scaling.unit), strict=True))
        own = moduli.pop(atom).lower if atom in moduli else Fraction(0)
        lower = dyadic_lower(own / sum(root.upper for root in moduli.values()), UPPER_BITS)
    return GeneralizedCoherence(
        weights=real,
        imaginary=imaginary,
        upper=tuple(dyadic_upper(Fraction(value), UPPER_BITS) for value in upper.tolist()),
        atom=atom,
        lower=lower,
        vector=vector if lower > 0 else None,
        unfinished=unfinished,
    )


def _integers(weights: NDArray[np.complex128]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return real and imaginary parts, scaled row by row to 50 bits and rounded."""
    largest = np.maximum(np.abs(weights.real), np.abs(weights.imag)).max(axis=1, keepdims=True)
    scaled = weights * (2.0**_BITS / largest)
    return np.rint(scaled.real).astype(np.int64), np.rint(scaled.imag).astype(np.int64)


def _upper(
    atoms: NDArray[np.complex128], real: NDArray[np.int64], imaginary: NDArray[np.int64], error: float
) -> NDArray[np.float64]:
    """Return rigorous bounds of max over j != i of |<w_i, d^_j>| / |<w_i, d^_i>|; inf where the divisor may vanish."""
    weights = real + 1j * imaginary
    norms = np.linalg.norm(weights, axis=1) * _SLACK
    moduli = np.abs(weights.conj() @ atoms)
    slack = 2 * error * norms[:, None]  # `error` bounds the modulus; real and imaginary parts are summed apart here
    at = np.arange(len(weights))
    own = (moduli[at, at] - slack[:, 0]) / _SLACK
    above = moduli * _SLACK + slack
    above[at, at] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(own > 0, above.max(axis=1) / own * _SLACK, np.inf)
