"""All pairs of atoms of convolutional dictionaries of all sizes at once, and their inner products (SPEC.md 6.14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from .filters import Filters, Window, Windows, flat_indices
from .packed import PackedRows, field_bytes


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two atoms may lie: the second one `shift` positions behind the first, each cut to its windows.

    Their inner product is the sum over k of the entries `sources[k]` of the first and `targets[k]` of the second.
    """

    shift: tuple[int, ...]
    first: Windows
    second: Windows
    sources: list[int]
    targets: list[int]


AxisMeeting = tuple[int, Window, Window]


def axis_meetings(taps: int, stride: int, margin: int) -> Iterator[AxisMeeting]:
    """Yield what may happen on one axis: the shift, and the windows of both atoms; the first is `margin` wider."""
    reach = (taps - 1 + margin) // stride
    for shift in range(-reach, reach + 1):
        yield shift, (-margin, taps + margin), (0, taps)


def overlap(meeting: AxisMeeting, stride: int) -> range:
    """Return the taps of the second atom at which the first one has a tap too."""
    shift, first, second = meeting
    return range(max(second[0], first[0] - shift * stride), min(second[1], first[1] - shift * stride))


def meetings(filters: Filters, margin: Sequence[int], *, half: bool = False) -> Iterator[Meeting]:
    """Yield all ways in which two atoms meet; with `half` perhaps only one of each and its mirror image.

    For `same` those in which the second one is cut as much as can be: that changes nothing but its norm.
    """
    if filters.boundary == "same":
        yield from neighbours(filters, None, uncut=False)
        return
    axes = [list(axis_meetings(t, s, e)) for t, s, e in zip(filters.taps, filters.stride, margin, strict=True)]
    wider = [t + 2 * e for t, e in zip(filters.taps, margin, strict=True)]
    zero = (0,) * filters.axes
    for found in product(*axes):
        shift, first, second = zip(*found, strict=True)
        if half and shift < zero:
            continue
        moved = [delta * s for delta, s in zip(shift, filters.stride, strict=True)]
        inside = [overlap(one, s) for one, s in zip(found, filters.stride, strict=True)]
        if not all(inside):
            continue
        seen = [range(r.start + by + e, r.stop + by + e) for r, by, e in zip(inside, moved, margin, strict=True)]
        yield Meeting(
            shift,
            first,
            second,
            flat_indices(filters.channels, wider, seen),
            flat_indices(filters.channels, filters.taps, inside),
        )


AxisNeighbour = tuple[int, Window, Window, bool]


def axis_neighbours(taps: int) -> Iterator[AxisNeighbour]:
    """Yield, for one axis, the shift, the window of an atom, the least of the other, and whether it may be whole.

    All lengths >= taps. An atom b < h = (taps-1)/2 positions from the start lacks h - b taps there and none at the end.
    The other is b + shift positions from the start; at the end the least length takes most of it.
    """
    h = taps // 2
    for shift in range(-2 * h, 2 * h + 1):
        cut = min(abs(shift), h)
        yield shift, (0, taps), (cut, taps) if shift < 0 else (0, taps - cut), True
    for b in range(h):
        for shift in range(-b, 2 * h + 1):
            start, end = max(0, h - b - shift), max(0, min(shift + b - h, h))
            yield shift, (h - b, taps), (start, taps - end), start == 0
            yield -shift, (0, taps - h + b), (end, taps - start), start == 0


def neighbours(filters: Filters, first: Windows | None, *, uncut: bool) -> Iterator[Meeting]:
    """Yield the atoms that meet an atom with these windows, or with any, cut as much as can be, or with `uncut` whole.

    Their products with the first atom do not depend on how they are cut outside of it; their norms are least.
    """
    axes_found = [
        [one for one in axis_neighbours(t) if first is None or one[1] == first[axis]]
        for axis, t in enumerate(filters.taps)
    ]
    for found in product(*axes_found):
        shift, own, second, whole = zip(*found, strict=True)
        if uncut and not all(whole):
            continue
        axes = list(zip(shift, own, filters.taps, strict=True))
        here = [range(max(start, by), min(end, by + t)) for by, (start, end), t in axes]
        there = [range(r.start - by, r.stop - by) for r, by in zip(here, shift, strict=True)]
        yield Meeting(
            shift,
            own,
            filters.whole if uncut else second,
            flat_indices(filters.channels, filters.taps, here),
            flat_indices(filters.channels, filters.taps, there),
        )


