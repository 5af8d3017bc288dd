"""Weights W of a network for a dictionary as given, w_i^T d_i = 1, and the level that they reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import working_space
from ..errors import InputError
from ..facts.generalized import GeneralizedCoherence, generalized_coherence
from ..progress import Progress, silent
from ..verdict import Scaling

Floats = NDArray[np.float64]

GENERALIZED, DICTIONARY = "generalized", "dictionary"
Weights = str | GeneralizedCoherence | ArrayLike


def network_weights(dictionary: Dictionary, weights: Weights, progress: Progress = silent) -> Floats:
    """Return W, m x n, scaled so that w_i^T d_i = 1 in binary64.

    `weights` is `dictionary` (w_i = d_i / |d_i|^2), `generalized` (the weights of the generalized coherence, computed
    here), that fact if it was measured before, or any m x n matrix. Estimated: whatever W is, it is the stored one
    that is certified. Raises InputError for a complex dictionary and for weights that do not fit or vanish on an atom.
    """
    if dictionary.field != "real":
        raise InputError("expected a real dictionary for a network, got a complex one")
    atoms = real_atoms(dictionary)
    if isinstance(weights, str):
        if weights not in (GENERALIZED, DICTIONARY):
            raise InputError(f"weights: expected {GENERALIZED}, {DICTIONARY} or a matrix, got {weights[:40]!r}")
        found = atoms if weights == DICTIONARY else _generalized(dictionary, atoms, progress)
    elif isinstance(weights, GeneralizedCoherence):
        if weights.imaginary is not None or weights.weights.shape != atoms.shape[::-1]:
            raise InputError(
                f"weights: expected those of a real dictionary of shape {atoms.shape}, got a generalized "
                f"coherence of {len(weights.weights)} atoms"
            )
        found = weights.weights.T.astype(np.float64)
    else:
        found = _matrix(weights, atoms.shape)
    return _normalised(found, atoms)


def real_atoms(dictionary: Dictionary) -> Floats:
    """Return the entries rounded to binary64; raise InputError where they are out of its range."""
    with np.errstate(over="ignore"):
        try:
            atoms = np.asarray(dictionary.real, dtype=np.float64)
        except OverflowError:
            atoms = np.full(dictionary.shape, np.inf)
    if not np.isfinite(atoms).all() or not (np.abs(atoms) > 0).any(axis=0).all():
        raise InputError("the entries of the dictionary are out of the range of binary64: scale the atoms")
    return atoms


def _generalized(dictionary: Dictionary, atoms: Floats, progress: Progress) -> Floats:
    m, n = atoms.shape
    if n <= m and np.linalg.matrix_rank(atoms) == n:
        return np.asarray(np.linalg.pinv(atoms).T, dtype=np.float64)  # independent atoms: w_i^T d_j = 0
    space = working_space(dictionary, Scaling.unit)
    return generalized_coherence(dictionary, space, progress).weights.T.astype(np.float64)


def _matrix(weights: ArrayLike, shape: tuple[int, int]) -> Floats:
    try:
        found: NDArray[Any] = np.asarray(weights)
        found = np.asarray(found, dtype=np.float64) if found.dtype.kind in "fiuO" else found
    except (TypeError, ValueError, OverflowError):
        raise InputError("weights: expected a matrix of real numbers") from None
    if found.dtype != np.float64 or found.shape != shape:
        raise InputError(f"weights: expected a real matrix of shape {shape}, got {found.shape}, {found.dtype}")
    if not np.isfinite(found).all():
        raise InputError("weights: expected finite numbers")
    return found


def _normalised(weights: Floats, atoms: Floats) -> Floats:
    with np.errstate(all="ignore"):
        scaled = weights / np.abs(weights).max(axis=0)
        result = scaled / np.einsum("li,li->i", scaled, atoms)
    if not np.isfinite(result).all():
        atom = int(np.flatnonzero(~np.isfinite(result).all(axis=0))[0])
        raise InputError(f"weights: expected w_i^T d_i not to be 0, and it is, nearly, for atom {atom}")
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """`by_level[s-1]` is q = max over i of P_i(s) + P_i(s-1) for codes with s nonzeros; estimated."""

    by_level: tuple[float, ...]

    @property
    def level(self) -> int:
        """The most nonzeros for which q < 1; 0 if there are none."""
        return sum(rate < 1 for rate in self.by_level)


def rates(weights: Floats, atoms: Floats, *, nonnegative: bool) -> Rates:
    """Return the rates of W, for unit atoms or for atoms as given, whichever are smaller level by level.

    P_i(k) is the sum of the k largest |w_i^T d_j|, j != i; for non-negative codes of the positive parts in P_i(s) and
    of the negative parts in P_i(s-1). Positive factors per atom change the norm in which the network contracts.
    """
    products = weights.T @ atoms
    norms = np.linalg.norm(atoms, axis=0)
    found: list[Floats] = []
    for matrix in (products, products * norms[:, None] / norms):
        own = np.abs(1 - np.diag(matrix))
        matrix = matrix - np.diag(np.diag(matrix))
        up, down = (np.maximum(0, matrix), np.maximum(0, -matrix)) if nonnegative else (np.abs(matrix),) * 2
        first, second = (np.cumsum(np.sort(part, axis=1)[:, ::-1], axis=1) for part in (up, down))
        before = np.concatenate([np.zeros((len(own), 1)), second[:, :-1]], axis=1)
        found.append((first + before + own[:, None]).max(axis=0))
    return Rates(by_level=tuple(np.maximum.accumulate(np.minimum(*found)).tolist()))
