"""Atoms that are easily taken for one another: the graph of pairs above a threshold, its worst pairs and its groups."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..progress import Progress, silent
from .confusable import confusable_pairs

WORST = 10
_MOST_SETTLED = 500
_MOST_CLIQUES = 2000
_MOST_EDGES_FOR_CLIQUES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstPair:
    """Two atoms and their squared coherence, exactly."""

    first: int
    second: int
    squared: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusableGroups:
    """The pairs of atoms with |<d^_i, d^_j>|^2 >= `threshold_squared`: `pairs` in number.

    `worst` are the most coherent of them, at most 10, in order. `groups` are the connected components of their graph,
    the largest first; `clique` is a set of atoms of which every two are such a pair, the largest one seen.
    """

    threshold_squared: Fraction
    pairs: int
    worst: tuple[WorstPair, ...]
    groups: tuple[tuple[int, ...], ...]
    clique: tuple[int, ...]


def confusable_groups(
    dictionary: Dictionary, threshold_squared: Fraction, progress: Progress = silent
) -> ConfusableGroups:
    """Return the pairs of atoms whose coherence reaches a threshold above 0, and the groups that they form.

    Guarantee: pairs and groups are exact, and so are the coherences of the worst pairs; a pair that is not among these
    is at most 1e-11 more coherent than the last of them. The clique is one, the largest of the first 2000 maximal ones.
    Cost: that of `confusable_pairs`, and of the graph. Raises LimitError for more than MOST_PAIRS pairs.
    """
    found = confusable_pairs(dictionary, threshold_squared, progress)
    edges = [(int(i), int(j)) for i, j in found.pairs.tolist()]
    groups, clique = _groups(edges)
    return ConfusableGroups(
        threshold_squared=threshold_squared,
        pairs=len(edges),
        worst=_worst(dictionary, edges),
        groups=groups,
        clique=clique,
    )


def _groups(edges: list[tuple[int, int]]) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    import networkx

    graph = networkx.Graph(edges)
    groups = sorted(
        (tuple(sorted(group)) for group in networkx.connected_components(graph)), key=lambda g: (-len(g), g)
    )
    if len(edges) > _MOST_EDGES_FOR_CLIQUES:
        return tuple(groups), edges[0]
    cliques = (tuple(sorted(clique)) for clique in islice(networkx.find_cliques(graph), _MOST_CLIQUES))
    return tuple(groups), min(cliques, key=lambda c: (-len(c), c), default=())


def _worst(dictionary: Dictionary, edges: list[tuple[int, int]]) -> tuple[WorstPair, ...]:
    if not edges:
        return ()
    pairs, rows = np.array(edges), unit_atoms(dictionary)
    moduli = np.concatenate(
        [_moduli(rows.rows, rows.turned, part) for part in np.array_split(pairs, len(pairs) // 4096 + 1)]
    )
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -np.round(moduli, 12)))[:_MOST_SETTLED]
    names, at = np.unique(pairs[order], return_inverse=True)
    atoms = dictionary.integer_atoms(names.tolist())
    norms = atoms.squared_norms
    settled = [
        WorstPair(
            first=int(names[i]),
            second=int(names[j]),
            squared=Fraction(atoms.inner_product_squared(i, atoms, j), norms[i] * norms[j]),
        )
        for i, j in at.reshape(-1, 2).tolist()
    ]
    return tuple(sorted(settled, key=lambda pair: (-pair.squared, pair.first, pair.second))[:WORST])


def _moduli(rows: np.ndarray, turned: np.ndarray | None, pairs: np.ndarray) -> np.ndarray:
    left, right = rows[pairs[:, 0]], pairs[:, 1]
    real = np.einsum("pm,pm->p", left, rows[right])
    return np.abs(real) if turned is None else np.hypot(real, np.einsum("pm,pm->p", left, turned[right]))
