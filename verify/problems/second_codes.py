"""A second code as good as the best one, where there is one near it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .sparse_codes import Found, SparseCodes

_HALVINGS = 60
_TRIES = 8
_DEPENDENT = 1e-9


def second_code(codes: SparseCodes, best: Found, allowed: Fraction) -> Found | None:
    """Return another code on the same support with |y - Dx|_2^2 <= `allowed`, or None if none is found. Exact.

    One entry moves by ever smaller steps: where the best code leaves slack, one of them is small enough.
    """
    if best.squared >= allowed:
        return None
    for at, value in enumerate(best.values):
        for halving in range(4, _HALVINGS, 8):
            for sign in (1, -1):
                moved = value * (1 + Fraction(sign, 2**halving))
                values = (*best.values[:at], moved, *best.values[at + 1 :])
                if codes.allowed(values):
                    squared = codes.fits.squared_residual(best.atoms, values)
                    if squared <= allowed:
                        return Found(atoms=best.atoms, values=values, squared=squared)
    return None


def equal_code(codes: SparseCodes, best: Found, size: int) -> Found | None:
    """Return another code with at most `size` nonzeros and the same squared residual, or None if none is found. Exact.

    One more atom gets a small entry, and where it depends on those of the best code the others can make up for it.
    """
    if len(best.atoms) >= size or not best.atoms:
        return None
    atoms = codes.atoms / np.maximum(np.sqrt((codes.atoms**2).sum(axis=0)), np.finfo(float).tiny)
    basis, _ = np.linalg.qr(atoms[:, list(best.atoms)])
    left = 1 - ((basis.T @ atoms) ** 2).sum(axis=0)
    left[list(best.atoms)] = np.inf
    least = min(abs(value) for value in best.values)
    for added in np.argsort(left)[:_TRIES].tolist():
        if not left[added] < _DEPENDENT:
            break
        for entry in (least / 2**10, -least / 2**10):
            fit = codes.fits.fit([*best.atoms, added], {added: entry})
            if fit.squared == best.squared and codes.allowed(fit.values):
                pairs = [(i, value) for i, value in zip(fit.atoms, fit.values, strict=True) if value]
                return Found(atoms=tuple(i for i, _ in pairs), values=tuple(v for _, v in pairs), squared=fit.squared)
    return None
