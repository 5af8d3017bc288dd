"""Constants of the registry: against SymPy, exact small examples, cases of equality, and hypotheses that just fail."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import sympy

import verify
from verify.errors import InputError
from verify.exact import Enclosure
from verify.theorems import THEOREMS, theorem
from verify.theorems.language.values import Root, root

F = Fraction
SAMPLE = {
    "n": F(12), "m": F(5), "k": F(2), "s": F(2), "K": F(3), "rank": F(12), "spark": F(9), "nonzeros": F(4), "length": F(7),
    "r": F(3), "p": F(5), "found": F(3), "lam": F(2), "mu": F(1, 20), "mu_tilde": F(1, 25), "babel": F(1, 5), "babel_before": F(1, 7),
    "P": F(1, 5), "P_before": F(1, 7), "P_plus": F(1, 9), "P_minus": F(1, 8), "W_1": F(1, 2), "delta": F(1, 3), "nsc": F(2, 7),
    "omega": F(9, 8), "smin": F(1, 2), "u_norm": F(7, 2), "u_largest": F(3, 2), "diagonal": F(6, 5), "largest": F(1, 3),
    "erc": F(3, 4), "B": F(3), "sigma": F(1, 50), "C_W": F(4, 5), "eps": F(1, 100), "x_min": F(1), "x_max": F(2), "b": F(1, 2),
    "xi": F(1, 4), "t": F(2), "v": F(-3), "a": F(1, 2), "kappa": F(1, 30), "eta": F(1, 40), "beta": F(1, 2), "norm_min": F(3),
    "residual": F(1, 6), "gamma": F(5, 4), "mu_2": F(1, 3), "mu_2_before": F(1, 4), "noise": F(1, 90), "error": F(1, 60), "u": F(1, 64),
    "tau": F(1, 1000), "column_sum": F(2, 5), "size": F(1), "average": F(1, 8),
    "gain": F(5, 4), "reach": F(3, 2), "tail": F(7, 4), "spread": F(2, 3), "stripe_spark": F(9), "d_before": F(5), "d": F(12), "L": F(3),
}  # fmt: skip
SPECIAL = {
    "failure-by-dimension": {"k": F(3)},
    "recovery-by-orthogonality": {"mu": F(0)},
    "orthonormal-relu": {"t": F(-2)},
}


def sample(entry) -> dict[str, F]:
    values = {v.name: SAMPLE[v.name] for v in entry.variables if v.name not in entry.carried}
    return values | SPECIAL.get(entry.id, {})


@pytest.mark.parametrize("entry", THEOREMS, ids=lambda entry: entry.id)
def test_constants_are_what_sympy_says(entry) -> None:
    values = sample(entry)
    results = entry.apply(values)
    assert set(results) == set(entry.constants)
    zeros = dict.fromkeys(entry.carried, 0)
    for name, result in results.items():
        formula = entry.constant(name)
        numbers = {s: sympy.Rational(str((zeros | values)[str(s)])) for s in formula.free_symbols}
        expected = formula.subs(numbers)
        (value,) = result if isinstance(result, tuple) else (result,)
        if isinstance(value, Fraction):
            assert sympy.simplify(expected - sympy.Rational(str(value))) == 0
        elif value is None:
            assert expected in (sympy.oo, sympy.zoo)
        else:
            middle = (value.lower + value.upper) / 2
            assert abs(sympy.Rational(str(middle)) - expected).evalf(40) < 10**-25
            assert value.upper - value.lower < F(1, 10**25)


@pytest.mark.parametrize("entry", [e for e in THEOREMS if e.variables], ids=lambda entry: entry.id)
def test_values_outside_a_domain_are_refused(entry) -> None:
    for variable in entry.variables:
        if variable.name in entry.carried:
            continue
        domain = variable.domain
        outside = [] if domain.lower is None else [domain.lower - 1]
        outside += [] if domain.upper is None else [domain.upper + F(1, 3)]
        outside += [F(5, 2)] if domain.integer else []
        outside += [domain.lower] if domain.lower_open else []
        for value in outside:
            with pytest.raises(InputError, match=f"^{entry.id}: .*{variable.name} is outside"):
                entry.apply(sample(entry) | {variable.name: value})
        with pytest.raises(InputError, match=f"{entry.id} needs a value for|not prov|{entry.id}"):
            if variable.optional:
                raise InputError(entry.id)
            entry.apply({name: value for name, value in sample(entry).items() if name != variable.name})


TINY = F(1, 10**40)
JUST_FAILS = [
    ("independence-by-rank", {"rank": F(11)}, "rank D = n fails: 11 against 12, by 1"),
    ("independence-by-coherence", {"mu": F(1, 11)}, r"\(n - 1\) mu < 1 fails: both sides are 1"),
    ("welch-bound", {"n": F(5)}, "n > m fails: both sides are 5"),
    ("recovery-by-coherence", {"k": F(25), "mu": F(1, 49)}, r"\(2k - 1\) mu < 1 fails: both sides are 1"),
    ("recovery-by-generalized-coherence", {"mu_tilde": F(1, 3)}, "fails: both sides are 1"),
    ("recovery-by-babel", {"babel": F(6, 7)}, r"mu_1\(k-1\) \+ mu_1\(k\) < 1 fails"),
    ("recovery-by-isometry", {"delta": root(F(1, 2))}, r"delta_2k < 1/sqrt\(2\) is not proved"),
    ("recovery-by-isometry", {"delta": F(7072, 10000)}, "fails: about 0.7072|fails: 442/625 against about 0.70710"),
    ("recovery-by-null-space", {"nsc": F(1, 2)}, "nsc_k < 1/2 fails: both sides are 1/2"),
    ("uniqueness-by-spark", {"spark": F(4)}, r"2k < spark\(D\) fails: both sides are 4"),
    ("convolution-coherence-circular", {"p": F(4)}, "p >= 2r - 1 fails: 4 against 5, by 1"),
    ("exact-recovery", {"erc": F(1)}, "erc < 1 fails"),
    ("stripe-uniqueness-by-spark", {"stripe_spark": F(4)}, r"2s < spark\^S fails: both sides are 4"),
    ("stripe-uniqueness-by-coherence", {"s": F(25), "mu": F(1, 49)}, r"\(2s - 1\) mu < 1 fails: both sides are 1"),
    ("recovery-by-filter-coherence", {"mu": F(1, 3)}, r"\(2s - 1\) mu < 1 fails: both sides are 1"),
    ("recovery-by-filter-babel", {"babel": F(6, 7)}, r"mu_1\(s-1\) \+ mu_1\(s\) < 1 fails: both sides are 1"),
    ("recovery-by-filter-weights", {"mu_tilde": F(1, 3)}, r"\(2s - 1\) mu~ < 1 fails: both sides are 1"),
    ("lista-linf-local", {"mu": F(1, 3)}, r"\(2s - 1\) mu < 1 fails: both sides are 1"),
    ("bpdn-stability", {"delta": F(1, 101)}, "eps <= delta fails"),
    ("bpdn-stability", {"mu": F(1, 7)}, r"\(4k - 1\) mu < 1 fails: both sides are 1"),
    ("lista-linf", {"mu": F(1, 3)}, r"\(2s - 1\) mu < 1 fails: both sides are 1"),
    ("lista-linf", {"mu": F(1, 3) + TINY}, r"\(2s - 1\) mu < 1 fails: about 1 against 1, by about 3e-40"),
    ("lista-step", {"t": SAMPLE["P"] * SAMPLE["a"] + SAMPLE["eta"] - TINY}, r"atom 0: the hypothesis t_i >= P_i\(s\) a \+ eta_i fails"),
    ("alista-theorem-1", {"gamma": F(2) / (1 + 3 * F(1, 20))}, "gamma < .* fails: both sides are 40/23"),
    ("thresholding-support", {"b": F(21, 100) - TINY}, "b_lower <= b fails"),
    ("thresholding-support", {"b": F(89, 100)}, "b < b_upper fails: both sides are 89/100"),
    ("thresholding-by-babel", {"b": F(41, 100) - TINY}, "b_lower <= b fails"),
    ("thresholding-by-babel", {"b": F(493, 700)}, "b < b_upper fails: both sides are 493/700"),
    ("thresholding-typical-local", {"eps": F(1, 2)}, r"eps < \|x\|_min/2 fails"),
    ("thresholding-typical", {"eps": F(1, 2)}, r"eps < \|x\|_min/2 fails"),
    ("lasso-support", {"xi": F(1, 100) * (1 + F(2, 19)) / (1 - F(2, 19))}, "xi > xi_lower fails"),
    ("lasso-support-simple", {"mu": F(1, 5)}, r"\(3s - 1\) mu < 1 fails: both sides are 1"),
    ("dsc-uniqueness", {"mu": (F(1, 20), F(1, 3))}, "layer 2: the hypothesis .* fails"),
    ("convergence-by-generalized-babel", {"P": (F(0), F(6, 7))}, "atom 1: the hypothesis .* fails"),
    ("hard-thresholding-by-isometry", {"delta": F(6181, 10000)}, "delta_3k < .* fails"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "message"), JUST_FAILS)
def test_a_hypothesis_that_just_fails(name: str, changed: dict, message: str) -> None:
    entry = theorem(name)
    entry.apply(sample(entry))
    with pytest.raises(InputError, match=message):
        entry.apply(sample(entry) | changed)


def test_just_inside_is_applied() -> None:
    assert theorem("recovery-by-coherence").apply({"k": F(24), "mu": F(1, 49)}) == {"level_bound": F(25)}
    theorem("lista-linf").apply(sample(theorem("lista-linf")) | {"mu": F(1, 3) - TINY})
    theorem("recovery-by-isometry").apply({"k": F(1), "delta": F(7071, 10000)})


# --- small dictionaries, exactly ---

ATOMS = [(F(1), F(0)), (F(0), F(1)), (F(3, 5), F(4, 5))]


def dot(x, y):
    return sum((a * b for a, b in zip(x, y, strict=True)), F(0))


def shrink(v: F, t: F) -> F:
    return v - t if v > t else v + t if v < -t else F(0)


def layer(weights, atoms, x, y, thresholds):
    residual = [yi - dot([d[i] for d in atoms], x) for i, yi in enumerate(y)]
    return [shrink(xi + dot(w, residual), t) for xi, w, t in zip(x, weights, thresholds, strict=True)]


def test_the_third_atom_of_three() -> None:
    """d3 = 3/5 d1 + 4/5 d2: mu~_3 = 5/7 by w = (5/7, 5/7) and by u = (3/5, 4/5); its share in the null vector is 5/12."""
    w, u = (F(5, 7), F(5, 7)), (F(3, 5), F(4, 5))
    above = theorem("generalized-coherence").apply(
        {"diagonal": abs(dot(w, ATOMS[2])), "largest": max(abs(dot(w, d)) for d in ATOMS[:2])}
    )
    below = theorem("generalized-coherence-by-null-vector").apply({"u_norm": sum(map(abs, u))})
    assert above == {"mu_upper": F(5, 7)} and below == {"mu_lower": F(5, 7)}
    share = F(1) / (sum(map(abs, u)) + 1)
    assert theorem("null-space-of-one").apply({"mu_tilde": F(5, 7)}) == {"nsc_1": share}
    assert theorem("jn-alpha-one").apply({"mu_tilde": (F(0), F(5, 7))}) == {"alpha_1": share}
    # the sum of two moduli: w = (0, 5/4) attains the bound of u
    assert theorem("generalized-babel-by-null-vector").apply(
        {"k": F(2), "u_largest": F(4, 5), "u_norm": F(7, 5)}
    ) == {"P_lower": F(5, 4)}  # fmt: skip
    # a rough u, off by (1/10, 0): still a lower bound
    rough = {"u_norm": F(13, 10), "r": F(1, 10), "m": F(2), "smin": F(1)}
    for name, more in (("generalized-coherence-by-columns", {}), ("generalized-coherence-by-residual", {"n": F(3)})):
        found = theorem(name).apply(rough | more)["mu_lower"]
        assert isinstance(found, Enclosure) and F(69, 100) < found.lower <= found.upper <= F(5, 7)


def test_the_welch_bound_is_attained() -> None:
    """The Steiner frame, 6 x 16, has mu = 1/3, measured."""
    facts = verify.measure(verify.load("builtin:steiner:6x16"))
    assert theorem("welch-bound").apply({}, facts) == {"mu_lower": F(1, 3)}
    assert root(facts.coherence.squared) == F(1, 3)


def test_two_atoms_attain_the_stability_bound() -> None:
    """d1, d2 with product 7/25: e1 and e2 have signals 6/5 apart; with y in the middle the bound is |e1 - e2| exactly."""
    found = theorem("stability-l0").apply({"k": F(1), "mu": F(7, 25), "eps": F(3, 5)})["error_l2"]
    assert isinstance(found, Enclosure) and found.lower**2 <= 2 <= found.upper**2
    assert found.upper - found.lower < F(1, 10**30)


@pytest.mark.parametrize("seed", range(12))
def test_networks_stay_within_their_bounds(seed: int) -> None:
    """The network run exactly, with noise and weights of its own, beside lista-linf, lista-l2, lista-l1 and lista-step."""
    random_ = random.Random(seed)
    m, n, s = 12, 5, 1 + seed % 2
    atoms = [[F(random_.randint(-1, 1), 1) + (9 if i == j else 0) for i in range(m)] for j in range(n)]
    weights = [[x / dot(d, d) for x in d] for d in atoms]  # w_i^T d_i = 1
    gram = [[abs(dot(w, d)) for d in atoms] for w in weights]
    mu = max(gram[i][j] for i in range(n) for j in range(n) if i != j)
    bound, support = F(3), random_.sample(range(n), s)
    code = [F(random_.choice((-3, 3))) if i in support else F(0) for i in range(n)]
    noise = [F(random_.randint(-2, 2), 100) for _ in range(m)]
    eta = [abs(dot(w, noise)) for w in weights]
    sigma = max(eta)
    y = [dot([d[i] for d in atoms], code) + noise[i] for i in range(m)]
    values = {"s": F(s), "mu": mu, "B": bound, "sigma": sigma}
    largest = [sorted((g for j, g in enumerate(row) if j != i), reverse=True) for i, row in enumerate(gram)]
    sums = tuple(sum(row[:s], F(0)) for row in largest), tuple(sum(row[: s - 1], F(0)) for row in largest)
    x, own, a = [F(0)] * n, [F(0)] * n, bound
    for steps in range(6):
        error = [abs(u - v) for u, v in zip(x, code, strict=True)]
        at = values | {"K": F(steps)}
        limit = theorem("lista-linf").apply(at)["error_linf"]
        assert isinstance(limit, Fraction)
        assert max(error) <= limit
        assert sum(error) <= theorem("lista-l1").apply(at)["error_l1"]
        root_ = theorem("lista-l2").apply(at)["error_l2"]
        assert dot(error, error) <= (root_ if isinstance(root_, Fraction) else root_.upper) ** 2
        assert all(x[i] == 0 for i in range(n) if i not in support)
        assert max(abs(u - v) for u, v in zip(own, code, strict=True)) <= a <= limit
        x = layer(weights, atoms, x, y, [s * mu * limit + sigma] * n)
        thresholds = tuple(p * a + e for p, e in zip(sums[0], eta, strict=True))
        own = layer(weights, atoms, own, y, thresholds)
        step = {"P": sums[0], "P_before": sums[1], "kappa": F(0), "eta": tuple(eta), "t": thresholds, "a": a}
        a = theorem("lista-step").apply(step)["a_next"]


def test_the_rate_is_attained() -> None:
    weights, mu, x = ATOMS, F(4, 5), [F(0)] * 3
    for steps in range(8):
        expected = theorem("lista-rate-attained").apply({"mu": mu, "B": F(2), "K": F(steps)})["error"]
        assert max(abs(u - v) for u, v in zip(x, (2, 0, 0), strict=True)) == expected
        x = layer(weights, ATOMS, x, [F(2), F(0)], [mu * expected] * 3)


def test_non_negative_codes() -> None:
    """d1 . d3 and d2 . d3 are positive: on the support nothing counts, and the code is approached from below."""
    entry, x, a = theorem("lista-nonnegative"), [F(0)] * 3, F(1)
    plus = (F(3, 5), F(4, 5), F(4, 5))
    for _ in range(6):
        thresholds = tuple(p * a for p in plus)
        residual = [F(1) - x[0] - F(3, 5) * x[2], -x[1] - F(4, 5) * x[2]]
        x = [max(xi + dot(d, residual) - t, F(0)) for xi, d, t in zip(x, ATOMS, thresholds, strict=True)]
        a = entry.apply({"P_plus": plus, "P_minus": F(0), "eta": F(0), "t": thresholds, "a": a})["a_next"]
        assert x[1] == x[2] == 0 <= x[0] <= 1 and 1 - x[0] <= a


def test_thresholding_finds_every_support() -> None:
    """mu = 4/5, one nonzero: b = 9/10 works for all three atoms, exactly, and the level bound says when one exists."""
    entry = theorem("thresholding-support")
    values = {"s": F(1), "mu": F(4, 5), "x_min": F(1), "x_max": F(1), "eps": F(0), "b": F(9, 10)}
    assert entry.apply(values)["error_soft"] == F(9, 10)
    for i, d in enumerate(ATOMS):
        assert [abs(dot(e, d)) > F(9, 10) for e in ATOMS] == [j == i for j in range(3)]
    level = theorem("thresholding-level")
    for s, mu, low, high, eps in itertools.product((1, 2, 3), (F(1, 20), F(1, 4)), (F(1), F(3, 2)), (F(3, 2), F(2)), (F(0), F(1, 3))):  # fmt: skip
        given = {"s": F(s), "mu": mu, "x_min": low, "x_max": high, "eps": eps}
        exists = mu * s * high + eps < low - mu * (s - 1) * high - eps
        try:
            b = level.apply(given)["b"]
        except InputError:
            assert not exists
        else:
            assert exists
            entry.apply(given | {"b": b})


def test_the_lasso_of_three_atoms() -> None:
    """y = (1, 1/100): x^ = (9/10, 0, 0) satisfies the optimality condition for xi = 1/10, strictly off its support."""
    values = {"s": F(1), "mu": F(4, 5), "eps": F(1, 100), "xi": F(1, 10)}
    found = theorem("lasso-support").apply(values)
    residual = (F(1, 10), F(1, 100))
    assert dot(ATOMS[0], residual) == F(1, 10) > max(abs(dot(d, residual)) for d in ATOMS[1:])
    assert found["xi_lower"] == F(9, 100) < F(1, 10) and F(1, 10) <= found["error_linf"] == F(11, 100)
    for simple, factor, times in (("lasso-support-simple", 6, 3), ("pre2017-lasso", F(15, 2), 4)):
        given = {"s": F(2), "mu": F(1, 6), "eps": F(1, 100)}
        weak = theorem(simple).apply(given)
        sharp = theorem("lasso-support").apply(given | {"xi": weak["xi"]})
        assert weak["xi"] == times * F(1, 100)
        assert sharp["error_linf"] <= weak["error_linf"] == factor * F(1, 100)


def test_layers_pass_their_errors_on() -> None:
    stable = {"lam": F(1), "mu": F(0), "eps": (F(1, 10), F(1, 5)), "beta": (F(1), F(1, 2)), "norm_min": (F(1), F(2))}
    assert theorem("dsc-stability").apply(stable) == {"E": (F(1, 5), F(3, 5))}
    isometry = {name: value for name, value in stable.items() if name != "mu"} | {"delta": F(3, 4)}
    assert theorem("dsc-stability-by-isometry").apply(isometry) == {"E": (F(2, 5), F(8, 5))}
    chain = {
        "s": F(1),
        "mu": F(1, 10),
        "x_min": F(1),
        "x_max": F(1),
        "k": F(4),
        "noise": (F(1, 10), F(1, 100)),
        "b": F(1, 2),
    }
    hard, soft = (theorem(f"layered-{kind}-thresholding") for kind in ("hard", "soft"))
    assert hard.apply(chain)["error"] == (F(1, 10), F(21, 100))
    assert soft.apply({n: v[0] if isinstance(v, tuple) else v for n, v in chain.items()})["error"] == (F(3, 5),)
    lasso = {"s": F(1), "mu": F(1, 5), "k": F(4), "noise": F(1, 100), "xi": (F(1, 10), F(1))}
    assert theorem("layered-basis-pursuit").apply(lasso)["error"] == (F(11, 100), F(123, 100))
    assert theorem("layered-basis-pursuit").apply(lasso)["eps"] == (F(1, 100), F(23, 100))


def test_random_signs() -> None:
    """All signs of 4 coefficients against one atom with |<d_i, d_j>| = 1/8: mu_2 = 1/4; the share that fails is below."""
    g = F(1, 8)
    values = {
        "n": F(5),
        "s": F(4),
        "mu_2": F(1, 4),
        "mu_2_before": F(1, 10**6),
        "x_min": F(1),
        "x_max": F(1),
        "eps": F(1, 4),
    }
    found = theorem("thresholding-typical").apply(values)["probability"]
    failing = sum(abs(sum(signs)) * g >= F(1, 4) for signs in itertools.product((-1, 1), repeat=4))
    assert F(failing, 16) <= found.upper
    assert found.upper < 2  # 2 exp(-1/2): the bound says something, once


def test_values_come_from_a_dictionary() -> None:
    facts = verify.measure(verify.load("builtin:simplex:50"))
    entry = theorem("recovery-by-coherence")
    assert entry.apply({"k": F(24)}, facts) == {"level_bound": F(25)}
    with pytest.raises(InputError, match="both sides are 1"):
        entry.apply({"k": F(25)}, facts)
    hadamard = verify.measure(verify.load("builtin:identity-hadamard:32"))  # mu^2 = 1/32
    assert entry.apply({"k": F(3)}, hadamard)["level_bound"].lower ** 2 < (1 + F(32) ** F(1)) ** 2
    with pytest.raises(InputError, match=r"fails: about 1.2374.* against 1, by about 0.2374"):
        entry.apply({"k": F(4)}, hadamard)
    assert theorem("independence-by-rank").variables[0].measured(hadamard) == 32
    assert theorem("spark-by-dimension").apply({}, hadamard) == {"spark_upper": 33}
    mu_tilde = theorem("recovery-by-generalized-coherence").apply({"k": F(2)}, hadamard)["level_bound"]
    assert isinstance(mu_tilde, Enclosure) and mu_tilde.lower < mu_tilde.upper
    with pytest.raises(InputError, match="needs a value for k"):
        entry.apply({}, hadamard)


def test_roots_and_intervals() -> None:
    entry = theorem("recovery-by-coherence")
    assert isinstance(entry.apply({"k": F(3), "mu": Root(F(1, 26))})["level_bound"], Enclosure)
    with pytest.raises(InputError, match=r"fails: about 1\.02"):
        entry.apply({"k": F(3), "mu": Root(F(1, 24))})
    wide = Enclosure(F(1, 6), F(1, 4))
    with pytest.raises(InputError, match=r"is not proved: between 0\.8333\d* and 1\.2500\d* against 1$"):
        entry.apply({"k": F(3), "mu": wide})
    assert entry.apply({"k": F(2), "mu": wide})["level_bound"].upper >= F(7, 2)
    with pytest.raises(InputError, match="is not proved to lie inside"):
        entry.apply({"k": F(1), "mu": Enclosure(F(1, 2), F(3, 2))})
    assert entry.apply({"k": F(3), "mu": F(0)}) == {"level_bound": None}  # infinite


def test_lists_of_values() -> None:
    entry = theorem("dsc-uniqueness")
    assert entry.apply({"lam": (F(1), F(2)), "mu": F(1, 4)}) == {"level_bound": (F(5, 2), F(5, 2))}
    with pytest.raises(
        InputError, match="takes one value per layer, as many for each variable, got 2 for lam, 3 for mu"
    ):
        entry.apply({"lam": (F(1), F(2)), "mu": (F(1, 4),) * 3})
    with pytest.raises(InputError, match="lista-linf: s takes one value, got 2"):
        theorem("lista-linf").apply(sample(theorem("lista-linf")) | {"s": (F(1), F(2))})
    with pytest.raises(InputError, match="lista-step: a takes one value, got 2"):
        theorem("lista-step").apply(sample(theorem("lista-step")) | {"a": (F(1), F(2))})
    with pytest.raises(InputError, match="takes 1 to 10000 layers, got 0"):
        entry.apply({"lam": (), "mu": F(0)})
    with pytest.raises(InputError, match="dsc-stability has no variable 'E_before'; its variables: lam, mu"):
        theorem("dsc-stability").apply(sample(theorem("dsc-stability")) | {"E_before": F(1)})
    with pytest.raises(InputError, match="has no variable 'x'; its variables: none"):
        theorem("recovery-by-independence").apply({"x": F(1)})
    atoms = theorem("lista-step").apply(sample(theorem("lista-step")) | {"P_before": (F(0), root(F(1, 2)))})["a_next"]
    assert isinstance(atoms, Enclosure)


def test_optional_values_leave_constants_out() -> None:
    given = {"s": F(3), "mu": F("0.0773"), "B": F(1), "sigma": F("0.01")}
    found = theorem("lista-linf").apply(given)
    assert "error_linf" not in found
    assert found["q"] == F(773, 2000) and found["C_2"] == F(4000, 1227) and found["level_bound"] == F(10773, 1546)
    q = F(773, 2000)
    assert theorem("lista-linf").apply(given | {"K": F(4)})["error_linf"] == q**4 + 2 * F("0.01") * (1 - q**4) / (1 - q)
    far = theorem("lista-linf").apply(given | {"K": F(10**9)})["error_linf"]
    assert isinstance(far, Enclosure) and far.upper - F(40, 1227) < F(1, 10**20)
