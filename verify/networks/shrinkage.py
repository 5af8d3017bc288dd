"""Soft thresholding, exactly, and the two ReLU units that make it."""

from __future__ import annotations

from fractions import Fraction

from ..errors import InputError


def shrink(value: Fraction, threshold: Fraction) -> Fraction:
    """Return T_t(v) = sign(v) max(|v| - t, 0), exactly; raise InputError for t < 0."""
    if threshold < 0:
        raise InputError(f"threshold: expected a number >= 0, got {threshold}")
    return max(value - threshold, Fraction(0)) + min(value + threshold, Fraction(0))


def shrinkage_pair(value: Fraction, threshold: Fraction) -> Fraction:
    """Return relu(v - t) - relu(-v - t), which is T_t(v) for t >= 0 and for no other t.

    Source: Li, Feng, Zhou 2024, lemma 14.
    """
    return max(value - threshold, Fraction(0)) - max(-value - threshold, Fraction(0))
