"""What the report of a network of convolutions is made of: the claim accepted, and what was seen beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...errors import InputError
from ..numbers import rational
from .model import STATUSES, Class, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters that the network is for, (C, M, taps); `source` and `remarks` are free text."""

    source: str
    loader: str
    remarks: tuple[str, ...]
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    boundary: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSeen:
    """The greatest errors seen after every layer, on and off the support, and at the end; floats, not proved.

    `sizes` are the lengths of the codes tried, `lengths` those with the greatest final error; one code had up to
    `nonzeros` nonzeros in all.
    """

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    trials: int
    device: str
    sizes: tuple[tuple[int, ...], ...]
    lengths: tuple[int, ...]
    nonzeros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalNetworkReport:
    """Everything that the report shows; as `NetworkReport`, with the claim `convolutional-network-error`.

    `codes` counts nonzeros in a stripe of `stripe` atoms, and its noise is that under the taps of each atom; `broken`
    is the layer (from 1) after which the bound is no better than that of the code 0. Raises InputError for a status
    and a claim that do not fit.
    """

    subject: Filters
    network: Network
    codes: Class
    stripe: int
    status: str
    claim: Mapping[str, Any] | None
    broken: int | None = None
    searched: bool = False
    floor: Mapping[str, float]
    seen: FilterSeen | None = None
    relied_on: tuple[str, ...] = ()
    check_command: str
    check_seconds: float | None = None
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATUSES or (self.claim is None) != (self.status == "nothing"):
            raise InputError(f"ConvolutionalNetworkReport.status is {self.status!r}, which does not fit its claim")
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
    def sizes(self) -> str | None:
        """The sizes of signals that the claim holds for, as it says them."""
        return None if self.claim is None else str(self.claim["sizes"])

    @property
    def source_form(self) -> tuple[float, ...]:
        """None: the literature has no such bound for stripes."""
        return ()
