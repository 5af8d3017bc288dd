"""mu_2(k)^2 over stripes of a convolutional dictionary, from above, for signals of every size."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import numpy as np

from ...dictionaries.convolutional import ConvolutionalDictionary
from ..quadratic_babel import sums_of_squares_upper
from .cross_correlations import Floats, Meeting, UnitFilters, meetings


def convolutional_squared_babel_upper(dictionary: ConvolutionalDictionary, order: int) -> tuple[Fraction, ...]:
    """Return upper bounds of mu_2(k)^2, the largest sum for one atom of its k largest squared normalised products.

    For k = 1 .. order, and signals of every size from `least_code` on; with 'same' cut atoms are included. Guarantee,
    source: as `squared_babel_upper`. Cost: C^2 products of filters for each shift, for 'same' for each pair of cuts.
    """
    unit = UnitFilters(dictionary)
    ordered = sorted(meetings(dictionary), key=lambda meeting: (meeting.first_window, meeting.shift))
    greatest = np.zeros(order)
    for _, group in groupby(ordered, key=lambda meeting: meeting.first_window):
        top = _largest(unit, list(group), order)
        np.maximum(greatest, np.cumsum(np.sort(top**2, axis=1)[:, ::-1], axis=1).max(axis=0), out=greatest)
    return sums_of_squares_upper(greatest.tolist(), unit.error)


def _largest(unit: UnitFilters, met: list[Meeting], order: int) -> Floats:
    """Return the `order` largest |products| of each filter, cut in one way, with those it meets; `met` by shifts."""
    top = np.zeros((unit.count, order))
    for _, group in groupby(met, key=lambda meeting: meeting.shift):
        values = np.zeros((unit.count, unit.count))
        for meeting in group:
            np.maximum(values, np.abs(unit.products(meeting)), out=values)
            if meeting.same_place:
                np.fill_diagonal(values, 0.0)
        both = np.concatenate([top, values], axis=1)
        top = np.partition(both, both.shape[1] - order, axis=1)[:, both.shape[1] - order :]
    return top
