"""The typical case: random signs, and a bound of the probability that a forward pass misses a support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...dictionaries.convolutional import ConvolutionalDictionary
from ...dictionaries.dictionary import Dictionary
from ...errors import InputError
from ...theorems import theorem
from ...theorems.language.values import root
from .codes import LayerCodes, Rule
from .layers import MeasuredLayer
from .passes import entering, upper_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTypical:
    """One layer with |d_i^T e| <= `noise` and the threshold `threshold` = |x|_min/2, by the theorem `statement`.

    `probability_upper` bounds the probability of missing the support while all layers below found theirs, None where
    noise reaches the threshold; `error` bounds the error of the code where the support is found.
    """

    codes: LayerCodes
    noise: Fraction
    threshold: Fraction
    probability_upper: Fraction | None
    error: Fraction | None
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalPass:
    """The layers up to the first for which nothing is proved; `probability_upper` bounds missing any support."""

    layers: tuple[LayerTypical, ...]
    probability_upper: Fraction | None


def typical_pass(
    layers: Sequence[MeasuredLayer],
    codes: Sequence[LayerCodes],
    rule: Rule = Rule.hard,
    signal: Sequence[int] | None = None,
) -> TypicalPass:
    """Follow one forward pass with thresholds |x|_min/2 on codes with random signs, and add up what can go wrong.

    In every layer support and moduli of x_j are fixed, and the signs independent and uniform; layers need not be
    independent of each other. `signal` are the lengths of signals of convolutional layers, whose atoms are counted.
    Where no layer below missed and this one does not, its sums are at most |x|_min/2 - eps, which bounds its error.

    Guarantee: probabilities are rounded up from enclosures of the exponentials, at most 1; the union bound adds them.
    Cost: the sums of squares of each layer. Raises InputError for relu (codes >= 0 have no random signs), and for
    filters without `signal`. Source: Murray, Tanner 2018; Schnass, Vandergheynst 2007; theory 5.2.
    """
    if rule is Rule.relu:
        raise InputError("the typical case is about random signs, and codes of relu have none: take hard or soft")
    if len(codes) != len(layers):
        raise InputError(f"expected {len(layers)} classes of codes, one for each layer, got {len(codes)}")
    counts = atoms_of(layers, signal)
    error, total, found = Fraction(0), Fraction(0), []
    for j, (layer, own) in enumerate(zip(layers, codes, strict=True)):
        before = (layers[j - 1], codes[j - 1].sparsity) if j else None
        *_, eps = entering(layer, own, before, error)
        statement, missed = _missed(layer, own, eps, counts[j])
        sums = min(layer.sum_upper(own.sparsity - 1) * own.largest + eps, own.least / 2)
        error = sums + (own.least / 2 if rule is Rule.soft else 0)
        found.append(
            LayerTypical(
                codes=own,
                noise=eps,
                threshold=own.least / 2,
                probability_upper=missed,
                error=None if missed is None else error,
                statement=statement,
            )
        )
        if missed is None:
            return TypicalPass(layers=tuple(found), probability_upper=None)
        total += missed
    return TypicalPass(layers=tuple(found), probability_upper=min(total, Fraction(1)))


def code_lengths(layers: Sequence[MeasuredLayer], signal: Sequence[int] | None) -> list[Sequence[int] | None]:
    """Return the lengths of the code of each convolutional layer for signals of these lengths, None where unknown.

    Raises InputError for signals that no code fits.
    """
    found: list[Sequence[int] | None] = []
    lengths = signal
    for layer in layers:
        filters = layer.dictionary
        lengths = filters.code_lengths(lengths) if lengths and isinstance(filters, ConvolutionalDictionary) else None
        found.append(lengths)
    return found


def atoms_of(layers: Sequence[MeasuredLayer], signal: Sequence[int] | None) -> list[int]:
    """Return the number of atoms of each layer, for signals of these lengths; raise InputError where they lack."""
    counts = [layer.atoms(lengths) for layer, lengths in zip(layers, code_lengths(layers, signal), strict=True)]
    if None in counts:
        raise InputError("expected the lengths of the signal, which say how many atoms there are")
    return [count for count in counts if count is not None]


def _missed(layer: MeasuredLayer, codes: LayerCodes, eps: Fraction, atoms: int) -> tuple[str, Fraction | None]:
    """Return the id of the statement, and an upper bound of the probability of missing a support."""
    dense = isinstance(layer.dictionary, Dictionary)
    name = "thresholding-typical" if dense else "thresholding-typical-local"
    if 2 * eps >= codes.least:
        return name, None
    squares = layer.squares_upper(codes.sparsity)
    if not squares:
        return name, Fraction(0)  # the atoms are orthogonal: only noise enters the sums
    values = {
        "n": Fraction(atoms),
        "mu_2": root(squares),
        "x_min": codes.least,
        "x_max": codes.largest,
        "eps": eps,
    }
    if dense:
        before = layer.squares_upper(codes.sparsity - 1) or squares
        values |= {"s": Fraction(codes.sparsity), "mu_2_before": root(before)}
    return name, min(Fraction(1), upper_of(theorem(name).apply(values)["probability"]))
