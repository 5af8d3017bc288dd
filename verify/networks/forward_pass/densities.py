"""How dense codes may be so that one forward pass finds them, over the signal's size: proved, typical, observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...dictionaries.convolutional import ConvolutionalDictionary
from ...errors import InputError
from .codes import LayerCodes, Rule
from .layers import MeasuredLayer
from .passes import forward_pass
from .simulated import observed_frequency
from .typical import typical_pass

_GROWTH = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """The sparsities of stripes at one size of the signal, `atoms` of them in all, for the threshold |x|_min/2.

    Every code of stripe sparsity `guaranteed` is found; random signs with `typical` are missed with probability at
    most `missed`, both proved, 0 where not even 1 is. `seen` random codes in a row, with `seen` nonzeros in a stripe,
    were found with probability 1 - `missed` by their interval, with `unseen` they surely are not: observed; None where
    no sparsity was. `nonzeros` is the mean number of nonzeros, in all, of the codes tried at `seen`.
    """

    lengths: tuple[int, ...]
    atoms: int
    guaranteed: int
    typical: int | None
    seen: int
    unseen: int | None
    nonzeros: float


def densities(
    layer: MeasuredLayer,
    codes: LayerCodes,
    rule: Rule,
    sizes: Sequence[Sequence[int]],
    *,
    missed: Fraction = Fraction(1, 10),
    trials: int = 200,
    seed: int = 0,
    confidence: Fraction = Fraction(95, 100),
) -> tuple[Density, ...]:
    """Return what one forward pass of a convolutional layer finds for signals of several sizes (lengths of each axis).

    `codes` give range and noise; their sparsity is not used. By stripes nothing proved for every code depends on the
    size; the typical sparsity falls like 1/log n. Observed sparsities are tried from the guaranteed one on, each 15 %
    above the last, until one surely fails. Guarantee: as `forward_pass`, `typical_pass` and `observed_frequency`.
    Cost: some ten times `trials` codes of each size. Raises InputError for a matrix, and for sizes that no code has.
    Source: Murray, Tanner 2018; theory 5.1, 5.2.
    """
    filters = layer.dictionary
    if not isinstance(filters, ConvolutionalDictionary):
        raise InputError("sizes are for filters: a matrix has one")
    half, most = codes.least / 2, layer.others + 1
    if 2 * codes.noise >= codes.least:
        raise InputError(f"noise: expected less than half of the least modulus {codes.least}, got {codes.noise}")

    def at(s: int) -> LayerCodes:
        return replace(codes, sparsity=s)

    guaranteed = _greatest(most, lambda s: forward_pass([layer], [at(s)], rule, [half]).failed is None)
    found: list[Density] = []
    for size in sizes:
        lengths = filters.code_lengths(size)
        typical = None
        if rule is not Rule.relu:
            typical = _greatest(most, lambda s, n=size: _missed(layer, at(s), rule, n) <= missed)
        s, seen, unseen, nonzeros = max(1, guaranteed), 0, None, 0.0
        while unseen is None and s <= most:
            rate = observed_frequency(
                layer, at(s), rule, half, lengths=lengths, trials=trials, seed=seed, confidence=confidence
            )
            if rate.interval.lower >= 1 - missed:
                seen, nonzeros = s, rate.nonzeros
            if rate.interval.upper < 1 - missed:
                unseen = s
            s = max(s + 1, int(s * _GROWTH))
        atoms = layer.atoms(lengths)
        assert atoms is not None
        found.append(
            Density(
                lengths=tuple(size),
                atoms=atoms,
                guaranteed=guaranteed,
                typical=typical,
                seen=seen,
                unseen=unseen,
                nonzeros=nonzeros,
            )
        )
    return tuple(found)


def _missed(layer: MeasuredLayer, codes: LayerCodes, rule: Rule, size: Sequence[int]) -> Fraction:
    probability = typical_pass([layer], [codes], rule, size).probability_upper
    return Fraction(1) if probability is None else probability


def _greatest(most: int, holds: object) -> int:
    """Return the greatest s up to `most` at which a monotone statement holds, 0 if none."""
    assert callable(holds)
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
