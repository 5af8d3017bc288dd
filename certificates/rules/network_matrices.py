"""The matrices of a layer for the recursion of SPEC.md section 6.10, in integers that stand for multiples of 2^-bits.

Everything is rounded away from zero or enclosed: what leaves here bounds the moduli of the true entries from above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .dictionary import Dictionary
from .fixed_point import entry_bits
from .packed import PackedRows, combination_work, packing_work
from .stored_network import Layer, Network, NetworkInstance, Tensor

_FLOAT_DIGITS = 40
"""Of 30 bits, in the denominator of a floating-point number."""
LARGEST_WEIGHT = 64
"""No weight, and no entry of the dictionary, is above 2^64."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """Vectors of integers a with 0 <= value - a 2^-bits < `slack` 2^-bits; slack 0: the values are exact."""

    vectors: list[list[int]]
    slack: int

    @property
    def sums(self) -> list[int]:
        """For every vector a bound of the sum of the moduli."""
        return [sum(map(abs, vector)) + self.slack * len(vector) for vector in self.vectors]

    def moduli(self, at: int) -> list[int]:
        """Bounds of the moduli of the entries of one vector."""
        return [abs(value) + self.slack for value in self.vectors[at]]

    @property
    def norms(self) -> list[int]:
        """For every vector a bound of its Euclidean norm."""
        return [root_up(sum((abs(value) + self.slack) ** 2 for value in vector)) for vector in self.vectors]


def root_up(square: int) -> int:
    """Return an integer that is at least the square root."""
    return math.isqrt(square - 1) + 1 if square > 0 else 0


def lowered(values: Sequence[float], bits: int) -> tuple[list[int], int]:
    """Return the greatest integers a with a 2^-bits <= value, and the slack."""
    found: list[int] = []
    slack = 0
    for p, q in map(float.as_integer_ratio, values):
        whole, rest = divmod(p << bits, q)
        found.append(whole)
        slack = 1 if rest else slack
    return found, slack


def lowered_vectors(vectors: Sequence[Sequence[float]], bits: int) -> Lowered:
    """Return these vectors of floating-point numbers, rounded down."""
    parts = [lowered(vector, bits) for vector in vectors]
    return Lowered([vector for vector, _ in parts], max(slack for _, slack in parts))


def dictionary_columns(dictionary: Dictionary, bits: int, less: Tensor | None = None) -> Lowered:
    """Return the atoms as given, less those of another matrix, rounded down."""
    columns: list[list[int]] = []
    slack = 0
    for j, (scale, atom) in enumerate(zip(dictionary.scale, dictionary.real, strict=True)):
        p, q = scale.as_integer_ratio()
        if less is None:
            pairs = [divmod(p * entry << bits, q) for entry in atom]
        else:
            ratios = map(float.as_integer_ratio, less.column(j))
            pairs = [divmod((p * entry * b - a * q) << bits, q * b) for entry, (a, b) in zip(atom, ratios, strict=True)]
        columns.append([whole for whole, _ in pairs])
        slack = max(slack, any(rest for _, rest in pairs))
    return Lowered(columns, slack)


def product(rows: Lowered, columns: Lowered, m: int) -> tuple[list[list[int]], list[int], list[int]]:
    """Return A = rows * columns in units of 2^-(2 bits), and bounds of its error: |error_ij| <= first_i + second_j."""
    bits = max((max(abs(min(c)), max(c)).bit_length() for c in columns.vectors), default=0)
    weight = max(sum(map(abs, row)) for row in rows.vectors)
    packed = PackedRows(columns.vectors, bits, weight)
    first = [columns.slack * total for total in rows.sums]
    second = [rows.slack * total for total in columns.sums] if rows.slack else [0] * len(columns.vectors)
    return [packed.combined(row) for row in rows.vectors], first, second


@dataclass(frozen=True, slots=True)
class LayerMatrices:
    """Bounds of the moduli of a layer's matrices.

    `same` bounds |M|; where outputs cannot be negative only its positive part, and `cross` its negative part.
    `residual` bounds B |C|, B the bound of the entries of codes, in units of 2^-(2 bits), and is None where C = 0.
    `norms` are those of the rows of V (columns of W), `columns` those of the columns of D' and `differences` those of
    D - D' (both empty unless the layer is residual); `heavy` bounds the sum of the s largest |M_ij| of each row i;
    `largest` bounds all weights; `signal` has the rows of V (columns of W), rounded down.
    """

    same: list[list[int]]
    cross: list[list[int]] | None
    residual: list[list[int]] | None
    norms: list[int]
    columns: list[int]
    differences: list[int]
    heavy: list[int]
    largest: int
    signal: Lowered


class LayerMaps(Protocol):
    """What the bounds of a layer are made of: the vectors of D, of V and of D', in the entries that a row sees.

    Row i is about the column `own`[i]; column j has the bounds of row `kinds`[j].
    """

    @property
    def network(self) -> Network:
        """The network; its n is the number of columns."""
        ...

    @property
    def own(self) -> Sequence[int]:
        """For each row its own column."""
        ...

    @property
    def kinds(self) -> Sequence[int]:
        """For each column its row."""
        ...

    @property
    def parts(self) -> Sequence[LayerMaps]:
        """All of it: one or several kinds of rows that see different things, with the same `own` and `kinds`."""
        ...

    def atoms(self, bits: int, less: Tensor | None = None) -> Lowered:
        """Return the columns of D, less those of D' where it is given."""
        ...

    def weights(self, tensor: Tensor, bits: int, *, residual: bool) -> Lowered:
        """Return the rows of V, the columns of W if residual."""
        ...

    def synthesis(self, tensor: Tensor, bits: int) -> Lowered:
        """Return the columns of D'."""
        ...


