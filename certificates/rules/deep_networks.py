"""Rules that bound the errors of stored networks for deep codes (SPEC.md section 6.13)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from .deep_class import DeepClass, DeepInstance, numbers_work, read_lists, read_numbers
from .dictionary import Dictionary
from .fixed_point import entry_bits
from .network_error import MOST_BITS, Asked, RowNoise, layer_errors, recursion_work, refuse_weights
from .network_layers import Errors
from .network_matrices import LARGEST_WEIGHT, Lowered, dictionary_columns, product, root_up
from .network_rounding import ARITHMETICS, Arithmetic, times, unit_up
from .packed import combination_work, packing_work
from .spectral import reach, reach_work, read_norms, spans
from .stored_network import NetworkInstance, StoredNetwork
from .values import Fields, Reject, Statement, Task, spell

_NAMES = ("arithmetic", "bits", "bounds", "l2", "levels", "linf", "off", "on", "tolerances")


@dataclass(frozen=True, slots=True)
class _Claimed:
    """The class, and the bounds that are to be proved."""

    codes: DeepClass
    arithmetic: str
    bits: int
    on: list[list[Fraction]]
    off: list[list[Fraction]]
    l2: list[Fraction]
    linf: list[Fraction]

    @staticmethod
    def read(instance: DeepInstance, evidence: object, networks: Sequence[StoredNetwork]) -> _Claimed:
        """Read the evidence."""
        fields, chain = Fields(evidence, _NAMES), instance.chain
        bits = fields.natural("bits")
        if bits > MOST_BITS:
            raise Reject(f"bits is above {MOST_BITS}")
        arithmetic = fields.choice("arithmetic", ARITHMETICS)
        for network in networks:
            Arithmetic.of(arithmetic, network.format)
        on, off = (read_lists(fields, name, networks) for name in ("on", "off"))
        l2, linf = (read_numbers(chain, fields, name) for name in ("l2", "linf"))
        return _Claimed(DeepClass.read(chain, fields), arithmetic, bits, on, off, l2, linf)

    @property
    def size(self) -> int:
        """The work of reading and squaring the numbers."""
        return numbers_work(self.codes.bounds, self.codes.tolerances, self.l2, self.linf, *self.on, *self.off)

    def statement(self, theorem: str) -> Statement:
        """Return what was proved."""
        lists = {name: [list(map(spell, values)) for values in getattr(self, name)] for name in ("off", "on")}
        norms = {name: list(map(spell, getattr(self, name))) for name in ("l2", "linf")}
        fields = {"arithmetic": self.arithmetic, "theorem": theorem, **lists, **norms}
        return {"kind": "deep-network-error", **self.codes.spelled, **fields}

    def proved(self, at: int, j: int, instance: NetworkInstance, noise: Fraction, rows: RowNoise | None) -> Errors:
        """Return the errors of network `at`, which finds x_(j+1), at its end; raise Reject if they are not proved."""
        s = self.codes.levels[j]
        arithmetic = Arithmetic.of(self.arithmetic, instance.network.format)
        asked = Asked(s, self.codes.bounds[j], noise, arithmetic, self.bits, self.on[at], self.off[at])
        scale = 1 << self.bits
        errors = Errors([], [], [])
        try:
            for k, errors in enumerate(layer_errors(instance, asked, rows)):
                if max(errors.on) > self.on[at][k] * scale or max(errors.off) > self.off[at][k] * scale:
                    raise Reject(f"on[{at}][{k}] or off[{at}][{k}] is not proved")
        except Reject as reason:
            raise Reject(f"network {at}: {reason}") from None
        self.check_norms(j, errors.norm(s), max(*errors.on, *errors.off))
        return errors

    def check_norms(self, j: int, l2: int, linf: int) -> None:
        """Raise Reject unless the bounds of the errors of x_(j+1) are no less than these."""
        for name, found, wanted in (("l2", l2, self.l2[j]), ("linf", linf, self.linf[j])):
            if found > wanted * (1 << self.bits):
                raise Reject(f"{name}[{j}] is not proved")


def layer_by_layer(instance: DeepInstance, evidence: object) -> Task:
    """Every network takes the code that the one before has found, whose error is noise of a known shape."""
    parts = instance.layer_instances()
    claimed = _Claimed.read(instance, evidence, [part.network for part in parts])
    bits, levels, tolerances = claimed.bits, claimed.codes.levels, claimed.codes.tolerances
    for part in parts:
        refuse_weights(part.dictionary, part.network)

    def derive(_: Sequence[Statement]) -> Statement:
        before: Errors | None = None
        for at, part in enumerate(parts):
            noise, rows = tolerances[at], None
            if before is not None:
                error = before.norm(levels[at - 1])
                rows = partial(carried, before, levels[at - 1], math.ceil(noise * (1 << bits)), bits)
                noise += Fraction(error, 1 << bits)
            before = claimed.proved(at, at, part, noise, rows)
        return claimed.statement("dsc-layer-by-layer")

    digits = (bits + 3 * LARGEST_WEIGHT) // 30 + 2
    work = sum(recursion_work(p, bits) + p.network.m * p.network.n * (1500 + 8 * digits**2) for p in parts)
    return Task((), work + claimed.size, derive, claimed.size)


def carried(before: Errors, level: int, tolerance: int, bits: int, rows: Lowered) -> list[int]:
    """Bound |V_i e| for e = f + x~ - x: |f|_2 is at most the tolerance, x~ - x has the errors before."""
    norm = before.norm(level)
    found: list[int] = []
    for i, length in enumerate(rows.norms):
        carried = min(before.weighted(rows.moduli(i), level, bits), -(-length * norm >> bits))
        found.append(carried - (-length * tolerance >> bits))
    return found


def deepest_first(instance: DeepInstance, evidence: object) -> Task:
    """One network for D[0:J] finds x_J; products of dictionaries make the other codes of it."""
    chain, whole = instance.chain, instance.product_instance()
    claimed = _Claimed.read(instance, evidence, [whole.network])
    bits, codes, depth = claimed.bits, claimed.codes, chain.depth
    refuse_weights(whole.dictionary, whole.network)
    before = [instance.product(0, j) for j in range(1, depth)]
    after = instance.reaches()
    for dictionary in (*before, *after):
        refuse_weights(dictionary, whole.network)

    def derive(premises: Sequence[Statement]) -> Statement:
        norms = read_norms(list(premises), depth)
        tolerances = [math.ceil(tolerance * (1 << bits)) for tolerance in codes.tolerances]
        columns = [dictionary_columns(dictionary, bits) for dictionary in before]
        rows = partial(_passed, columns, tolerances, bits)
        errors = claimed.proved(0, depth - 1, whole, codes.noise(norms, 0), rows)
        for j, dictionary in enumerate(after, 1):
            error = _image_error(claimed, whole, dictionary, errors, norms[j, depth])
            error += math.ceil(codes.noise(norms, j) * (1 << bits))
            claimed.check_norms(j - 1, error, error)
        return claimed.statement("dsc-deepest-first")

    work = recursion_work(whole, bits) + sum(map(reach_work, after))
    for dictionary in (*before, *after):
        work += product_work(whole.network, dictionary, bits)
    return Task(("spectral-norm-upper",) * len(spans(depth)), work + claimed.size, derive, claimed.size)


def _passed(columns: Sequence[Lowered], tolerances: Sequence[int], bits: int, rows: Lowered) -> list[int]:
    """Bound |V_i e| for e the sum of D[0:j] f_(j+1): the sum of |V_i D[0:j]|_2 times the tolerance of f_(j+1)."""
    found = [-(-length * tolerances[0] >> bits) for length in rows.norms]
    for known, tolerance in zip(columns, tolerances[1:], strict=True):
        for i, length in enumerate(product_norms(rows, known, bits)):
            found[i] -= -length * tolerance >> bits
    return found


def product_norms(rows: Lowered, columns: Lowered, bits: int) -> list[int]:
    """Bound |v_i A|_2 for every row v_i, A the matrix with these columns."""
    combined, first, second = product(rows, columns, len(columns.vectors[0]))
    found: list[int] = []
    for row, own in zip(combined, first, strict=True):
        square = sum((abs(value) + own + other) ** 2 for value, other in zip(row, second, strict=True))
        found.append(-(-root_up(square) >> bits))
    return found


def product_work(network: StoredNetwork, dictionary: Dictionary, bits: int) -> int:
    """Return the work of `product_norms` for the rows of V, and of the norms of the atoms of a dictionary."""
    m, n = dictionary.m, dictionary.n
    entry = max(entry_bits(dictionary, "as-given", bits), bits + LARGEST_WEIGHT + 1)
    once = packing_work(m, n, entry, m << entry) + network.n * combination_work(m, n, entry, m << entry)
    digits = 2 * entry // 30 + 2
    scale = (dictionary.bits + dictionary.longest_scale) // 30 + 1
    return once + (network.n * n + m * n) * (2500 + 4 * digits**2 + 4 * scale * (scale + bits // 30 + 2))


def _image_error(
    claimed: _Claimed, whole: NetworkInstance, dictionary: Dictionary, errors: Errors, norm: Fraction
) -> int:
    """Bound |x~_j - D[j:J] x_J|_2, x~_j the product with D[j:J] as evaluated in the format of the network."""
    bits, level = claimed.bits, claimed.codes.levels[-1]
    lengths = dictionary_columns(dictionary, bits).norms
    if not any(errors.off):
        norm = reach(dictionary, level, norm)
    moved = min(errors.weighted(lengths, level, bits), times(errors.norm(level), norm))
    sizes = errors.sizes(math.ceil(claimed.codes.bounds[-1] * (1 << bits)))
    image, dtype = sizes.weighted(lengths, level, bits), whole.network.format
    if image > 1 << (dtype.highest - 3 + bits):
        raise Reject("a product with D[j:J] may overflow")
    nonzeros = level if not any(errors.off) else dictionary.n
    theta = Arithmetic.of(claimed.arithmetic, dtype).sum_error(nonzeros + 3)
    largest = max(lengths) + max(*sizes.on, *sizes.off)
    underflow = unit_up(dtype.lowest, bits, 8 * (dictionary.m + dictionary.n + 4) * (2 - (-largest >> bits)))
    return moved + times(image, theta) + root_up(dictionary.m) * underflow
