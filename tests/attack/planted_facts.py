"""Statements on dictionaries with an error planted in each: stronger than the truth, and false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from verify.attack.experiment import Experiment
from verify.attack.experiments import experiment_of
from verify.attack.experiments.facts.codes import Codes
from verify.attack.experiments.facts.dictionary_facts import DictionaryFacts
from verify.attack.experiments.facts.null_vectors import NullVectors
from verify.attack.experiments.facts.small_dictionaries import MORE_ATOMS
from verify.attack.experiments.facts.weight_matrices import WeightMatrices
from verify.attack.trial import Trial
from verify.theorems import theorem
from verify.theorems.language.conditions import Condition
from verify.theorems.language.domains import reals
from verify.theorems.language.observables import Observable
from verify.theorems.language.statements import Statement
from verify.theorems.language.variables import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A trial of a false statement: what is wrong with it, and why it says more than the true one.

    `instances` suffice to refute it with seed 0. `formal`: hypotheses or bounds are changed in the same variables, so
    that sampled values show which statement is stronger.
    """

    id: str
    wrong: str
    stronger: str
    trial: Trial
    instances: int = 60
    formal: bool = True

    @property
    def of(self) -> Statement:
        """The true statement."""
        return theorem(self.trial.statement.id.removesuffix("-planted"))


def altered(
    theorem_id: str,
    *,
    condition: str | None = None,
    bound: tuple[str, str, str] | None = None,
    experiment: Experiment | None = None,
    variables: Sequence[Variable] | None = None,
) -> Trial:
    """Return a trial of a statement with its first condition, or what it observes, replaced."""
    statement = theorem(theorem_id)
    hypotheses = list(statement.hypotheses)
    if condition is not None:
        at = next((i for i, h in enumerate(hypotheses) if isinstance(h, Condition)), None)
        hypotheses[at : None if at is None else at + 1] = [Condition(condition)]
    observables = statement.observables
    if bound is not None:
        quantity, relation, formula = bound
        observables = (Observable(quantity=quantity, relation=relation, bound=formula),)
    changed = replace(
        statement,
        id=f"{theorem_id}-planted",
        hypotheses=tuple(hypotheses),
        observables=observables,
        variables=statement.variables if variables is None else tuple(variables),
        constants=statement.constants if variables is None else {},
    )
    return Trial(statement=changed, experiment=experiment or experiment_of(theorem_id))


def number(name: str) -> Variable:
    return Variable(name=name, meaning=name, domain=reals(0))


K = theorem("isometry-by-coherence").variables[0]

