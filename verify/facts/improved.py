"""The fewest atoms to leave out so that a level is guaranteed by coherence, and what is lost with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..budget import Budget
from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..progress import Progress, silent
from .coherence import MutualCoherence, mutual_coherence
from .confusable import confusable_pairs, threshold_of_level
from .fewest_to_drop import vertex_cover
from .rank import Rank, rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An atom that is left out, the atom kept that is nearest to it, and their squared coherence."""

    atom: int
    nearest: int
    coherence_squared: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A smaller dictionary for which `level` is guaranteed by coherence.

    `least` is how many atoms every such selection leaves out at least; `pairs` how many pairs of atoms stood in the
    way. The coherences before and after are exact, the ranks enclosed.
    """

    level: int
    dictionary: Dictionary
    kept: tuple[int, ...]
    dropped: tuple[Dropped, ...]
    least: int
    pairs: int
    before: MutualCoherence
    after: MutualCoherence
    ranks: tuple[Rank, Rank]

    @property
    def optimal(self) -> bool:
        """Whether no selection with this guarantee keeps more atoms."""
        return len(self.dropped) == self.least


def improved(dictionary: Dictionary, level: int, budget: Budget, progress: Progress = silent) -> Improvement:
    """Leave out as few atoms as possible so that (2k - 1) mu < 1 for k = `level`.

    Atoms i and j may not both stay if (2k - 1) |<d^_i, d^_j>| >= 1: what is left out meets every such pair. Guarantee:
    the smaller dictionary has a proved mu, and `least` is proved, both in integers; the fewest atoms are found for
    small sizes, else a greedy choice with this bound of how far it may be from the fewest. Cost: half the Gram matrix,
    and a search that the budget ends. Raises InputError for a level outside 1 .. n or if fewer than two atoms remain.
    """
    n = dictionary.shape[1]
    if not 1 <= level <= n:
        raise InputError(f"expected a sparsity from 1 to {n}, the number of atoms, got {level}")
    before = mutual_coherence(dictionary, progress)
    found = confusable_pairs(dictionary, threshold_of_level(level), progress)
    cover = vertex_cover(map(tuple, found.pairs.tolist()), budget, progress)
    kept = np.setdiff1d(np.arange(n), np.array(cover.vertices, dtype=np.intp))
    if len(kept) < 2:
        raise InputError(
            f"no two of the {n} atoms have a coherence below 1/{2 * level - 1}, which sparsity {level} needs: "
            "ask for a lower one"
        )
    smaller = selected(dictionary, kept.tolist())
    after = mutual_coherence(smaller, progress)
    return Improvement(
        level=level,
        dictionary=smaller,
        kept=tuple(kept.tolist()),
        dropped=tuple(_nearest(dictionary, atom, kept.tolist()) for atom in cover.vertices),
        least=cover.least,
        pairs=len(found.pairs),
        before=before,
        after=after,
        ranks=(rank(dictionary), rank(smaller)),
    )


def selected(dictionary: Dictionary, atoms: list[int]) -> Dictionary:
    """Return the dictionary of some atoms, in this order, with a remark that says which."""
    remark = f"{len(atoms)} of the {dictionary.shape[1]} atoms"
    origin = replace(dictionary.origin, remarks=(*dictionary.origin.remarks, remark))
    imaginary = None if dictionary.imaginary is None else dictionary.imaginary[:, atoms]
    return Dictionary.from_parts(dictionary.real[:, atoms], imaginary, origin=origin)


def _nearest(dictionary: Dictionary, atom: int, kept: list[int]) -> Dropped:
    """Return the atom kept that floats find nearest, and the exact squared coherence with it."""
    parts = [np.asarray(part, dtype=np.float64) for part in dictionary.parts]
    whole = parts[0] if len(parts) == 1 else parts[0] + 1j * parts[1]
    size = np.abs(whole).max(axis=0)
    scaled = whole / size
    scaled /= np.linalg.norm(scaled, axis=0)
    nearest = kept[int(np.argmax(np.abs(scaled[:, kept].conj().T @ scaled[:, atom])))]
    atoms = dictionary.integer_atoms([atom, nearest])
    squared = Fraction(atoms.inner_product_squared(0, atoms, 1), atoms.squared_norms[0] * atoms.squared_norms[1])
    return Dropped(atom=atom, nearest=nearest, coherence_squared=squared)
