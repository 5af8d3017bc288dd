"""Results about filters as small pieces of HTML, for notebooks: what the checker accepted, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

import certificates

from ..dictionaries.convolutional import ConvolutionalDictionary
from ..dictionaries.convolutional_chain import stripe_size
from ..networks.convolutional.unrolled import ConvolutionalNetwork
from ..verdict import Question
from .cards import ACCEPTED, NOT_CHECKED, card, upper

_COUNTED = {"stripe": "in each stripe", "total": "in all"}


def filters_card(dictionary: ConvolutionalDictionary, answer: object, sparsity: int | None) -> str:
    """Return levels by question and way to count, as the checker accepted them, and where one was asked its verdict."""
    source, shape = escape(str(dictionary.origin.source)[:200]), _shape(dictionary.filters.shape)
    name = f"{source} (filters {shape}, boundary {dictionary.boundary.value})"
    if not isinstance(answer, certificates.Accepted):
        return card(name, NOT_CHECKED, (), ())
    rows: list[tuple[str, ...]] = []
    stripe = stripe_size(dictionary)
    for question in Question:
        every = any(
            str(one["kind"]).endswith("guaranteed") and int(str(one["level"])) >= stripe
            for one in answer.claims
            if (one.get("question"), one.get("sparsity")) == (question.value, "stripe")
        )
        for counted, words in _COUNTED.items():
            asked = (question.value, counted)
            claims = [one for one in answer.claims if (one.get("question"), one.get("sparsity")) == asked]
            most = max((int(str(one["level"])) for one in claims if str(one["kind"]).endswith("guaranteed")), default=0)
            levels = [int(str(one["level"])) for one in claims if str(one["kind"]).endswith("refuted")]
            least, verdict = min(levels, default=None), ""
            if sparsity is not None:
                refuted = least is not None and sparsity >= least
                verdict = "guaranteed" if every or sparsity <= most else "refuted" if refuted else "undecided"
            yes = "every code" if every else f"up to {most}" if most else "-"
            no = f"from {least}" if least else "-"
            rows.append((question.value, words, yes, no, verdict))
    head = ["question", "nonzeros", "guaranteed", "refuted", "" if sparsity is None else f"at {sparsity}"]
    sizes = next((str(one["sizes"]) for one in answer.claims if "sizes" in one), "every")
    return card(name, f"{ACCEPTED[:-1]}, for signals of this size: {sizes}.", head, rows)


def filter_network_card(network: ConvolutionalNetwork, answer: object) -> str:
    """Return the class and the bound of the error that the checker accepted, rounded up to six digits."""
    shape = _shape(network.shape)
    name = f"network of convolutions for filters {shape}, {network.depth} layers, {network.dtype.value}"
    if not isinstance(answer, certificates.Accepted):
        return card(name, NOT_CHECKED, (), ())
    claim = answer.claims[0]
    words = {"sparsity": "nonzeros in each stripe", "bound": "bound", "noise": "noise under each atom"}
    rows = [(text, str(claim[key])[:60]) for key, text in words.items()]
    rows.append(("error, every entry", f"at most {upper(Fraction(str(claim['linf'])))}"))
    return card(name, ACCEPTED, ("codes and noise", ""), rows)


def _shape(shape: Sequence[int]) -> str:
    return " &times; ".join(map(str, shape))
