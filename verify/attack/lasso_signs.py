"""Minimisers of |y - Dx|^2/2 + sum t_i |x_i| (or over x >= 0) for a few atoms, by going through all sign patterns.

x minimises iff d_i^T(y - Dx) = t_i sign(x_i) where x_i is not 0, and |d_i^T(y - Dx)| <= t_i (over x >= 0: only
d_i^T(y - Dx) <= t_i) elsewhere. A pattern that allows for zeros of x is good enough.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import torch_module
from . import exact_matrices as exact
from .experiment import NotAnInstance

_TRIED = 16
_CLOSE = 1e-9


def patterns(n: int, most: int, *, nonnegative: bool = False) -> NDArray[np.float64]:
    """Return all sign patterns of n entries with at most so many that are not 0."""
    signs = (0.0, 1.0) if nonnegative else (0.0, 1.0, -1.0)
    return np.array([p for p in itertools.product(signs, repeat=n) if np.count_nonzero(p) <= most])


def minimisers(D: Any, y: Any, t: Any, *, nonnegative: bool = False) -> tuple[Any, Any]:
    """Return minimisers for a batch of D (count x m x n), y (count x m), t (count x n), and by how much they fail.

    Estimated: codes and the largest violation of the optimality conditions.
    """
    torch = torch_module()
    m, n = D.shape[1:]
    signs = torch.as_tensor(patterns(n, m, nonnegative=nonnegative), device=D.device)
    held = (signs != 0).double()
    G = D.transpose(1, 2) @ D
    products = (D * y[:, :, None]).sum(dim=1)
    systems = G[:, None] * held[:, :, None] * held[:, None, :] + torch.diag_embed(1 - held)
    right = (products[:, None] - signs * t[:, None]) * held
    codes, info = torch.linalg.solve_ex(systems, right[..., None])
    codes = codes[..., 0]
    left = products[:, None] - (G[:, None] @ codes[..., None])[..., 0]
    above = (left if nonnegative else left.abs()) - t[:, None]
    wrong = torch.where(held > 0, -codes * signs, above).amax(dim=2)
    wrong = torch.where((info != 0) | wrong.isnan(), torch.inf, wrong)
    least, best = wrong.min(dim=1)
    return torch.gather(codes, 1, best[:, None, None].expand(-1, 1, n))[:, 0], least


def exact_minimiser(D: exact.Matrix, y: exact.Vector, t: exact.Vector, *, nonnegative: bool = False) -> exact.Vector:
    """Return a minimiser, proved; raise NotAnInstance if none of the patterns that floats prefer gives one."""
    signs = patterns(len(t), len(D), nonnegative=nonnegative)
    G, products = exact.gram(D), exact.times(exact.columns(D), y)
    gram, images, limits = (np.array(entries, dtype=float) for entries in (G, products, t))
    held = signs != 0
    inverses = np.linalg.pinv(gram * held[:, :, None] * held[:, None, :], hermitian=True)
    codes = (inverses @ ((images - signs * limits) * held)[:, :, None])[:, :, 0]
    left = images - codes @ gram
    wrong = np.where(held, -codes * signs, (left if nonnegative else np.abs(left)) - limits).max(axis=1)
    close = _CLOSE * (np.abs(images).max() + np.abs(limits).max())
    for at in [i for i in np.argsort(wrong, kind="stable")[:_TRIED] if wrong[i] <= close]:
        found = _pattern_code(G, products, t, signs[at], nonnegative=nonnegative)
        if found is not None:
            return found
    raise NotAnInstance("a minimiser is found and proved")


def _pattern_code(
    G: exact.Matrix, products: exact.Vector, t: exact.Vector, signs: NDArray[np.float64], *, nonnegative: bool
) -> exact.Vector | None:
    """Return the code of a sign pattern if it is a minimiser, else None."""
    held = [i for i in range(len(t)) if signs[i]]
    own = exact.solved(exact.part(G, held), [products[i] - int(signs[i]) * t[i] for i in held])
    if own is None or any(x * int(signs[i]) < 0 for i, x in zip(held, own, strict=True)):
        return None
    code = exact.vector(np.zeros(len(t)))
    for i, x in zip(held, own, strict=True):
        code[i] = x
    left = exact.difference(products, exact.times(G, code))
    inside = (x <= limit and (nonnegative or -x <= limit) for x, limit in zip(left, t, strict=True))
    return code if all(ok or i in held for i, ok in enumerate(inside)) else None
