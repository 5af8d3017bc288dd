"""Exact codes on given supports, within a box and with given signs: what proves upper bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal
from ..errors import InputError
from ..solvers.bounded_least_squares import bounded_least_squares
from .exact_fit import ExactFits
from .proofs import ExactCode

Floats = NDArray[np.float64]

_BITS = (20, 45)
_AT_BOUND = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A code within the box and with the signs asked for, and its squared residual |y - Dx|_2^2; both exact."""

    atoms: tuple[int, ...]
    values: tuple[Fraction, ...]
    squared: Fraction

    @property
    def code(self) -> ExactCode:
        """The code as proofs hold it."""
        common = math.lcm(*(value.denominator for value in self.values))
        return ExactCode(support=self.atoms, real=tuple(int(value * common) for value in self.values), divisor=common)


class SparseCodes:
    """Makes codes of one problem on supports that someone proposes."""

    def __init__(
        self, dictionary: Dictionary, signal: Signal, fits: ExactFits, box: Fraction | None, nonnegative: bool
    ) -> None:
        self.fits, self.box, self.nonnegative = fits, box, nonnegative
        try:
            self.atoms = np.asarray(dictionary.real, dtype=np.float64)
            self.signal = np.asarray(signal.real, dtype=np.float64)
        except OverflowError:
            raise InputError("expected entries that fit into binary64 numbers, got larger ones: scale them") from None

    def allowed(self, values: Sequence[Fraction]) -> bool:
        """Say whether values respect the box and the signs."""
        if self.nonnegative and any(value < 0 for value in values):
            return False
        return self.box is None or all(abs(value) <= self.box for value in values)

    def exact(self, support: Sequence[int]) -> Found | None:
        """Return the exact least-squares code on a support, or None if it leaves the box or has a wrong sign."""
        fit = self.fits.fit(support)
        return _nonzero(fit.atoms, fit.values, fit.squared) if self.allowed(fit.values) else None

    def held(self, support: Sequence[int]) -> Found | None:
        """Return the least-squares code among those that keep some entries at bounds, exactly, or None.

        Bounded least squares in floats says which entries, and where dependent entries lie; the others are solved for.
        """
        wanted = self.bounded(support)
        slack = self._slack(wanted)
        fixed: dict[int, Fraction] = {}
        for i, x, room in zip(support, wanted.tolist(), slack.tolist(), strict=True):
            if self.box is not None and room <= _AT_BOUND * float(self.box):
                fixed[i] = (
                    Fraction(0)
                    if self.nonnegative and x < float(self.box) / 2
                    else self._rounded(math.copysign(math.inf, x))
                )
            elif self.box is None and room <= 0:
                fixed[i] = Fraction(0)
        order = [support[at] for at in np.argsort(-slack).tolist() if support[at] not in fixed]
        independent = self.fits.fit(order).atoms
        values = dict(zip(support, wanted.tolist(), strict=True))
        fixed |= {i: self._rounded(values[i], _BITS[0]) for i in order if i not in independent}
        fit = self.fits.fit(support, fixed)
        return _nonzero(fit.atoms, fit.values, fit.squared) if self.allowed(fit.values) else None

    def least(self, support: Sequence[int]) -> Found | None:
        """Return the least-squares code on a support within box and signs, exactly, or None if it was not found."""
        return self.exact(support) or self.held(support)

    def near(self, support: Sequence[int], most: Fraction | None = None) -> Found:
        """Return a code on a support with a small residual: short numbers if they reach `most`, else longer ones."""
        wanted = self.bounded(support).tolist()
        best: Found | None = None
        for bits in _BITS:
            values = [self._rounded(x, bits) for x in wanted]
            squared = self.fits.squared_residual(support, values)
            if best is None or squared < best.squared:
                best = _nonzero(support, values, squared)
            if most is not None and best.squared <= most:
                return best
        exact = self.least(support)
        assert best is not None
        return exact if exact is not None and exact.squared < best.squared else best

    def bounded(self, support: Sequence[int], *, boxed: bool = True) -> Floats:
        """Return the least-squares code on a support within the signs and (if `boxed`) the box. Estimated."""
        box = float(self.box) if self.box is not None and boxed else math.inf
        return bounded_least_squares(self.atoms[:, list(support)], self.signal, 0.0 if self.nonnegative else -box, box)

    def _slack(self, values: Floats) -> Floats:
        box = math.inf if self.box is None else float(self.box)
        return np.minimum(box - np.abs(values), values if self.nonnegative else math.inf)

    def _rounded(self, value: float, bits: int = 0) -> Fraction:
        """Round to a multiple of a power of two that is about 2^-bits of the value, within box and signs."""
        if not math.isfinite(value):
            return Fraction(0) if self.box is None or math.isnan(value) else self.box if value > 0 else -self.box
        _, exponent = math.frexp(value)
        unit = Fraction(2) ** (exponent - bits)
        rounded = round(Fraction(value) / unit) * unit
        if self.box is not None and abs(rounded) > self.box:
            rounded = self.box if rounded > 0 else -self.box
        return max(rounded, Fraction(0)) if self.nonnegative else rounded


def _nonzero(atoms: Sequence[int], values: Sequence[Fraction], squared: Fraction) -> Found:
    pairs = sorted((i, value) for i, value in zip(atoms, values, strict=True) if value)
    return Found(atoms=tuple(i for i, _ in pairs), values=tuple(value for _, value in pairs), squared=squared)
