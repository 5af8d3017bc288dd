"""Rules that measure convolutional dictionaries of all sizes by their filters (SPEC.md section 6.14)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from .filters import Filters, Windows, flat_indices
from .generalized import LONGEST_UPPER
from .grids import read_grid
from .shifts import Correlations, Meeting, Work, meetings, neighbours, own_weight
from .values import ROOT_BITS, Fields, Reject, Statement, Task, spell, squaring_work
from .vectors import Vectors


def filter_product(filters: Filters, evidence: object) -> Task:
    """Say which filters a product of a chain is."""
    Fields(evidence, ())

    def derive(_: object) -> Statement:
        return {
            "kind": "filter-product",
            "boundary": filters.boundary,
            "digest": filters.digest,
            "shape": [filters.count, filters.channels, *filters.taps],
            "stride": list(filters.stride),
        }

    return Task((), 1, derive)


def filter_norms(filters: Filters, evidence: object) -> Task:
    """Derive the least and the greatest squared norm of all atoms, those that a boundary cuts too."""
    Fields(evidence, ())

    def derive(_: object) -> Statement:
        norms = [
            scale**2 * norm
            for cut in filters.all_norms.values()
            for scale, norm in zip(filters.scale, cut, strict=True)
        ]
        least, greatest = min(norms), max(norms)
        return {
            "kind": "convolutional-norms",
            "equal": least == greatest,
            "sizes": filters.sizes,
            "squared_max": spell(greatest),
            "squared_min": spell(least),
        }

    scaling = filters.count * (filters.longest_scale // 10 + 20) ** 2
    cuts = math.prod(filters.taps) if filters.boundary == "same" else 1
    return Task((), filters.norms_work + cuts * scaling, derive)


def filter_coherence(filters: Filters, evidence: object) -> Task:
    """Derive mu^2 of all sizes, exactly: two atoms of one size attain it, and no two of any size exceed it."""
    fields = Fields(evidence, ("first", "lengths", "second"))
    grid = read_grid(filters, fields)
    first, second = grid.atom(fields, "first"), grid.atom(fields, "second")
    if first == second:
        raise Reject("first and second are the same atom")
    none = (0,) * filters.axes

    def derive(_: object) -> Statement:
        squared = grid.squared_cosine(first, second)
        p, q = squared.numerator, squared.denominator
        norms = filters.all_norms
        products = Correlations(filters, own_weight(filters))
        for meeting in meetings(filters, none, half=True):
            earlier, later = norms[meeting.first], norms[meeting.second]
            for c, vector in enumerate(filters.vectors):
                bound = p * earlier[c]
                for other, value in enumerate(products.row(vector, meeting)):
                    if value * value * q > bound * later[other] and (other != c or meeting.shift != none):
                        raise Reject(f"filters {c} and {other} at shift {list(meeting.shift)} are more coherent")
        return {
            "kind": "convolutional-coherence",
            "first": list(first),
            "lengths": list(grid.lengths),
            "second": list(second),
            "sizes": filters.sizes,
            "squared": spell(squared),
        }

    longest = 2 * filters.bits + filters.length.bit_length()
    size = 1000 + 2 * (min(2 * longest, 13300) // 30 + 1) ** 2
    work = Work.of(filters, none)
    spent = work.rows(own_weight(filters), 1) + work.pairs(3 * longest) + filters.norms_work
    return Task((), spent, derive, size)


def filter_babel(filters: Filters, evidence: object) -> Task:
    """Derive bounds of mu_1(1) .. mu_1(K) of all sizes."""
    fields = Fields(evidence, ("lower", "upper"))
    order = len(fields.list("upper"))
    if not 1 <= order < filters.stripe or len(fields.list("lower")) != order:
        raise Reject(f"lower and upper are not two lists of the same length from 1 to {filters.stripe - 1}")
    lower, upper = fields.rationals("lower"), fields.rationals("upper")

    def derive(_: object) -> Statement:
        bounds = [0] * order, [0] * order
        products = Correlations(filters, own_weight(filters))
        for c in range(filters.count):
            for windows, values in _squares(filters, products, c).items():
                add_up(bounds[1], values, 1)
                if windows == filters.whole:
                    add_up(bounds[0], values if filters.boundary != "same" else _uncut(filters, products, c), 0)
        greatest_lower, greatest_upper = bounds
        for k in range(order):
            if greatest_upper[k] > upper[k] * 2**ROOT_BITS:
                raise Reject(f"mu_1({k + 1}) is not proved to be at most upper[{k}]")
            if greatest_lower[k] < lower[k] * 2**ROOT_BITS:
                raise Reject(f"mu_1({k + 1}) is not proved to be at least lower[{k}]")
        return {
            "kind": "convolutional-babel",
            "lower": [spell(x) for x in lower],
            "sizes": filters.sizes,
            "upper": [spell(x) for x in upper],
        }

    size = squaring_work(part for bound in (*lower, *upper) for part in bound.as_integer_ratio())
    longest = 4 * filters.bits + 2 * filters.length.bit_length() + 2 * ROOT_BITS
    work = Work.of(filters, (0,) * filters.axes)
    spent = work.rows(own_weight(filters), filters.count) + 4 * work.pairs(longest) + filters.norms_work
    return Task(
        (),
        spent + filters.norms_work + len(list(filters.windows())) * filters.count * order * (3000 + longest) + size,
        derive,
        size,
    )


def add_up(greatest: list[int], values: list[int], side: int) -> None:
    """Raise the greatest sums of k = 1, 2, .. values to those of these values, of all where they are fewer than k."""
    total = 0
    largest = sorted(values, reverse=True)
    for k in range(len(greatest)):
        total += _root(largest[k])[side] if k < len(largest) else 0
        greatest[k] = max(greatest[k], total)


def _squares(filters: Filters, products: Correlations, c: int) -> dict[Windows, list[int]]:
    """Return, for every way to cut an atom of filter c, the squares, as `_root` takes them, with all that meet it.

    One for each filter and shift: the greatest over all ways to cut the other atom, where it is cut most.
    """
    found: dict[Windows, list[int]] = {}
    for meeting in meetings(filters, (0,) * filters.axes):  # each shift once for each window
        found.setdefault(meeting.first, []).extend(_row(filters, products, c, meeting))
    return found


def _uncut(filters: Filters, products: Correlations, c: int) -> list[int]:
    """Return the same for an atom of filter c far from all ends of the signal."""
    met = neighbours(filters, filters.whole, uncut=True)
    return [value for meeting in met for value in _row(filters, products, c, meeting)]


def _row(filters: Filters, products: Correlations, c: int, meeting: Meeting) -> list[int]:
    own, others = filters.all_norms[meeting.first][c], filters.all_norms[meeting.second]
    row = products.row(filters.vectors[c], meeting)
    squares = [scaled_square(value, own * norm) for value, norm in zip(row, others, strict=True)]
    if not any(meeting.shift):
        squares[c] = 0
    return squares


def scaled_square(value: int, norms: int) -> int:
    """Return 2 floor(s) + 1, or 2 s for a whole number s, of s = 2^(2 ROOT_BITS) value^2 / norms: it grows with s."""
    whole, rest = divmod(value * value << 2 * ROOT_BITS, norms)
    return 2 * whole + (rest != 0)


def _root(scaled: int) -> tuple[int, int]:
    """Return the nearest integers to 2^ROOT_BITS |value| / sqrt(norms), equal if it is one."""
    whole, more = divmod(scaled, 2)
    lower = math.isqrt(whole)
    return lower, lower + (more == 1 or lower * lower != whole)


def filter_generalized_coherence(filters: Filters, evidence: object) -> Task:
    """Derive mu~_i <= t_c for the atoms of every filter c at all sizes, from one weight vector for each filter."""
    fields = Fields(evidence, ("margin", "upper", "weights"))
    margin = fields.naturals("margin")
    if len(margin) != filters.axes or (any(margin) and filters.boundary != "full"):
        raise Reject("margin is not one natural number for each axis, all 0 unless the boundary is full")
    wider = [t + 2 * e for t, e in zip(filters.taps, margin, strict=True)]
    vectors = Vectors(fields, "weights", filters.count, filters.channels * math.prod(wider))
    upper, exponent = fields.integers("upper", filters.count)
    if any(value < 0 or value.bit_length() > LONGEST_UPPER for value in upper):
        raise Reject(f"upper is not a list of numbers from 0 to 2^{LONGEST_UPPER} times a power of two")

    def derive(_: object) -> Statement:
        norms = filters.all_norms
        products = Correlations(filters, vectors.weight)
        for c, vector in enumerate(vectors):
            own = _own_products(filters, vector, c, margin)
            if not all(own.values()):
                raise Reject(f"the weights of filter {c} are orthogonal to an atom of it")
            # <w, a_j>^2 |a_i|^2 <= (upper 2^exponent)^2 <w, a_i>^2 |a_j|^2 for the integer atoms a
            left, right = max(0, -2 * exponent), max(0, 2 * exponent)
            for meeting in meetings(filters, margin):
                # with a margin nothing is cut, and the windows of the weights are not those of an atom
                windows = filters.whole if any(margin) else meeting.first
                bound = upper[c] ** 2 * own[windows] << right
                norm, others = norms[windows][c], norms[meeting.second]
                for other, value in enumerate(products.row(vector, meeting)):
                    if value * value * norm << left > bound * others[other] and (other != c or any(meeting.shift)):
                        raise Reject(f"filter {other} at shift {list(meeting.shift)} exceeds upper[{c}]")
        return {
            "kind": "convolutional-generalized-coherence",
            "margin": margin,
            "sizes": filters.sizes,
            "upper": fields.raw("upper"),
        }

    longest = filters.bits + vectors.weight.bit_length()
    work = Work.of(filters, margin)
    spent = work.rows(vectors.weight, filters.count) + vectors.reading_work
    spent += filters.norms_work * (vectors.weight.bit_length() // 30 + 2)
    spent += 4 * work.pairs(2 * longest + 2 * filters.bits + 2 * LONGEST_UPPER + 2 * abs(exponent))
    return Task((), spent, derive, squaring_work(upper) + 500 * filters.count)


def _own_products(filters: Filters, vector: Sequence[int], c: int, margin: Sequence[int]) -> dict[Windows, int]:
    """Return <w, a_i>^2 for every way in which atom i of filter c, and the weights with it, may be cut."""
    wider = [t + 2 * e for t, e in zip(filters.taps, margin, strict=True)]
    found: dict[Windows, int] = {}
    for windows in filters.windows():
        sources = [range(start + e, end + e) for (start, end), e in zip(windows, margin, strict=True)]
        pairs = zip(flat_indices(filters.channels, wider, sources), filters.inside(windows), strict=True)
        found[windows] = sum(vector[source] * filters.vectors[c][target] for source, target in pairs) ** 2
    return found


def largest_upper(premise: Statement, count: int) -> tuple[Fraction, bool]:
    """Return the greatest bound of a statement about mu~, and whether weights and atoms have the same support."""
    fields = Fields(premise, ("kind", "margin", "sizes", "upper"), "the generalized coherence")
    values, exponent = fields.integers("upper", count)
    return max(values) * Fraction(2) ** exponent, not any(fields.naturals("margin"))
