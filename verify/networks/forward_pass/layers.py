"""The layers of a stack, measured: sums of inner products between atoms, and of entries of atoms, from above."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ...dictionaries.convolutional import ConvolutionalDictionary
from ...dictionaries.dictionary import Dictionary
from ...errors import InputError
from ...exact import root_enclosure
from ...facts.babel import babel
from ...facts.coherence import MutualCoherence, mutual_coherence
from ...facts.convolutional.babel import convolutional_babel
from ...facts.convolutional.coherence import ConvolutionalCoherence, convolutional_coherence
from ...facts.convolutional.cross_correlations import cut_filters, meetings
from ...facts.convolutional.quadratic_babel import convolutional_squared_babel_upper
from ...facts.quadratic_babel import squared_babel_upper
from ...facts.spread import spread_upper

Layer = Dictionary | ConvolutionalDictionary
_BITS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class MeasuredLayer:
    """A dictionary of a stack, its atoms scaled to unit norm. All numbers are proved upper bounds."""

    dictionary: Layer

    @property
    def others(self) -> int:
        """How many other atoms the stripe of an atom has: n - 1 for a matrix."""
        if isinstance(self.dictionary, Dictionary):
            return self.dictionary.shape[1] - 1
        return self.dictionary.channels[0] * math.prod(2 * r + 1 for r in self.dictionary.reach) - 1

    @cached_property
    def coherence_upper(self) -> Fraction:
        """An upper bound of mu."""
        return root_enclosure(self._coherence.squared, _BITS).upper

    def sum_upper(self, s: int) -> Fraction:
        """Return an upper bound of mu_1(s), over stripes."""
        s = min(s, self.others)
        known = self._sums[s - 1] if 0 < s <= len(self._sums) else s * self.coherence_upper
        return min(known, s * self.coherence_upper)

    def squares_upper(self, s: int) -> Fraction:
        """Return an upper bound of mu_2(s)^2, over stripes."""
        s = min(s, self.others)
        if not s or not self._coherence.squared:
            return Fraction(0)
        if isinstance(self.dictionary, Dictionary):
            found = squared_babel_upper(self.dictionary, s)
        else:
            found = convolutional_squared_babel_upper(self.dictionary, s)
        return min(found[-1], s * self._coherence.squared)

    def spread_upper(self, k: int) -> Fraction:
        """Return an upper bound of the largest sum of k |entries| of one unit atom, cut atoms included."""
        if isinstance(self.dictionary, Dictionary):
            return spread_upper(self.dictionary, k)
        windows = {meeting.first_window for meeting in meetings(self.dictionary)}
        return max(spread_upper(cut_filters(self.dictionary, window), k) for window in windows)

    def atoms(self, lengths: Sequence[int] | None) -> int | None:
        """Return the number of atoms, for a convolutional dictionary at code lengths; None where there are none."""
        if isinstance(self.dictionary, Dictionary):
            return self.dictionary.shape[1]
        return None if lengths is None else self.dictionary.channels[0] * math.prod(lengths)

    @cached_property
    def _coherence(self) -> MutualCoherence | ConvolutionalCoherence:
        if isinstance(self.dictionary, Dictionary):
            return mutual_coherence(self.dictionary)
        return convolutional_coherence(self.dictionary)

    @cached_property
    def _sums(self) -> tuple[Fraction, ...]:
        coherence = self._coherence
        if isinstance(self.dictionary, Dictionary):
            assert isinstance(coherence, MutualCoherence)
            return babel(self.dictionary, coherence).upper
        assert isinstance(coherence, ConvolutionalCoherence)
        return convolutional_babel(self.dictionary, coherence).upper


def measured_layers(dictionaries: Sequence[Layer]) -> tuple[MeasuredLayer, ...]:
    """Return the layers of a stack, the first one next to the signal; facts are measured when they are asked for.

    Raises InputError for no dictionary, complex ones, matrices beside filters, and sizes that do not fit: codes of each
    layer are signals of the next.
    """
    if not dictionaries:
        raise InputError("expected at least one dictionary")
    for j, dictionary in enumerate(dictionaries, 1):
        if isinstance(dictionary, Dictionary) and dictionary.field != "real":
            raise InputError(f"layer {j}: expected a real dictionary, got a complex one")
    for j, (below, above) in enumerate(pairwise(dictionaries), 2):
        if isinstance(below, Dictionary) and isinstance(above, Dictionary):
            if below.shape[1] != above.shape[0]:
                wanted = f"{below.shape[1]} rows, as many as layer {j - 1} has atoms"
                raise InputError(f"layer {j}: expected {wanted}, got {above.shape[0]}")
        elif isinstance(below, Dictionary) or isinstance(above, Dictionary):
            raise InputError(f"layer {j}: expected matrices alone or filters alone in one stack, got both")
        elif below.grid_axes != above.grid_axes or below.channels[0] != above.channels[1]:
            raise InputError(
                f"layer {j}: expected filters for the {below.channels[0]} code channels of layer {j - 1} on a grid of "
                f"{below.grid_axes} axes, got {above.channels[1]} signal channels and {above.grid_axes} axes"
            )
    return tuple(MeasuredLayer(dictionary=dictionary) for dictionary in dictionaries)


def nonzeros_in_atom(below: Layer, sparsity: int, above: Layer) -> int:
    """Return the most nonzeros of a code of layer `below`, `sparsity` in a stripe, inside the support of an atom above.

    For filters: those in the box of one filter, which as many stripes cover as it takes on each axis.
    """
    if isinstance(below, Dictionary) or isinstance(above, Dictionary):
        assert isinstance(above, Dictionary)
        return min(sparsity, int((above.real != 0).sum(axis=0).max()))
    stripes = math.prod(-(-t // (2 * r + 1)) for t, r in zip(above.support, below.reach, strict=True))
    return min(sparsity * stripes, above.channels[1] * math.prod(above.support))
