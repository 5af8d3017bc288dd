"""What a synthesis makes of bounds of codes, entry by entry, in multiples of 2^-bits, rounded up (SPEC.md 6.16)."""

from __future__ import annotations

import math
from itertools import product

from .filter_chain_class import Claimed
from .filter_network import FilterNetworkInstance
from .filters import Filters, flat_indices
from .network_layers import Errors
from .network_matrices import LARGEST_WEIGHT
from .network_rounding import Arithmetic, times, unit_up
from .values import Reject


def moduli(filters: Filters, bits: int) -> list[list[int]]:
    """Return bounds of the moduli of the entries of every filter."""
    found: list[list[int]] = []
    for scale, vector in zip(filters.scale, filters.vectors, strict=True):
        p, q = scale.as_integer_ratio()
        found.append([-(-(abs(value) * p << bits) // q) for value in vector])
    return found


def rows(filters: Filters) -> list[list[int]]:
    """Return, for every kind of entry of a signal, the taps that reach it: a channel, and places modulo the stride."""
    kinds = [range(s) for s in filters.stride]
    ranges = [
        [range(r, t, s) for r, t, s in zip(kind, filters.taps, filters.stride, strict=True)] for kind in product(*kinds)
    ]
    taps = math.prod(filters.taps)
    return [
        [m * taps + at for at in flat_indices(1, filters.taps, one)] for m in range(filters.channels) for one in ranges
    ]


def gains(filters: Filters, bits: int) -> tuple[int, int]:
    """Bound the greatest sum of the moduli in a row of D, and in a column, at every size."""
    known = moduli(filters, bits)
    return max(sum(entries[at] for entries in known for at in row) for row in rows(filters)), max(map(sum, known))


def places_under_a_patch(before: Filters | None, after: Filters, whole: Filters) -> int:
    """Return how many patches of `after` cover the places of its signals that meet a patch of `whole`.

    `before` are the filters, with codes at those places, that come before `after`; None where there are none.
    """
    found = 1
    for axis, (t, s, long) in enumerate(zip(after.taps, after.stride, whole.taps, strict=True)):
        taps, stride = (1, 1) if before is None else (before.taps[axis], before.stride[axis])
        places = 1 + (taps - 1) // stride + (long - 1) // stride
        if s > t:
            raise Reject(
                "the stride of filters is greater than their taps, so that their patches do not cover a signal"
            )
        found *= -(-places // (t - s + 1))
    return found


def image_error(claimed: Claimed, whole: FilterNetworkInstance, filters: Filters, errors: Errors) -> int:
    """Bound the entries of x~_j - D[j:J] x_J, x~_j the synthesis of x~_J as evaluated in the format of the network."""
    bits, level, dtype = claimed.bits, claimed.levels[0], whole.network.format
    known, sizes = moduli(filters, bits), errors.sizes(claimed.units(claimed.bounds[0]))
    exact_zeros = not any(errors.off)
    worst = 0
    for row in rows(filters):
        kinds = [c for c in range(filters.count) for _ in row]
        weights = [entries[at] for entries in known for at in row]
        moved = errors.spread(kinds).weighted(weights, level, bits)
        image = sizes.spread(kinds).weighted(weights, level, bits)
        if image > 1 << (dtype.highest - 3 + bits):
            raise Reject("a product with D[j:J] may overflow")
        terms = len(weights)
        theta = Arithmetic.of(claimed.arithmetic, dtype).sum_error((min(level, terms) if exact_zeros else terms) + 3)
        largest = max(weights, default=0) + max(*sizes.on, *sizes.off)
        underflow = unit_up(dtype.lowest, bits, 8 * (terms + 5) * (2 - (-largest >> bits)))
        worst = max(worst, moved + times(image, theta) + underflow)
    return worst


def gains_work(filters: Filters, bits: int) -> int:
    """Return the work of `gains` and `image_error`."""
    digits = (bits + 2 * LARGEST_WEIGHT) // 30 + 2
    scale = (filters.bits + filters.longest_scale) // 30 + digits + 1
    return (
        filters.count * filters.length * (8000 + 4 * scale * scale + 12 * digits * digits)
        + 100000 * math.prod(filters.stride) * filters.channels
    )
