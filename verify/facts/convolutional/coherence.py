"""The mutual coherence of a convolutional dictionary for signals of every size, exactly, from its filters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import ConvolutionalDictionary, Lengths
from ...dictionaries.dictionary import IntegerAtoms
from ...exact import gram_matrix
from ...progress import Progress, silent
from ...rounding import float_lower
from .cross_correlations import Among, Floats, Meeting, UnitFilters, Window, among_meetings, one_order

_FEW_PAIRS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalCoherence:
    """mu^2 exactly, the largest over signals of all sizes from `least_code` on, and two atoms that attain it.

    They are `pair[0]` at `positions[0]` and `pair[1]` at `positions[1]` in codes of the lengths `code`; `shift` is the
    difference of the positions. Codes in which no two atoms are so placed have at most this coherence.
    """

    squared: Fraction
    pair: tuple[int, int]
    shift: Lengths
    code: Lengths
    positions: tuple[Lengths, Lengths]
    least_code: Lengths

    @property
    def largest_level(self) -> int | None:
        """The greatest k with (2k - 1) mu < 1; None if mu = 0, when every k will do."""
        if self.squared == 0:
            return None
        return (math.isqrt(math.ceil(1 / self.squared) - 1) + 1) // 2


def convolutional_coherence(
    dictionary: ConvolutionalDictionary, progress: Progress = silent, among: Among | None = None
) -> ConvolutionalCoherence:
    """Return mu^2 = max |R_{c,c'}(d)|^2 / (N_c^2 N_c'^2) over filters and shifts d, (c, c, 0) excluded, exactly.

    R_{c,c'}(d) = sum over m, u of F[c, m, u + d * stride] F[c', m, u], and for 'same' also all cut filters. Floats only
    propose: one matrix product a shift bounds all pairs of filters within a proven rounding error; those that can be
    the maximum are computed in exact integers and their squares compared. `among` leaves only pairs of atoms that are
    whole, or of which the first is ('same').

    Guarantee: exact, for all sizes at once ('circular': periods of at least 2t-1; 'same': lengths of at least t). Cost:
    C^2 products of filters for each shift, half of them by symmetry. Raises InputError where a cut filter is zero.
    Source: Papyan, Sulam, Elad 2017; theorem convolution-coherence.
    """
    found = list(one_order(among_meetings(dictionary, among)))
    unit = UnitFilters(dictionary)
    greatest: list[float] = []
    for done, meeting in enumerate(found):
        greatest.append(float(_moduli(unit, meeting).max(initial=-1.0)))
        progress("coherence", done + 1, len(found))
    exact = _Exact(dictionary)
    best = _nothing(dictionary, among)
    for at in np.argsort(greatest)[::-1].tolist():
        floor = max(max(greatest), math.sqrt(float_lower(best.squared)) * (1 - 2**-50))
        threshold = float_lower(Fraction(floor) - 2 * unit.error)
        if greatest[at] < max(threshold, 0.0) or best.squared == 1:
            break
        meeting = found[at]
        value, pair = exact.greatest(meeting, np.argwhere(_moduli(unit, meeting) >= threshold))
        if value > best.squared:
            best = _of(dictionary, meeting, value, pair)
    return best


def _moduli(unit: UnitFilters, meeting: Meeting) -> Floats:
    """Return the moduli of the products of one meeting, -1 where a pair stands twice or is one atom."""
    moduli = np.abs(unit.products(meeting))
    if meeting.same_place:
        moduli[np.tril_indices(len(moduli))] = -1.0
    return moduli


def _of(
    dictionary: ConvolutionalDictionary, meeting: Meeting, squared: Fraction, pair: tuple[int, int]
) -> ConvolutionalCoherence:
    return ConvolutionalCoherence(
        squared=squared,
        pair=pair,
        shift=meeting.shift,
        code=meeting.code,
        positions=meeting.positions,
        least_code=dictionary.least_code,
    )


class _Exact:
    """Squares of normalised products in exact integers."""

    def __init__(self, dictionary: ConvolutionalDictionary) -> None:
        self._shape = dictionary.filters.shape
        self._columns = dictionary.filter_columns
        self._known: dict[int, NDArray[np.object_]] = {}

    def filter(self, c: int) -> NDArray[np.object_]:
        """Return filter c, scaled to integers."""
        if c not in self._known:
            atoms: IntegerAtoms = self._columns.integer_atoms([c])
            self._known[c] = np.array(atoms.real[0], dtype=object).reshape(self._shape[1:])
        return self._known[c]

    def squared_norm(self, c: int, window: Window) -> int:
        """Return the squared norm of filter c, cut to a window."""
        taps = self.filter(c)[(slice(None), *(slice(*part) for part in window))].ravel().tolist()
        return sum(x * x for x in taps)

    def greatest(self, meeting: Meeting, pairs: NDArray[np.integer]) -> tuple[Fraction, tuple[int, int]]:
        """Return the greatest squared normalised product among some pairs of filters, and such a pair."""
        firsts, seconds = np.unique(pairs[:, 0]).tolist(), np.unique(pairs[:, 1]).tolist()
        left = {c: self.filter(c)[(slice(None), *meeting.first_taps)].ravel().tolist() for c in firsts}
        right = {c: self.filter(c)[(slice(None), *meeting.second_taps)].ravel().tolist() for c in seconds}
        norms = {c: self.squared_norm(c, meeting.first_window) for c in firsts}
        others = {c: self.squared_norm(c, meeting.second_window) for c in seconds}
        many = len(pairs) > _FEW_PAIRS
        gram = gram_matrix(list(left.values()), list(right.values())) if many else []
        rows, columns = ({c: at for at, c in enumerate(part)} for part in (firsts, seconds))
        best, where = Fraction(-1), (-1, -1)
        seen: set[tuple[int, int]] = set()
        for i, j in pairs.tolist():
            value = gram[rows[i]][columns[j]] if many else sum(map(int.__mul__, left[i], right[j]))
            key = (value * value, norms[i] * others[j])
            if key not in seen:
                seen.add(key)
                if Fraction(*key) > best:
                    best, where = Fraction(*key), (i, j)
        return best, where


def _nothing(dictionary: ConvolutionalDictionary, among: Among | None) -> ConvolutionalCoherence:
    """Return the coherence of one filter no shifts of which meet: 0, at two neighbours."""
    margin = tuple(0 if among is None else t // 2 for t in dictionary.support)
    shift = (dictionary.reach[0] + 1, *(0,) * (dictionary.grid_axes - 1))
    code = tuple(max(d + 1 + 2 * edge, n) for d, edge, n in zip(shift, margin, dictionary.least_code, strict=True))
    return ConvolutionalCoherence(
        squared=Fraction(0),
        pair=(0, 0),
        shift=shift,
        code=code,
        positions=(margin, tuple(a + d for a, d in zip(margin, shift, strict=True))),
        least_code=dictionary.least_code,
    )
