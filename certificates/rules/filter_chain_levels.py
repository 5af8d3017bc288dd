"""The rule that answers questions about deep codes of a chain of filters, layer by layer (SPEC.md section 6.16)."""

from __future__ import annotations

from collections.abc import Sequence

from .filter_chain_class import FilterChainInstance
from .values import SCALINGS, Fields, Reject, Statement, Task

_PREMISE = ("about", "kind", "level", "question", "scaling", "sizes", "sparsity", "theorem")


def filters_by_layers(instance: FilterChainInstance, evidence: object) -> Task:
    """Deep codes are unique, or found by basis pursuit layer by layer, if the codes of every D_j are."""
    fields = Fields(evidence, ("levels", "question", "scaling"))
    filters, levels = instance.chain.filters, fields.naturals("levels")
    question, scaling = fields.choice("question", ("l0", "l1")), fields.choice("scaling", SCALINGS)
    if len(levels) != len(filters) or min(levels) < 1:
        raise Reject(f"levels is not a list of {len(filters)} levels of at least 1")

    def derive(premises: Sequence[Statement]) -> Statement:
        for at, premise in enumerate(premises):
            found = Fields(premise, _PREMISE, "the guarantee")
            asked = tuple(found.raw(name) for name in ("question", "scaling", "sparsity"))
            if found.naturals("about") != [at, at + 1] or asked != (question, scaling, "stripe"):
                raise Reject(f"a premise does not answer {question} with scaling {scaling} for stripes of filters {at}")
            if found.natural("level") < levels[at]:
                raise Reject(f"{question} is not guaranteed at level {levels[at]} for filters {at}")
        return {
            "kind": "convolutional-deep-guaranteed",
            "levels": levels,
            "question": question,
            "scaling": scaling,
            "sizes": [one.sizes for one in filters],
            "theorem": "dsc-filters-by-layers",
        }

    return Task(("convolutional-guaranteed",) * len(filters), 10 * len(filters), derive)
