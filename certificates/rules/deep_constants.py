"""Rules about the constants of networks for deep codes in closed form (SPEC.md section 6.13)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from .deep_class import DeepClass, DeepInstance, numbers_work, read_levels, read_numbers, sums_work
from .deep_networks import product_norms, product_work
from .network_error import MOST_BITS, refuse_weights
from .network_matrices import LARGEST_WEIGHT, Lowered, dictionary_columns, lowered_vectors, product
from .spectral import reach, reach_work, read_norms, spans
from .stored_network import NetworkInstance, StoredNetwork
from .values import SCALINGS, Fields, Reject, Statement, Task, spell

_NAMES = ("C_1", "C_2", "bits", "bounds", "decay", "levels", "rate", "scalings")
_DECAY_BITS = 200


@dataclass(frozen=True, slots=True)
class _Claimed:
    """The constants that are to be proved, the levels and bounds of the class, and the norms that are used."""

    c_1: list[Fraction]
    c_2: list[Fraction]
    rate: list[Fraction]
    decay: list[Fraction]
    levels: list[int]
    bounds: list[Fraction]
    scalings: list[str]
    bits: int

    @staticmethod
    def read(instance: DeepInstance, evidence: object, networks: int) -> _Claimed:
        """Read the evidence."""
        fields, chain = Fields(evidence, _NAMES), instance.chain
        bits, scalings = fields.natural("bits"), fields.list("scalings")
        if bits > MOST_BITS:
            raise Reject(f"bits is above {MOST_BITS}")
        if len(scalings) != networks or not all(scaling in SCALINGS for scaling in scalings):
            raise Reject(f"scalings is not a list of {networks} of {', '.join(SCALINGS)}")
        c_1, c_2, rate, decay, bounds = (
            read_numbers(chain, fields, name) for name in ("C_1", "C_2", "rate", "decay", "bounds")
        )
        if any(value >= 1 for value in rate) or any(a > b for a, b in pairwise(rate)):
            raise Reject("a rate is not below 1, or below the rate before")
        for value, exponent in zip(rate, decay, strict=True):
            if not decays(value, exponent):
                raise Reject("exp(-decay) is not proved to be at least the rate")
        levels = read_levels(chain, fields)
        return _Claimed(c_1, c_2, rate, decay, levels, bounds, [str(scaling) for scaling in scalings], bits)

    @property
    def size(self) -> int:
        """The work of reading and squaring the numbers."""
        return numbers_work(self.c_1, self.c_2, self.rate, self.decay, self.bounds)

    def check(self, j: int, c_1: Fraction, c_2: Fraction, square: int) -> None:
        """Raise Reject unless the constants of x_(j+1) are at least these times the root of `square`."""
        for name, found, wanted in (("C_1", c_1, self.c_1[j]), ("C_2", c_2, self.c_2[j])):
            if found * found * square > wanted * wanted:
                raise Reject(f"{name}[{j}] is not proved")

    def contracting(self, at: int, j: int, instance: NetworkInstance) -> _Contraction:
        """Return the contraction of network `at`, which finds x_(j+1)."""
        found = contraction(instance, self.levels[j], self.scalings[at], self.bits)
        if found.q > self.rate[j]:
            raise Reject(f"rate[{j}] is not proved")
        return found

    def statement(self, theorem: str) -> Statement:
        """Return what was proved."""
        lists = {"C_1": self.c_1, "C_2": self.c_2, "rate": self.rate, "decay": self.decay, "bounds": self.bounds}
        return {
            "kind": "deep-network-constants",
            "levels": list(self.levels),
            "theorem": theorem,
            **{name: list(map(spell, values)) for name, values in lists.items()},
        }


@dataclass(frozen=True, slots=True)
class _Contraction:
    """One layer multiplies the error in the norm max c_i |x_i| by `q`: rows of W, the c_i, in units of 2^-bits."""

    q: Fraction
    rows: Lowered
    weights: list[int]
    bits: int

    def gain(self, lengths: Sequence[int]) -> Fraction:
        """Return the greatest c_i times these bounds for the rows."""
        return Fraction(max(c * length for c, length in zip(self.weights, lengths, strict=True)), 1 << 2 * self.bits)

    def spread(self, level: int) -> Fraction:
        """Return the greatest c_i times the sum of the `level` largest moduli of row i."""
        return self.gain([sum(sorted(self.rows.moduli(i))[-level:]) for i in range(len(self.weights))])

    @property
    def least(self) -> Fraction:
        """The least c_i."""
        return Fraction(min(self.weights), 1 << self.bits)

    @property
    def greatest(self) -> Fraction:
        """The greatest c_i."""
        return Fraction(max(self.weights), 1 << self.bits)


def contraction(instance: NetworkInstance, level: int, scaling: str, bits: int) -> _Contraction:
    """Return q = max over i of P_i(s) + P_i(s-1) + |1 - <w_i, d_i>| for the weights of the last layer of a network."""
    columns = dictionary_columns(instance.dictionary, bits)
    rows = _weights(instance.network, bits)
    c = columns.norms if scaling == "unit" else [1 << bits] * instance.dictionary.n
    combined, first, second = product(rows, columns, instance.dictionary.m)
    worst = 0
    for i, (row, own) in enumerate(zip(combined, first, strict=True)):
        row[i] -= 1 << 2 * bits
        moduli = [-(-(abs(value) + own + other) >> bits) for value, other in zip(row, second, strict=True)]
        kappa, moduli[i] = moduli[i], 0
        scaled = sorted(-(-value * c[i] // other) for value, other in zip(moduli, c, strict=True))
        worst = max(worst, kappa + sum(scaled[-level:]) + (sum(scaled[1 - level :]) if level > 1 else 0))
    return _Contraction(Fraction(worst, 1 << bits), rows, c, bits)


def _weights(network: StoredNetwork, bits: int) -> Lowered:
    layer = network.layers[-1]
    if layer.residual and layer.first is not None:
        first = network.tensors[layer.first]
        return lowered_vectors([first.column(i) for i in range(network.n)], bits)
    second = network.tensors[layer.second]
    return lowered_vectors([second.row(i) for i in range(network.n)], bits)


def layer_by_layer_constants(instance: DeepInstance, evidence: object) -> Task:
    """C_1 and C_2 of a network of K layers for each dictionary, with the weights stored."""
    parts = instance.layer_instances()
    claimed = _Claimed.read(instance, evidence, len(parts))
    for part in parts:
        refuse_weights(part.dictionary, part.network)

    def derive(_: Sequence[Statement]) -> Statement:
        c_1 = c_2 = Fraction(0)
        for j, part in enumerate(parts):
            found = claimed.contracting(j, j, part)
            spread = found.spread(claimed.levels[j - 1]) if j else Fraction(0)
            gain = 2 / (1 - found.q)
            c_1 = (claimed.bounds[j] * found.greatest + gain * spread * c_1) / found.least
            c_2 = gain * (found.gain(found.rows.norms) + spread * c_2) / found.least
            # Long fractions would grow from layer to layer.
            c_1, c_2 = (Fraction(math.ceil(c * (1 << claimed.bits)), 1 << claimed.bits) for c in (c_1, c_2))
            claimed.check(j, c_1, c_2, claimed.levels[j])
        return claimed.statement("dsc-layer-by-layer")

    work = sum(_work(part, claimed.bits) for part in parts)
    return Task((), work + 10 * claimed.size, derive, claimed.size)


def deepest_first_constants(instance: DeepInstance, evidence: object) -> Task:
    """C_1 and C_2 of one network of K layers for the product of all dictionaries, with the weights stored."""
    chain, whole = instance.chain, instance.product_instance()
    claimed = _Claimed.read(instance, evidence, 1)
    bits, depth = claimed.bits, chain.depth
    before = [instance.product(0, j) for j in range(1, depth)]
    after = instance.reaches()
    for dictionary in (whole.dictionary, *before):
        refuse_weights(dictionary, whole.network)

    def derive(premises: Sequence[Statement]) -> Statement:
        norms = read_norms(list(premises), depth)
        codes = DeepClass(claimed.levels, claimed.bounds, [Fraction(1)] * depth)
        found = claimed.contracting(0, depth - 1, whole)
        lengths = found.rows.norms
        for dictionary in before:
            more = product_norms(found.rows, dictionary_columns(dictionary, bits), bits)
            lengths = [a + b for a, b in zip(lengths, more, strict=True)]
        level = claimed.levels[-1]
        c_1 = claimed.bounds[-1] * found.greatest / found.least
        c_2 = 2 * found.gain(lengths) / ((1 - found.q) * found.least)
        claimed.check(depth - 1, c_1, c_2, level)
        for j, dictionary in enumerate(after, 1):
            factor = reach(dictionary, level, norms[j, depth])
            if found.q > claimed.rate[j - 1]:
                raise Reject(f"rate[{j - 1}] is not proved")
            claimed.check(j - 1, factor * c_1, Fraction(0), level)
            tail = claimed.c_2[j - 1] - codes.noise(norms, j)
            if tail < 0 or (factor * c_2) ** 2 * level > tail * tail:
                raise Reject(f"C_2[{j - 1}] is not proved")
        return claimed.statement("dsc-deepest-first")

    work = _work(whole, bits) + sum(map(reach_work, after)) + sums_work(depth, 2)
    work += sum(product_work(whole.network, dictionary, bits) for dictionary in before)
    return Task(("spectral-norm-upper",) * len(spans(depth)), work + 10 * claimed.size, derive, claimed.size)


def _work(instance: NetworkInstance, bits: int) -> int:
    n, digits = instance.network.n, (bits + 3 * LARGEST_WEIGHT) // 30 + 2
    return product_work(instance.network, instance.dictionary, bits) + n * n * (2000 + 10 * digits**2)


def decays(rate: Fraction, decay: Fraction) -> bool:
    """Whether rate exp(decay) <= 1 is proved, by Taylor's series of exp(decay / 2^k), rounded up, squared k times."""
    if decay > 1 << 20:
        return False
    one = 1 << _DECAY_BITS
    halvings = max(0, math.ceil(decay).bit_length()) + 1
    x = math.ceil(decay * one / (1 << halvings))  # at most 1/2
    total, term, at = one, one, 0
    while term > 1:
        at += 1
        term = -(-term * x // (at * one))
        total += term
    total += 2  # the rest is at most the last term, as x <= 1/2
    for _ in range(halvings):
        total = -(-total * total // one)
        if total > one << 2 * _DECAY_BITS:
            return False
    return rate * total <= one
