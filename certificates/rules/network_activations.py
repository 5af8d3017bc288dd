"""What stands for relu in a network, and how far it is from it (SPEC.md section 6.10)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .network_rounding import Arithmetic, times
from .stored_network import StoredNetwork
from .values import Reject


@dataclass(frozen=True, slots=True)
class ActivationError:
    """What the activations of one thresholding add, where its arguments have moduli of at most P in all.

    `exact`: they are relu. Else they are off by `absolute` + `relative` P together; `last` is the relative error of the
    subtraction of the two.
    """

    exact: bool
    absolute: int
    relative: Fraction
    last: Fraction

    def error(self, size: int) -> int:
        """Return the error of the activations."""
        return 0 if self.exact else self.absolute + times(size, self.relative)

    def last_error(self, both: int, size: int) -> int:
        """Return the error of the subtraction: `both` bounds its result where neither number is 0."""
        return times(both if self.exact else size + self.error(size), self.last)


def activation_error(network: StoredNetwork, arithmetic: Arithmetic, bits: int) -> ActivationError:
    """Return the error of the network's activation; raise Reject if there is no bound here."""
    name = network.activation.name
    if name != "relu":
        raise Reject(f"this rule is for networks of relu, and this one has {name}")
    return ActivationError(True, 0, Fraction(0), arithmetic.operation + arithmetic.stored)
