"""A deep code, written as the code of the last dictionary: the codes of the others follow from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .chain import Chain
from .codes import Code, read_code
from .signals import combined_atoms
from .values import Fields, Reject, Statement


@dataclass(frozen=True, slots=True)
class Layer:
    """A vector with these integers over one denominator at some indices, in lowest terms, and 0 elsewhere."""

    entries: dict[int, int]
    denominator: int


@dataclass(frozen=True, slots=True)
class DeepCode:
    """x_J as written, and what the x_(j-1) = rho_j(D_j x_j) have to obey; `work` is that of `layers`."""

    chain: Chain
    code: Code
    levels: list[int]
    slopes: list[Fraction]
    name: str
    work: int

    @property
    def size(self) -> int:
        """The work of reading and squaring its values."""
        return self.code.size

    @property
    def spelled(self) -> Statement:
        """The fields of the code as they are written."""
        return self.code.spelled

    def layers(self) -> list[Layer]:
        """Return x_0, x_1, .. x_J; raise Reject if x_j has more nonzeros than the level of dictionary j - 1."""
        values, exponent = self.code.fields.integers("real", len(self.code.support))
        shift = max(exponent, 0)
        entries = {i: value << shift for i, value in zip(self.code.support, values, strict=True)}
        found = [Layer(entries, 1 << max(-exponent, 0))]
        for at in range(self.chain.depth - 1, -1, -1):
            if len(found[-1].entries) > self.levels[at]:
                raise Reject(
                    f"{self.name} has {len(found[-1].entries)} nonzeros in the code of dictionary {at}, "
                    f"more than {self.levels[at]}"
                )
            found.append(self._before(found[-1], at))
        return [_lowest(layer) for layer in reversed(found)]

    def _before(self, layer: Layer, at: int) -> Layer:
        dictionary, slope = self.chain.dictionaries[at], self.slopes[at]
        support = sorted(layer.entries)
        vector = combined_atoms(dictionary, support, [[layer.entries[i] for i in support]], layer.denominator)
        p, q = slope.as_integer_ratio()
        entries = {i: value * (q if value > 0 else p) for i, value in enumerate(vector.parts[0]) if value}
        return Layer(entries, vector.denominator * q)


def _lowest(layer: Layer) -> Layer:
    divisor = math.gcd(layer.denominator, *layer.entries.values())
    return Layer({i: value // divisor for i, value in layer.entries.items()}, layer.denominator // divisor)


def read_deep_code(chain: Chain, value: object, levels: list[int], slopes: list[Fraction], name: str) -> DeepCode:
    """Read the code of the last dictionary of a real chain."""
    last = chain.dictionaries[-1]
    if last.field == "complex":
        raise Reject("the chain is complex, and deep codes are written for real ones")
    code = read_code(last, Fields(value, ("imaginary", "real", "support"), name))
    if len(code.support) > levels[-1]:
        raise Reject(f"{name} has {len(code.support)} nonzeros, more than {levels[-1]}")
    bits, work = 30 * code.digits, code.size
    nonzeros = len(code.support)
    for at in range(chain.depth - 1, -1, -1):
        dictionary = chain.dictionaries[at]
        scale = dictionary.scale_bits
        coefficient, length = (bits + scale) // 30 + 2, dictionary.bits // 30 + 1
        slope = max(slopes[at].as_integer_ratio()).bit_length()
        bits += dictionary.bits + 2 * scale + 2 * slope + nonzeros.bit_length() + 2
        whole = bits // 30 + 2
        work += nonzeros * (2000 + 4 * coefficient * (scale // 30 + 1))
        work += dictionary.m * (nonzeros * (100 + length * coefficient) + 1000 + 8 * whole * whole)
        nonzeros = min(levels[at - 1], dictionary.m) if at else 0
    return DeepCode(chain, code, levels, slopes, name, work)
