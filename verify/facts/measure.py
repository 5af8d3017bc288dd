"""All facts of one dictionary that the classical theorems need, measured once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import working_space
from ..progress import Progress, silent
from ..verdict import Scaling
from .babel import Babel, babel
from .coherence import MutualCoherence, mutual_coherence
from .enumeration import IndependentSets, independent_sets
from .exact_coherence import ExactCoherence, StaysEnclosed, exact_coherence
from .generalized import GeneralizedCoherence, generalized_coherence, generalized_work
from .generalized_babel import GeneralizedBabel, generalized_babel
from .generalized_complex import complex_generalized_coherence, complex_generalized_work
from .isometry import RestrictedIsometry, isometries
from .norms import AtomNorms, atom_norms
from .null_space import NullSpace, null_space
from .null_vectors import LARGEST_SUPPORT, NullVector, null_vector
from .orthogonal_families import orthogonal_family
from .rank import Rank, rank
from .support_values import approximation_work
from .unfinished import unfinished
from .welch import welch_bound_squared

LARGEST_BABEL = 8192
ISOMETRY_CASES = {Effort.glance: 0, Effort.quick: 20_000, Effort.standard: 200_000, Effort.thorough: 1_000_000}
ENUMERATION_WORK = {Effort.glance: 0, Effort.quick: 500_000, Effort.standard: 2_000_000, Effort.thorough: 20_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was measured of one dictionary; a fact that was not measured is None, or an empty tuple.

    `unfinished` names the searches that were left out or ended early: too much work, no time, or Ctrl-C.
    """

    m: int
    n: int
    norms: AtomNorms
    welch_squared: Fraction
    coherence: MutualCoherence
    babel: Babel | None
    rank: Rank
    null_vector: NullVector | None
    orthogonal_family: tuple[int, ...] | None
    is_real: bool = True
    enumeration: IndependentSets | None = None
    generalized: GeneralizedCoherence | None = None
    generalized_babel: GeneralizedBabel | None = None
    exact_coherence: ExactCoherence | StaysEnclosed | None = None
    null_space: NullSpace | None = None
    isometries: tuple[RestrictedIsometry, ...] = ()
    unfinished: tuple[str, ...] = ()


def measure(
    dictionary: Dictionary,
    progress: Progress = silent,
    *,
    scaling: Scaling = Scaling.unit,
    budget: Budget | None = None,
    exact: bool = False,
) -> Facts:
    """Measure a dictionary.

    Norms, Welch bound, coherence, Babel function and orthogonal families, always, and the rank of n <= m atoms, which
    may be independent; from the effort quick on (the default) the rank of others, a null vector, generalized coherence
    and Babel function, independent sets, and null-space constants of the dictionary scaled as `scaling` says, as far as
    the budget goes. With `exact` the generalized coherence is solved in rationals where that
    is possible, or the facts say why not.

    Guarantee: every fact is exact or enclosed. The Babel function is left out above 8192 atoms.
    """
    m, n = dictionary.shape
    budget = budget or Budget()
    glance = budget.effort is Effort.glance
    coherence = mutual_coherence(dictionary, progress)
    facts = Facts(
        m=m,
        n=n,
        norms=atom_norms(dictionary),
        welch_squared=welch_bound_squared(m, n),
        coherence=coherence,
        babel=babel(dictionary, coherence, progress) if n <= LARGEST_BABEL else None,
        rank=Rank(lower=1, upper=m, minor=None) if glance and n > m else rank(dictionary),
        null_vector=None if glance else null_vector(dictionary, coherence),
        orthogonal_family=orthogonal_family(dictionary),
        is_real=dictionary.field == "real",
    )
    if facts.rank.lower == n:
        return _isometries(dictionary, facts, budget, progress)
    facts = _deeper(dictionary, facts, scaling, budget, progress)
    return _exact(dictionary, facts, budget, progress) if exact else facts


def _exact(dictionary: Dictionary, facts: Facts, budget: Budget, progress: Progress) -> Facts:
    """Add the exact generalized coherence, or why it stays enclosed."""
    if not facts.is_real:
        found = StaysEnclosed(why="that is done for real dictionaries only")
    elif facts.generalized is None:
        found = StaysEnclosed(why="it was too much work, or there was no time")
    else:
        unit = working_space(dictionary, Scaling.unit, budget.device)
        found = exact_coherence(dictionary, unit, facts.generalized, budget, progress)
    return replace(facts, exact_coherence=found)


def _deeper(dictionary: Dictionary, facts: Facts, scaling: Scaling, budget: Budget, progress: Progress) -> Facts:
    """Add what linear programs and enumeration find; skip what the budget does not afford."""
    with budget.interruptible():
        work = ENUMERATION_WORK[budget.effort]
        found = independent_sets(dictionary, most_work=work, progress=progress, budget=budget)
        facts = replace(facts, enumeration=found)
    if facts.is_real:
        facts = _real_constants(dictionary, facts, scaling, budget, progress)
    elif budget.affords(complex_generalized_work(dictionary)):
        with budget.interruptible():
            facts = replace(facts, generalized=complex_generalized_coherence(dictionary, budget, progress))
    facts = _isometries(dictionary, facts, budget, progress)
    return replace(facts, null_vector=_sparsest(facts), unfinished=unfinished(facts, stopped=budget.cut_short))


def _isometries(dictionary: Dictionary, facts: Facts, budget: Budget, progress: Progress) -> Facts:
    """Add the restricted isometry constants that the budget affords."""
    with budget.interruptible():
        if not budget.stopped():
            cases = ISOMETRY_CASES[budget.effort]
            found = isometries(dictionary, most_cases=cases, progress=progress, budget=budget)
            facts = replace(facts, isometries=found)
    return facts


def _real_constants(
    dictionary: Dictionary, facts: Facts, scaling: Scaling, budget: Budget, progress: Progress
) -> Facts:
    """Add the constants of a real dictionary that rest on approximation from its row space."""
    if not budget.affords(approximation_work(dictionary.shape, 1)):
        return facts
    unit = working_space(dictionary, Scaling.unit, budget.device)
    space = unit if scaling is Scaling.unit else working_space(dictionary, scaling, budget.device)
    with budget.interruptible():
        if budget.affords(generalized_work(dictionary)):
            facts = replace(facts, generalized=generalized_coherence(dictionary, unit, progress, budget))
    same = scaling is Scaling.unit or facts.norms.equal
    constants = null_space(dictionary, space, facts.generalized if same else None, budget, progress)
    facts = replace(facts, null_space=constants)
    if facts.generalized is not None:
        facts = replace(facts, generalized_babel=generalized_babel(facts.generalized))
    return facts


def _sparsest(facts: Facts) -> NullVector | None:
    """Return the null vector with the fewest entries; of those found by the way only one that is short to write."""
    known = [facts.enumeration.circuit] if facts.enumeration else []
    known += [facts.generalized.vector] if facts.generalized else []
    known += [bound.vector for bound in facts.null_space.lowers] if facts.null_space else []
    found = [vector for vector in known if vector is not None and len(vector.support) <= LARGEST_SUPPORT]
    found += [facts.null_vector] if facts.null_vector is not None else []
    return min(found, key=lambda vector: len(vector.support), default=None)
