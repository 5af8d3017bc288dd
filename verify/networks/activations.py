"""What stands for relu in a network: relu itself, leaky ReLU exactly, or a smooth function scaled close to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ..errors import InputError
from ..exact import Enclosure

SMOOTH = ("elu", "gelu", "gelu-tanh", "mish", "silu", "softplus")
NAMES = ("relu", "leaky-relu", *SMOOTH)
_LARGEST_EXPONENT = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A function that stands for relu, by its name and at most one number.

    `leaky-relu` has a `slope` a, 0 <= a < 1: relu(v) = (lrelu(v) + a lrelu(-v))/(1 - a^2), exactly. A smooth f has a
    scale `tau`, a power of two from 2^-63 to 2^63: tau f(v/tau) is within tau b of relu(v), b = sup |f - relu|, and
    scaling by tau rounds nothing. ELU is that with alpha = 1. `relu` has neither.
    """

    name: str = "relu"
    slope: Fraction | None = None
    tau: Fraction | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise InputError(f"activation: expected one of {', '.join(NAMES)}, got {self.name!r}")
        if (self.slope is not None) != (self.name == "leaky-relu") or (self.tau is not None) != (self.name in SMOOTH):
            wanted = "a slope" if self.name == "leaky-relu" else "a tau" if self.name in SMOOTH else "no parameter"
            raise InputError(f"activation {self.name}: expected {wanted} and nothing else")
        if self.slope is not None and not 0 <= self.slope < 1:
            raise InputError(f"slope: expected a number a with 0 <= a < 1, got {self.slope}")
        if self.tau is not None and not is_power_of_two(self.tau):
            raise InputError(f"tau: expected a power of two from 2^-63 to 2^63, got {str(self.tau)[:40]}")

    @property
    def units(self) -> int:
        """How many units of this activation stand for one ReLU."""
        return 2 if self.name == "leaky-relu" else 1

    @property
    def error_upper(self) -> Fraction:
        """Return a bound of |what stands for relu - relu|: tau sup |f - relu|, or 0.

        A shrinkage pair is within the same bound of T_t: f - relu has one sign for every function here, so the errors
        of the two units, which are subtracted, have one sign too.
        """
        return Fraction(0) if self.tau is None else self.tau * supremum_enclosure(self.name).upper


def is_power_of_two(value: Fraction) -> bool:
    """Return whether a number is 2^e with -63 <= e <= 63."""
    p, q = value.as_integer_ratio()
    if min(p, q) != 1 or max(p, q) > 1 << _LARGEST_EXPONENT:
        return False
    return (p * q) & (p * q - 1) == 0


@cache
def supremum_enclosure(name: str) -> Enclosure:
    """Return sup |f - relu| of a smooth activation, enclosed; ELU with alpha = 1.

    Guarantee: proved step by step by SymPy and enclosed by ball arithmetic. Cost: some seconds, the first time.
    Source: verify/theorems/symbolic/activations.py.
    """
    from ..theorems.symbolic.activations import ACTIVATIONS, ALPHA, supremum
    from ..theorems.symbolic.balls import enclosure

    known = {activation.name: activation for activation in ACTIVATIONS}
    found = supremum(known[name])
    if found.enclosure is not None:
        return found.enclosure
    assert found.value is not None  # a parameter is left: alpha
    return enclosure(found.value.subs(ALPHA, 1))
