"""What rounding does to one layer of a network (SPEC.md section 6.10), in multiples of 2^-bits, rounded up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .network_matrices import LayerMatrices, root_up
from .stored_network import FloatFormat, Network
from .values import Reject

ARITHMETICS = ("ieee", "tf32", "bf16")
_STORED = 6
"""The most results between an input of a layer and its thresholded sum that are stored, and perhaps coarsely."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Relative errors: of one operation, of one operand of a matrix product, of one result that is stored."""

    operation: Fraction
    operand: Fraction
    stored: Fraction

    @staticmethod
    def of(name: str, dtype: FloatFormat) -> Arithmetic:
        """Return the arithmetic of this name; raise Reject if the format does not have it."""
        if name == "ieee":
            return Arithmetic(Fraction(1, 1 << dtype.digits), Fraction(0), Fraction(0))
        if dtype.digits != 24:
            raise Reject(f"the arithmetic {name} is for networks of type float32")
        coarse = {"tf32": (Fraction(1, 1 << 10), Fraction(0)), "bf16": (Fraction(1, 1 << 7), Fraction(1, 1 << 7))}
        return Arithmetic(Fraction(1, 1 << 22), *coarse[name])

    def sum_error(self, roundings: int) -> Fraction:
        """Return theta: a sum with so many roundings on every path is off by theta times the sum of all moduli."""
        total = roundings * self.operation + 2 * self.operand + _STORED * self.stored
        if 2 * total >= 1:
            raise Reject("so many roundings have no error bound in this arithmetic")
        return total / (1 - total)

    @property
    def last(self) -> Fraction:
        """The relative error of the last subtraction."""
        return self.operation + self.stored


def times(value: int, factor: Fraction) -> int:
    """Return the least integer that is at least value * factor."""
    return -(-value * factor.numerator // factor.denominator)


def unit_up(exponent: int, bits: int, factor: int) -> int:
    """Return the least integer that is at least factor 2^exponent in units of 2^-bits; exponent is negative."""
    shift = -exponent - bits
    return factor << -shift if shift <= 0 else -(-factor >> shift)


@dataclass(frozen=True, slots=True)
class SignalBound:
    """`norm` bounds the signal as handed to the network, in the Euclidean norm; `noise` the noise with its rounding."""

    norm: int
    noise: int

    @staticmethod
    def of(norms: list[int], sparsity: int, size: tuple[int, int], bits: int, network: Network) -> SignalBound:
        """Return the bounds; `norms` bound those of the atoms, `size` is (bound, noise) of the class."""
        bound, noise = size
        clean = (bound * sum(sorted(norms)[-sparsity:]) >> bits) + 1 + noise
        dtype = network.format
        rounding = (clean >> dtype.digits) + 1 + network.m * unit_up(dtype.lowest, bits, 1)
        return SignalBound(clean + rounding, noise + rounding)


@dataclass(frozen=True, slots=True)
class LayerRounding:
    """Bounds that all atoms of one layer share, for its sums.

    The computed v_i - t_i is off by at most `shared` norms_i + `theta` (moduli_i) + `underflow`; moduli_i bounds
    the sum of the moduli of the terms of atom i, of which `vector` norms_i is the part that comes from V.
    """

    theta: Fraction
    vector: int
    shared: int
    underflow: int


def layer_rounding(
    arithmetic: Arithmetic,
    network: Network,
    matrices: LayerMatrices,
    signal: SignalBound,
    state: tuple[int, int, int, int],
    bits: int,
) -> LayerRounding:
    """Return the rounding of a layer.

    `state` is (nonzeros of x, a bound of its entries, one of the norm of |D'| |x|, one of |D' (x - x*)|); the last two
    are 0 unless the layer is residual.
    """
    nonzeros, entries, image, change = state
    m, n, dtype = network.m, network.n, network.format
    limit = 1 << (dtype.highest - 3 + bits)

    def underflow(inputs: int) -> int:
        return unit_up(dtype.lowest, bits, 8 * (n + m + 4) * (2 - (-matrices.largest - inputs >> bits)))

    if not matrices.columns:
        return LayerRounding(
            arithmetic.sum_error(nonzeros + m + 2), signal.norm, 0, underflow(max(entries, signal.norm))
        )
    first = arithmetic.sum_error(nonzeros + 2)
    if signal.norm + image > limit:
        raise Reject("the residual of a layer may overflow")
    error = times(signal.norm + image, first) + (root_up(m) + 1) * underflow(max(entries, signal.norm))
    computed = change + signal.noise + error
    return LayerRounding(arithmetic.sum_error(m + 3), computed, error, underflow(max(entries, computed)))
