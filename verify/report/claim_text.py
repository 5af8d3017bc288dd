"""What one claim says, as a sentence."""

from __future__ import annotations

from collections.abc import Callable

from .escaping import short_rational, shortened, visible
from .model import Claim
from .sentences import NAMES, atoms


def claim_text(claim: Claim) -> str:
    """Return what the claim says in words; a kind not known here is shown field by field."""
    speak = _SAYS.get(str(claim.get("kind")))
    try:
        text = speak(claim) if speak else _fields(claim)
    except (KeyError, IndexError, TypeError):
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


_SAYS: dict[str, Callable[[Claim], str]] = {
    "atom-norms": _norms,
    "welch-bound": lambda c: f"Welch bound: μ² ≥ {short_rational(c['squared'])} for every dictionary of this shape",
    "mutual-coherence": _coherence,
    "babel": lambda c: f"Babel function: bounds of μ₁(k) for k = 1 to {len(c['upper'])}",
    "rank": lambda c: f"rank from {c['lower']} to {c['upper']}",
    "independent": lambda _: "the atoms are linearly independent",
    "spark-lower": lambda c: f"spark ≥ {c['value']}, by {c['theorem']}",
    "spark-upper": lambda c: f"spark ≤ {c['value']}",
    "null-vector": lambda c: f"a null vector with {len(c['support'])} nonzeros",
    "dependent-atoms": lambda c: f"some {c['count']} atoms are linearly dependent",
    "guaranteed": _level,
    "refuted": _level,
}
