"""A chain of filters with its networks, and what a certificate claims of them (SPEC.md section 6.16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .deep_class import numbers_work, read_lists
from .dictionary import SubjectError
from .filter_chain import FilterChain
from .filter_network import FilterNetwork, FilterNetworkInstance
from .filters import Filters
from .network_error import MOST_BITS, Asked, RowNoise, errors_of_layers
from .network_layers import Errors
from .network_matrices import LARGEST_WEIGHT
from .network_rounding import ARITHMETICS, Arithmetic
from .values import Fields, Reject, Statement, spell

_NAMES = ("arithmetic", "bits", "bounds", "levels", "linf", "off", "on", "tolerances")


class FilterChainInstance:
    """A chain of filters, its networks if there are any, and its products, whose work is counted as they are formed."""

    def __init__(self, chain: FilterChain, networks: Sequence[FilterNetwork], most_work: int) -> None:
        self.chain = chain
        self._networks = tuple(networks)
        self._left = most_work
        self.spent = 0

    def product(self, start: int, end: int) -> Filters:
        """Return D[start:end]; raise Reject if there is none, or if it needs more work than is left."""
        found, spent = self.chain.product(start, end, self._left - self.spent)
        self.spent += spent
        return found

    def layer_instances(self) -> list[FilterNetworkInstance]:
        """Return all filters, each with its network."""
        pairs = zip(self.chain.filters, self._given(self.chain.depth), strict=True)
        return [_fitting(filters, network, at) for at, (filters, network) in enumerate(pairs)]

    def product_instance(self) -> FilterNetworkInstance:
        """Return D[0:J] with its network."""
        (network,) = self._given(1)
        return _fitting(self.product(0, self.chain.depth), network, 0)

    def _given(self, count: int) -> tuple[FilterNetwork, ...]:
        if len(self._networks) != count:
            raise Reject(f"this rule is about {count} networks, and {len(self._networks)} were handed in")
        if any(network.nonnegative for network in self._networks):
            raise Reject("this rule is for networks of signed codes")
        return self._networks


def _fitting(filters: Filters, network: FilterNetwork, at: int) -> FilterNetworkInstance:
    try:
        return FilterNetworkInstance.of(filters, network)
    except SubjectError as error:
        raise Reject(f"network {at}: {error}") from None


@dataclass(frozen=True, slots=True)
class Claimed:
    """The class of codes, one level and one bound for each network, and the bounds that are to be proved."""

    levels: list[int]
    bounds: list[Fraction]
    tolerances: list[Fraction]
    arithmetic: str
    bits: int
    on: list[list[Fraction]]
    off: list[list[Fraction]]
    linf: list[Fraction]

    @staticmethod
    def read(depth: int, evidence: object, parts: Sequence[FilterNetworkInstance]) -> Claimed:
        """Read the evidence for a chain of this depth and its networks."""
        fields = Fields(evidence, _NAMES)
        bits, levels = fields.natural("bits"), fields.naturals("levels")
        if bits > MOST_BITS:
            raise Reject(f"bits is above {MOST_BITS}")
        if len(levels) != len(parts) or not all(1 <= s <= p.network.n for s, p in zip(levels, parts, strict=True)):
            raise Reject("levels does not have one level from 1 to the size of a stripe for each network")
        arithmetic = fields.choice("arithmetic", ARITHMETICS)
        for part in parts:
            Arithmetic.of(arithmetic, part.network.format)
        return Claimed(
            levels=levels,
            bounds=_numbers(fields, "bounds", len(parts)),
            tolerances=_numbers(fields, "tolerances", depth),
            arithmetic=arithmetic,
            bits=bits,
            on=read_lists(fields, "on", [part.network for part in parts]),
            off=read_lists(fields, "off", [part.network for part in parts]),
            linf=_numbers(fields, "linf", depth),
        )

    @property
    def size(self) -> int:
        """The work of reading and squaring the numbers."""
        return numbers_work(self.bounds, self.tolerances, self.linf, *self.on, *self.off)

    def units(self, value: Fraction) -> int:
        """Return a number in units of 2^-bits, rounded up."""
        return -(-(value.numerator << self.bits) // value.denominator)

    def proved(self, at: int, part: FilterNetworkInstance, noise: Fraction, rows: RowNoise | None) -> Errors:
        """Return the errors of network `at` at its end; raise Reject if its bounds are not proved."""
        arithmetic = Arithmetic.of(self.arithmetic, part.network.format)
        on, off = self.on[at], self.off[at]
        asked = Asked(self.levels[at], self.bounds[at], noise, arithmetic, self.bits, on, off)
        scale = 1 << self.bits
        errors = Errors([], [], [])
        try:
            for k, errors in enumerate(errors_of_layers(part, asked, rows)):
                if max(errors.on) > on[k] * scale or max(errors.off) > off[k] * scale:
                    raise Reject(f"on[{at}][{k}] or off[{at}][{k}] is not proved")
        except Reject as reason:
            raise Reject(f"network {at}: {reason}") from None
        return errors

    def check(self, j: int, linf: int) -> None:
        """Raise Reject unless linf[j] is no less than this."""
        if linf > self.linf[j] * (1 << self.bits):
            raise Reject(f"linf[{j}] is not proved")

    def statement(self, theorem: str, parts: Sequence[FilterNetworkInstance]) -> Statement:
        """Return what was proved."""
        lists = {name: [list(map(spell, values)) for values in getattr(self, name)] for name in ("off", "on")}
        numbers = {name: list(map(spell, getattr(self, name))) for name in ("bounds", "linf", "tolerances")}
        return {
            "kind": "convolutional-deep-network-error",
            "arithmetic": self.arithmetic,
            "levels": list(self.levels),
            "sizes": [part.filters.sizes for part in parts],
            "theorem": theorem,
            **lists,
            **numbers,
        }


def _numbers(fields: Fields, name: str, count: int) -> list[Fraction]:
    """Read so many numbers from 0 to 2^64."""
    found = fields.rationals(name)
    if len(found) != count or min(found) < 0 or max(found) > 1 << LARGEST_WEIGHT:
        raise Reject(f"{name} is not a list of {count} numbers from 0 to 2^{LARGEST_WEIGHT}")
    return found
