"""What the boundary 'same' costs: facts of the atoms that it leaves whole, beside those of all atoms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from ...budget import Budget
from ...dictionaries.convolutional import ConvolutionalDictionary
from ...progress import Progress, silent
from .babel import babel_among
from .coherence import ConvolutionalCoherence, convolutional_coherence
from .cross_correlations import Among
from .generalized import WeightFilters, convolutional_generalized, convolutional_generalized_work


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFacts:
    """What is measured of whole atoms, at all lengths at once.

    `coherence` is that of pairs of whole atoms (the coherence of 'full'), `wide_coherence` that of pairs one of which
    is whole; `babel` bounds the sums of products of whole atoms with whole atoms, `wide_babel` of any atom with whole
    ones; `weights` are for whole atoms against whole atoms, `wide_weights` against all. None where there are no other
    atoms, or weights were not looked for.
    """

    coherence: ConvolutionalCoherence
    wide_coherence: ConvolutionalCoherence
    babel: tuple[Fraction, ...] | None
    wide_babel: tuple[Fraction, ...] | None
    weights: WeightFilters | None
    wide_weights: WeightFilters | None


def measure_cuts(
    dictionary: ConvolutionalDictionary,
    budget: Budget,
    *,
    affordable: Callable[[float], bool],
    progress: Progress = silent,
) -> CutFacts:
    """Measure the atoms that the boundary 'same' leaves whole; weights where their operations are `affordable`.

    Guarantee: exact coherence, upper bounds of sums and of mu~. Cost: as the same facts of 'full', and as many for the
    pairs of a whole and a cut atom. Raises InputError where a cut filter is zero.
    """
    coherence = convolutional_coherence(dictionary, progress, Among.uncut)
    wide = convolutional_coherence(dictionary, progress, Among.one_uncut)
    inside = dictionary.interior
    alone = dictionary.channels[0] == 1 and not any(dictionary.reach)
    weights = wide_weights = None
    if not alone and affordable(2 * convolutional_generalized_work(inside)):
        whole = tuple((0, t) for t in dictionary.support)
        found = convolutional_generalized(inside, budget=budget, progress=progress)
        weights = replace(found.families[0], window=whole)
        (wide_weights,) = convolutional_generalized(
            dictionary, windows=[whole], budget=budget, progress=progress
        ).families
    return CutFacts(
        coherence=coherence,
        wide_coherence=wide,
        babel=None if alone else babel_among(dictionary, coherence, Among.uncut),
        wide_babel=None if alone else babel_among(dictionary, wide, Among.to_uncut),
        weights=weights,
        wide_weights=wide_weights,
    )
