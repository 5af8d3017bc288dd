"""Supports whose share is all but 1/2: exact arithmetic says on which side of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import WorkingSpace
from ..rounding import dyadic_upper
from ..solvers.levelling import correction
from ..verdict import Scaling
from .exchange import approximated
from .heavy_vectors import HALF, NullSpaceLower, share_of_heaviest
from .null_vectors import null_vector_on
from .rank import rank
from .support_values import SupportValues, sign_patterns
from .vertices import completed

Floats = NDArray[np.float64]

VALUE_BITS = 64
_BITS = 128
_DUAL_BITS = 72
_MOST_SOLVING = 3e12
_CLEARLY = Fraction(1, 2**40)
_EXACTLY = HALF - Fraction(1, 2**90)
_SCALES = (20, 35, 50)
_NEAR = -8.0
_SINGULAR = 1e-10
_ROOM = 2.0**-20
_MULTIPLIER = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SharpValues:
    """For every S of `supports`: |h_S|_1 <= `upper` |h|_1 whenever D'h = 0, `upper` a multiple of 2^-64.

    `duals` are integer vectors, times 2^`exponent`, in the order of `SupportValues`; `bits` as there.
    """

    supports: tuple[tuple[int, ...], ...]
    duals: tuple[tuple[int, ...], ...]
    exponent: int
    bits: int
    upper: tuple[Fraction, ...]

    @property
    def order(self) -> int:
        """The size of the supports."""
        return len(self.supports[0])


def settled(
    dictionary: Dictionary,
    space: WorkingSpace,
    values: SupportValues,
    tell: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> SharpValues | NullSpaceLower | None:
    """Bring the values of these supports below 1/2, or show with an exact null vector that one is not; or None.

    For each sign pattern whose dual vector leaves it open, the best dual vector of the atoms rounded to 2^-128 is found
    exactly, starting near it. Guarantee: what is returned is proved. Cost: some exact systems of rank D equations for
    every pattern that is open.
    """
    tied = _Tied(dictionary, space, values)
    for at in range(len(values.supports)):
        tell(at, len(values.supports))
        found = tied.settle(at, stopped)
        if not isinstance(found, list):
            return found
    return tied.result()


class _Tied:
    """Rounded atoms R = 2^`bits` D', those of their coordinates that are independent, and the duals found so far."""

    def __init__(self, dictionary: Dictionary, space: WorkingSpace, values: SupportValues) -> None:
        self.dictionary, self.space, self.values = dictionary, space, values
        minor = rank(dictionary).minor
        self.coordinates = list(minor.rows) if minor is not None else []
        self.bits = max(0, _BITS + space.exponent)
        self.atoms = fixed_point(dictionary, space.scaling, self.bits)
        self.rows = [[atom[c] for c in self.coordinates] for atom in self.atoms]
        scale = Fraction(2) ** (space.exponent - self.bits)
        self.floats = np.array([[float(x * scale) for x in row] for row in self.rows]).reshape(len(self.rows), -1)
        self.exponent = space.exponent - _DUAL_BITS - dictionary.shape[0].bit_length()
        self.patterns = sign_patterns(values.order).astype(int).tolist()
        self.duals: list[list[int]] = []
        self.upper: list[Fraction] = []

    def settle(self, at: int, stopped: Callable[[], bool]) -> list[list[int]] | NullSpaceLower | None:
        """Find the duals of one support."""
        support = self.values.supports[at].tolist()
        coarse = self.values.duals[at * len(self.patterns) : (at + 1) * len(self.patterns)].tolist()
        shift = self.values.exponent - self.exponent
        found: list[list[int]] = []
        worst = Fraction(0)
        for signs, dual in zip(self.patterns, coarse, strict=True):
            target = [0] * len(self.rows)
            for i, sign in zip(support, signs, strict=True):
                target[i] = sign
            known = [x << shift for x in dual] if shift >= 0 else [0] * len(dual)
            value = self.value(target, known)
            if value > HALF - _CLEARLY:
                sharp = self._sharpened(target, known, stopped)
                if not isinstance(sharp, list):
                    return sharp
                known, value = sharp, self.value(target, sharp)
            if value >= HALF:
                return None
            found.append(known)
            worst = max(worst, value)
        self.duals += found
        self.upper.append(worst)
        return found

    def value(self, target: Sequence[int], dual: Sequence[int]) -> Fraction:
        """Return |e - R* y|_inf / 2^bits with a bound of what R leaves out, rounded up to a multiple of 2^-64."""
        digits = self.bits - self.exponent
        largest = max(map(abs, self._residual(target, dual)))
        return dyadic_upper(Fraction(largest + sum(map(abs, dual)), 1 << digits), VALUE_BITS)

    def _sharpened(
        self, target: list[int], known: list[int], stopped: Callable[[], bool]
    ) -> list[int] | NullSpaceLower | None:
        """Return a dual vector with a value below 1/2 if there is one, or what refutes it."""
        if stopped() or not self.coordinates:
            return None
        dual, reference = self._proposed(target, known)
        if self.value(target, dual) < HALF:
            return dual
        if len(reference) != len(self.coordinates) + 1:
            return None
        best = approximated(self.rows, target, reference, stopped, _EXACTLY)
        if best is None:
            return None
        if best.distance >= _EXACTLY:
            return self._refuted(best.reference)
        for c, value in zip(self.coordinates, best.dual, strict=True):
            dual[c] = round(value * Fraction(2) ** (self.bits - self.exponent))
        return dual if best.finished else None

    def _refuted(self, reference: tuple[int, ...]) -> NullSpaceLower | None:
        vector = null_vector_on(self.dictionary, reference, most_solving=_MOST_SOLVING)
        if vector is None:
            return None
        level = self.values.order
        lower = share_of_heaviest(vector, level, self.space.scaling)
        return NullSpaceLower(level=level, lower=lower, vector=vector) if lower >= HALF else None

    def _proposed(self, target: list[int], known: list[int]) -> tuple[list[int], list[int]]:
        """Return a dual vector near the best one, and r + 1 atoms on which the best residual may be level.

        Linear programs level the largest residuals on scales ever smaller. Where rounding has spoilt the symmetry of
        the atoms, the last one also moves far along what leaves these residuals all but unchanged.
        """
        digits = self.bits - self.exponent
        dual, chosen = list(known), np.arange(0)
        for scale in _SCALES:
            residual = self._residual(target, dual)
            largest = max(map(abs, residual))
            moduli = np.array([float(Fraction(abs(value), 1 << digits)) for value in residual])
            signs = np.array([1.0 if value >= 0 else -1.0 for value in residual])
            excess = np.array([float(Fraction((abs(value) - largest) << scale, 1 << digits)) for value in residual])
            near, others = np.flatnonzero(excess >= _NEAR), np.flatnonzero(excess < _NEAR)
            along = np.zeros((0, len(self.coordinates)))
            if scale == _SCALES[-1]:
                _, singular, right = np.linalg.svd(self.floats[near])
                along = right[int((singular > _SINGULAR * singular[0]).sum()) :]
            steps = [self._spread(direction, 0) for direction in along]
            effect = (
                np.array(
                    [[float(Fraction(x << scale, 1 << digits)) for x in self._products(step, near)] for step in steps]
                )
                .reshape(-1, len(near))
                .T
            )
            room = (1 - _ROOM) * moduli.max() + np.stack([-1.0, 1.0])[:, None] * (signs * moduli)[others]
            found = correction(
                signs[near, None] * self.floats[near],
                excess[near],
                signs[near, None] * effect,
                self.floats[others] @ along.T,
                (room[0], room[1]),
            )
            if found is None:
                break
            chosen = np.sort(
                np.concatenate([near[found.multipliers > _MULTIPLIER], others[found.others > _MULTIPLIER]])
            )
            for change in (self._spread(found.change, scale), self._spread(along.T @ found.move, 0)):
                dual = [a + b for a, b in zip(dual, change, strict=True)]
        if 2 <= len(chosen) <= len(self.coordinates):
            chosen = completed(self.floats, chosen, 0)
        return dual, chosen.tolist()

    def _residual(self, target: Sequence[int], dual: Sequence[int]) -> list[int]:
        """Return e - R* y in units of 2^(`exponent` - `bits`)."""
        digits = self.bits - self.exponent
        return [(e << digits) - sum(map(int.__mul__, atom, dual)) for e, atom in zip(target, self.atoms, strict=True)]

    def _products(self, dual: list[int], chosen: NDArray[np.intp]) -> list[int]:
        return [sum(map(int.__mul__, self.atoms[j], dual)) for j in chosen]

    def _spread(self, change: Floats, scale: int) -> list[int]:
        """Return a change of y, a multiple of 2^-scale in the working space, as integers times 2^`exponent`."""
        factor = Fraction(2) ** (self.space.exponent - self.exponent - scale)
        result = [0] * self.dictionary.shape[0]
        for c, value in zip(self.coordinates, change.tolist(), strict=True):
            result[c] = round(Fraction(value) * factor)
        return result

    def result(self) -> SharpValues:
        """Return the values that all duals prove."""
        return SharpValues(
            supports=tuple(tuple(support) for support in self.values.supports.tolist()),
            duals=tuple(map(tuple, self.duals)),
            exponent=self.exponent,
            bits=self.bits,
            upper=tuple(self.upper),
        )


def fixed_point(dictionary: Dictionary, scaling: Scaling, bits: int) -> list[list[int]]:
    """Return D' times 2^`bits`, rounded to integers as certificates/SPEC.md 6.5 says, by atoms."""
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    if scaling is Scaling.as_given:
        return [
            [(scale.numerator * x << bits) // scale.denominator for x in atom]
            for scale, atom in zip(atoms.scale, atoms.real, strict=True)
        ]
    return [
        [math.isqrt((x * x << 2 * bits) // norm) * (1 if x >= 0 else -1) for x in atom]
        for norm, atom in zip(atoms.squared_norms, atoms.real, strict=True)
    ]
