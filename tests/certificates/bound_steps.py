"""Steps about the values of small problems, to be put together into proofs of bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from problem_samples import code, problem

from certificates.format import integers
from certificates.rules import PROBLEM_RULES
from certificates.rules.signals import Instance
from certificates.subjects import dictionary_from_values, signals_from_values

PURSUIT, LASSO, BPDN = (f"unique-minimiser-of-{name}" for name in ("basis-pursuit", "lasso", "bpdn"))
A = [[1, 0, 2], [0, 1, 0]]
IDENTITY = {n: [[int(i == j) for j in range(n)] for i in range(n)] for n in (3, 4)}
HALVES = (Fraction(3, 2), Fraction(2))
ROOT = math.isqrt(2 << 256)
BP, UNIT = problem("basis-pursuit"), problem("basis-pursuit", scaling="unit")


@dataclass(frozen=True)
class Bound:
    """Evidence that depends on one value, about the atoms (1, 0), (0, 1), (2, 0) and the signal (3, 4) or others."""

    rule: str
    evidence: Callable[[str], dict]
    reached: str
    missed: str
    premises: Callable[[str], list[dict]] = lambda _: []
    signal: tuple[complex | Fraction, ...] = (3, 4)
    says: tuple[str, str] | None = None
    rows: list | None = None

    def derived(self, value: str) -> dict:
        rows = self.rows or (A if len(self.signal) == 2 else IDENTITY[len(self.signal)])
        instance = Instance.of(dictionary_from_values(rows), signals_from_values(list(self.signal), "signal"))
        premises = [{"signal": 0, **premise} for premise in self.premises(value)]
        evidence = self.evidence(value)
        place = {"signal": 0} if "problem" in evidence else {}
        return PROBLEM_RULES[self.rule](instance, {**place, **evidence}).derive(premises)


def upper(support: list[int], real: list[int], divisor: str = "1", **asked: str) -> Callable[[str], dict]:
    found = code(support, integers(real), divisor=divisor)
    return lambda bound: {**found, "problem": problem(**asked), "upper": bound}


def dual(asked: dict, real: list[int], divisor: str = "1", exponent: int = 0) -> Callable[[str], dict]:
    given = {"divisor": divisor, "imaginary": None, "problem": asked, "real": integers(real, exponent)}
    return lambda bound: {**given, "lower": bound}


def minimiser(asked: dict, support: list[int], real: dict, radius: str, divisor: str = "1") -> dict:
    found = code(support, real, divisor=divisor)
    return {"kind": "unique-minimiser", **found, "problem": asked, "radius": radius}


def pursuit(dual_value: dict, scale: int = 4, values: tuple[int, int] = (8, 3), radius: str = "0") -> dict:
    """Atoms 1 and 2 with halves of these values; the inverse is right if `scale` is 4."""
    inverse = integers([0, 2 * scale, scale, 0], -3)
    found = code([1, 2], integers(list(values)), divisor="2")
    return {**found, "dual": dual_value, "inverse": inverse, "problem": BP, "radius": radius}


def lasso(values: list[int], exponent: int, radius: str, scale: int = 4, weight: str = "1") -> dict:
    """Atoms 1 and 2; the inverse of their Gram matrix is right if `scale` is 4."""
    found = code([1, 2], integers(values, exponent))
    inverse = integers([4 * scale, 0, 0, scale], -4)
    return {**found, "inverse": inverse, "problem": problem("lasso", weight=weight), "radius": radius}


def lasso_pair(first: str, second: str, atom: int = 1) -> list[dict]:
    """Codes of the signal (0, 4), or of (4, 0) by the longer atom 2: residuals 1 and 2."""
    return [
        minimiser(problem("lasso", weight=t), [atom], integers([value], 1 - atom), radius)
        for t, value, radius in (("1", 3, first), ("2", 2, second))
    ]


def counted(name: str, lower: str = "", **fields: object) -> Callable[[str], dict]:
    """Evidence whose value is epsilon (`sparsest`) or the bound."""
    if name == "sparsest":
        return lambda e: {"lower": lower, "problem": problem(name, epsilon=e, **fields)}
    return lambda bound: {"lower": bound, "problem": problem(name, **fields)}


def searched(tree: list[int], duals: list[int], given: Callable[[str], dict]) -> Callable[[str], dict]:
    return lambda value: {**given(value), "duals": integers(duals), "tree": tree}


def dual_at_a_root(bits: int) -> list[int]:
    """(a, u - a) times 2^130, a = 1 - 2^-bits and u the upper end of the root of 2."""
    a = 2**130 - 2 ** (130 - bits)
    return [a, 4 * (ROOT + 1) - a]


ONLY, ONLY_TREE = "unique-minimiser-by-enumeration", "unique-minimiser-by-search"
ENUMERATION, SEARCH = "value-by-enumeration", "value-by-search"
