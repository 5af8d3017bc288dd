"""Generalized coherence with convolutional weights: filters W_c that bound it, a null vector that no others pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...budget import Budget, Effort
from ...dictionaries.convolution import per_axis
from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from ...errors import InputError
from ...exact import Enclosure, root_enclosure
from ...progress import Progress, silent
from ...rounding import dyadic_lower, dyadic_upper
from ..generalized import UPPER_BITS, integer_weights
from ..vertices import exact_vertex
from .cross_correlations import Floats, Window, meetings
from .neighbours import Neighbours, box_neighbours, cut_neighbours, period_neighbours

_COARSE, _FINE = 2e-2, 2e-7
_CLEARLY_LESS = 0.95
_ROUNDING = 1e-9
_LONG, _SHORT = 52, 30
_AT_ONCE = 64
_ITERATIONS = 10
_MOST_SOLVING = 3e12
_CUTS = (0.0, 1e-4, 1e-2)
_NEAR = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalNullVector:
    """Integers h with sum of h_j d_j = 0 on a box of taps, d_j filter `channels[j]` moved by `shifts[j]` * stride.

    The box begins at tap `start` and has the form `shape` (channels first); its atom is filter `filter`, uncut or, for
    'same', cut to the box.
    """

    filter: int
    start: Lengths
    shape: tuple[int, ...]
    channels: tuple[int, ...]
    shifts: tuple[Lengths, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFilters:
    """mu~_c <= `upper[c]` by the integer filters `weights[c]` (C, M, taps; any scale), whose first tap is `start`.

    Weight c of an atom at p stands where the atom does: entry v at p * stride + start + v. `window` is None for whole
    atoms; for 'same' the taps of the atoms that are left, and the weights belong to those.
    """

    weights: NDArray[np.int64]
    start: Lengths
    upper: tuple[Fraction, ...]
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalGeneralized:
    """mu~ over convolutional weights of one support: `lower` <= mu~ <= max of `upper`, for codes from `least_code` on.

    `families` are weights for whole atoms or, for 'same', for every way to be cut; `upper[c]` is the worst of filter c.
    `vector` proves `lower`: no weights on its box do better; None if none was found, and then `lower` is 0. `period`
    are the code lengths, and the only ones, for which the weights have the whole period as support. `unfinished` atoms
    were left out or only roughly approximated, because the budget ended.
    """

    families: tuple[WeightFilters, ...]
    lower: Fraction
    vector: LocalNullVector | None
    least_code: Lengths
    period: Lengths | None = None
    unfinished: int = 0

    @property
    def upper(self) -> tuple[Fraction, ...]:
        """Upper bounds of mu~_c for every filter."""
        return tuple(max(parts) for parts in zip(*(family.upper for family in self.families), strict=True))

    @property
    def enclosure(self) -> Enclosure:
        """mu~, the largest mu~_c."""
        return Enclosure(self.lower, max(self.upper))


def convolutional_generalized_work(dictionary: ConvolutionalDictionary, margin: Sequence[int] | int = 0) -> float:
    """Return the floating-point operations that `convolutional_generalized` plans: ten iterations per filter."""
    widths = _checked_margin(dictionary, margin)
    C, M = dictionary.channels
    extents = zip(widths, dictionary.support, dictionary.stride, strict=True)
    shapes = [(2 * ((e + t - 1) // s) + 1, t + 2 * e) for e, t, s in extents]
    n, m = float(C), float(M)
    for shifts, taps in shapes:
        n, m = n * shifts, m * taps
    families = np.prod(dictionary.support, dtype=float) if dictionary.boundary is Boundary.same else 1.0
    return float(families * _ITERATIONS * C * (n * m * (m + 6.0) + 2.0 * m**3))


def convolutional_generalized(
    dictionary: ConvolutionalDictionary,
    *,
    margin: Sequence[int] | int = 0,
    period: Sequence[int] | None = None,
    windows: Sequence[Window] | None = None,
    budget: Budget | None = None,
    progress: Progress = silent,
) -> ConvolutionalGeneralized:
    """Enclose mu~ over convolutional weights, and return them: the least max |<w_i, d^_j>| with <w_i, d^_i> = 1.

    For filter c: min over V, max over (c', d) != (c, 0), of |sum over m, v of V[m, v] F[c', m, v - d * stride]| / N_c',
    with <V, F_c> = N_c. V has the taps of F and `margin` more on either side (one number, or one an axis), and d runs
    over all shifts where supports meet, so that the bound holds for every size: 'full', and 'circular' of a
    period of at least 2t - 1 + 2 margin. With `period`, code lengths of a 'circular' dictionary, V has the whole period
    as support, for these lengths alone. For 'same', without margin, every way to be cut has weights
    of its own, which serve all lengths at once; with `windows` only these are looked at, and bounds are about atoms so
    cut.

    Guarantee: every bound is proved, whatever the approximation returned: from above by the weights, rounded to
    integers, in products with a rigorous error bound; from below by an exact null vector on the box. Cost: see
    `convolutional_generalized_work`. Raises InputError for a margin or period that does not fit. Source: Liu, Chen,
    Wang, Yin 2019; Li, Feng, Zhou 2024.
    """
    widths = _checked_margin(dictionary, margin)
    budget = budget or Budget(effort=Effort.thorough)
    found = [_Search(neighbours, window) for neighbours, window in _programs(dictionary, widths, period, windows)]
    with budget.interruptible():
        for search in found:
            search.screen(max(other.greatest for other in found), budget.watched(progress))
    if not any(search.unfinished for search in found):
        with budget.interruptible():
            for search in found:
                search.sharpen(max(other.greatest for other in found))
    best = max(found, key=lambda search: search.greatest)
    vector, lower = best.heaviest_vertex()
    return ConvolutionalGeneralized(
        families=tuple(search.weights() for search in found),
        lower=lower,
        vector=vector,
        least_code=_least_code(dictionary, widths) if period is None else tuple(period),
        period=None if period is None else tuple(period),
        unfinished=sum(search.unfinished for search in found),
    )


def _checked_margin(dictionary: ConvolutionalDictionary, margin: Sequence[int] | int) -> Lengths:
    widths = per_axis(margin, dictionary.grid_axes, 0)
    if widths is None:
        raise InputError(f"expected a margin of taps of at least 0, one or one an axis, got {str(margin)[:40]}")
    if dictionary.boundary is Boundary.same and any(widths):
        raise InputError("expected no margin for the boundary 'same', where atoms are cut at the ends")
    return widths


def _least_code(dictionary: ConvolutionalDictionary, margin: Lengths) -> Lengths:
    if dictionary.boundary is not Boundary.circular:
        return dictionary.least_code
    extents = zip(margin, dictionary.support, dictionary.stride, strict=True)
    return tuple(-(-(2 * t - 1 + 2 * e) // s) for e, t, s in extents)


def _programs(
    dictionary: ConvolutionalDictionary,
    margin: Lengths,
    period: Sequence[int] | None,
    wanted: Sequence[Window] | None = None,
) -> list[tuple[Neighbours, Window | None]]:
    if period is not None:
        if dictionary.boundary is not Boundary.circular or any(margin):
            raise InputError("expected the boundary 'circular' and no margin for weights over a whole period")
        return [(period_neighbours(dictionary, tuple(period)), None)]
    if dictionary.boundary is not Boundary.same:
        return [(box_neighbours(dictionary, margin), None)]
    windows = dict.fromkeys(meeting.first_window for meeting in meetings(dictionary))
    return [(cut_neighbours(dictionary, window), window) for window in windows if wanted is None or window in wanted]


class _Search:
    """The best weights so far of all filters, cut in one way: themselves at first; and null vectors against them."""

    def __init__(self, neighbours: Neighbours, window: Window | None) -> None:
        self._neighbours, self._window = neighbours, window
        self._space, self._targets = neighbours.space, neighbours.targets
        count = len(self._targets)
        self._duals = self._space.rows[self._targets].copy()
        self._distance, self._value = np.full(count, np.inf), np.zeros(count)
        self._filter, self._heaviest = 0, None
        self.unfinished = count

    @property
    def greatest(self) -> float:
        """The largest value so far, the distance e_i from the row space, mu~_c / (1 + mu~_c)."""
        return float(np.max(self._value, where=np.isfinite(self._value), initial=0.0))

    def screen(self, known: float, progress: Progress) -> None:
        """Approximate all filters coarsely, or until they are clearly below what is `known`."""
        count = len(self._targets)
        for start in range(0, count, _AT_ONCE):
            progress("generalized coherence", start, count)
            some = np.arange(start, min(start + _AT_ONCE, count))
            self._approximate(some, _COARSE, _CLEARLY_LESS * max(known, self.greatest))
            self.unfinished -= len(some)

    def sharpen(self, known: float) -> None:
        """Approximate those closely that can attain the maximum."""
        contenders = np.flatnonzero(~(self._distance < known * (1 - _ROUNDING)))
        self.unfinished = len(contenders)
        if len(contenders):
            self._heaviest = None
            self._approximate(contenders, _FINE, 0.0)
        self.unfinished = 0

    def _approximate(self, some: NDArray[np.intp], tolerance: float, enough: float) -> None:
        targets = np.zeros((len(some), len(self._space.rows)))
        targets[np.arange(len(some)), self._targets[some]] = 1.0
        found = self._space.row_space.approximate(targets, tolerance=tolerance, enough=max(enough, 1e-15))
        at = int(np.argmax(found.value))
        if found.value[at] > (0.0 if self._heaviest is None else self._value[self._filter]):
            self._filter, self._heaviest = int(some[at]), found.primal[at]
        self._duals[some], self._distance[some], self._value[some] = found.dual, found.distance, found.value

    def weights(self) -> WeightFilters:
        """Round the weights to integers, short ones if they are as good, and bound every mu~_c by them.

        A filter whose weights are useless, because the approximation failed, gets itself as weights.
        """
        long = integer_weights(self._duals, _LONG)
        upper = self._upper(long)
        failed = ~(upper <= 1.0)
        if failed.any():
            long[failed] = integer_weights(self._space.rows[self._targets[failed]], _LONG)
            upper = self._upper(long)
        else:
            short = integer_weights(self._duals, _SHORT)
            shortened = self._upper(short)
            if shortened.max() <= upper.max() * (1 + 1e-8) + 2.0**-45:
                long, upper = short, shortened
        return WeightFilters(
            weights=long.reshape(len(long), *self._neighbours.shape),
            start=self._neighbours.start,
            upper=tuple(dyadic_upper(Fraction(value), UPPER_BITS) for value in upper.tolist()),
            window=self._window,
        )

    def _upper(self, weights: NDArray[np.int64]) -> Floats:
        """Return rigorous bounds of max over j of |<w_c, d^_j>| / |<w_c, d^_c>|; inf where the divisor may vanish."""
        products, errors = self._space.products(weights.astype(np.float64))
        moduli = np.abs(products)
        at = np.arange(len(weights))
        own = (moduli[at, self._targets] - errors[at, self._targets]) * (1 - 2.0**-50)
        moduli += errors
        moduli[at, self._targets] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(own > 0, moduli.max(axis=1) / own * (1 + 2.0**-50), np.inf)

    def heaviest_vertex(self) -> tuple[LocalNullVector | None, Fraction]:
        """Return an exact null vector on the box, and the lower bound of mu~ that it gives; (None, 0) if none."""
        best, lower = None, Fraction(0)
        if self._heaviest is None or not np.isfinite(self._heaviest).all() or not self._heaviest.any():
            return best, lower
        known, target = self._neighbours, int(self._targets[self._filter])
        h = self._heaviest / np.abs(self._heaviest).max()
        moduli = np.abs(h)
        wanted = float(moduli[target] / max(moduli.sum() - moduli[target], 1e-300)) * (1 - _NEAR)
        for cut in _CUTS:
            found = exact_vertex(known.columns, self._space.rows, np.where(moduli > cut, h, 0.0), _MOST_SOLVING)
            if found is None:
                continue
            share = self._share(found.support, found.real, target)
            if share > lower:
                lower = share
                best = LocalNullVector(
                    filter=self._filter,
                    start=known.start,
                    shape=known.shape,
                    channels=tuple(int(known.channels[j]) for j in found.support),
                    shifts=tuple(known.shifts[j] for j in found.support),
                    values=found.real,
                )
            if float(lower) >= wanted:
                break
        return best, lower

    def _share(self, support: tuple[int, ...], values: tuple[int, ...], target: int) -> Fraction:
        """Return a lower bound of |h_i| N_i / sum over j != i of |h_j| N_j, N the norms of the whole atoms."""
        squares = {j: x * x * self._neighbours.squared_norms[j] for j, x in zip(support, values, strict=True)}
        own = squares.pop(target, None)
        if not own or not squares:
            return Fraction(0)
        others = sum((root_enclosure(square / own).upper for square in squares.values()), Fraction(0))
        return dyadic_lower(1 / others, UPPER_BITS)
