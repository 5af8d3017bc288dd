"""Densities over the size of the signal: by stripes nothing proved for every code changes, and intervals are in order."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.facts.convolutional.stripes import stripe_sparsity
from verify.networks.forward_pass import LayerCodes, Rule, densities, forward_pass, measured_layers, typical_pass
from verify.networks.forward_pass.simulated import _unit

FILTERS = np.random.default_rng(0).choice([-1.0, 1.0], size=(2, 1, 256))
HALF = Fraction(1, 2)


def test_densities_are_those_of_each_size_alone() -> None:
    dictionary = ConvolutionalDictionary.of(FILTERS, stride=64)
    (layer,), codes = measured_layers([dictionary]), LayerCodes.of(1, 1, 1)
    small, large = densities(layer, codes, Rule.hard, [(256,), (448,)], trials=40)
    assert small.guaranteed == large.guaranteed > 1
    for s, found in ((small.guaranteed, True), (small.guaranteed + 1, False)):
        assert (forward_pass([layer], [LayerCodes.of(s, 1, 1)], Rule.hard, [HALF]).failed is None) == found
    assert (small.atoms, large.atoms) == (2, 8)
    for row in (small, large):
        for s in range(1, 14):
            missed = typical_pass([layer], [LayerCodes.of(s, 1, 1)], Rule.hard, row.lengths).probability_upper
            assert missed is not None
            assert (missed <= Fraction(1, 10)) == (s <= (row.typical or 0))
        assert row.guaranteed <= row.seen
        assert row.unseen is None or row.seen < row.unseen
        assert 1 <= row.nonzeros <= row.atoms
    relu = densities(layer, codes, Rule.relu, [(256,)], trials=40)
    assert relu[0].typical is None
    with pytest.raises(InputError, match="sizes are for filters"):
        densities(measured_layers([Dictionary(real=np.eye(3))])[0], codes, Rule.hard, [(3,)])
    with pytest.raises(InputError, match="less than half of the least modulus 1, got 1/2"):
        densities(layer, LayerCodes.of(1, 1, 1, HALF), Rule.hard, [(256,)])


@pytest.mark.parametrize("boundary", ["full", "circular"])
def test_supports_are_as_crowded_as_stripes_allow(boundary: str) -> None:
    dictionary = ConvolutionalDictionary.of(np.ones((2, 1, 3, 2)), boundary=boundary)
    unit = _unit(dictionary, (7, 6))
    for support in unit.supports(np.random.default_rng(0), 2, 3):
        assert stripe_sparsity(dictionary, support).largest == 2
        for place in np.argwhere(support == 0):
            more = support.copy()
            more[tuple(place)] = 1
            assert stripe_sparsity(dictionary, more).largest == 3
