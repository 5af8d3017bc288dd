"""What rules about chains of filters are made of, against explicit matrices; levels of deep codes."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest

import certificates
from certificates.format import Draft, canonical, seal
from certificates.rules.filter_chain import FilterChain
from certificates.rules.filter_chain_bounds import gains, places_under_a_patch
from certificates.rules.filter_chain_networks import patch_level
from certificates.rules.values import Reject
from verify.certify.convolutional_chain import chain_subjects
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.convolutional_chain import ConvolutionalChain

of = ConvolutionalDictionary.of


@pytest.mark.parametrize("boundary", ["full", "circular"])
def test_gains_and_covers_are_bounds_for_explicit_matrices(boundary):
    random = np.random.default_rng(5)
    first = of(random.integers(-5, 6, (2, 2, 5)) / 8, stride=2, boundary=boundary)
    second = of(random.integers(-5, 6, (2, 2, 3)) / 8, stride=2, boundary=boundary)
    made = ConvolutionalChain.of([first, second])
    (F, G), (whole, _) = chain_subjects(made), FilterChain.of(chain_subjects(made)).product(0, 2, 10**9)
    middle = second.signal_lengths((9,))
    matrix = np.abs(first.matrix(middle).real.astype(float))
    row, column = gains(F, 40)
    assert (row / 2**40, column / 2**40) == (matrix.sum(axis=1).max(), matrix.sum(axis=0).max())
    # places of x_1 that the taps of an atom of D_1 D_2 see, and how many patches of D_2 cover them, one after another
    patches = places_under_a_patch(F, G, whole)
    seen = np.abs(first.matrix(middle).real.astype(float)).reshape(2, -1, 2, *middle)[:, 16 : 16 + whole.taps[0]]
    places = set(np.flatnonzero(seen.sum(axis=(0, 1, 2))).tolist())
    count = 0
    while places:
        start = min(places) // 2 * 2
        places -= {(start + at) % middle[0] for at in range(3)}
        count += 1
    assert 1 < count <= patches
    assert places_under_a_patch(None, F, whole) == math.ceil(9 / 4)
    with pytest.raises(Reject, match="stride of filters is greater"):
        places_under_a_patch(None, certificates.Filters.of([1], (1, 1, 1), (2,), "full"), whole)


def test_the_level_of_a_patch_is_that_of_the_producer():
    for boundaries in (("full", "full"), ("full", "circular"), ("circular", "full")):
        made = ConvolutionalChain.of(
            [of(np.ones((2, 1, 3, 2)), boundary=boundaries[0]), of(np.ones((1, 2, 6, 1)), boundary=boundaries[1])]
        )
        for level in (1, 2, 9):
            assert patch_level(*chain_subjects(made), level) == made.patch_level(0, level)


def edited(content: dict, change) -> bytes:
    made = copy.deepcopy(content)
    del made["seal"]
    change(made)
    made["seal"] = seal(made)
    return canonical(made)


def test_deep_codes_are_guaranteed_by_every_layer():
    F = certificates.Filters.of
    first = F([8, 1, 0, 0, 0, 1, 8, 0], (2, 2, 2), (1,), "full")
    filters = [first, F([8, 0, 1, 8], (1, 2, 2), (1,), "circular")]
    subject = [
        {"digest": f.digest, "field": "real", "role": "filters", "shape": [f.count, f.channels, *f.taps]}
        for f in filters
    ]
    draft = Draft(subject=subject[0], chain=subject[1:], loader="npy", producer="tests")
    pair = {"first": [0, 0], "lengths": [4], "second": [0, 1]}
    asked: dict[str, Any] = {"level": 2, "question": "l0", "scaling": "unit", "sparsity": "stripe"}
    for at in range(2):
        one = Draft(subject=subject[at], loader="npy", producer="tests")
        step = one.step("filter-coherence", **pair)
        one.step("recovery-by-filter-coherence", [step], **asked)
        draft.about(at, at + 1, one)
    fields: dict[str, Any] = {"levels": [2, 1], "question": "l0", "scaling": "unit"}
    sizes = ["every", "every period >= 2t-1"]
    step = draft.step("dsc-filters-by-layers", [1, 3], **fields)
    draft.claim(step, "convolutional-deep-guaranteed", **fields, sizes=sizes, theorem="dsc-filters-by-layers")
    content = json.loads(draft.sealed())
    accepted = certificates.check(draft.sealed(), filters=filters)
    assert isinstance(accepted, certificates.Accepted), accepted

    def why(change) -> str:
        found = certificates.check(edited(content, change), filters=filters)
        assert isinstance(found, certificates.Rejected)
        return found.why

    last = 4
    assert "not guaranteed at level 3 for filters 1" in why(
        lambda c: c["steps"][last]["evidence"].update(levels=[2, 3])
    )
    for levels in ([2], [2, 0]):
        assert "2 levels of at least 1" in why(lambda c, v=levels: c["steps"][last]["evidence"].update(levels=v))
    for changed in ({"question": "l1"}, {"scaling": "as-given"}):
        assert "does not answer" in why(lambda c, v=changed: c["steps"][last]["evidence"].update(v))
    for changed in ({"sparsity": "total"}, {"question": "network"}):
        assert "does not answer" in why(lambda c, v=changed: c["steps"][1]["evidence"].update(v))
    assert "for stripes of filters 0" in why(lambda c: c["steps"][last].update(uses=[3, 1]))
    assert "derives something else" in why(lambda c: c["claims"][0]["statement"].update(levels=[2, 2]))
    assert "whole chain" in why(lambda c: c["steps"][last].update(about=[0, 2]))
