"""Reading accepted claims about generalized coherence, null-space constants and restricted isometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ..errors import VerifyError
from .claims import array
from .model import Claim
from .numbers import approximate, rational


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is claimed of a number that is not negative: `lower`, `upper`, or both; `upper_by` proved the upper one."""

    lower: Fraction | None
    upper: Fraction | None
    upper_by: str | None = None

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are the same number."""
        return self.upper is not None and self.lower == self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralizedCoherence(Bounds):
    """Bounds of mu~; `atom` is the one whose mu~_i has the lower bound, None if unknown."""

    atom: int | None = None


def generalized_coherence(claims: Iterable[Claim]) -> GeneralizedCoherence | None:
    """Return the sharpest claimed bounds of mu~ = max over i of mu~_i, or None if there are none.

    An upper bound of 0 is also a lower one. Raises VerifyError if the claims contradict one another, and InputError for
    what certificates/SPEC.md does not allow.
    """
    found = list(claims)
    uppers = [max(array(c["upper"])) for c in found if c["kind"] == "generalized-coherence-upper"]
    uppers += [rational(c["upper"]) for c in found if c["kind"] == "generalized-coherence-at-most"]
    lowers = [(rational(c["lower"]), c["atom"]) for c in found if c["kind"] == "generalized-coherence-lower"]
    lower, atom = max((item for item in lowers if item[0] > 0), key=lambda item: item[0], default=(None, None))
    upper = min(uppers, default=None)
    if upper is None and lower is None:
        return None
    if upper == 0 and lower is None:
        lower = Fraction(0)
    if upper is not None and lower is not None and lower > upper:
        raise VerifyError("the claims contradict one another: mu~ has a lower bound above its upper bound")
    return GeneralizedCoherence(lower=lower, upper=upper, atom=atom)


def generalized_babel(claims: Iterable[Claim]) -> Claim | None:
    """Return the `generalized-babel` claim whose sums stay below 1 the longest, or None."""
    found = (c for c in claims if c["kind"] == "generalized-babel")
    return max(found, key=lambda c: (sums_below_one(c), len(c["sums"])), default=None)


def sums_below_one(claim: Claim) -> int:
    """Return the largest k with a sum below 1 that a `generalized-babel` claim gives, 0 if there is none."""
    return max((k for k, text in enumerate(claim["sums"], 1) if rational(text) < 1), default=0)


def null_space(claims: Iterable[Claim], scaling: str) -> dict[int, Bounds]:
    """Return the sharpest bounds of nsc_k for this scaling at every claimed level, increasing; errors as for mu~.

    As nsc_k grows with k by its definition, an upper bound of a level is one of the levels below, a lower bound one of
    those above.
    """
    about = [c for c in claims if c.get("scaling") == scaling]
    return _by_level(about, "null-space", "nsc")


def at_level(constants: dict[int, Bounds], level: int) -> Bounds | None:
    """Return the bounds at any level of constants that grow with it, from the next levels known, or None."""
    lower = next((constants[k].lower for k in sorted(constants, reverse=True) if k <= level), None)
    above = next((constants[k] for k in sorted(constants) if k >= level), None)
    if lower is None and (above is None or above.upper is None):
        return None
    return Bounds(lower=lower, upper=above and above.upper, upper_by=above and above.upper_by)


def isometry(claims: Iterable[Claim]) -> dict[int, Bounds]:
    """Return the sharpest bounds of delta_k at every claimed level, increasing, as for nsc_k."""
    return _by_level(claims, "isometry", "delta")


def rates(claims: Iterable[Claim], kind: str) -> dict[int, tuple[Fraction, str]]:
    """Return for every claimed level, increasing, the least rate of an iteration and its theorem.

    `kind` is `hard-thresholding` or `network-rate`.
    """
    found: dict[int, tuple[Fraction, str]] = {}
    for claim in claims:
        if claim["kind"] == kind:
            rate = (rational(claim["rate"]), str(claim["theorem"]))
            found[claim["level"]] = min(found.get(claim["level"], rate), rate)
    return dict(sorted(found.items()))


def _by_level(claims: Iterable[Claim], kind: str, name: str) -> dict[int, Bounds]:
    lowers: dict[int, Fraction] = {}
    uppers: dict[int, tuple[Fraction, str]] = {}
    for claim in claims:
        if claim["kind"] == f"{kind}-lower":
            lowers[claim["level"]] = max(lowers.get(claim["level"], _NOTHING), rational(claim["lower"]))
        elif claim["kind"] == f"{kind}-upper":
            bound = (rational(claim["upper"]), str(claim["theorem"]))
            uppers[claim["level"]] = min(uppers.get(claim["level"], bound), bound)
    known = sorted({*lowers, *uppers})
    below = dict(zip(known, accumulate((lowers.get(k, _NOTHING) for k in known), max), strict=True))
    above: dict[int, tuple[Fraction, str] | None] = {}
    least: tuple[Fraction, str] | None = None
    for level in reversed(known):
        least = min((bound for bound in (uppers.get(level), least) if bound is not None), default=None)
        above[level] = least
    return {level: _bounds(f"{name}_{level}", below[level], above[level]) for level in known}


_NOTHING = Fraction(0)  # a lower bound that says nothing


def _bounds(name: str, lower: Fraction, upper: tuple[Fraction, str] | None) -> Bounds:
    if upper is None:
        return Bounds(lower=lower if lower > 0 else None, upper=None)
    if lower > upper[0]:
        raise VerifyError(
            f"the claims contradict one another: {name} is at least about {approximate(lower)} and at most about "
            f"{approximate(upper[0])}"
        )
    return Bounds(lower=lower if lower > 0 or upper[0] == 0 else None, upper=upper[0], upper_by=upper[1])
