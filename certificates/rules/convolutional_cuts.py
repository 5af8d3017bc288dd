"""Rules about atoms by what the boundary `same` leaves of them (SPEC.md section 6.14)."""

from __future__ import annotations

import math

from .convolutional import add_up, scaled_square
from .filters import Filters, Window, Windows
from .generalized import LONGEST_UPPER
from .grids import read_grid
from .shifts import Correlations, Work, neighbours, own_weight
from .values import ROOT_BITS, Fields, Reject, Statement, Task, spell, squaring_work
from .vectors import Vectors


def _refuse_other_boundary(filters: Filters) -> None:
    if filters.boundary != "same":
        raise Reject("no atom is cut: the boundary is not same")


def filter_coherence_among(filters: Filters, evidence: object) -> Task:
    """Derive the greatest <d^_i, d^_j>^2 of pairs both of which, or one of which, no boundary cuts; two attain it."""
    _refuse_other_boundary(filters)
    fields = Fields(evidence, ("among", "first", "lengths", "second"))
    among = fields.choice("among", ("one-uncut", "uncut"))
    grid = read_grid(filters, fields)
    first, second = grid.atom(fields, "first"), grid.atom(fields, "second")
    if first == second:
        raise Reject("first and second are the same atom")
    cut = [grid.windows(atom) != filters.whole for atom in (first, second)]
    if cut[0] or (cut[1] and among == "uncut"):
        raise Reject("a boundary cuts an atom that it must not cut")

    def derive(_: object) -> Statement:
        squared = grid.squared_cosine(first, second)
        p, q = squared.numerator, squared.denominator
        products = Correlations(filters, own_weight(filters))
        for near in neighbours(filters, filters.whole, uncut=among == "uncut"):
            norms, others = filters.all_norms[filters.whole], filters.all_norms[near.second]
            for c, vector in enumerate(filters.vectors):
                bound = p * norms[c]
                for other, value in enumerate(products.row(vector, near)):
                    if value * value * q > bound * others[other] and (other != c or any(near.shift)):
                        raise Reject(f"filters {c} and {other} at shift {list(near.shift)} are more coherent")
        return {
            "kind": "convolutional-coherence-among",
            "among": among,
            "first": list(first),
            "lengths": list(grid.lengths),
            "second": list(second),
            "sizes": filters.sizes,
            "squared": spell(squared),
        }

    longest = 2 * filters.bits + filters.length.bit_length()
    size = 1000 + 2 * (min(2 * longest, 13300) // 30 + 1) ** 2
    work = Work.of_neighbours(filters, filters.whole)
    spent = work.rows(own_weight(filters), 1) + work.pairs(3 * longest) + filters.norms_work
    return Task((), spent, derive, size)


def filter_babel_among(filters: Filters, evidence: object) -> Task:
    """Derive bounds of the sums of the k largest |<d^_i, d^_j>| over atoms j that no boundary cuts, k = 1 .. K."""
    _refuse_other_boundary(filters)
    fields = Fields(evidence, ("among", "upper"))
    among = fields.choice("among", ("to-uncut", "uncut"))
    upper = fields.rationals("upper")
    order = len(upper)
    if not 1 <= order < filters.stripe:
        raise Reject(f"upper is not a list of 1 to {filters.stripe - 1} numbers")

    def derive(_: object) -> Statement:
        greatest, products = [0] * order, Correlations(filters, own_weight(filters))
        first = filters.whole if among == "uncut" else None
        for c, vector in enumerate(filters.vectors):
            found: dict[Windows, list[int]] = {}
            for near in neighbours(filters, first, uncut=True):
                row = products.row(vector, near)
                own, others = filters.all_norms[near.first][c], filters.all_norms[filters.whole]
                squares = [scaled_square(value, own * norm) for value, norm in zip(row, others, strict=True)]
                if not any(near.shift):
                    squares[c] = 0
                found.setdefault(near.first, []).extend(squares)
            for squares in found.values():
                add_up(greatest, squares, 1)
        for k in range(order):
            if greatest[k] > upper[k] * 2**ROOT_BITS:
                raise Reject(f"the sum of {k + 1} is not proved to be at most upper[{k}]")
        return {
            "kind": "convolutional-babel-among",
            "among": among,
            "sizes": filters.sizes,
            "upper": [spell(x) for x in upper],
        }

    size = squaring_work(part for bound in upper for part in bound.as_integer_ratio())
    work = Work.of_neighbours(filters, filters.whole if among == "uncut" else None, uncut=True)
    longest = 4 * filters.bits + 2 * filters.length.bit_length() + 2 * ROOT_BITS
    spent = work.rows(own_weight(filters), filters.count) + 4 * work.pairs(longest) + 2 * filters.norms_work
    sums = math.prod(filters.taps) * filters.count * order * (3000 + longest)
    return Task((), spent + sums + size, derive, size)


def filter_cut_weights(filters: Filters, evidence: object) -> Task:
    """Derive mu~_i <= t_c for all atoms (c, p) that one window is left of, by weights that vanish outside it."""
    _refuse_other_boundary(filters)
    fields = Fields(evidence, ("among", "upper", "weights", "window"))
    among = fields.choice("among", ("all", "uncut"))
    window = _window(filters, fields)
    if among == "uncut" and window != filters.whole:
        raise Reject("among uncut atoms the window is the whole filter")
    inside = filters.inside(window)
    vectors = Vectors(fields, "weights", filters.count, len(inside))
    upper, exponent = fields.integers("upper", filters.count)
    if any(value < 0 or value.bit_length() > LONGEST_UPPER for value in upper):
        raise Reject(f"upper is not a list of numbers from 0 to 2^{LONGEST_UPPER} times a power of two")

    def derive(_: object) -> Statement:
        norms, products = filters.all_norms[window], Correlations(filters, vectors.weight)
        near = list(neighbours(filters, window, uncut=among == "uncut"))
        for c, vector in enumerate(vectors):
            weights = [0] * filters.length
            for at, value in zip(inside, vector, strict=True):
                weights[at] = value
            own = sum(map(int.__mul__, weights, filters.vectors[c])) ** 2
            if own == 0:
                raise Reject(f"the weights of filter {c} are orthogonal to their atom")
            # <w, a_j>^2 |a_i|^2 <= (upper 2^exponent)^2 <w, a_i>^2 |a_j|^2 for the integer atoms a
            left, right = max(0, -2 * exponent), max(0, 2 * exponent)
            bound, norm = upper[c] ** 2 * own << right, norms[c]
            for one in near:
                others, row = filters.all_norms[one.second], products.row(weights, one)
                for other, value in enumerate(row):
                    if value * value * norm << left > bound * others[other] and (other != c or any(one.shift)):
                        raise Reject(f"filter {other} at shift {list(one.shift)} exceeds upper[{c}]")
        return {
            "kind": "convolutional-cut-weights",
            "among": among,
            "sizes": filters.sizes,
            "upper": fields.raw("upper"),
            "window": [list(part) for part in window],
        }

    longest = filters.bits + vectors.weight.bit_length()
    work = Work.of_neighbours(filters, window)
    spent = work.rows(vectors.weight, 1) + vectors.reading_work + 200 * filters.count * filters.length
    spent += filters.norms_work * (vectors.weight.bit_length() // 30 + 2)
    spent += 4 * work.pairs(2 * longest + 2 * filters.bits + 2 * LONGEST_UPPER + 2 * abs(exponent))
    return Task((), spent, derive, squaring_work(upper) + 500 * filters.count)


def _window(filters: Filters, fields: Fields) -> Windows:
    """Return the window of the evidence, one that a boundary can leave."""
    axes: list[Window] = []
    for part in fields.list("window"):
        ends = Fields({"ends": part}, ("ends",), "window").naturals("ends")
        if len(ends) != 2:
            raise Reject("window is not a start and an end for each axis")
        axes.append((ends[0], ends[1]))
    window = tuple(axes)
    if window not in set(filters.windows()):
        raise Reject("window is none that the boundary leaves")
    return window
