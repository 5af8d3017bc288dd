"""What one claim about filters or a network says, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..claims import array
from ..escaping import short_rational
from ..model import Claim
from ..numbers import approximate, decimals, rational
from ..sentences import NAMES, atoms

_COUNTED = {"stripe": "in each stripe", "total": "in all"}
_FEW = 4


def sizes_in_words(sizes: str) -> str:
    """Return the sizes that a statement holds for, as a sentence has them."""
    return "every size" if sizes == "every" else sizes.replace("every period", "every size with a period")


def _place(atom: Sequence[int]) -> str:
    return f"filter {atom[0]} at {', '.join(map(str, atom[1:]))}"


def _size(claim: Claim) -> str:
    return f"codes of size {' x '.join(map(str, claim['lengths']))}"


def _norms(claim: Claim) -> str:
    low, high = short_rational(claim["squared_min"]), short_rational(claim["squared_max"])
    text = f"all atoms have squared norm {low}" if claim["equal"] else f"squared norms of atoms from {low} to {high}"
    return f"{text}, for signals of {sizes_in_words(claim['sizes'])}"


def _coherence(claim: Claim) -> str:
    return (
        f"mutual coherence of filters: μ² ≤ {short_rational(claim['squared'])} for signals of "
        f"{sizes_in_words(claim['sizes'])}, attained by {_place(claim['first'])} and {_place(claim['second'])}, "
        f"{_size(claim)}"
    )


def _babel(claim: Claim) -> str:
    first = ", ".join(approximate(rational(value), 4) for value in claim["upper"][:_FEW])
    return (
        f"Babel function over stripes: bounds of μ₁(k) for k = 1 to {len(claim['upper'])}, about {first}"
        f"{', ..' if len(claim['upper']) > _FEW else ''}, for signals of {sizes_in_words(claim['sizes'])}"
    )


def _generalized(claim: Claim) -> str:
    reach = " x ".join(map(str, claim["margin"]))
    where = f"up to {reach} beyond the taps" if any(claim["margin"]) else "on the taps"
    return (
        f"generalized coherence of filters: bounds of μ~_i for every atom, the largest about "
        f"{approximate(max(array(claim['upper'])))}, by weights {where}, for signals of "
        f"{sizes_in_words(claim['sizes'])}"
    )


def _level(claim: Claim) -> str:
    asked = f"{NAMES[claim['question']]} ({claim['question']}), {atoms(claim['scaling'])}, nonzeros counted "
    asked += _COUNTED[claim["sparsity"]]
    if claim["kind"] == "convolutional-guaranteed":
        return (
            f"{asked}: guaranteed up to level {claim['level']} for signals of {sizes_in_words(claim['sizes'])}, "
            f"by {claim['theorem']}"
        )
    return f"{asked}: refuted from level {claim['level']}, {_size(claim)}, by {claim['theorem']}"


_WHOLE = {"uncut": "two whole atoms", "one-uncut": "a whole atom and any other", "to-uncut": "any atom with whole ones"}
_SUPPORTS = {"uncut": "on whole atoms", "interior": "on atoms whose stripes are whole"}


def _coherence_among(claim: Claim) -> str:
    return f"coherence of {_WHOLE[claim['among']]}: μ² ≤ {short_rational(claim['squared'])}, boundary same"


def _babel_among(claim: Claim) -> str:
    count = len(claim["upper"])
    return f"Babel function of {_WHOLE[claim['among']]}: bounds for k = 1 to {count}, boundary same"


def _cut_weights(claim: Claim) -> str:
    most = approximate(max(array(claim["upper"])))
    window = " x ".join(f"{start}..{end - 1}" for start, end in claim["window"])
    against = "all" if claim["among"] == "all" else "whole"
    return f"weights for atoms cut to the taps {window}: products with {against} atoms of at most about {most}"


def _level_among(claim: Claim) -> str:
    return f"{_level({**claim, 'kind': 'convolutional-guaranteed'})}, for codes {_SUPPORTS[claim['support']]}"


def _null_vector(claim: Claim) -> str:
    return f"a null vector with {len(claim['support'])} nonzeros, {_size(claim)}"


def _error(claim: Claim) -> str:
    stripes = claim["kind"].startswith("convolutional")
    most = decimals(rational(claim["linf"]), 4).upper
    many = f"at most {claim['sparsity']} nonzero{'' if claim['sparsity'] == 1 else 's'}"
    many += " in each stripe" if stripes else ""
    sign = ", none negative" if claim["nonnegative"] else ""
    sizes = f"for signals of {sizes_in_words(claim['sizes'])}, " if stripes else ""
    noise = f"noise of norm at most {short_rational(claim['noise'])}"
    noise += " under the taps of each atom" if stripes else ""
    noise = "no noise" if claim["noise"] == "0" else noise
    return (
        f"network: {sizes}every code with {many}, entries of at most {short_rational(claim['bound'])}{sign}, {noise}, "
        f"is found with an error of at most {most} in every entry after {len(claim['on'])} layers, "
        f"{claim['arithmetic']} arithmetic"
    )


SAYS: dict[str, Callable[[Claim], str]] = {
    "convolutional-norms": _norms,
    "convolutional-coherence": _coherence,
    "convolutional-babel": _babel,
    "convolutional-generalized-coherence": _generalized,
    "convolutional-guaranteed": _level,
    "convolutional-refuted": _level,
    "convolutional-null-vector": _null_vector,
    "convolutional-coherence-among": _coherence_among,
    "convolutional-babel-among": _babel_among,
    "convolutional-cut-weights": _cut_weights,
    "convolutional-guaranteed-among": _level_among,
    "convolutional-network-error": _error,
    "network-error": _error,
}
