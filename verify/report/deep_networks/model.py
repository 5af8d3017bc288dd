"""What the report of networks for deep codes is made of: claims that the checker accepted, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...errors import InputError
from ..model import Subject

STATUSES = ("checked", "unchecked", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodBounds:
    """Claimed bounds of one method for every code x_j, constants where there are any, and the errors seen (floats).

    |x~_j - x_j|_2 <= `c_1`[j-1] `rate`[j-1]^K + `c_2`[j-1] eps for networks of K layers in closed form.
    """

    method: str
    l2: tuple[Fraction, ...]
    linf: tuple[Fraction, ...]
    c_1: tuple[Fraction, ...] = ()
    c_2: tuple[Fraction, ...] = ()
    rate: tuple[Fraction, ...] = ()
    seen_l2: tuple[float, ...] = ()
    seen_linf: tuple[float, ...] = ()
    trials: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepNetworkReport:
    """Everything that the report shows.

    `networks` are (source, digest, layers); `methods` holds bounds that were accepted if `status` is `checked`, that
    are only claimed if it is `unchecked`, and is empty if it is `nothing`; `per_layer` has for each network and layer
    the bounds on the support and off it, as claimed. Raises InputError for a status and methods that do not fit.
    """

    subjects: tuple[Subject, ...]
    networks: tuple[tuple[str, str, int], ...]
    method: str
    levels: tuple[int, ...]
    bounds: tuple[Fraction, ...]
    tolerances: tuple[Fraction, ...]
    arithmetic: str
    status: str
    methods: tuple[MethodBounds, ...]
    per_layer: tuple[tuple[tuple[str, str], ...], ...]
    promises: bool
    notes: tuple[str, ...] = ()
    relied_on: tuple[str, ...] = ()
    check_command: str
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATUSES or (not self.methods) != (self.status == "nothing"):
            raise InputError(f"DeepNetworkReport.status is {self.status!r}, which does not fit its claims")
