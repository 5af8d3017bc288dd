"""What the report of a network is made of: the claim that the checker accepted, and what was seen beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...errors import InputError
from ..model import Subject
from ..numbers import rational

STATUSES = ("checked", "unchecked", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The network: where it came from, what it is, and its digest; `source` is free text."""

    source: str
    sha256: str
    dtype: str
    code: str
    activation: str
    layers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """The codes and the noise: |x|_0 <= `sparsity`, |x_i| <= `bound`, |e|_2 <= `noise`; `arithmetic` of the network."""

    sparsity: int
    bound: Fraction
    noise: Fraction
    arithmetic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The greatest errors seen after every layer, on and off the support, and at the end; floats, not proved."""

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    l2: float
    trials: int
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReport:
    """Everything that the report shows.

    `claim` is the statement `network-error`: accepted if `status` is `checked`, only claimed if it is `unchecked`, None
    if it is `nothing`, where no bound could be written down. `broken` is the layer (from 1) that breaks it, where
    the final bound is no better than that of the code 0. `searched` says that the level is the largest at which there
    is a promise. `floor` holds estimated shares of the final bound by name; `source_form` the bounds of the
    literature's form of the theorem in the 2-norm, for the picture, empty where it does not hold. Raises InputError
    for a status and a claim that do not fit.
    """

    subject: Subject
    network: Network
    codes: Class
    status: str
    claim: Mapping[str, Any] | None
    broken: int | None = None
    searched: bool = False
    floor: Mapping[str, float]
    seen: Seen | None = None
    source_form: tuple[float, ...] = ()
    relied_on: tuple[str, ...] = ()
    check_command: str
    check_seconds: float | None = None
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATUSES or (self.claim is None) != (self.status == "nothing"):
            raise InputError(f"NetworkReport.status is {self.status!r}, which does not fit its claim")
        if self.claim is not None and len(self.on) != self.network.layers:
            raise InputError("a claim has one bound for every layer")

    @property
    def on(self) -> tuple[Fraction, ...]:
        """The bounds on the support after every layer."""
        return () if self.claim is None else tuple(rational(value) for value in self.claim["on"])

    @property
    def off(self) -> tuple[Fraction, ...]:
        """The bounds off the support after every layer."""
        return () if self.claim is None else tuple(rational(value) for value in self.claim["off"])

    @property
    def linf(self) -> Fraction | None:
        """The final bound in the maximum norm."""
        return None if self.claim is None else rational(self.claim["linf"])

    @property
    def l2(self) -> Fraction | None:
        """The final bound in the 2-norm."""
        return None if self.claim is None else rational(self.claim["l2"])
