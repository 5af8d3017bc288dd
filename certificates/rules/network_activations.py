"""What stands for relu in a network, and how far it is from it (SPEC.md section 6.10)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .network_rounding import Arithmetic, times
from .stored_network import Network
from .values import Reject

DISTANCES = {
    "elu": Fraction(1),
    "gelu": Fraction(16998, 100000),
    "gelu-tanh": Fraction(17005, 100000),
    "mish": Fraction(30885, 100000),
    "silu": Fraction(27847, 100000),
    "softplus": Fraction(69315, 100000),
}
"""No less than sup |f - relu|; f - relu has one sign."""
_LIBRARY = 64
"""A function f as evaluated is taken to be within 64 u (1 + |w|) of f(w)."""


@dataclass(frozen=True, slots=True)
class ActivationError:
    """What the activations of one thresholding add, where its arguments have moduli of at most P.

    `exact`: they are relu. Else they are off by `absolute` + `relative` P together; `last` is the relative error of the
    subtraction of the two. P is at most `limit`.
    """

    exact: bool
    absolute: int
    relative: Fraction
    last: Fraction
    limit: int

    def error(self, size: int) -> int:
        """Return the error of the activations; raise Reject if an argument may be too large for them."""
        if self.exact:
            return 0
        if size > self.limit:
            raise Reject("an argument of the activation may overflow")
        return self.absolute + times(size, self.relative)

    def last_error(self, both: int, size: int) -> int:
        """Return the error of the subtraction: `both` bounds its result where neither number is 0."""
        return times(both if self.exact else size + self.error(size), self.last)


def activation_error(network: Network, arithmetic: Arithmetic, bits: int) -> ActivationError:
    """Return the error of the network's activation; raise Reject for a slope that leaves none."""
    name, parameter = network.activation.name, network.activation.parameter
    unit = arithmetic.operation + arithmetic.stored
    limit = 1 << (network.format.highest - 3 + bits)
    if parameter is None:
        return ActivationError(True, 0, Fraction(0), unit, limit)
    if name == "leaky-relu":
        left = 1 - parameter * parameter
        if 16 * unit > left:
            raise Reject("the slope is too close to 1 for this arithmetic")
        return ActivationError(False, 0, 16 * unit / left, unit, limit)
    absolute = math.ceil(parameter * (DISTANCES[name] + 2 * _LIBRARY * unit) * (1 << bits))
    return ActivationError(False, absolute, 2 * _LIBRARY * unit, unit, math.floor(parameter * limit))
