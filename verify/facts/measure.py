"""All facts of one dictionary that the classical theorems need, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..dictionaries.dictionary import Dictionary
from ..progress import Progress, silent
from .babel import Babel, babel
from .coherence import MutualCoherence, mutual_coherence
from .isometry import RestrictedIsometry
from .norms import AtomNorms, atom_norms
from .null_vectors import NullVector, null_vector
from .orthogonal_families import orthogonal_family
from .rank import Rank, rank
from .welch import welch_bound_squared

LARGEST_BABEL = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was measured of one dictionary; a fact that was not measured is None, or an empty tuple."""

    m: int
    n: int
    norms: AtomNorms
    welch_squared: Fraction
    coherence: MutualCoherence
    babel: Babel | None
    rank: Rank
    null_vector: NullVector | None
    orthogonal_family: tuple[int, ...] | None
    isometries: tuple[RestrictedIsometry, ...] = ()


def measure(dictionary: Dictionary, progress: Progress = silent) -> Facts:
    """Measure a dictionary: norms, Welch bound, coherence, Babel function, rank, a null vector, orthogonal families.

    Guarantee: every fact is exact or enclosed. The Babel function is left out above 8192 atoms.
    """
    m, n = dictionary.shape
    coherence = mutual_coherence(dictionary, progress)
    return Facts(
        m=m,
        n=n,
        norms=atom_norms(dictionary),
        welch_squared=welch_bound_squared(m, n),
        coherence=coherence,
        babel=babel(dictionary, coherence, progress) if n <= LARGEST_BABEL else None,
        rank=rank(dictionary),
        null_vector=null_vector(dictionary, coherence),
        orthogonal_family=orthogonal_family(dictionary),
    )
