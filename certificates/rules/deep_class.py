"""A chain with its networks, and the class of deep codes that rules about them are for (SPEC.md section 6.13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from .chain import Chain
from .dictionary import Dictionary, SubjectError
from .network_matrices import LARGEST_WEIGHT
from .stored_network import Network, NetworkInstance, StoredNetwork
from .values import Fields, Reject, Statement, rational, spell, squaring_work

LONGEST_DIGITS = (4000 * 10 // 3) // 30 + 1
"""The digits of 30 bits of the longest numerator, or denominator, that a statement has."""


@dataclass(frozen=True, slots=True)
class ChainNetworks:
    """A real chain and one network for D[0:J], or one for each dictionary. Build one with `of`."""

    chain: Chain
    networks: tuple[StoredNetwork, ...]

    @staticmethod
    def of(chain: Chain, networks: Sequence[StoredNetwork]) -> ChainNetworks:
        """Return both together; raise SubjectError if they do not fit."""
        dictionaries = chain.dictionaries
        if dictionaries[0].field != "real":
            raise SubjectError("networks are for real dictionaries, and this chain is complex")
        if len(networks) not in (1, chain.depth):
            raise SubjectError(
                f"a chain of {chain.depth} dictionaries has one network for their product or {chain.depth}, "
                f"one for each; {len(networks)} were handed in"
            )
        shapes = [(d.m, d.n) for d in dictionaries]
        if len(networks) == 1:
            shapes = [(dictionaries[0].m, dictionaries[-1].n)]
        for at, (network, shape) in enumerate(zip(networks, shapes, strict=True)):
            if (network.m, network.n) != shape:
                raise SubjectError(
                    f"network {at} is for shape {(network.m, network.n)}, and its place in the chain has shape {shape}"
                )
        return ChainNetworks(chain, tuple(networks))


class DeepInstance:
    """A chain, its networks, and its products, whose work is counted as they are formed."""

    def __init__(self, given: ChainNetworks | None, chain: Chain, most_work: int) -> None:
        self.chain = chain
        self._given = given
        self._left = most_work
        self.spent = 0

    def product(self, start: int, end: int) -> Dictionary:
        """Return D[start:end]; raise Reject if there is none, or if it needs more work than is left."""
        found, spent = self.chain.product(start, end, self._left - self.spent)
        self.spent += spent
        return found

    @property
    def first_network(self) -> StoredNetwork:
        """The network that is given the signal; raise Reject if none was handed in."""
        if self._given is None:
            raise Reject("this rule is about networks, and none were handed in")
        return self._given.networks[0]

    def reaches(self) -> list[Dictionary]:
        """Return D[j:J] for j = 1 .. J-1."""
        return [self.product(j, self.chain.depth) for j in range(1, self.chain.depth)]

    def networks(self, count: int) -> tuple[StoredNetwork, ...]:
        """Return the networks, for signed codes by relu or leaky ReLU; raise Reject unless there are so many."""
        found = () if self._given is None else self._given.networks
        if len(found) != count:
            raise Reject(f"this rule is about {count} networks, and {len(found)} were handed in")
        for network in found:
            if network.nonnegative or network.activation.name not in ("relu", "leaky-relu"):
                raise Reject("this rule is for networks of signed codes and of relu or leaky ReLU")
        return found

    def layer_instances(self) -> list[NetworkInstance]:
        """Return every dictionary with its network."""
        networks = self.networks(self.chain.depth)
        return [NetworkInstance.of(d, n) for d, n in zip(self.chain.dictionaries, networks, strict=True)]

    def product_instance(self) -> NetworkInstance:
        """Return D[0:J] with its network."""
        (network,) = self.networks(1)
        return NetworkInstance.of(self.product(0, self.chain.depth), network)


@dataclass(frozen=True, slots=True)
class DeepClass:
    """Deep codes with slopes 1: |x_j|_0 <= levels, |x_j|_inf <= bounds, |x_(j-1) - D_j x_j|_2 <= tolerances."""

    levels: list[int]
    bounds: list[Fraction]
    tolerances: list[Fraction]

    @staticmethod
    def read(chain: Chain, fields: Fields) -> DeepClass:
        """Read the three lists; raise Reject unless each has one number in range for every dictionary."""
        bounds, tolerances = (read_numbers(chain, fields, name) for name in ("bounds", "tolerances"))
        return DeepClass(read_levels(chain, fields), bounds, tolerances)

    @property
    def spelled(self) -> Statement:
        """The fields of a statement."""
        return {
            "bounds": list(map(spell, self.bounds)),
            "levels": list(self.levels),
            "tolerances": list(map(spell, self.tolerances)),
        }

    def noise(self, norms: dict[tuple[int, int], Fraction], start: int) -> Fraction:
        """Bound |x_start - D[start:J] x_J|_2 by the norms of D[start:i-1], i = start + 1 .. J."""
        return sum((norms[start, i] * self.tolerances[i] for i in range(start, len(self.levels))), Fraction(0))


def read_levels(chain: Chain, fields: Fields) -> list[int]:
    """Read `levels`, one for each dictionary."""
    levels = fields.naturals("levels")
    if len(levels) != chain.depth:
        raise Reject(f"levels is not a list of length {chain.depth}")
    for level, dictionary in zip(levels, chain.dictionaries, strict=True):
        if not 1 <= level <= dictionary.n:
            raise Reject("a level is not from 1 to the number of atoms of its dictionary")
    return levels


def read_numbers(chain: Chain, fields: Fields, name: str) -> list[Fraction]:
    """Read one number from 0 to 2^64 for each dictionary."""
    found = fields.rationals(name)
    if len(found) != chain.depth or min(found) < 0 or max(found) > 1 << LARGEST_WEIGHT:
        raise Reject(f"{name} is not a list of {chain.depth} numbers from 0 to 2^{LARGEST_WEIGHT}")
    return found


def read_lists(fields: Fields, name: str, networks: Sequence[Network]) -> list[list[Fraction]]:
    """Read a list for each network with one number, at most 2^64, for each of its layers."""
    found: list[list[Fraction]] = []
    for values in fields.list(name):
        if not isinstance(values, list):
            raise Reject(f"{name} is not a list of lists")
        found.append([rational(value, name) for value in cast("list[object]", values)])
    if [len(values) for values in found] != [len(network.layers) for network in networks]:
        raise Reject(f"{name} does not have one bound for each layer of each network")
    if any(value > 1 << LARGEST_WEIGHT for values in found for value in values):
        raise Reject(f"{name} exceeds 2^{LARGEST_WEIGHT}")
    return found


def numbers_work(*lists: Sequence[Fraction]) -> int:
    """Return the work of reading and squaring these numbers."""
    return squaring_work(part for values in lists for value in values for part in value.as_integer_ratio())


def sums_work(depth: int, sums: int) -> int:
    """Return the work of some sums of products of two of the longest numbers, for each of `depth` codes.

    Each has at most depth + 2 terms, each term two more such numbers in the common denominator.
    """
    return sums * (depth + 2) ** 3 * (2 * LONGEST_DIGITS) ** 2
