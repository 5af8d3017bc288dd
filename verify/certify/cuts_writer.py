"""Weights of filters, and what the boundary 'same' leaves whole, as steps of a certificate."""

from __future__ import annotations

from typing import Any

from certificates.format import Draft, integers, packed, rational

from ..facts.convolutional.coherence import ConvolutionalCoherence
from ..facts.convolutional.cuts import CutFacts
from ..facts.convolutional.generalized import WeightFilters
from ..judge_cuts import SupportLevel
from ..verdict import Scaling


def written_weights(family: WeightFilters) -> Any:
    """Return the weights as a certificate spells them."""
    return packed(family.weights.astype("<i8").tobytes(), 8)


def written_upper(family: WeightFilters) -> Any:
    """Return the bounds, one for each filter, as a certificate spells them."""
    shift = max(value.denominator.bit_length() - 1 for value in family.upper)
    return integers([int(value * (1 << shift)) for value in family.upper], -shift)


def write_cut_weights(draft: Draft, family: WeightFilters, among: str, sizes: str) -> int:
    """Write the weights of atoms cut in one way, and claim their bounds; return the step."""
    assert family.window is not None
    fields: dict[str, Any] = {
        "among": among,
        "upper": written_upper(family),
        "window": [list(part) for part in family.window],
    }
    step = draft.step("filter-cut-weights", weights=written_weights(family), **fields)
    draft.claim(step, "convolutional-cut-weights", sizes=sizes, **fields)
    return step


def write_inside(draft: Draft, facts: CutFacts, levels: tuple[SupportLevel, ...], scaling: Scaling, sizes: str) -> None:
    """Write and claim the facts of whole atoms, and the levels of codes that keep away from the ends."""
    narrow = _write_coherence(draft, facts.coherence, "uncut", sizes)
    steps: dict[tuple[str, bool], list[int]] = {("recovery-of-uncut-by-coherence", False): [narrow]}
    wide = _write_coherence(draft, facts.wide_coherence, "one-uncut", sizes)
    steps["recovery-of-uncut-by-coherence", True] = [wide]
    if facts.babel is not None and facts.wide_babel is not None:
        both: list[int] = []
        for among, upper in (("uncut", facts.babel), ("to-uncut", facts.wide_babel)):
            fields: dict[str, Any] = {"among": among, "upper": [rational(value) for value in upper]}
            both.append(draft.step("filter-babel-among", **fields))
            draft.claim(both[-1], "convolutional-babel-among", sizes=sizes, **fields)
        steps["recovery-of-uncut-by-babel", False], steps["recovery-of-uncut-by-babel", True] = both[:1], both
    for family, among in ((facts.weights, "uncut"), (facts.wide_weights, "all")):
        if family is not None:
            step = write_cut_weights(draft, family, among, sizes)
            steps["recovery-of-uncut-by-weights", among == "all"] = [step]
    for level in levels:
        if level.guaranteed_by is not None:
            asked: dict[str, Any] = {
                "level": level.guaranteed,
                "question": level.question.value,
                "scaling": scaling.value,
                "sparsity": level.sparsity,
                "support": level.support.value,
            }
            step = draft.step(level.guaranteed_by, steps[level.guaranteed_by, level.wide], **asked)
            draft.claim(step, "convolutional-guaranteed-among", sizes=sizes, theorem=level.guaranteed_by, **asked)


def _write_coherence(draft: Draft, found: ConvolutionalCoherence, among: str, sizes: str) -> int:
    first, second = ([c, *place] for c, place in zip(found.pair, found.positions, strict=True))
    pair: dict[str, Any] = {"among": among, "first": first, "lengths": list(found.code), "second": second}
    step = draft.step("filter-coherence-among", **pair)
    draft.claim(step, "convolutional-coherence-among", sizes=sizes, squared=rational(found.squared), **pair)
    return step
