"""The Babel function over stripes of a convolutional dictionary, enclosed for signals of every size."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import groupby

import numpy as np

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...exact import rational_root
from ...progress import Progress, silent
from ..babel import Babel, enclosed_sums
from .coherence import ConvolutionalCoherence
from .cross_correlations import Among, Floats, Meeting, UnitFilters, among_meetings

_LONGEST = 1024


def convolutional_babel(
    dictionary: ConvolutionalDictionary, coherence: ConvolutionalCoherence, progress: Progress = silent
) -> Babel:
    """Enclose mu_1(k), the largest sum for one atom of its k largest normalised products with others, k = 1 .. K.

    For 'full' and 'circular' the k largest |R_{c,c'}(d)| / (N_c N_c') of one c, (c, 0) excluded: the Babel function of
    codes that hold a whole stripe, and an upper bound for shorter ones. For 'same' the upper ends hold for all lengths
    from t on, cut atoms included; the lower ends come from atoms that are not cut. K as for matrices, and
    never more than the atoms of a stripe.

    Guarantee: enclosed, by binary64 products with a proven rounding error. Cost: C^2 products of filters for each
    shift, for 'same' for each pair of cuts. Source: Tropp 2004; Papyan, Sulam, Elad 2017.
    """
    found, unit, order = _greatest(dictionary, coherence, None, progress)
    if dictionary.boundary is not Boundary.same:
        return found
    inside = _sums(unit, _ordered(dictionary, Among.uncut), order)
    lower = enclosed_sums(inside.tolist(), unit.error, None).lower
    length = min(len(lower), len(found.upper))
    return Babel(lower=lower[:length], upper=found.upper[:length])


def babel_among(
    dictionary: ConvolutionalDictionary, coherence: ConvolutionalCoherence, among: Among
) -> tuple[Fraction, ...]:
    """Return upper bounds of the sums of any k normalised products of an atom with whole atoms, k = 1 .. K ('same').

    Of a whole atom (`uncut`), or of any (`to_uncut`); `coherence` bounds one of them. Guarantee, cost: as
    `convolutional_babel`.
    """
    return _greatest(dictionary, coherence, among, silent)[0].upper


def _ordered(dictionary: ConvolutionalDictionary, among: Among | None) -> list[Meeting]:
    return sorted(among_meetings(dictionary, among), key=lambda meeting: (meeting.first_window, meeting.shift))


def _greatest(
    dictionary: ConvolutionalDictionary, coherence: ConvolutionalCoherence, among: Among | None, progress: Progress
) -> tuple[Babel, UnitFilters, int]:
    unit = UnitFilters(dictionary)
    stripe = dictionary.channels[0] * math.prod(2 * r + 1 for r in dictionary.reach)
    order = min(max(1, stripe - 1), _LONGEST)
    ordered = _ordered(dictionary, among)
    greatest = np.zeros(order)
    done = 0
    for _, group in groupby(ordered, key=lambda meeting: meeting.first_window):
        part = list(group)
        np.maximum(greatest, _sums(unit, part, order), out=greatest)
        done += len(part)
        progress("Babel function", done, len(ordered))
    return enclosed_sums(greatest.tolist(), unit.error, rational_root(coherence.squared)), unit, order


def _sums(unit: UnitFilters, met: list[Meeting], order: int) -> Floats:
    """Return the largest sums of 1 .. `order` products of one filter, cut in one way, with those it meets.

    `met` is sorted by shifts. Of atoms that stand at one place, cut in several ways, each filter counts once.
    """
    top = np.zeros((unit.count, order))
    for _, group in groupby(met, key=lambda meeting: meeting.shift):
        values = np.zeros((unit.count, unit.count))
        for meeting in group:
            np.maximum(values, np.abs(unit.products(meeting)), out=values)
            if meeting.same_place:
                np.fill_diagonal(values, 0.0)
        both = np.concatenate([top, values], axis=1)
        top = np.partition(both, both.shape[1] - order, axis=1)[:, both.shape[1] - order :]
    return np.cumsum(np.sort(top, axis=1)[:, ::-1], axis=1).max(axis=0)
