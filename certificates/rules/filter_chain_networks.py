"""Rules that bound the errors of networks for a chain of filters, at every size at once (SPEC.md section 6.16)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from .convolutional_network import filter_errors_work, refuse_filters
from .deep_networks import carried
from .filter_chain_bounds import gains, gains_work, image_error, places_under_a_patch
from .filter_chain_class import Claimed, FilterChainInstance
from .filters import Filters
from .network_error import refuse_tensors
from .network_layers import Errors
from .network_matrices import LARGEST_WEIGHT, root_up
from .stored_network import runs
from .values import Statement, Task


def filters_layer_by_layer(instance: FilterChainInstance, evidence: object) -> Task:
    """Every network takes the code that the one before has found, whose error is noise of a known shape."""
    parts = instance.layer_instances()
    filters = instance.chain.filters
    claimed = Claimed.read(len(filters), evidence, parts)
    bits, levels, tolerances = claimed.bits, claimed.levels, claimed.tolerances
    for part in parts:
        refuse_tensors(part.network)
        refuse_filters(part.filters)

    def derive(_: Sequence[Statement]) -> Statement:
        before: Errors | None = None
        for at, part in enumerate(parts):
            noise, rows = tolerances[at], None
            if before is not None:
                level = patch_level(filters[at - 1], filters[at], levels[at - 1])
                patch = before.spread(_channels(filters[at]))
                rows = partial(carried, patch, level, claimed.units(noise), bits)
                noise += Fraction(patch.norm(level), 1 << bits)
            before = claimed.proved(at, part, noise, rows)
            claimed.check(at, max(*before.on, *before.off))
        return claimed.statement("dsc-filters-layer-by-layer", parts)

    digits = (bits + 3 * LARGEST_WEIGHT) // 30 + 2
    each = 1500 + 8 * digits**2
    work = sum(
        filter_errors_work(part, bits) + runs(part.network.layers) * part.network.m * part.filters.count * each
        for part in parts
    )
    return Task((), work + claimed.size, derive, claimed.size)


def _channels(filters: Filters) -> list[int]:
    """Return the channel of every entry of a filter."""
    return [c for c in range(filters.channels) for _ in range(math.prod(filters.taps))]


def patch_level(before: Filters, after: Filters, level: int) -> int:
    """Return the most nonzeros of a code of `before` under the taps of an atom of `after`: `level` in each stripe."""
    around = after.boundary == "circular" and before.boundary != "circular"
    axes = zip(after.taps, before.reach, strict=True)
    stripes = math.prod(-(-t // (2 * reach + 1)) + int(around and t > 1) for t, reach in axes)
    return min(after.length, stripes * level)


def filters_deepest_first(instance: FilterChainInstance, evidence: object) -> Task:
    """One network for D[0:J] finds x_J; convolutions with products of filters make the other codes of it."""
    depth, whole = instance.chain.depth, instance.product_instance()
    claimed = Claimed.read(depth, evidence, [whole])
    bits = claimed.bits
    refuse_tensors(whole.network)
    products = {(i, j): instance.product(i, j) for j in range(1, depth + 1) for i in range(j)}
    for filters in products.values():
        refuse_filters(filters)

    def derive(_: Sequence[Statement]) -> Statement:
        one = 1 << bits
        known = {span: gains(filters, bits) for span, filters in products.items() if span[1] < depth}
        tolerances = list(map(claimed.units, claimed.tolerances))
        noise = 0
        for j, tolerance in enumerate(tolerances):
            row, column = known[0, j] if j else (one, one)
            before = products[0, j] if j else None
            patches = places_under_a_patch(before, instance.chain.filters[j], whole.filters)
            noise -= -root_up(row * column * patches) * tolerance >> bits
        errors = claimed.proved(0, whole, Fraction(noise, one), None)
        claimed.check(depth - 1, max(*errors.on, *errors.off))
        for j in range(1, depth):
            error = image_error(claimed, whole, products[j, depth], errors)
            for i in range(j, depth):
                error -= -(known[j, i][0] if i > j else one) * tolerances[i] >> bits
            claimed.check(j - 1, error)
        return claimed.statement("dsc-filters-deepest-first", [whole])

    work = filter_errors_work(whole, bits) + sum(gains_work(filters, bits) for filters in products.values())
    return Task((), work + claimed.size, derive, claimed.size)
