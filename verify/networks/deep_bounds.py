"""Proved error constants of three networks for deep sparse codes, for one chain of dictionaries with numbers put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.deep import DeepDictionary
from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..errors import InputError
from ..exact import Enclosure, gram_matrix, root_enclosure
from ..facts.generalized import GeneralizedCoherence
from ..theorems import theorem
from ..theorems.language.application import Result
from ..theorems.language.values import Root, root
from .spectral import norm_upper, sparse_singular_value_lower

Bound = Fraction | Root | Enclosure
_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepClass:
    """All x_1 .. x_J of a chain with |x_j|_0 <= `levels`[j-1] and |x_j|_inf <= `bounds`[j-1].

    `smallest`, where it is given, is at most every nonzero |(x_J)_i|. The model errors are at most the tolerances of
    the chain.
    """

    levels: tuple[int, ...]
    bounds: tuple[Fraction, ...]
    smallest: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerWeights:
    """What the theorems ask of weights w_i with <w_i, d^_i> = 1: all exact, or proved upper bounds.

    `coherence` is max |<w_i, d^_l>|, `length` max |w_i|_2; `rows` are integer vectors v_i, w_i = v_i N_i / <v_i, d_i>.
    """

    coherence: Fraction | Root
    length: Fraction | Root
    rows: tuple[tuple[int, ...], ...]
    factors: tuple[Fraction, ...]
    """The squares of N_i / <v_i, d_i>."""

    def spread(self, level: int) -> Fraction | Root:
        """Return the greatest sum of `level` |entries| of one w_i."""
        sums = (sum(sorted(map(abs, row), reverse=True)[:level]) for row in self.rows)
        return root(max(factor * total * total for factor, total in zip(self.factors, sums, strict=True)))


def layer_weights(dictionary: Dictionary, generalized: GeneralizedCoherence | None = None) -> LayerWeights:
    """Return the constants of weights: those of the generalized coherence, or the unit atoms themselves.

    Guarantee: exact, in the weights as they are. Cost: n^2 m exact multiplications. Raises InputError for a complex
    dictionary, and for weights that are orthogonal to their atom.
    """
    if dictionary.field != "real":
        raise InputError("expected a real dictionary for a network of ReLUs, got a complex one")
    n = dictionary.shape[1]
    atoms = dictionary.integer_atoms(range(n))
    rows = atoms.real if generalized is None else tuple(tuple(map(int, row)) for row in generalized.weights.tolist())
    products, norms = gram_matrix(rows, atoms.real), atoms.squared_norms
    largest = Fraction(0)
    for i, row in enumerate(products):
        if not row[i]:
            raise InputError(f"expected weights that are not orthogonal to their atom, got <w, d> = 0 at atom {i}")
        peak = max((Fraction(p * p, norms[j]) for j, p in enumerate(row) if j != i), default=Fraction(0))
        largest = max(largest, peak * norms[i] / row[i] ** 2)
    # <v_i, d_i> = s_i <v_i, a_i> and N_i = s_i |a_i|: the scales cancel.
    factors = tuple(Fraction(norms[i], products[i][i] ** 2) for i in range(n))
    length = max(f * sum(x * x for x in row) for f, row in zip(factors, rows, strict=True))
    return LayerWeights(coherence=root(largest), length=root(length), rows=rows, factors=factors)


def deepest_first(
    deep: DeepDictionary,
    members: DeepClass,
    *,
    steps: int,
    layer: int | None = None,
    weights: GeneralizedCoherence | None = None,
) -> Mapping[str, Result]:
    """Return q, c, C_1, C_2 and the error of dsc-deepest-first for x_`layer` (default: the last) after `steps` steps.

    `weights` are for D[J] (default: its unit atoms). Guarantee: exact or enclosed; the errors hold for every member of
    the class. Raises InputError if a rho is not the identity, if D[J] has a zero column, or if q >= 1 (by how much).
    """
    last = _last(deep, members, layer)
    product = deep.product(0, deep.depth)
    known = layer_weights(product, weights)
    norms = _squared_norms(product)
    values: dict[str, Bound] = {
        "lam": Fraction(members.levels[-1]),
        "mu": known.coherence,
        "B": root(members.bounds[-1] ** 2 * max(norms)),
        "norm_min": root(min(norms)),
        "gain": _gain(deep, known),
        "eps": max(deep.tolerances),
        "K": Fraction(steps),
        **_reach(deep, last),
    }
    return theorem("dsc-deepest-first").apply(values)


def layer_by_layer(
    deep: DeepDictionary,
    members: DeepClass,
    *,
    steps: int,
    weights: Sequence[GeneralizedCoherence | None] | None = None,
) -> Mapping[str, Result]:
    """Return q, C_1, C_2 and the errors of dsc-layer-by-layer, a tuple with one value for each layer.

    `weights` are for D_1 .. D_J (default: their unit atoms). Guarantee and errors: as for `deepest_first`; leaky ReLUs
    are allowed.
    """
    _last(deep, members, None, linear=False)
    given = weights or [None] * deep.depth
    known = [layer_weights(d, w) for d, w in zip(deep.dictionaries, given, strict=True)]
    norms = [_squared_norms(dictionary) for dictionary in deep.dictionaries]
    before = (1, *members.levels[:-1])
    return theorem("dsc-layer-by-layer").apply(
        {
            "lam": tuple(map(Fraction, members.levels)),
            "mu": tuple(one.coherence for one in known),
            "B": tuple(root(b**2 * max(squares)) for b, squares in zip(members.bounds, norms, strict=True)),
            "norm_min": tuple(root(min(squares)) for squares in norms),
            "omega": tuple(one.length for one in known),
            "spread": tuple(one.spread(level) for one, level in zip(known, before, strict=True)),
            "beta": deep.slopes,
            "eps": max(deep.tolerances),
            "K": Fraction(steps),
        }
    )


def refit(
    deep: DeepDictionary, members: DeepClass, entry_error: Fraction | Enclosure, *, layer: int | None = None
) -> Mapping[str, Result]:
    """Return C_2 and the error of dsc-refit for x_`layer` (default: the last).

    `entry_error` bounds |(x~_J - x_J)_i| for the network before it: error_linf of `layer_by_layer`, or `entries_error`
    of `deepest_first`. Guarantee: enclosed. Raises InputError as `deepest_first`, if no smallest entry is given, and
    if it is not above the entry error.
    """
    last = _last(deep, members, layer)
    if members.smallest is None:
        raise InputError("expected the smallest nonzero modulus of x_J for refit, got none")
    smin = sparse_singular_value_lower(deep.product(0, deep.depth), members.levels[-1])
    if not smin:
        raise InputError(f"refit: no {members.levels[-1]} atoms of D[J] are proved to be independent")
    gain = sum((_norm(deep, 0, j) for j in range(deep.depth)), Fraction(0))
    values: dict[str, Bound] = {
        "x_min": members.smallest,
        "a": entry_error,
        "gain": gain,
        "smin": smin,
        "eps": max(deep.tolerances),
        **_reach(deep, last),
    }
    return theorem("dsc-refit").apply(values)


def entries_error(result: Mapping[str, Result]) -> Fraction | Enclosure:
    """Return what bounds every entry of x~_J - x_J for `layer_by_layer` (the last layer) or `deepest_first` at J."""
    found = result["error_linf"] if "error_linf" in result else result["error"]
    last = found[-1] if isinstance(found, tuple) else found
    if last is None:
        raise InputError("the error of the network is infinite")
    return last


def _last(deep: DeepDictionary, members: DeepClass, layer: int | None, *, linear: bool = True) -> int:
    """Return the layer asked about; raise InputError for a class that does not fit the chain."""
    deep.checked_levels(members.levels)
    if len(members.bounds) != deep.depth or min(members.bounds) < 0:
        raise InputError(f"expected {deep.depth} bounds of at least 0, one for each layer, got {len(members.bounds)}")
    if members.smallest is not None and members.smallest <= 0:
        raise InputError(f"expected a smallest modulus above 0, got {members.smallest}")
    if linear and not deep.is_linear:
        raise InputError("expected slopes of 1: this network works on the product of all dictionaries")
    last = deep.depth if layer is None else layer
    if not 1 <= last <= deep.depth:
        raise InputError(f"expected a layer from 1 to {deep.depth}, got {last}")
    return last


def _squared_norms(dictionary: Dictionary) -> list[Fraction]:
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    return [scale * scale * square for scale, square in zip(atoms.scale, atoms.squared_norms, strict=True)]


def _norm(deep: DeepDictionary, start: int, end: int) -> Fraction:
    """Return an upper bound of |D[start:end]|_2; it is 1 for no dictionary."""
    return Fraction(1) if start == end else norm_upper(deep.product(start, end))


def _reach(deep: DeepDictionary, layer: int) -> dict[str, Bound]:
    tail = sum((_norm(deep, layer, i - 1) for i in range(layer + 1, deep.depth + 1)), Fraction(0))
    return {"reach": _norm(deep, layer, deep.depth), "tail": tail}


def _gain(deep: DeepDictionary, weights: LayerWeights) -> Fraction:
    """Return an upper bound of max over i of the sum over j of |D[j-1]^T w_i|_2."""
    columns: list[IntegerAtoms | None] = [None]
    columns += [p.integer_atoms(range(p.shape[1])) for p in (deep.product(0, j) for j in range(1, deep.depth))]
    totals = [Fraction(0)] * len(weights.rows)
    for known in columns:
        for i, square in enumerate(_squares(known, weights.rows)):
            totals[i] += root_enclosure(square * weights.factors[i], _BITS).upper
    return max(totals)


def _squares(atoms: IntegerAtoms | None, rows: Sequence[Sequence[int]]) -> list[Fraction]:
    """Return |D^T v|_2^2 for every row v, or |v|_2^2."""
    if atoms is None:
        return [Fraction(sum(x * x for x in row)) for row in rows]
    products = gram_matrix(rows, atoms.real)
    return [sum((s * s * p * p for s, p in zip(atoms.scale, row, strict=True)), Fraction(0)) for row in products]


def unit_weights(dictionary: Dictionary, generalized: GeneralizedCoherence | None = None) -> NDArray[np.float64]:
    """Return the w_i as rows of floats, to run what is only observed."""
    known = layer_weights(dictionary, generalized)
    factors = np.array([float(factor) for factor in known.factors]) ** 0.5
    rows = np.array([[float(x) for x in row] for row in known.rows])
    signs = np.sign((rows * dictionary.real.astype(np.float64).T).sum(axis=1))
    return rows * (factors * signs)[:, None]
