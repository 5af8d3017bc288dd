"""What rounding does to one layer of a network: the constants of certificates/SPEC.md section 6.10, as floats."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from .unrolled import DType

ARITHMETICS = ("ieee", "tf32", "bf16")
_DIGITS = {DType.float32: 24, DType.float64: 53}
_LOWEST = {DType.float32: -126, DType.float64: -1022}
_STORED = 6
DISTANCES = {"elu": 1.0, "gelu": 0.16998, "gelu-tanh": 0.17005, "mish": 0.30885, "silu": 0.27847, "softplus": 0.69315}
"""No less than sup |f - relu|, the numbers that the checker takes."""
LIBRARY = 64
"""A smooth function f as evaluated is taken to be within 64 u (1 + |w|) of f(w)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundingModel:
    """Relative errors: `unit` of the format, `operation`, `operand` of a product's factor, `stored` results."""

    unit: float
    operation: float
    operand: float
    stored: float
    tiny: float

    @staticmethod
    def of(arithmetic: str, dtype: DType) -> RoundingModel:
        """Return the model of an arithmetic for a format; raise InputError if there is none."""
        unit, tiny = 2.0 ** -_DIGITS[dtype], 2.0 ** _LOWEST[dtype]
        if arithmetic == "ieee":
            return RoundingModel(unit=unit, operation=unit, operand=0.0, stored=0.0, tiny=tiny)
        if arithmetic not in ARITHMETICS:
            raise InputError(f"arithmetic: expected one of {', '.join(ARITHMETICS)}, got {arithmetic[:40]!r}")
        if dtype is not DType.float32:
            raise InputError(f"the arithmetic {arithmetic} is for networks of type float32, got {dtype.value}")
        coarse, stored = (2.0**-10, 0.0) if arithmetic == "tf32" else (2.0**-7, 2.0**-7)
        return RoundingModel(unit=unit, operation=2.0**-22, operand=coarse, stored=stored, tiny=tiny)

    @staticmethod
    def none(dtype: DType) -> RoundingModel:
        """Return the model of exact evaluation."""
        del dtype
        return RoundingModel(unit=0.0, operation=0.0, operand=0.0, stored=0.0, tiny=0.0)

    def sum_error(self, roundings: int) -> float:
        """Return theta, infinite where there is no bound."""
        total = roundings * self.operation + 2 * self.operand + _STORED * self.stored
        return total / (1 - total) if total < 0.5 else float("inf")

    @property
    def last(self) -> float:
        """The relative error of one stored result."""
        return self.operation + self.stored
