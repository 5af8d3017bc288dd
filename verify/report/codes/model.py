"""What a report on codes is made of: the codes as they were given, and accepted claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..model import Claim, Subject, TheoremText


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCode:
    """One code c: its number of nonzeros, the sparsity it is compared at, and an upper bound of |y - Dc|_2.

    These are counted and computed exactly by verify; they are in no certificate.
    """

    nonzeros: int
    sparsity: int
    residual: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesReport:
    """Everything a report on codes shows, and nothing that it would have to compute.

    `level_claims` are the accepted claims about the dictionary, None if they were not checked; `claims` those about the
    codes, None if they were not checked, empty if no bound is proved. `codes_source` and `signal_source` are what the
    user named; `noise` is a rational number.
    """

    subject: Subject
    codes_source: str
    signal_source: str | None
    question: str
    noise: str
    codes: tuple[GivenCode, ...]
    level_claims: tuple[Claim, ...] | None
    claims: tuple[Claim, ...] | None
    check_command: str | None
    relied_on: tuple[str, ...] = ()
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
