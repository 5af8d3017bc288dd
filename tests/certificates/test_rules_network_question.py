"""Rules about the question network: what makes it guaranteed, what refutes it, and that the guarantee is true."""

from __future__ import annotations

import itertools
from fractions import Fraction

from certificate_dictionaries import COMPLEX_PLANE, CORNERS, UNEQUAL
from certificate_steps import asked, derived, minor, null, refused
from certificate_writer import packed_integers

from certificates.format import integers


def test_networks_are_refuted_for_complex_dictionaries_and_guaranteed_for_real_ones_only():
    vector = null([0, 1, 2], integers([1, 0, -1]), integers([0, 1, 0]))
    derived(COMPLEX_PLANE, vector, ("failure-by-two-codes", [0], asked(2, "network")))
    assert "more than twice" in refused(COMPLEX_PLANE, vector, ("failure-by-two-codes", [0], asked(1, "network")))
    derived(COMPLEX_PLANE, ("dependence-by-dimension", [], {}), ("failure-by-dimension", [0], asked(2, "network")))
    independent = [[1 + 0j, 0], [0, 1j]]
    steps = [minor([0, 1], [0, 1], 5, 2), ("independence-by-rank", [0], {})]
    derived(independent, *steps, ("recovery-by-independence", [1], asked(1, "l1")))
    why = refused(independent, *steps, ("recovery-by-independence", [1], asked(1, "network")))
    assert "question in evidence is not one of l0, l1" in why
    for rule in ("convergence-by-generalized-coherence", "convergence-by-generalized-babel"):
        assert "this rule is for real dictionaries" in refused(independent, (rule, [], asked(1, "network")))


def test_the_network_gives_uniqueness_and_is_refuted_with_it():
    weights = packed_integers((int(x) for column in zip(*CORNERS, strict=True) for x in column), 1)
    coherence = ("generalized-coherence", [], {"imaginary": None, "real": weights, "upper": integers([1] * 5, -2)})
    network = ("convergence-by-generalized-coherence", [0], asked(2, "network", "as-given"))
    derived(CORNERS, coherence, network, ("uniqueness-by-recovery", [1], asked(2, "l0")))
    assert "at level 3" in refused(CORNERS, coherence, network, ("uniqueness-by-recovery", [1], asked(3, "l0")))
    vector = null([0, 1, 2, 3, 4], integers([1] * 5))
    derived(CORNERS, vector, ("failure-by-two-codes", [0], asked(3, "network", "as-given")))
    why = refused(CORNERS, vector, ("failure-by-two-codes", [0], asked(2, "network")))
    assert "more than twice the level 2" in why
    derived(UNEQUAL, ("dependence-by-dimension", [], {}), ("failure-by-dimension", [0], asked(2, "network")))


def test_a_network_of_the_guarantee_converges_in_exact_arithmetic():
    """The schedule of section 6.3 run on all signs of two entries: zero off the support, errors within a_l."""
    rows = [[Fraction(x) for x in row] for row in CORNERS]
    norm = Fraction(20)
    gram = [[sum(row[i] * row[j] for row in rows) / norm for j in range(5)] for i in range(5)]
    assert gram[0][1] == Fraction(-1, 4)
    for support in itertools.combinations(range(5), 2):
        for values in itertools.product((1, -1, Fraction(1, 3)), repeat=2):
            code = [Fraction(0)] * 5
            for i, value in zip(support, values, strict=True):
                code[i] = Fraction(value)
            x, error = [Fraction(0)] * 5, Fraction(1)
            for _ in range(12):
                threshold = error / 2
                before = [x[i] + sum(gram[i][j] * (code[j] - x[j]) for j in range(5)) for i in range(5)]
                x = [max(abs(v) - threshold, 0) * (1 if v > 0 else -1) for v in before]
                error *= Fraction(3, 4)
                assert all(x[i] == 0 for i in range(5) if i not in support)
                assert max(abs(a - b) for a, b in zip(x, code, strict=True)) <= error
