"""Eigenvalues of the Gram matrices of all sets of so many atoms: estimated for a batch, proved for one dictionary."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import torch_module
from .exact_matrices import Matrix, gram, part, positive_semidefinite
from .experiment import NotAnInstance

_SHARES = (1e-13, 1e-11, 1e-9, 1e-6)
_SHORT = 1000


def isometry(D: Any, size: Any) -> Any:
    """Return delta of each dictionary of a batch (its atoms are scaled) at its level `size`, estimated."""
    torch = torch_module()
    D = D / torch.linalg.vector_norm(D, dim=1, keepdim=True)
    values, held = _eigenvalues(D, size)
    off = torch.maximum(values[..., -1] - 1, 1 - values[..., 0])
    return torch.where(held, off, 0.0).amax(dim=1)


def least_singular_value(D: Any, size: Any, inside: Any) -> Any:
    """Return the least singular value of the sets of `size` atoms that hold those of `inside` (a mask), estimated."""
    torch = torch_module()
    values, held = _eigenvalues(D, size, inside)
    return torch.where(held, values[..., 0], torch.inf).amin(dim=1).clamp(min=0).sqrt()


def norm(D: Any) -> Any:
    """Return the spectral norm of each matrix of a batch, estimated; not a number where an entry is none."""
    torch = torch_module()
    finite = D.isfinite().all(dim=2).all(dim=1)
    found = torch.linalg.matrix_norm(torch.where(finite[:, None, None], D, 0.0), 2)
    return torch.where(finite, found, torch.nan)


def _eigenvalues(D: Any, size: Any, inside: Any = None) -> tuple[Any, Any]:
    """Return the eigenvalues of all sets, 1 in place of those of absent atoms, and which sets are meant."""
    torch = torch_module()
    n = D.shape[2]
    sets = torch.tensor(list(itertools.product((0.0, 1.0), repeat=n)), dtype=torch.float64, device=D.device)
    G = D.transpose(1, 2) @ D
    held = sets.sum(dim=1)[None] == size.clamp(max=n)[:, None]
    if inside is not None:
        held = held & (sets[None] >= inside.double()[:, None]).all(dim=2)
    used = held.any(dim=0)
    sets, held = sets[used], held[:, used]
    masked = G[:, None] * sets[:, :, None] * sets[:, None, :] + torch.diag_embed(1 - sets)
    masked = torch.where(masked.isfinite().all(dim=3).all(dim=2)[..., None, None], masked, torch.eye(n).double())
    values = torch.linalg.eigvalsh(masked)
    return values, held


def isometry_upper(G: Matrix, size: int) -> Fraction:
    """Return an upper bound of delta at a level, for the unit atoms behind a Gram matrix, proved by elimination.

    (1 - delta) N^2 <= G_T <= (1 + delta) N^2 for every set T of so many atoms, N^2 their squared norms on the diagonal.
    """
    parts = [part(G, chosen) for chosen in itertools.combinations(range(len(G)), min(size, len(G)))]
    found = 0.0
    for p in parts:
        norms = np.sqrt(np.array([float(p[i][i]) for i in range(len(p))]))
        found = max(
            found, float(np.abs(np.linalg.eigvalsh(np.array(p, dtype=float) / np.outer(norms, norms)) - 1).max())
        )
    short = Fraction(found).limit_denominator(_SHORT)
    candidates = [short] * (abs(short - Fraction(found)) < _SHARES[1]) + [Fraction(found + share) for share in _SHARES]
    for delta in candidates:
        if all(_between(p, 1 - delta, 1 + delta) for p in parts):
            return delta
    raise NotAnInstance("an upper bound of delta is proved")


def least_square(G: Matrix, size: int, inside: Sequence[int]) -> Fraction:
    """Return a lower bound, above 0, of the least eigenvalue over sets of `size` atoms with those `inside`, proved."""
    others = [i for i in range(len(G)) if i not in inside]
    more = min(size, len(G)) - len(inside)
    parts = [part(G, sorted([*inside, *chosen])) for chosen in itertools.combinations(others, more)]
    least = min(float(np.linalg.eigvalsh(np.array(p, dtype=float))[0]) if p else 1.0 for p in parts)
    for share in _SHARES:
        bound = Fraction(least - share)
        if bound > 0 and all(positive_semidefinite(_shifted(p, bound)) for p in parts):
            return bound
    raise NotAnInstance("smin > 0: the atoms of some support are dependent, or nearly")


def norm_square_upper(D: Matrix) -> Fraction:
    """Return an upper bound of the square of the spectral norm of a matrix, proved by elimination."""
    G = gram(D)
    size = sum((G[i][i] for i in range(len(G))), Fraction(0))
    if not size:
        return size
    found = float(np.linalg.eigvalsh(np.array([[a / size for a in row] for row in G], dtype=float))[-1])
    for share in _SHARES:
        bound = size * Fraction(found + share)
        if positive_semidefinite([[bound * (i == j) - a for j, a in enumerate(row)] for i, row in enumerate(G)]):
            return bound
    raise NotAnInstance("an upper bound of a spectral norm is proved")


def _between(G: Matrix, lower: Fraction, upper: Fraction) -> bool:
    above = [[a - lower * a * (i == j) for j, a in enumerate(row)] for i, row in enumerate(G)]
    below = [[upper * a * (i == j) - a for j, a in enumerate(row)] for i, row in enumerate(G)]
    return positive_semidefinite(above) and positive_semidefinite(below)


def _shifted(G: Matrix, bound: Fraction) -> Matrix:
    return [[a - bound * (i == j) for j, a in enumerate(row)] for i, row in enumerate(G)]