def neighbour_counts(filters: Filters, first: Windows | None, *, uncut: bool) -> tuple[int, int]:
    """Return no less than the number of these neighbours, and than the number of products of entries of all of them."""
    numbers, products = 1, filters.channels
    for axis, t in enumerate(filters.taps):
        h = t // 2
        numbers *= 4 * h + 1 if first is not None else (3 if uncut else 5) * h * h + 5 * h + 1
        products *= t if first is None else first[axis][1] - first[axis][0]
    return numbers, numbers * products


def meeting_counts(filters: Filters, margin: Sequence[int]) -> tuple[int, int]:
    """Return no less than the number of meetings, and than the number of products of entries in all of them."""
    if filters.boundary == "same":
        return neighbour_counts(filters, None, uncut=False)
    numbers, products = 1, filters.channels
    for t, s, e in zip(filters.taps, filters.stride, margin, strict=True):
        count = 2 * ((t - 1 + e) // s) + 1
        numbers *= count
        products *= count * t if e else t + 2 * sum_of_overlaps(t, s)
    return numbers, products


def sum_of_overlaps(taps: int, stride: int) -> int:
    """Return the sum of taps - shift * stride over all shifts > 0 at which it is positive."""
    reach = (taps - 1) // stride
    return reach * taps - stride * reach * (reach + 1) // 2


class Correlations:
    """Inner products of vectors (weights, or the filters themselves) with all atoms that meet them."""

    def __init__(self, filters: Filters, weight: int) -> None:
        self._packed = PackedRows(filters.vectors, filters.bits, weight)

    def row(self, vector: Sequence[int], meeting: Meeting) -> list[int]:
        """Return the inner products of one vector with the integer atoms of all filters at this meeting."""
        factors = [vector[at] for at in meeting.sources]
        return self._packed.unpacked(self._packed.total_of(factors, meeting.targets))


def own_weight(filters: Filters) -> int:
    """Return a bound of the sum of the moduli of the entries of an integer filter."""
    return filters.length << filters.bits


@dataclass(frozen=True, slots=True)
class Work:
    """The work of going through meetings."""

    filters: Filters
    numbers: int
    products: int

    @staticmethod
    def of(filters: Filters, margin: Sequence[int]) -> Work:
        """Return it for all meetings with weights of this margin, none for atoms."""
        return Work(filters, *meeting_counts(filters, margin))

    @staticmethod
    def of_neighbours(filters: Filters, first: Windows | None, *, uncut: bool = False) -> Work:
        """Return it for all neighbours of atoms with these windows, or any, or the whole ones."""
        return Work(filters, *neighbour_counts(filters, first, uncut=uncut))

    def rows(self, weight: int, times: int) -> int:
        """Return the work of `Correlations.row` of C vectors for all meetings, found `times` times, and its set-up."""
        count, length, width = self.filters.count, self.filters.length, field_bytes(self.filters.bits, weight)
        digits, row_digits = weight.bit_length() // 30 + 1, count * width * 8 // 30 + 1
        finding = times * (self.products * 150 + self.numbers * 5000)
        rows = self.products * (digits * row_digits + 250) + self.numbers * count * 120
        return length * count * (400 + width) + finding + count * rows

    def pairs(self, bits: int) -> int:
        """Return the work of a few products of numbers of `bits` bits for every pair of atoms that meet."""
        return self.numbers * self.filters.count**2 * (150 + (bits // 30 + 1) ** 2)
