"""The errors of networks for deep codes as a certificate: bounds a little above those found, for the checker."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from certificates.format import Draft, Json, integers, rational

from ..dictionaries.deep import DeepDictionary
from ..facts.babel import babel
from ..facts.coherence import mutual_coherence
from ..facts.isometry import restricted_isometry
from ..networks.code_class import LARGEST
from ..networks.deep_bounds import DeepClass
from ..networks.deep_constants import DeepConstants
from ..networks.deep_errors import DeepErrors, noise_below, norm_estimate, reach_estimate
from ..networks.deep_network import DeepNetwork
from ..networks.norm_factor import norm_factor
from ..versions import PRODUCER
from .certificate import Certificate
from .network_writer import short_upper

_SPARE = 24
_MOST_BITS = 1900
_MOST_SETS = 20_000
_SLACK = 2.0**-36
_LARGEST_RATE = 1 - Fraction(1, 1 << 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Isometry:
    """delta_level <= `upper` for D[J], level = lam_J, by its Babel function or by enumeration of all sets."""

    upper: Fraction
    by_babel: tuple[tuple[Fraction, ...], tuple[Fraction, ...]] | None


def product_isometry(deep: DeepDictionary, level: int) -> Isometry | None:
    """Return a proved bound below 1 of the restricted isometry constant of D[J], or None."""
    product = deep.product(0, deep.depth)
    found = restricted_isometry(product, level, most_cases=_MOST_SETS)
    if found is not None:
        return Isometry(upper=found.upper, by_babel=None) if found.upper < 1 else None
    known = babel(product, mutual_coherence(product))
    if level - 1 > len(known.upper) or known.upper[level - 2] >= 1:
        return None
    return Isometry(upper=known.upper[level - 2], by_babel=(known.lower, known.upper))


@dataclass(slots=True)
class DeepNetworkWriter:
    """Writes one certificate; `margin` is the share by which every bound is raised above what was found."""

    network: DeepNetwork
    members: DeepClass
    arithmetic: str
    margin: Fraction
    bits: int
    draft: Draft = field(init=False)
    _norms: list[int] | None = None
    _geometry: list[int] | None = None

    def __post_init__(self) -> None:
        deep = self.network.deep
        first, *others = ({"digest": d.digest, "field": d.field, "shape": list(d.shape)} for d in deep.dictionaries)
        loaders = dict.fromkeys(d.origin.loader for d in deep.dictionaries)
        loader = ", ".join(name for name in loaders if name not in ("npy", "json")) or next(iter(loaders))
        networks: list[dict[str, Json]] = [
            {"digest": one.digest, "field": "real", "role": "network", "shape": list(one.shape)}
            for one in self.network.networks
        ]
        self.draft = Draft(subject=first, chain=others, loader=loader, producer=PRODUCER, networks=networks)

    @property
    def certificate(self) -> Certificate:
        """What was written so far."""
        return Certificate(self.draft.sealed())

    def errors(self, found: DeepErrors) -> int:
        """Write and claim the errors of the codes; return the step."""
        theorem = self.network.method.statement
        fields: dict[str, Any] = {
            "arithmetic": self.arithmetic,
            **self._class,
            **{name: [self._spelled(x) for x in getattr(found, name)] for name in ("l2", "linf")},
            **{name: [[self._spelled(x) for x in one] for one in getattr(found, name)] for name in ("on", "off")},
        }
        uses = self._norm_steps if len(self.network.networks) == 1 else []
        step = self.draft.step(theorem, uses, bits=self.bits, **fields)
        self.draft.claim(step, "deep-network-error", **fields, theorem=theorem)
        return step

    def constants(self, found: DeepConstants) -> None:
        """Write and claim C_1, C_2 and the rate of the networks in closed form."""
        theorem = self.network.method.statement
        rates = [min(short_upper(Fraction(rate) * (1 + self.margin)), _LARGEST_RATE) for rate in found.rate]
        decays = [Fraction(math.floor(-math.log(rate) * (1 - 1e-9) * (1 << 20)), 1 << 20) for rate in rates]
        fields: dict[str, Any] = {
            "C_1": [self._spelled(x) for x in found.c_1],
            "C_2": [self._spelled(x) for x in found.c_2],
            "bounds": self._class["bounds"],
            "decay": list(map(rational, decays)),
            "levels": list(self.members.levels),
            "rate": list(map(rational, rates)),
        }
        uses = self._norm_steps if len(self.network.networks) == 1 else []
        step = self.draft.step(f"{theorem}-constants", uses, bits=self.bits, scalings=list(found.scalings), **fields)
        self.draft.claim(step, "deep-network-constants", **fields, theorem=theorem)

    def refit(self, step: int, found: DeepErrors, isometry: Isometry) -> None:
        """Write and claim the errors of the refit, and its constants."""
        deep, smallest = self.network.deep, self.members.smallest
        assert smallest is not None
        product = deep.product(0, deep.depth)
        squares = product.real.astype(float) ** 2
        norms = squares.sum(axis=0) ** 0.5
        least = float(norms.min()) * math.sqrt(1 - float(isometry.upper)) * (1 - 1e-9)
        level, noise = self.members.levels[-1], noise_below(deep, 0)
        size = float(self.members.bounds[-1]) * level * float(norms.max()) + noise
        slack = self._number(_SLACK * float(norms.max()) * size)
        unit = 2.0 ** -(24 if self.network.networks[0].dtype.value == "float32" else 53)
        error = (noise + 2 * unit * size) / least + float(slack) / least**2
        l2 = [*self._below(deep, error, float(slack)), error]
        fields: dict[str, Any] = {name: [self._spelled(x) for x in l2] for name in ("l2", "linf")}
        fields |= {"slack": rational(slack), "smallest": rational(smallest)}
        geometry = self._geometry_steps(isometry)
        refit = self.draft.step("dsc-refit", [step, *geometry, *self._norm_steps], **fields)
        self.draft.claim(
            refit,
            "deep-refit-error",
            **fields,
            **self._class,
            arithmetic=self.arithmetic,
            kept=self._spelled(found.last[1]),
            network=self.network.method.statement,
            theorem="dsc-refit",
        )
        ones = DeepDictionary.of(deep.dictionaries, tolerances=[1] * deep.depth)
        last = noise_below(ones, 0) / least
        constants: dict[str, Any] = {
            "C_2": [self._spelled(x) for x in (*self._below(ones, last, 0.0), last)],
            "levels": list(self.members.levels),
        }
        step = self.draft.step("dsc-refit-constants", [*geometry, *self._norm_steps], **constants)
        self.draft.claim(step, "deep-refit-constants", **constants, theorem="dsc-refit")

    def _below(self, deep: DeepDictionary, error: float, slack: float) -> list[float]:
        level = self.members.levels[-1]
        return [reach_estimate(deep, j, level) * error + noise_below(deep, j) + slack for j in range(1, deep.depth)]

    @property
    def _class(self) -> dict[str, Any]:
        return {
            "bounds": list(map(rational, self.members.bounds)),
            "levels": list(self.members.levels),
            "tolerances": list(map(rational, self.network.deep.tolerances)),
        }

    def _number(self, value: float) -> Fraction:
        least = Fraction(1, 1 << self.bits - _SPARE)
        return short_upper(Fraction(value) * (1 + self.margin) + (least if value else 0))

    def _spelled(self, value: float) -> str:
        return rational(self._number(value))

    def _about(self, span: tuple[int, int], rule: str, uses: tuple[int, ...] = (), **evidence: Json) -> int:
        step = self.draft.step(rule, uses, **evidence)
        self.draft.steps[step] = {"about": list(span), "evidence": evidence, "rule": rule, "uses": list(uses)}
        return step

    @property
    def _norm_steps(self) -> list[int]:
        """The spectral norms of all products but the whole, written once."""
        if self._norms is None:
            deep = self.network.deep
            spans = [(j, k) for j in range(deep.depth) for k in range(j + 1, deep.depth + 1) if k - j < deep.depth]
            self._norms = [self._norm(span) for span in spans]
        return self._norms

    def _norm(self, span: tuple[int, int]) -> int:
        found = norm_factor(self.network.deep.product(*span), min(1e-2, max(1e-6, float(self.margin))) / 4)
        bits = max(64, 2 * abs(found.exponent))
        return self._about(
            span,
            "spectral-norm",
            bits=bits,
            factor=integers(found.integers, found.exponent),
            square=rational(found.square),
            upper=rational(found.upper),
        )

    def _geometry_steps(self, isometry: Isometry) -> list[int]:
        """The isometry constant and the norms of the atoms of D[J]."""
        span, level = (0, self.network.deep.depth), self.members.levels[-1]
        if isometry.by_babel is None:
            upper = rational(isometry.upper)
            first = self._about(span, "isometry-by-enumeration", level=level, upper=upper)
        else:
            lower, upper_sums = (list(map(rational, values)) for values in isometry.by_babel)
            sums = self._about(span, "babel", lower=lower, upper=upper_sums)
            first = self._about(span, "isometry-by-babel", (sums,), level=level)
        return [first, self._about(span, "atom-norms")]


def enough_bits(network: DeepNetwork, found: DeepErrors) -> int:
    """Return so many fractional bits that the checker's own rounding does not show in the bounds."""
    lists = (*found.on, *found.off, found.l2)
    positive = [value for values in lists for value in values if 0 < value < float(LARGEST)]
    deep = network.deep
    largest = max(1.0, *(float(abs(t).max()) for one in network.networks for t in one.tensors.values()))
    largest = max(largest, *(norm_estimate(deep, j, deep.depth) for j in range(deep.depth)))
    size = sum(sum(d.shape) for d in deep.dictionaries)
    needed = 2 * math.log2(size) + 2 * math.log2(largest) - math.log2(min(positive, default=1.0))
    return min(_MOST_BITS, max(64, math.ceil(needed) + 2 * _SPARE))


def writable(found: DeepErrors) -> bool:
    """Whether all bounds are finite and at most 2^64, so that they can be claimed."""
    lists = (*found.on, *found.off, found.l2, found.linf)
    return all(value < float(LARGEST) / 2 for values in lists for value in values)
