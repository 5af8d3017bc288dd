"""What one claim says, as a sentence."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import InputError
from .claims import array
from .constants import sums_below_one
from .convolutional.claim_words import SAYS
from .escaping import short_rational, shortened, visible
from .model import Claim
from .numbers import approximate, rational
from .sentences import NAMES, atoms


def claim_text(claim: Claim) -> str:
    """Return what the claim says in words; a kind not known here is shown field by field."""
    speak = _SAYS.get(str(claim.get("kind")))
    try:
        text = speak(claim) if speak else _fields(claim)
    except (KeyError, IndexError, TypeError, ValueError, InputError):
        text = _fields(claim)
    return visible(text)


def _fields(claim: Claim) -> str:
    rest = ", ".join(f"{k} = {shortened(str(v), 60)}" for k, v in claim.items() if k != "kind")
    return f"{claim.get('kind')}: {rest}" if rest else str(claim.get("kind"))


def _level(claim: Claim) -> str:
    return (
        f"{NAMES[claim['question']]} ({claim['question']}), {atoms(claim['scaling'])}: "
        f"{'guaranteed up to' if claim['kind'] == 'guaranteed' else 'refuted from'} level {claim['level']}, "
        f"by {claim['theorem']}"
    )


def _norms(claim: Claim) -> str:
    if claim["equal"]:
        return f"all atoms have squared norm {short_rational(claim['squared_min'])}"
    return f"squared norms from {short_rational(claim['squared_min'])} to {short_rational(claim['squared_max'])}"


def _coherence(claim: Claim) -> str:
    i, j = claim["pair"]
    return f"mutual coherence: μ² = {short_rational(claim['squared'])}, attained by atoms {i} and {j}"


def _about(text: object) -> str:
    value = rational(text)
    return f"about {approximate(value)}" if len(str(text)) > _LONG else str(text)


def _generalized_coherence(claim: Claim) -> str:
    largest = max(array(claim["upper"]))
    return f"generalized coherence: bounds of μ~_i for every atom i, the largest about {approximate(largest)}"


def _generalized_babel(claim: Claim) -> str:
    reached = sums_below_one(claim)
    return f"generalized Babel function: bounds of P(k) for k = 1 to {len(claim['upper'])}, " + (
        f"P(k) + P(k-1) < 1 up to k = {reached}" if reached else "no bound of P(k) + P(k-1) below 1"
    )


def _null_space(claim: Claim) -> str:
    level = f"null-space constant ({atoms(claim['scaling'])}): nsc_{claim['level']}"
    if claim["kind"] == "null-space-lower":
        return f"{level} ≥ {_about(claim['lower'])}"
    return f"{level} ≤ {_about(claim['upper'])}, by {claim['theorem']}"


def _network_rate(claim: Claim) -> str:
    return (
        f"unrolled network at level {claim['level']}: the largest error falls by the factor {_about(claim['rate'])} in "
        f"every layer, by {claim['theorem']}"
    )


def _hard_thresholding(claim: Claim) -> str:
    level = claim["level"]
    return (
        f"iterative hard thresholding at level {level}: the error falls by the factor {_about(claim['rate'])} in every "
        f"step, by {claim['theorem']}"
    )


_LONG = 12
_SAYS: dict[str, Callable[[Claim], str]] = {
    "atom-norms": _norms,
    "welch-bound": lambda c: f"Welch bound: μ² ≥ {short_rational(c['squared'])} for every dictionary of this shape",
    "mutual-coherence": _coherence,
    "babel": lambda c: f"Babel function: bounds of μ₁(k) for k = 1 to {len(c['upper'])}",
    "generalized-coherence-upper": _generalized_coherence,
    "generalized-coherence-at-most": lambda c: f"generalized coherence: μ~ ≤ {_about(c['upper'])}",
    "generalized-coherence-lower": lambda c: f"generalized coherence: μ~ ≥ {_about(c['lower'])}, at atom {c['atom']}",
    "generalized-babel": _generalized_babel,
    "null-space-upper": _null_space,
    "null-space-lower": _null_space,
    "isometry-upper": lambda c: (
        f"restricted isometry: δ_{c['level']} ≤ {_about(c['upper'])} (unit atoms), by {c['theorem']}"
    ),
    "isometry-lower": lambda c: f"restricted isometry: δ_{c['level']} ≥ {_about(c['lower'])} (unit atoms)",
    "hard-thresholding": _hard_thresholding,
    "network-rate": _network_rate,
    "support-values": lambda c: f"bounds of |h_S| for all sets S of {c['order']} atoms, h in the null space",
    "rank": lambda c: f"rank from {c['lower']} to {c['upper']}",
    "independent": lambda _: "the atoms are linearly independent",
    "spark-lower": lambda c: f"spark ≥ {c['value']}, by {c['theorem']}",
    "spark-upper": lambda c: f"spark ≤ {c['value']}",
    "null-vector": lambda c: f"a null vector with {len(c['support'])} nonzeros",
    "dependent-atoms": lambda c: f"some {c['count']} atoms are linearly dependent",
    "guaranteed": _level,
    "refuted": _level,
    **SAYS,
}