PLANTED: tuple[Planted, ...] = (
    Planted(
        id="recovery with 2k-2 for 2k-1",
        wrong="(2k-2) mu < 1 holds for k = 1 whatever the atoms",
        stronger="the hypothesis is weaker",
        trial=altered("recovery-by-coherence", condition="(2*k - 2)*mu < 1"),
    ),
    Planted(
        id="recovery at equality of the coherence",
        wrong="a simplex with an even number of atoms fails at equality",
        stronger="<= for <",
        trial=altered("recovery-by-coherence", condition="(2*k - 1)*mu <= 1"),
    ),
    Planted(
        id="recovery at equality of the Babel function",
        wrong="a simplex with an even number of atoms fails at equality",
        stronger="<= for <",
        trial=altered("recovery-by-babel", condition="babel_before + babel <= 1"),
    ),
    Planted(
        id="recovery at equality of the generalized coherence",
        wrong="a simplex with an even number of atoms fails at equality",
        stronger="<= for <",
        trial=altered("recovery-by-generalized-coherence", condition="(2*k - 1)*mu_tilde <= 1"),
    ),
    Planted(
        id="recovery at equality of the null-space constant",
        wrong="a code that holds half of a null vector has a rival of the same length",
        stronger="<= for <",
        trial=altered("recovery-by-null-space", condition="nsc <= 1/2"),
        instances=120,
    ),
    Planted(
        id="recovery from delta_2k < 1",
        wrong="delta_2k < 1 gives uniqueness only",
        stronger="1 for 1/sqrt 2",
        trial=altered("recovery-by-isometry", condition="delta < 1"),
        instances=250,
    ),
    Planted(
        id="exact recovery at equality",
        wrong="an atom off the support may tie",
        stronger="<= for <",
        trial=altered("exact-recovery", condition="erc <= 1"),
    ),
    Planted(
        id="exact recovery of dependent atoms",
        wrong="[e1, e1, e2] with S = {1, 2}",
        stronger="no hypothesis on the rank",
        trial=Trial(
            statement=replace(
                theorem("exact-recovery"), id="exact-recovery-planted", hypotheses=(Condition("erc < 1"),)
            ),
            experiment=Codes(values=("erc",), quantities=("code_share", "greedy"), unit=False),
        ),
        formal=False,
    ),
    Planted(
        id="mu~ for OMP",
        wrong="the atoms e1, e2, (1, 1, 0.1)/norm have mu~ = 0, and OMP picks the third",
        stronger="OMP too",
        trial=altered(
            "recovery-by-generalized-coherence",
            bound=("greedy", "<", "1"),
            experiment=Codes(
                values=("k", "mu_tilde"),
                quantities=("greedy",),
                shapes=((3, 3), (4, 3), (4, 4), (6, 6), (3, 4), (3, 5)),
            ),
        ),
        formal=False,
    ),
    Planted(
        id="unit atoms for atoms as given",
        wrong="[e1, e2, c (e1 + e2)] with a small c",
        stronger="nothing asked of the norms",
        trial=altered(
            "recovery-by-coherence",
            bound=("nsc", "<", "1/2"),
            experiment=Codes(values=("k", "mu"), quantities=("nsc",), unit=False),
        ),
        formal=False,
    ),
    Planted(
        id="unit atoms for OMP on atoms as given",
        wrong="an atom that is long wins",
        stronger="nothing asked of the norms",
        trial=altered(
            "recovery-by-babel",
            bound=("greedy", "<", "1"),
            experiment=Codes(values=("k", "babel_before", "babel"), quantities=("greedy",), unit=False),
        ),
        formal=False,
    ),
    Planted(
        id="uniqueness at equality of the coherence",
        wrong="2k atoms of a simplex have spark 2k",
        stronger="<= for <",
        trial=altered("uniqueness-by-coherence", condition="(2*k - 1)*mu <= 1"),
    ),
    Planted(
        id="uniqueness at equality of the generalized coherence",
        wrong="2k atoms of a simplex have spark 2k",
        stronger="<= for <",
        trial=altered("uniqueness-by-generalized-coherence", condition="(2*k - 1)*mu_tilde <= 1"),
    ),
    Planted(
        id="uniqueness at equality of the isometry constant",
        wrong="delta_2k = 1 is that of 2k dependent atoms",
        stronger="<= for <",
        trial=altered("uniqueness-by-isometry", condition="delta <= 1"),
    ),
    Planted(
        id="uniqueness at half of the spark",
        wrong="a null vector with 2k nonzeros splits into two codes",
        stronger="<= for <",
        trial=altered("uniqueness-by-spark", condition="2*k <= spark"),
    ),
    Planted(
        id="spark above 1 + 1/mu by one",
        wrong="a simplex attains 1 + 1/mu",
        stronger="2 for 1",
        trial=altered("spark-by-coherence", bound=("spark", ">=", "2 + 1/mu")),
    ),
    Planted(
        id="spark above 1 + 1/mu~ by one",
        wrong="a simplex attains 1 + 1/mu~",
        stronger="2 for 1",
        trial=altered("spark-by-generalized-coherence", bound=("spark", ">=", "2 + 1/mu_tilde")),
    ),
    Planted(
        id="spark above 2/mu",
        wrong="spikes and Hadamard vectors attain 2/mu",
        stronger="> for >=",
        trial=altered("spark-by-orthogonal-families", bound=("spark", ">", "2/mu")),
    ),
    Planted(
        id="spark above 2/mu by one",
        wrong="spikes and Hadamard vectors attain 2/mu",
        stronger="one more",
        trial=altered("spark-by-orthogonal-families", bound=("spark", ">=", "2/mu + 1")),
    ),
    Planted(
        id="spark by the Babel function at equality",
        wrong="a simplex has mu_1(n-1) = 1 and spark n",
        stronger="<= for <",
        trial=altered("spark-by-babel", condition="babel <= 1"),
    ),
    Planted(
        id="spark by isometry, one more",
        wrong="delta_k < 1 says nothing of k + 1 atoms",
        stronger="k + 2 for k + 1",
        trial=altered("spark-by-isometry", bound=("spark", ">=", "k + 2")),
    ),
    Planted(
        id="spark with k + 1 for k",
        wrong="equal moduli attain k/nsc_k",
        stronger="a larger bound",
        trial=altered("spark-by-null-space", bound=("spark", ">=", "(k + 1)/nsc")),
    ),
    Planted(
        id="spark at most m",
        wrong="atoms in general position have spark m + 1",
        stronger="a smaller bound",
        trial=altered("spark-by-dimension", bound=("spark", "<=", "m")),
    ),
    Planted(
        id="independence at equality",
        wrong="the atoms of a simplex have sum zero and (n-1) mu = 1",
        stronger="<= for <",
        trial=altered("independence-by-coherence", condition="(n - 1)*mu <= 1"),
    ),
    Planted(
        id="Welch with n - 2 for n - 1",
        wrong="equiangular tight frames attain the true bound",
        stronger="a larger bound",
        trial=altered("welch-bound", bound=("mu", ">=", "sqrt((n - m)/(m*(n - 2)))")),
    ),
    Planted(
        id="isometry with k - 2 for k - 1",
        wrong="delta_2 = mu",
        stronger="a smaller bound",
        trial=altered("isometry-by-coherence", bound=("delta", "<=", "(k - 2)*mu")),
    ),
    Planted(
        id="Gershgorin with k for 2k - 1",
        wrong="a simplex attains delta_2k = (2k-1) mu",
        stronger="a smaller bound of delta_2k",
        trial=altered(
            "isometry-by-coherence",
            bound=("delta", "<=", "k*mu"),
            experiment=DictionaryFacts(values={"k": "k", "mu": "mu"}, quantities={"delta": "delta_2k"}),
        ),
        formal=False,
    ),
    Planted(
        id="nsc with 2 + mu~ for 1 + mu~",
        wrong="nsc_1 = mu~/(1 + mu~)",
        stronger="a smaller bound",
        trial=altered("null-space-by-generalized-coherence", bound=("nsc", "<=", "k*mu_tilde/(2 + mu_tilde)")),
    ),
    Planted(
        id="alpha_1 with a wrong sign",
        wrong="alpha_1 = mu~/(1 + mu~)",
        stronger="another number",
        trial=altered("jn-alpha-one", bound=("alpha_1", "=", "mu_tilde/(1 - mu_tilde)")),
        formal=False,
    ),
    Planted(
        id="column sums of k - 1 moduli",
        wrong="k moduli are summed",
        stronger="a smaller bound",
        trial=altered(
            "null-space-by-column-sums",
            experiment=WeightMatrices(values=("k", "column_sum"), quantities=("nsc",), fewer=1),
        ),
        formal=False,
    ),
    Planted(
        id="averages without the factor",
        wrong="a set of k atoms holds k/l times the average of its subsets",
        stronger="a smaller bound",
        trial=altered("null-space-by-supports", bound=("share", "<=", "average")),
    ),
    Planted(
        id="Frobenius weights as a lower bound",
        wrong="the weights of least |W^T D|_F bound mu~ from above",
        stronger="it is no consequence",
        trial=altered(
            "generalized-coherence-by-coherence",
            bound=("mu_tilde", ">=", "frobenius"),
            variables=(number("frobenius"),),
            experiment=DictionaryFacts(
                values={"frobenius": "Frobenius"}, quantities={"mu_tilde": "mu~"}, shapes=MORE_ATOMS
            ),
        ),
        formal=False,
    ),
    Planted(
        id="mu~ by the largest entry",
        wrong="|u|_1 bounds, not |u|_inf",
        stronger="a larger lower bound",
        trial=altered(
            "generalized-coherence-by-null-vector",
            bound=("mu_tilde_i", ">=", "1/u_largest"),
            variables=theorem("generalized-babel-by-null-vector").variables,
        ),
        formal=False,
    ),
    Planted(
        id="P by k + 1 for k",
        wrong="the two norms are dual with k",
        stronger="a larger lower bound",
        trial=altered("generalized-babel-by-null-vector", bound=("P", ">=", "1/Max(u_largest, u_norm/(k + 1))")),
    ),
    Planted(
        id="residual without sqrt(n - 1)",
        wrong="|v|_1 may be sqrt(n - 1) |v|_2",
        stronger="a larger lower bound",
        trial=altered("generalized-coherence-by-residual", bound=("mu_tilde_i", ">=", "1/(u_norm + r/smin)")),
    ),
    Planted(
        id="columns without sqrt(m)",
        wrong="|v|_1 may be sqrt(m) |v|_2",
        stronger="a larger lower bound",
        trial=altered("generalized-coherence-by-columns", bound=("mu_tilde_i", ">=", "1/(u_norm + r/smin)")),
    ),
    Planted(
        id="two codes from 2k + 1 nonzeros",
        wrong="2k + 1 nonzeros split into k and k + 1",
        stronger="the hypothesis is weaker",
        trial=altered("failure-by-two-codes", condition="nonzeros <= 2*k + 1"),
    ),
    Planted(
        id="failure at half of m",
        wrong="m atoms may be independent",
        stronger="the hypothesis is weaker",
        trial=Trial(
            statement=replace(
                theorem("failure-by-dimension"),
                id="failure-by-dimension-planted",
                hypotheses=(Condition("n > m"), Condition("2*k >= m")),
            ),
            experiment=experiment_of("failure-by-dimension"),
        ),
    ),
    Planted(
        id="two fifths of a null vector",
        wrong="a code that holds less than half of a null vector may be the shortest",
        stronger="the hypothesis is weaker",
        trial=altered("failure-by-heavy-part", experiment=NullVectors(half=Fraction(2, 5))),
        formal=False,
    ),
)
WEAKER: tuple[Trial, ...] = (
    altered(
        "null-space-by-column-sums",
        bound=("nsc", "<=", "row_sum"),
        variables=(K, number("row_sum")),
        experiment=WeightMatrices(values=("k", "row_sum"), quantities=("nsc",)),
    ),
    altered("welch-bound", bound=("mu", ">=", "sqrt((n - m)/(m*n))")),
    altered("recovery-by-coherence", condition="2*k*mu < 1"),
    altered("isometry-by-coherence", bound=("delta", "<=", "k*mu")),
    altered("spark-by-orthogonal-families", bound=("spark", ">", "2/mu - 1")),
    altered("recovery-by-isometry", condition="delta < 1/2"),
    altered("failure-by-two-codes", condition="nonzeros <= 2*k - 1"),
    altered("null-space-by-generalized-coherence", bound=("nsc", "<=", "k*mu_tilde")),
)
