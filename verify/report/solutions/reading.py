"""Reading accepted proofs: what they say together about the problem of each signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ...errors import InputError, VerifyError
from ..claims import Entry, array
from ..numbers import rational
from .model import Proof, SolutionReport

SolvedStatus = Literal["proved-optimal", "proved-infeasible", "enclosed", "not-solved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An exact code: entries (atom, real part, imaginary part), none zero, atoms increasing."""

    entries: tuple[Entry, ...]
    is_complex: bool

    @property
    def support(self) -> tuple[int, ...]:
        """The atoms it uses."""
        return tuple(at for at, _, _ in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What is proved about the problem of one signal.

    `code` is the centre of the only minimiser if `radius` is a number (every entry lies within it), else a feasible
    code that costs at most `upper`. The names of rules say what each rests on.
    """

    signal: int
    problem: Mapping[str, Any]
    lower: Fraction | None = None
    upper: Fraction | None = None
    lower_by: str | None = None
    upper_by: str | None = None
    infeasible_by: str | None = None
    unique_by: str | None = None
    code: Code | None = None
    radius: Fraction | None = None
    several: tuple[Code, Code] | None = None

    @property
    def status(self) -> SolvedStatus:
        """`proved-optimal` if the only minimiser is located or both bounds are equal."""
        if self.infeasible_by is not None:
            return "proved-infeasible"
        if self.unique_by is not None or (self.upper is not None and self.upper == self.lower):
            return "proved-optimal"
        return "enclosed" if self.upper is not None else "not-solved"

    @property
    def unique(self) -> bool | None:
        """Whether there is exactly one minimiser, None where that is not known."""
        if self.unique_by is not None:
            return True
        return False if self.several is not None else None


def solved(report: SolutionReport) -> tuple[Solved, ...]:
    """Return what accepted proofs say about the problem of every signal, in order; nothing for an unchecked report.

    Guarantee: nothing is inferred beyond the claims. Raises VerifyError if claims contradict one another.
    """
    if report.status == "unchecked":
        return ()
    return tuple(_solved(report.accepted, report.signal(at), problem) for at, problem in enumerate(report.problems))


def _solved(proofs: Iterable[Proof], at: int, problem: Mapping[str, Any]) -> Solved:
    own = [p for p in proofs if p.claim.get("signal") == at and p.claim.get("problem") == problem]
    kinds = {kind: [p for p in own if p.claim["kind"] == kind] for kind in _KINDS}
    lower = max(kinds["value-lower"], key=lambda p: rational(p.claim["lower"]), default=None)
    upper = min(kinds["value-upper"], key=lambda p: rational(p.claim["upper"]), default=None)
    infeasible, unique, several = (next(iter(kinds[kind]), None) for kind in _KINDS[2:])
    low = None if lower is None else rational(lower.claim["lower"])
    high = None if upper is None else rational(upper.claim["upper"])
    if low is None and high is not None:
        low = Fraction(0)  # what all these problems minimise is a sum of moduli or squares, or a number of nonzeros
    crossing = low is not None and high is not None and low > high
    if crossing or (infeasible and (unique or upper or several)) or (unique and several):
        raise VerifyError(f"the claims about signal {at} contradict one another")
    found = None
    if unique is not None:
        found = code(unique.claim)
    elif upper is not None and upper.code is not None:
        found = code(upper.code)
    return Solved(
        signal=at,
        problem=problem,
        lower=low,
        upper=high,
        lower_by=None if lower is None else lower.rule,
        upper_by=None if upper is None else upper.rule,
        infeasible_by=None if infeasible is None else infeasible.rule,
        unique_by=None if unique is None else unique.rule,
        code=found,
        radius=None if unique is None else rational(unique.claim["radius"]),
        several=None if several is None else (code(several.claim["first"]), code(several.claim["second"])),
    )


_KINDS = ("value-lower", "value-upper", "infeasible", "unique-minimiser", "several-minimisers")


def code(fields: Mapping[str, Any]) -> Code:
    """Return the code that four fields spell (certificates/SPEC.md section 6.8); raise InputError otherwise."""
    try:
        support, divisor = list(fields["support"]), int(fields["divisor"], 16)
        real = array(fields["real"])
        imaginary = None if fields["imaginary"] is None else array(fields["imaginary"])
        parts = [real, imaginary if imaginary is not None else [Fraction(0)] * len(real)]
        entries = tuple((i, a / divisor, b / divisor) for i, a, b in zip(support, *parts, strict=True))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise InputError(f"the fields of a claim spell no code: {type(error).__name__}") from None
    return Code(entries=entries, is_complex=imaginary is not None)
