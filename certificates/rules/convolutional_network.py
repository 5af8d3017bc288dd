"""The rule that bounds the error of a convolutional network for signals of every size (SPEC.md section 6.15)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .filter_network import FilterNetworkInstance
from .filters import Filters
from .network_error import MOST_BITS, errors_of_layers, read_asked, refuse_tensors
from .network_layers import Errors
from .network_matrices import LARGEST_WEIGHT
from .packed import combination_work, packing_work
from .stored_network import runs
from .values import Fields, Reject, Statement, Task, rational, spell, squaring_work

_NAMES = ("arithmetic", "bits", "bound", "linf", "noise", "off", "on", "sparsity")
_FLOAT_DIGITS = 40
"""Of 30 bits, in the denominator of a floating-point number."""


def filter_network_error(instance: FilterNetworkInstance, evidence: object) -> Task:
    """Bounds of the error after every layer, on the support and off it, by the sparsity of stripes."""
    fields = Fields(evidence, _NAMES)
    network = instance.network
    asked = read_asked(fields, network)
    linf = rational(fields.raw("linf"), "linf")
    refuse_tensors(network)
    refuse_filters(instance.filters)

    def derive(_: Sequence[Statement]) -> Statement:
        scale = 1 << asked.bits
        errors = Errors([], [], [])
        for at, errors in enumerate(errors_of_layers(instance, asked)):
            for name, values, wanted in (("on", errors.on, asked.on[at]), ("off", errors.off, asked.off[at])):
                if max(values) > wanted * scale:
                    raise Reject(f"{name}[{at}] is not proved")
        if max(*errors.on, *errors.off) > linf * scale:
            raise Reject("linf is not proved")
        return {
            "kind": "convolutional-network-error",
            "arithmetic": fields.raw("arithmetic"),
            "bound": spell(asked.bound),
            "linf": spell(linf),
            "noise": spell(asked.noise),
            "nonnegative": network.nonnegative,
            "off": [spell(value) for value in asked.off],
            "on": [spell(value) for value in asked.on],
            "sizes": instance.filters.sizes,
            "sparsity": asked.sparsity,
        }

    numbers = (asked.bound, asked.noise, linf, *asked.off, *asked.on)
    size = squaring_work(part for value in numbers for part in value.as_integer_ratio())
    return Task((), filter_errors_work(instance, asked.bits) + size, derive, size)


def refuse_filters(filters: Filters) -> None:
    """Raise Reject for filters with an entry that is too large to be bounded."""
    if _largest(filters) > 1 << LARGEST_WEIGHT:
        raise Reject(f"an entry of the filters is above 2^{LARGEST_WEIGHT}")


def _largest(filters: Filters) -> int:
    """Return an integer that no entry of the filters exceeds."""
    return max(
        math.ceil(max(max(vector), -min(vector)) * scale)
        for scale, vector in zip(filters.scale, filters.vectors, strict=True)
    )


def filter_errors_work(instance: FilterNetworkInstance, bits: int) -> int:
    """Return the work of `errors_of_layers`."""
    network, filters = instance.network, instance.filters
    rows, m, n = filters.count, network.m, network.n
    largest = max(math.ceil(max(tensor.largest for tensor in network.tensors.values())), _largest(filters))
    entry = largest.bit_length() + min(bits, MOST_BITS) + 1
    weight = m << entry
    once = packing_work(m, n, entry, weight) + rows * combination_work(m, n, entry, weight)
    digits, scale = 2 * entry // 30 + 2, (filters.bits + filters.longest_scale) // 30 + 1
    reading = 3 * rows * m * (1500 + digits * digits + 4 * scale * (scale + _FLOAT_DIGITS + entry // 30 + 1))
    matrices = reading + 2 * once + rows * n * (2500 + 40 * digits) + m * n * (2000 + 4 * digits * digits)
    sides = 2 if network.nonnegative else 1
    steps = rows * (n * (500 + 4 * digits * digits) + 20000 + 100 * digits * digits) + n * (2000 + 4 * digits * digits)
    once = runs(network.layers) * matrices + len(network.layers) * sides * steps + 2 * m * n * 2000
    return once * len(list(filters.windows()))
