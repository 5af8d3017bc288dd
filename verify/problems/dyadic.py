"""Floats as integers with a common power of two: codes and dual vectors as proofs hold them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .image import Image, Numbers
from .proofs import DualVector, ExactCode

Floats = NDArray[np.float64]

_SIGNIFICANT = 64


def on_grid(values: Numbers, bits: int = 52) -> Numbers:
    """Return floats that are integers of at most `bits` bits times one power of two, near the finite `values`."""
    if np.iscomplexobj(values):
        both = on_grid(np.concatenate([np.real(values), np.imag(values)]), bits)
        return both[: len(values)] + 1j * both[len(values) :]
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return values
    step = bits - int(np.frexp(largest)[1])
    return np.ldexp(np.rint(np.ldexp(values, step)), -step)


def dyadic(values: Floats, exponents: Sequence[int] | NDArray[np.int_]) -> tuple[list[int], int]:
    """Return integers h and an exponent e with h_i 2^e = values_i 2^exponents_i exactly, e as large as can be."""
    mantissas, powers = np.frexp(values)
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    places = [int(p) - 53 + int(e) for p, e in zip(powers, exponents, strict=True)]
    pairs = [(h, p) for h, p in zip(whole.tolist(), places, strict=True)]
    least = min((p + (h & -h).bit_length() - 1 for h, p in pairs if h), default=0)
    return [(h << (p - least)) if p >= least else h >> (least - p) for h, p in pairs], least


def exact_code(image: Image, code: Numbers) -> ExactCode:
    """Return the code that the floats z of the image mean, exactly."""
    support = np.flatnonzero(code)
    shifts = [image.signal_exponent - image.atoms.exponents[i] for i in support]
    values = code[support]
    if not np.iscomplexobj(code):
        real, exponent = dyadic(values, shifts)
        return ExactCode(support=tuple(support.tolist()), real=tuple(real), exponent=exponent)
    both, exponent = dyadic(np.concatenate([np.real(values), np.imag(values)]), shifts + shifts)
    real, imaginary = both[: len(support)], both[len(support) :]
    return ExactCode(support=tuple(support.tolist()), real=tuple(real), imaginary=tuple(imaginary), exponent=exponent)


def dual_vector(vector: Numbers, factor: float, exponent: int) -> DualVector:
    """Return the dual vector vector * factor * 2^exponent, exactly."""
    p, q = factor.as_integer_ratio()
    exponent -= q.bit_length() - 1
    if not np.iscomplexobj(vector):
        real, own = dyadic(vector, [0] * len(vector))
        return DualVector(real=tuple(h * p for h in real), exponent=exponent + own)
    both, own = dyadic(np.concatenate([np.real(vector), np.imag(vector)]), [0] * (2 * len(vector)))
    both = [h * p for h in both]
    return DualVector(real=tuple(both[: len(vector)]), imaginary=tuple(both[len(vector) :]), exponent=exponent + own)


def short_lower(value: Fraction) -> Fraction:
    """Return a number of 64 significant bits that is at most `value`, or `value` itself if it is no longer."""
    if not value or max(value.numerator.bit_length(), value.denominator.bit_length()) <= _SIGNIFICANT:
        return value
    places = _SIGNIFICANT - value.numerator.bit_length() + value.denominator.bit_length()
    unit = Fraction(2) ** places
    return Fraction(value * unit // 1) / unit


def short_upper(value: Fraction) -> Fraction:
    """Return a number of 64 significant bits that is at least `value`, or `value` itself if it is no longer."""
    return -short_lower(-value)
