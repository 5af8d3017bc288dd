"""The registry: permanent ids, statements that are complete, constants that SymPy reads."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from certificates.rules import FILTER_CHAIN_RULES, FILTER_NETWORK_RULES, FILTER_RULES, RULES
from verify import theorems
from verify.certify.certificate import PREMISE
from verify.errors import InputError
from verify.theorems import THEOREMS, QuantitativeTheorem, Status, theorem
from verify.theorems.language.conditions import Condition
from verify.theorems.language.expressions import names as formula_names
from verify.theorems.theorem import Each

SPEC = (Path(__file__).parents[2] / "certificates" / "SPEC.md").read_text()


FACTS = {
    "atom-norms",
    "welch-bound",
    "mutual-coherence",
    "babel",
    "rank",
    "null-vector",
    "dependence-by-dimension",
    "isometry-by-enumeration",
    "isometry-by-vector",
    "generalized-coherence",
    "generalized-coherence-by-independence",
    "generalized-coherence-by-some-weights",
    "generalized-coherence-by-null-vector",
    "generalized-babel",
    "generalized-babel-by-generalized-coherence",
    "support-values",
    "null-space-by-column-sums",
    "null-space-by-generalized-coherence",
    "null-space-by-null-vector",
    "null-space-by-search",
    "null-space-by-supports",
    "exact-recovery-coefficient",
    "failure-by-dependent-support",
    "generalized-weights",
    "generalized-weights-by-coherence",
    "stability-l0-by-isometry",
    "spectral-norm",
}
"""Rules of the checker that no theorem of the registry states."""

NUMBERS = {"exact-recovery", "stability-l0", "stability-l0-linf", "bpdn-stability", "bpdn-stability-generalized"}
"""Rules that apply a statement about numbers, for one support or one bound of the noise."""


FILTER_FACTS = {
    "filter-norms": None,
    "filter-coherence": "convolution-coherence",
    "filter-babel": "recovery-by-filter-babel",
    "filter-generalized-coherence": "recovery-by-filter-weights",
    "filter-null-vector": None,
    "filter-network-error": "lista-linf-local",
    "filter-coherence-among": "recovery-of-uncut-by-coherence",
    "filter-babel-among": "recovery-of-uncut-by-babel",
    "filter-cut-weights": "recovery-by-cut-weights",
}
"""Rules about filters that measure or bound, and the statement that they are for; the others are statements."""

APPLIED = [entry.id for entry in THEOREMS if not isinstance(entry, QuantitativeTheorem)]
"""The theorems that certificates rest on; the others are applied to numbers."""


def test_ids_are_unique_and_permanent() -> None:
    ids = [entry.id for entry in THEOREMS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", name) for name in ids)
    assert set(APPLIED) == {
        "independence-by-rank",
        "independence-by-coherence",
        "independence-by-babel",
        "spark-by-null-vector",
        "spark-by-dimension",
        "spark-by-coherence",
        "spark-by-babel",
        "spark-by-isometry",
        "independence-by-isometry",
        "isometry-by-babel",
        "hard-thresholding-by-isometry",
        "rate-by-generalized-babel",
        "recovery-by-isometry",
        "spark-by-orthogonal-families",
        "spark-by-enumeration",
        "spark-by-generalized-coherence",
        "spark-by-generalized-babel",
        "spark-by-null-space",
        "recovery-by-independence",
        "recovery-by-orthogonality",
        "uniqueness-by-spark",
        "uniqueness-by-recovery",
        "recovery-by-coherence",
        "recovery-by-babel",
        "recovery-by-generalized-coherence",
        "recovery-by-null-space",
        "convergence-by-generalized-coherence",
        "convergence-by-generalized-babel",
        "failure-by-two-codes",
        "failure-by-heavy-part",
        "failure-by-dimension",
    }


def test_every_file_of_a_theorem_is_listed() -> None:
    folder = Path(theorems.__file__).parent
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "theorem"}
    assert files == {entry.id for entry in THEOREMS}


def test_every_id_is_a_rule_of_the_checker_and_named_in_the_specification() -> None:
    ids = set(APPLIED)
    assert set(RULES) == ids | FACTS | NUMBERS
    assert set(PREMISE) <= ids
    assert {entry.id for entry in THEOREMS} & set(RULES) <= ids | FACTS | NUMBERS
    assert all(re.search(rf"\*\*{name}\*?\*?\*?", SPEC) for name in ids | NUMBERS)


def test_every_rule_about_filters_is_a_theorem_or_measures_for_one() -> None:
    rules = {*FILTER_RULES, *FILTER_NETWORK_RULES, *FILTER_CHAIN_RULES}
    stated = rules & {entry.id for entry in THEOREMS}
    assert stated == {name for name in rules if name.startswith(("recovery-", "failure-", "dsc-"))}
    assert rules == stated | set(FILTER_FACTS)
    assert all(theorem(name) for name in FILTER_FACTS.values() if name is not None)
    assert all(re.search(rf"\*\*{name}\.?\*\*", SPEC) for name in rules)


@pytest.mark.parametrize("entry", THEOREMS, ids=lambda entry: entry.id)
def test_a_statement_is_complete(entry) -> None:
    assert theorem(entry.id) is entry
    assert entry.title
    assert all(entry.hypothesis_texts)
    assert entry.conclusion.endswith(".")
    assert entry.source
    assert bool(entry.proof) or entry.status is not Status.proved
    names = [variable.name for variable in entry.variables]
    assert len(set(names)) == len(names)
    required = {v.name for v in entry.variables if not v.optional}
    known = set(names)
    for name in entry.constants:
        assert name not in known
        assert formula_names(entry.formula(name)) <= known  # variables and the constants before it
        assert {str(symbol) for symbol in entry.constant(name).free_symbols} <= set(names)
        known.add(name)
    for hypothesis in entry.hypotheses:
        if isinstance(hypothesis, Condition):
            left, _, right = hypothesis.sides
            used = formula_names(left) | formula_names(right)
            assert used <= known
            for name in used & set(entry.constants):  # a condition never waits for an optional variable
                used |= {str(symbol) for symbol in entry.constant(name).free_symbols}
            assert used - set(entry.constants) <= required
    assert bool(entry.carried) <= (entry.each is Each.layer)
    assert all(of in entry.constants and name in names for name, of in entry.carried.items())
    assert bool(entry.each) == any(variable.each for variable in entry.variables)


def test_texts_are_not_repeated() -> None:
    """Every statement and every proof is said once; `hypothesis` of another statement is named, not copied."""
    statements = [entry.statement for entry in THEOREMS]
    assert len(set(statements)) == len(statements)


def test_constants_are_sympy_expressions() -> None:
    mu = sympy.Symbol("mu", positive=True)
    assert theorem("recovery-by-coherence").constant("level_bound") == (1 + 1 / mu) / 2
    assert theorem("spark-by-coherence").constant("spark_lower") == 1 + 1 / mu
    delta = sympy.Symbol("delta", positive=True)
    assert theorem("recovery-by-isometry").constant("delta_bound") == 1 / sympy.sqrt(2)
    rate = theorem("hard-thresholding-by-isometry").constant("rate")
    assert sympy.simplify(rate - sympy.GoldenRatio.rewrite(sympy.sqrt) * delta) == 0
    assert theorem("spark-by-orthogonal-families").constant("spark_lower") == 2 / mu
    value = theorem("recovery-by-coherence").constant("level_bound").subs(mu, sympy.Rational(1, 49))
    assert Fraction(int(value.p), int(value.q)) == 25  # and 25 is not below 25
    mu_tilde, k = sympy.Symbol("mu_tilde", positive=True), sympy.Symbol("k", positive=True)
    for name in ("recovery-by-generalized-coherence", "convergence-by-generalized-coherence"):
        assert theorem(name).constant("level_bound") == (1 + 1 / mu_tilde) / 2
    assert theorem("convergence-by-generalized-coherence").constant("rate") == (2 * k - 1) * mu_tilde
    assert theorem("spark-by-generalized-coherence").constant("spark_lower") == 1 + 1 / mu_tilde


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(InputError, match="no theorem has the id 'lista-l3'; the nearest: lista-l2, lista-l1"):
        theorem("lista-l3")
    with pytest.raises(InputError, match="no theorem has the id '~'; `verify theorems list` shows all"):
        theorem("~")
