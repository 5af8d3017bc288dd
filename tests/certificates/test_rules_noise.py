"""Rules about one support and about noise: against exact coefficients and exact determinants, and what they refuse."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from certificate_dictionaries import COMPLEX, FLOATS, IDENTITY_HADAMARD, SIMPLEX, SKEWED, Rows
from certificate_steps import null, refused
from certificate_truth import Truth, inverse, minus, times
from certificate_writer import draft
from noise_truth import coefficient, pair_bound

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import integers
from certificates.rules import RULES
from certificates.rules.values import Reject


def derived(rows: Rows, rule: str, evidence: dict, *premises: dict) -> dict | str:
    """What a rule derives, or why it refuses."""
    try:
        return RULES[rule](dictionary_from_values(rows), evidence).derive(premises)
    except Reject as reason:
        return str(reason)


def primitive(rows: Rows) -> list[list[tuple[int, int]]]:
    """The atoms as the checker scales them."""
    given = dictionary_from_values(rows)
    imaginary = given.imaginary or [[0] * given.m for _ in range(given.n)]
    return [list(zip(*parts, strict=True)) for parts in zip(given.real, imaginary, strict=True)]


def inverted(rows: Rows, support: tuple[int, ...], bits: int = 80) -> dict:
    """The inverse of the Gram matrix of a support, to so many bits, as evidence; the atoms are independent."""
    atoms = primitive(rows)
    matrix = [[[Fraction(0)] * 2 for _ in support] for _ in support]
    for a, i in enumerate(support):
        for b, j in enumerate(support):
            for (x, y), (u, v) in zip(atoms[i], atoms[j], strict=True):
                matrix[a][b] = [matrix[a][b][0] + x * u + y * v, matrix[a][b][1] + x * v - y * u]
    count = len(support)
    whole = [
        [*map(tuple, row), *((Fraction(int(a == b)), Fraction(0)) for b in range(count))]
        for a, row in enumerate(matrix)
    ]
    for a in range(count):
        factor = inverse(whole[a][a])
        whole[a] = [times(factor, x) for x in whole[a]]
        for b in set(range(count)) - {a}:
            factor = whole[b][a]
            whole[b] = [minus(x, times(factor, y)) for x, y in zip(whole[b], whole[a], strict=True)]
    entries = [x for row in whole for x in row[count:]]
    real, imaginary = (integers([round(x[part] * 2**bits) for x in entries], -bits) for part in (0, 1))
    return {
        "divisor": "1",
        "imaginary": imaginary if any(isinstance(x, complex) for x in rows[0]) else None,
        "real": real,
    }


def random_rows(seed: int) -> Rows:
    source = random.Random(seed)
    m, n = source.randint(2, 3), source.randint(3, 5)
    entry = (
        lambda: source.randint(-3, 3),
        lambda: Fraction(source.randint(-5, 5), source.randint(1, 4)),
        lambda: complex(source.randint(-2, 2), source.randint(-2, 2)),
    )[seed % 3]
    rows = [[entry() for _ in range(n)] for _ in range(m)]
    for j in range(n):
        if not any(row[j] for row in rows):
            rows[source.randrange(m)][j] = entry() * 0 + 1
    return rows


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("scaling", ["unit", "as-given"])
def test_a_coefficient_is_derived_exactly_if_it_is_within_the_bounds(seed: int, scaling: str) -> None:
    rows = random_rows(seed)
    truth, tried = Truth(rows), 0
    for support in itertools.chain(*(itertools.combinations(range(truth.n), s) for s in (1, 2))):
        known = coefficient(truth, support, scaling)
        if known is None:
            continue
        tried += 1
        near = Fraction(math.floor(known * 2**40), 2**40)
        evidence = {**inverted(rows, support), "scaling": scaling, "support": list(support)}
        for lower, upper, good in ((-1, 2, True), (-1, -1, False), (2, 3, False)):
            bounds = {
                "lower": max(near + Fraction(lower, 2**40), Fraction(0)),
                "upper": max(near + Fraction(upper, 2**40), Fraction(0)),
            }
            if not good and bounds["lower"] <= known <= bounds["upper"]:
                continue
            found = derived(rows, "exact-recovery-coefficient", evidence | {k: str(v) for k, v in bounds.items()})
            assert isinstance(found, dict) is good, (support, known, found)
    assert tried > 2


def test_an_exact_inverse_gives_an_exact_coefficient() -> None:
    # A = [[17, 4], [4, 17]] and A_S* a_2 = (4, -4): 2 * 4/13
    evidence = {"divisor": "111", "imaginary": None, "real": integers([17, -4, -4, 17]), "support": [0, 1]}
    evidence |= {"lower": "8/13", "upper": "8/13"}
    for scaling in ("unit", "as-given"):
        found = derived(SKEWED, "exact-recovery-coefficient", {**evidence, "scaling": scaling})
        assert isinstance(found, dict), found
        assert found["upper"] == "8/13"
    whole = inverted(SKEWED, (0, 1, 2)) | {"lower": "0", "scaling": "unit", "support": [0, 1, 2], "upper": "0"}
    assert isinstance(derived(SKEWED, "exact-recovery-coefficient", whole), dict)


def test_what_a_coefficient_refuses() -> None:
    good = {"divisor": "111", "imaginary": None, "lower": "8/13", "real": integers([17, -4, -4, 17])}
    good |= {"scaling": "unit", "support": [0, 1], "upper": "8/13"}
    for change, why in (
        ({"support": []}, "support is empty"),
        ({"imaginary": integers([0] * 4)}, "imaginary is not null"),
        ({"lower": "-1"}, "lower or upper is negative"),
        ({"upper": "-1"}, "lower or upper is negative"),
        ({"divisor": "0"}, "divisor is not positive"),
        ({"divisor": "-1"}, "divisor is not positive"),
        ({"real": integers([-17, 4, 4, -17])}, "does not prove that the atoms of the support are independent"),
        ({"real": integers([0] * 4)}, "does not prove that the atoms of the support are independent"),
        ({"upper": "61/100", "lower": "0"}, "the coefficients of atom 2 are not proved to be at most upper"),
        ({"lower": "62/100", "upper": "1"}, "no atom off the support is proved to reach lower"),
        ({"real": integers([17, -4, -4])}, "an array of length 4"),
    ):
        evidence = good | change
        assert why in refused(SKEWED, ("exact-recovery-coefficient", [], _lowest(evidence)))
    # atoms 0, 1 and 2 of one plane: no matrix is an inverse
    plane = [[1, 0, 1, 2], [0, 1, 1, -1]]
    found = derived(plane, "exact-recovery-coefficient", {**good, "support": [0, 1, 2], "real": integers([1] * 9)})
    assert "independent" in str(found)


@pytest.mark.parametrize(
    ("times", "name", "false"), [(Fraction(9, 10), "upper", "3/5"), (Fraction(11, 10), "lower", "13/20")]
)
def test_how_bad_the_inverse_is_counts(times: Fraction, name: str, false: str) -> None:
    """A matrix that is 9/10 or 11/10 of the inverse makes t as much too small or great; e = 1/10 makes up for it."""
    numbers = [int(x * times * 10) for x in (17, -4, -4, 17)]
    evidence = {
        "divisor": f"{2730:x}",
        "imaginary": None,
        "real": integers(numbers),
        "scaling": "unit",
        "support": [0, 1],
    }
    bounds = {"lower": "0", "upper": "1"}
    exact = evidence | bounds | {name: "8/13"}
    assert isinstance(derived(SKEWED, "exact-recovery-coefficient", exact), dict)
    assert "proved to" in str(derived(SKEWED, "exact-recovery-coefficient", exact | {name: false}))


def test_roots_are_rounded_in_the_right_direction() -> None:
    rows = [[1, 0, 1], [0, 1, 1]]  # |<e_0, d^_2>| = 1/sqrt 2
    below = math.isqrt(2**255)
    evidence = {
        "divisor": "1",
        "imaginary": None,
        "lower": "0",
        "real": integers([1]),
        "scaling": "unit",
        "support": [0],
    }
    for upper, good in ((below, False), (below + 1, True)):
        found = derived(rows, "exact-recovery-coefficient", evidence | {"upper": str(Fraction(upper, 2**128))})
        assert isinstance(found, dict) is good
    # A = diag(1, 2), and B makes |I - B A| exactly 1 with the upper bound of 1/sqrt 2
    two = [[1, 0], [0, 1], [0, 1]]
    matrix = integers([2 * (below + 1), 2**128, 0, below + 1])
    edge = {**evidence, "divisor": f"{2 * (below + 1):x}", "real": matrix, "support": [0, 1], "upper": "1"}
    assert "independent" in str(derived(two, "exact-recovery-coefficient", edge))
    longer = {**edge, "divisor": f"{2 * (below + 2):x}", "real": integers([2 * (below + 2), 2**128, 0, below + 2])}
    assert isinstance(derived(two, "exact-recovery-coefficient", longer), dict)


def _lowest(evidence: dict) -> dict:
    return {k: str(Fraction(v)) if k in ("lower", "upper") else v for k, v in evidence.items()}


def test_the_norm_of_the_rest_is_weighted() -> None:
    """Atoms of very different length: an inverse that is good for the short atom only proves nothing."""
    rows = [[1000, 0, 1], [0, 1, 1]]
    for scaling in ("unit", "as-given"):
        exact = inverted(rows, (0, 1)) | {"lower": "0", "scaling": scaling, "support": [0, 1], "upper": "2"}
        assert isinstance(derived(rows, "exact-recovery-coefficient", exact), dict)
    skew = [[1, 1], [0, Fraction(1, 1000)]]  # nearly parallel: an approximate inverse must be good to 1e-6
    rough = {"lower": "0", "scaling": "unit", "support": [0, 1], "upper": "0", **inverted(skew, (0, 1), 4)}
    assert isinstance(derived(skew, "exact-recovery-coefficient", rough), dict)
    zero = rough | {"real": integers([1, -1, -1, 1])}
    assert "independent" in str(derived(skew, "exact-recovery-coefficient", zero))


COEFFICIENT = {"kind": "exact-recovery-coefficient", "lower": "0", "scaling": "unit", "support": [0], "upper": "1"}


def test_a_coefficient_of_one_guarantees_nothing() -> None:
    assert "below 1" in str(derived(SKEWED, "exact-recovery", {"question": "l1"}, COEFFICIENT))
    below = COEFFICIENT | {"upper": f"{2**60 - 1}/{2**60}"}
    assert isinstance(derived(SKEWED, "exact-recovery", {"question": "omp"}, below), dict)
    for question in ("l0", "network"):
        assert "one of l1, omp" in str(derived(SKEWED, "exact-recovery", {"question": question}, below))


def test_a_null_vector_outside_the_support_refutes_nothing() -> None:
    vector = null([0, 1, 2, 3], integers([1, 1, 1, 1]))
    for support in ([0, 1, 2], [], [3]):
        evidence = {"question": "l1", "scaling": "unit", "support": support}
        assert "outside the support" in refused(SIMPLEX, vector, ("failure-by-dependent-support", [0], evidence))


# --- noise ---


def weights(rows: Rows, norm: str, upper: str, vectors: list[int]) -> dict | str:
    imaginary = integers([0] * len(vectors)) if any(isinstance(x, complex) for x in rows[0]) else None
    evidence = {"imaginary": imaginary, "norm": norm, "real": integers(vectors), "upper": upper}
    return derived(rows, "generalized-weights", evidence)


def test_weights_are_accepted_exactly_at_their_norm_and_product() -> None:
    atoms = [row[i] for i in range(3) for row in SKEWED]
    assert isinstance(weights(SKEWED, "1", "4/17", atoms), dict)
    assert weights(SKEWED, "1", "3/17", atoms) == "atom 1 exceeds upper for the weights of atom 0"
    assert weights(SKEWED, "99/100", "4/17", atoms) == "the weights of atom 0 are longer than norm"
    assert "orthogonal to it" in str(weights(SKEWED, "1", "1", [1, -4, 16, *atoms[3:]]))
    other = [*atoms[:6], 5, 1, -4]  # d_0 + d_2
    assert weights(SKEWED, "9", "4/17", other) == "atom 0 exceeds upper for the weights of atom 2"
    assert "negative" in str(weights(SKEWED, "-1", "1", atoms))
    assert "negative" in str(weights(SKEWED, "1", "-1", atoms))
    assert "imaginary is not null" in str(
        derived(
            SKEWED,
            "generalized-weights",
            {"imaginary": integers([0] * 9), "norm": "1", "real": integers(atoms), "upper": "1"},
        )
    )
    # e_1, e_2 and (1, 2): atoms of norm 1, 1, sqrt 5
    rows = [[1, 0, 1], [0, 1, 2]]
    for norm, good in (("112/100", True), ("111/100", False)):  # w_1 = (2, -1)/2 has norm sqrt 5 / 2
        found = weights(rows, str(Fraction(norm)), "1", [2, -1, 0, 1, 1, 2])
        assert isinstance(found, dict) is good, found


def test_complex_weights() -> None:
    parts = [[entry.real if side == 0 else complex(entry).imag for entry in row] for row in COMPLEX for side in (0, 1)]
    real, imaginary = parts[::2], parts[1::2]
    evidence = {"norm": "1"} | {
        name: integers([int(row[i]) for i in range(4) for row in part])
        for name, part in (("real", real), ("imaginary", imaginary))
    }
    # mu^2 = 1/3
    assert isinstance(derived(COMPLEX, "generalized-weights", {**evidence, "upper": "289/500"}), dict)
    assert "exceeds" in str(derived(COMPLEX, "generalized-weights", {**evidence, "upper": "577/1000"}))


NOISE = {"epsilon": "1/10", "level": 1, "norm": "l2", "upper": "1"}
TOLERANT = NOISE | {"tolerance": "1/10"}
MU = {"kind": "mutual-coherence", "pair": [0, 1], "squared": "1/25"}
WEIGHTS = {"kind": "generalized-weights", "norm": "2", "upper": "1/5"}
DELTA = {"kind": "isometry-upper", "level": 2, "theorem": "isometry-by-enumeration", "upper": "1/5"}


def nine(rows: int = 9) -> Rows:
    return [[int(i == j) for j in range(9)] for i in range(rows)]


@pytest.mark.parametrize(
    ("rule", "norm", "premise", "square"),
    [
        ("stability-l0", "l2", MU, Fraction(4, 100) / Fraction(4, 5)),
        ("stability-l0-by-isometry", "l2", DELTA, Fraction(4, 100) / Fraction(4, 5)),
        ("stability-l0-linf", "linf", WEIGHTS, (Fraction(2, 10) * 2 / Fraction(4, 5)) ** 2),
        ("bpdn-stability", "l2", MU, Fraction(9, 100) / Fraction(2, 5)),
        ("bpdn-stability-generalized", "linf", WEIGHTS, (Fraction(3, 10) * 2 / Fraction(4, 5)) ** 2),
        ("bpdn-stability-generalized", "l1", WEIGHTS, (2 * Fraction(3, 10) * 2 / Fraction(4, 5)) ** 2),
        ("bpdn-stability-generalized", "l2", WEIGHTS, 2 * (Fraction(3, 10) * 2 / Fraction(4, 5)) ** 2),
    ],
)
def test_the_constants_are_those_of_theory(rule: str, norm: str, premise: dict, square: Fraction) -> None:
    """mu = mu~ = delta = 1/5, k = 1, eps = 1/10, delta = 1/5, |w| = 2: the formulas of the registry, to 1e-30."""
    least = Fraction(math.isqrt(math.floor(square * 10**60)), 10**30)
    evidence = NOISE | {"norm": norm} | ({"tolerance": "1/5"} if rule.startswith("bpdn") else {})
    for step, good in ((-1, False), (1, True)):
        bound = str(least + Fraction(step, 10**30))
        found = derived(nine(), rule, evidence | {"upper": bound}, premise)
        assert isinstance(found, dict) is good, found


@pytest.mark.parametrize(("level", "squared"), [(2, Fraction(1, 9)), (3, Fraction(1, 25)), (1, Fraction(1))])
def test_no_bound_where_the_condition_just_fails(level: int, squared: Fraction) -> None:
    mu = MU | {"squared": str(squared)}
    t = WEIGHTS | {"upper": str(Fraction(math.isqrt(squared.numerator), math.isqrt(squared.denominator)))}
    huge = NOISE | {"level": level, "upper": "1000000"}
    just = str(squared * Fraction(999, 1000))
    assert "no bound" in str(derived(nine(), "stability-l0", huge, mu))
    assert isinstance(derived(nine(), "stability-l0", huge, MU | {"squared": just}), dict)
    assert "no bound" in str(derived(nine(), "stability-l0-linf", huge | {"norm": "linf"}, t))
    tolerant = huge | {"tolerance": "1/10", "norm": "l1"}
    assert "no bound" in str(derived(nine(), "bpdn-stability-generalized", tolerant, t))
    quarter = MU | {"squared": str(Fraction(1, (min(4 * level, 9) - 1) ** 2))}
    assert "no bound" in str(derived(nine(), "bpdn-stability", tolerant | {"norm": "l2"}, quarter))
    delta = DELTA | {"level": min(2 * level, 9), "upper": "1"}
    assert "no bound" in str(derived(nine(), "stability-l0-by-isometry", huge, delta))
    for rule, asked in (("stability-l0-linf", huge | {"norm": "linf"}), ("bpdn-stability-generalized", tolerant)):
        assert "no bound" in str(derived(nine(), rule, asked, WEIGHTS | {"upper": "3"}))
    fewer = DELTA | {"level": 2 * level - 1}
    assert "fewer atoms" in str(derived(nine(), "stability-l0-by-isometry", huge, fewer))


def test_bad_noise_is_refused() -> None:
    for change, why in (
        ({"level": 0}, "level is not from 1 to 9"),
        ({"level": 10}, "level is not from 1 to 9"),
        ({"epsilon": "-1"}, "negative"),
        ({"upper": "-1"}, "negative"),
        ({"tolerance": "1/11"}, "tolerance is below epsilon"),
        ({"norm": "linf"}, "one of l2"),
        ({"norm": "l3"}, "one of l2"),
    ):
        assert why in str(derived(nine(), "bpdn-stability", TOLERANT | change, MU))
    assert "one of linf" in str(derived(nine(), "stability-l0-linf", NOISE, WEIGHTS))


@pytest.mark.parametrize("rows", [SIMPLEX, IDENTITY_HADAMARD, FLOATS, COMPLEX, SKEWED])
def test_what_is_derived_of_sparsest_codes_holds_of_every_pair(rows: Rows) -> None:
    """Against the exact least eigenvalue over all pairs of supports, by determinants; for the simplex it is attained."""
    truth = Truth(rows)
    pair = next(p for p in itertools.combinations(range(truth.n), 2) if truth.coherence_squared(*p) == truth.mu_squared)
    mu = {"kind": "mutual-coherence", "pair": list(pair), "squared": str(truth.mu_squared)}
    derivable = 0
    for upper in (Fraction(n, 64) for n in (129, 160, 200, 800, 4000)):
        found = derived(rows, "stability-l0", {"epsilon": "1", "level": 1, "norm": "l2", "upper": str(upper)}, mu)
        linf = derived(rows, "generalized-weights-by-coherence", {}, mu)
        assert isinstance(linf, dict)
        entry = {"epsilon": "1", "level": 1, "norm": "linf", "upper": str(upper)}
        other = derived(rows, "stability-l0-linf", entry, linf)
        # one pair of atoms attains both
        assert isinstance(found, dict) is pair_bound(truth, 1, upper / 2, "l2")
        assert not isinstance(other, dict) or pair_bound(truth, 1, upper / 2, "linf")
        derivable += isinstance(found, dict)
    assert derivable


def test_written_steps_are_accepted_with_what_they_rely_on() -> None:
    w = draft(SKEWED)
    mu = w.step("mutual-coherence", pair=[0, 1])
    said = NOISE | {"upper": "23/100"}
    w.claim(w.step("stability-l0", [mu], **said), "l0-stability", **said, theorem="stability-l0")
    found = certificates.check(w.sealed(), dictionary=SKEWED)
    assert isinstance(found, certificates.Accepted)
    assert found.relied_on == ()