@dataclass(frozen=True, slots=True)
class DenseMaps:
    """A dictionary and a network for it: rows and columns are the atoms."""

    instance: NetworkInstance

    @property
    def network(self) -> Network:
        """The network."""
        return self.instance.network

    @property
    def own(self) -> Sequence[int]:
        """Row i is about column i."""
        return range(self.instance.network.n)

    @property
    def kinds(self) -> Sequence[int]:
        """Column j has the bounds of row j."""
        return range(self.instance.network.n)

    @property
    def parts(self) -> Sequence[LayerMaps]:
        """All rows see the whole signal."""
        return [self]

    def atoms(self, bits: int, less: Tensor | None = None) -> Lowered:
        """Return the columns of D, less those of D' where it is given."""
        return dictionary_columns(self.instance.dictionary, bits, less)

    def weights(self, tensor: Tensor, bits: int, *, residual: bool) -> Lowered:
        """Return the rows of V, the columns of W if residual."""
        n = self.network.n
        return lowered_vectors([tensor.column(i) if residual else tensor.row(i) for i in range(n)], bits)

    def synthesis(self, tensor: Tensor, bits: int) -> Lowered:
        """Return the columns of D'."""
        return lowered_vectors([tensor.column(j) for j in range(self.network.n)], bits)


def layer_matrices(maps: LayerMaps, layer: Layer, codes: tuple[int, int], bits: int) -> LayerMatrices:
    """Return the bounds for the matrices of a layer, for codes of so many nonzeros, of at most this modulus."""
    sparsity, bound = codes
    network, own = maps.network, maps.own
    n, m = network.n, network.m
    second = network.tensors[layer.second]
    first = None if layer.first is None else network.tensors[layer.first]
    columns: list[int] = []
    differences: list[int] = []
    if layer.residual and first is not None:
        weights, synthesis = maps.weights(first, bits, residual=True), maps.synthesis(second, bits)
        state = _one_less(*product(weights, synthesis, m), own, bits)
        difference = maps.atoms(bits, second)
        columns, differences = synthesis.norms, difference.norms
        zero = not any(differences)
        residual = None if zero else _moduli(*product(weights, difference, m), bound, bits)
    else:
        weights = maps.weights(second, bits, residual=False)
        stored, slack = ([[0] * n] * n, 0) if first is None else _stored(first, bits)
        state = stored, [[value + slack for value in row] for row in stored]
        combined, one, two = product(weights, maps.atoms(bits), m)
        for i, row in enumerate(combined):
            row[own[i]] -= 1 << 2 * bits
            combined[i] = [value + (add << bits) for value, add in zip(row, stored[i], strict=True)]
        residual = _moduli(combined, [value + (slack << bits) for value in one], two, bound, bits)
        if not any(map(any, residual)):
            residual = None
    lower, upper = state
    cross = None
    if network.one_sided:
        same = [[max(0, value) for value in row] for row in upper]
        cross = [[max(0, -value) for value in row] for row in lower]
    else:
        same = [[max(high, -low) for low, high in zip(*rows, strict=True)] for rows in zip(lower, upper, strict=True)]
    moduli = same if cross is None else [list(map(max, *rows)) for rows in zip(same, cross, strict=True)]
    return LayerMatrices(
        same=same,
        cross=cross,
        residual=residual,
        norms=weights.norms,
        columns=columns,
        differences=differences,
        heavy=[sum(sorted(row)[-sparsity:]) for row in moduli],
        largest=max(math.ceil(tensor.largest) for tensor in (first, second) if tensor is not None) << bits,
        signal=weights,
    )


def _stored(tensor: Tensor, bits: int) -> tuple[list[list[int]], int]:
    found = lowered_vectors([tensor.row(i) for i in range(tensor.rows)], bits)
    return found.vectors, found.slack


def _one_less(
    combined: list[list[int]], first: list[int], second: list[int], owns: Sequence[int], bits: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Return bounds below and above of I - A."""
    lower: list[list[int]] = []
    upper: list[list[int]] = []
    for row, own, at in zip(combined, first, owns, strict=True):
        row[at] -= 1 << 2 * bits
        lower.append([(-value - own - other) >> bits for value, other in zip(row, second, strict=True)])
        upper.append([-((value - own - other) >> bits) for value, other in zip(row, second, strict=True)])
    return lower, upper


def _moduli(combined: list[list[int]], first: list[int], second: list[int], bound: int, bits: int) -> list[list[int]]:
    """Return bounds of `bound` times the moduli of A."""
    return [
        [-((-abs(value) - own - other) >> bits) * bound for value, other in zip(row, second, strict=True)]
        for row, own in zip(combined, first, strict=True)
    ]


def matrices_work(dictionary: Dictionary, network: Network, layer: Layer, bits: int) -> int:
    """Return the work of `layer_matrices`, from the lengths of the entries."""
    m, n = dictionary.m, dictionary.n
    tensors = [network.tensors[name] for name in (layer.first, layer.second) if name is not None]
    stored = max(math.ceil(tensor.largest).bit_length() for tensor in tensors) + bits + 1
    entry = max(stored, entry_bits(dictionary, "as-given", bits))
    weight = m << entry
    digits = (2 * entry + m.bit_length()) // 30 + 1
    scale = (dictionary.bits + dictionary.longest_scale) // 30 + 1
    once = packing_work(m, n, entry, weight) + n * combination_work(m, n, entry, weight)
    reading = 3 * n * m * (1500 + digits * digits + 4 * scale * (scale + _FLOAT_DIGITS + entry // 30 + 1))
    return reading + (2 if layer.residual else 1) * once + n * n * (2500 + 40 * digits)
