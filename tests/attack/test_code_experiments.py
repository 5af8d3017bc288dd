"""The experiments on codes and networks: floats and exact numbers agree, the registry survives, bad instances are refused."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from verify.attack import unit_atoms
from verify.attack.engine import attack
from verify.attack.experiment import Experiment, NotAnInstance, chosen, repeated
from verify.attack.experiments import experiment_of, trial_of
from verify.attack.proof import examined
from verify.attack.rationals import ends
from verify.attack.trial import Trial
from verify.theorems import theorem

FAMILIES = [
    "convolutions",
    "deep_pairs",
    "hard_thresholding",
    "kernel_lines",
    "layer_networks",
    "layered_codes",
    "network_steps",
    "next_layer",
    "noisy_minimisers",
    "product_network",
    "random_signs",
    "refitted_codes",
    "rounded_sums",
    "sequence_cnns",
    "small_layers",
    "source_network",
    "sparse_pairs",
    "stripe_codes",
    "stripe_networks",
]
EXPERIMENTS: dict[str, Experiment] = {}
for family in FAMILIES:
    EXPERIMENTS |= import_module(f"verify.attack.experiments.{family}").EXPERIMENTS


def middle(value: Any) -> float:
    return float(sum(ends(value)) / 2)


@pytest.mark.parametrize("theorem_id", EXPERIMENTS)
def test_floats_and_exact_numbers_agree(theorem_id: str) -> None:
    """Two implementations of every value and quantity; a bound that is proved may be a little off."""
    experiment, random, statement = EXPERIMENTS[theorem_id], np.random.default_rng(5), theorem(theorem_id)
    named = {v.name for v in statement.variables if v.name not in statement.carried}
    named |= {o.quantity for o in statement.observables}
    trial = Trial(statement=statement, experiment=experiment)
    compared = 0
    while compared < 3:
        batch = experiment.vary(experiment.draw(random, 8), random, 0.1)
        measured = experiment.measure(batch, "cpu")
        for at in range(8):
            floats = {n: a[at].tolist() for n, a in {**measured.values, **measured.quantities}.items()}
            if not all(np.isfinite(np.ravel(floats[name])).all() for name in named):
                continue
            if "b" in named and np.isclose(floats["b"], [floats["least_inside"], floats["largest_outside"]]).any():
                continue  # rounding decides whether an entry is kept
            try:
                examined(trial, chosen(batch, at))
            except NotAnInstance:
                continue
            found = experiment.exact(chosen(batch, at))
            exact = {**found.values, **found.quantities}
            for name in named:
                right = exact[name]
                proved = [middle(one) for one in right] if isinstance(right, tuple) else middle(right)
                np.testing.assert_allclose(floats[name], proved, rtol=2e-5, atol=2e-6, err_msg=name)
            compared += 1


@pytest.mark.parametrize("theorem_id", EXPERIMENTS)
def test_the_registry_survives(theorem_id: str) -> None:
    found = attack(trial_of(theorem_id), instances=40, seed=2)
    assert not found.violated
    assert found.max_ratio is not None
    assert found.max_ratio <= 1


def instance(theorem_id: str, seed: int = 0) -> dict[str, Any]:
    """An instance that `exact` accepts, and whose dictionary has at least two atoms."""
    experiment, random = experiment_of(theorem_id), np.random.default_rng(seed)
    for _ in range(50):
        found = dict(chosen(experiment.draw(random, 1), 0))
        try:
            experiment.exact(found)
        except NotAnInstance:
            continue
        return found
    raise AssertionError("no instance was drawn")


def zeros(name: str) -> Any:
    return lambda found: {name: np.zeros_like(found[name])}


SINGULAR = {
    "points0": np.zeros((1, 2)),
    "norms0": np.ones(2),
    "points1": np.zeros((1, 1)),
    "norms1": np.ones(1),
    "weights": np.array([[0.0], [1.0]]),
    "code": np.ones(1),
    "error0": np.zeros(2),
    "error1": np.zeros(2),
}
"""Two equal atoms in D_1, which no second dictionary spreads."""
CLOSE = {
    "points0": np.zeros((1, 2)),
    "norms0": np.ones(2),
    "weights0": np.array([[0.0, 0.0], [1.0, 1.0]]),
    "points1": np.zeros((0, 1)),
    "norms1": np.ones(1),
    "weights1": np.array([[1.0], [0.0]]),
    "code": np.ones(1),
    "error0": np.zeros(2),
    "error1": np.zeros(2),
}
"""Two equal atoms in D_1, so mu_1 = 1."""

ONE_FILTER = {
    "filters": np.ones((1, 1, 2)),
    "weights": np.ones((1, 1, 2)),
    "code": np.ones(2),
    "size": np.array(2),
    "stride": np.array(1),
    "circular": np.array(False),
}
"""Two positions of one filter: independent atoms, and too short a period."""

BAD = (
    ("stability-l0", lambda f: {"offset": np.append(f["offset"], 0.0)}, "weights are m x n"),
    ("stability-l0", zeros("weights"), "one is 0"),
    ("stability-l0", lambda f: {"x": np.full_like(f["x"], np.inf)}, "finite"),
    ("a-posteriori-by-singular-value", lambda f: {"points": np.repeat(f["points"][:, :1], len(f["x"]), axis=1), "other": np.ones_like(f["x"])}, "smin > 0"),
    ("dsc-stability", lambda f: {"slope": f["slope"] * 0}, "slopes"),
    ("dsc-stability", zeros("D0"), "no atom is zero"),
    ("bpdn-stability", lambda f: {"level": np.array(-1.0)}, "lambda >= 0"),
    ("bpdn-stability", lambda f: {"weights": f["weights"] * 0}, "one is 0"),
    ("bpdn-stability", lambda f: {"x": f["x"][1:]}, "fit together"),
    ("bpdn-stability", lambda f: {"dual": f["dual"][1:]}, "n entries"),
    ("bpdn-stability", lambda f: {"points": f["points"][:, [0] * len(f["x"])], "found": np.ones_like(f["x"])}, "independent"),
    ("lasso-support", zeros("code0"), "a code is not 0"),
    ("lasso-support", zeros("levels"), "xi > 0"),
    ("layered-hard-thresholding", lambda f: {"levels": -f["levels"] - 1}, "levels are at least 0"),
    ("thresholding-next-layer", lambda f: {"error": np.append(f["error"], 1.0)}, "m entries"),
    ("thresholding-typical", lambda f: {"moduli": -f["moduli"]}, "moduli"),
    ("lista-step", lambda f: {"state": f["state"] * 0 + 2}, "<= a"),
    ("lista-step", lambda f: {"a": np.array(0.0)}, "a > 0"),
    ("alista-theorem-1", zeros("W"), "one is 0"),
    ("hard-thresholding-by-isometry", zeros("code"), "a code that is not 0"),
    ("orthonormal-relu", zeros("mirrors"), "mirrors"),
    ("orthonormal-soft-threshold", lambda f: {"t": -1 - f["t"]}, "t >= 0"),
    ("recovery-by-filter-coherence", zeros("weights"), "one is 0"),
    ("recovery-by-filter-coherence", zeros("code"), "not all 0"),
    ("recovery-by-filter-coherence", lambda f: {"stride": np.array(0)}, "at least 1"),
    ("recovery-by-filter-babel", lambda f: ONE_FILTER | {"circular": np.array(True)}, "2 taps - 1"),
    ("stripe-spark-by-coherence", lambda f: ONE_FILTER, "infinite stripe spark"),
    ("lista-linf-local", lambda f: {"code": np.append(f["code"], 0.0)}, "an entry for every atom"),
    ("convolution-coherence", lambda f: {"filters": f["filters"] * 0}, "extent r"),
    ("convolution-coherence-circular", lambda f: {"filters": np.array([[1.0, -1.0]]), "size": np.array(1), "stride": np.array(1)}, "no atom is zero"),
    ("convolution-coherence-circular", lambda f: {"stride": np.array(int(f["size"]) + 1)}, "divides the period"),
    ("inner-product-rounding", lambda f: {"order": f["order"] + 1}, "an order"),
    ("inner-product-rounding", lambda f: {"x": f["x"] * 0 + 1 / 3}, "numbers of float16"),
    ("dsc-uniqueness", lambda f: {"lam0": np.array(0)}, "a level at least 1"),
    ("dsc-uniqueness", lambda f: {"D0": f["D0"] * 0 + 1.0}, "kernel is a line"),
    ("dsc-uniqueness", lambda f: {"D0": np.hstack([np.eye(2), np.zeros((2, 1))])}, "no atom is zero"),
    ("dsc-deepest-first", lambda f: {"depth": np.array(-1)}, "the depth is an integer"),
    ("dsc-deepest-first", zeros("norms1"), "no atom is zero"),
    ("dsc-deepest-first", zeros("weights"), "one is 0"),
    ("dsc-deepest-first", lambda f: SINGULAR, "D_1 has full rank"),
    ("dsc-deepest-first", lambda f: {name: f[name][..., [0, *range(f[name].shape[-1])]] for name in ("points0", "norms0")}, "D_1 is square"),
    ("dsc-layer-by-layer", lambda f: {"slope": f["slope"] * 0}, "slopes"),
    ("dsc-layer-by-layer", lambda f: CLOSE, "mu < 1 in every layer"),
    ("dsc-refit", zeros("code"), "a code that is not 0"),
    ("dsc-refit", zeros("D0"), "smin > 0"),
    ("clwy2018-theorem-2", zeros("code"), "a code that is not 0"),
    ("clwy2018-theorem-2", lambda f: {"points": f["points"] * 0}, "kernel is a line"),
    ("lista-rate-attained", lambda f: {"code": np.ones_like(f["code"])}, "s = 1"),
)  # fmt: skip


@pytest.mark.parametrize(("theorem_id", "change", "why"), BAD, ids=[f"{case[0]}: {case[2]}" for case in BAD])
def test_what_is_no_instance_is_refused(theorem_id: str, change: Any, why: str) -> None:
    found = instance(theorem_id)
    with pytest.raises(NotAnInstance, match=why.replace("(", r"\(")):
        experiment_of(theorem_id).exact({**found, **change(found)})


def test_a_dual_vector_that_is_infeasible_proves_nothing() -> None:
    """With atoms e1, e2 and their middle, e1 and -e2 in the minimiser force 0 on the middle, but e1 and e2 more than 1."""
    corner = np.sqrt(2) - 1
    points = np.array([[0.0, 1.0, corner]])
    found = {
        "points": points,
        "weights": np.eye(2, 3) + 1.0,
        "x": np.eye(3)[0],
        "dual": np.zeros(2),
        "level": np.array(1.0),
    }
    experiment = experiment_of("bpdn-stability")
    with pytest.raises(NotAnInstance, match="off the support"):
        experiment.exact({**found, "found": np.array([1.0, 1.0, 0.0])})
    values = experiment.exact({**found, "found": np.array([1.0, -1.0, 0.0])}).values
    assert values["delta"] == pytest.approx(values["delta"])
    assert values["k"] == Fraction(1)


@pytest.mark.parametrize("theorem_id", EXPERIMENTS)
def test_simpler_instances_are_simpler(theorem_id: str) -> None:
    found = instance(theorem_id, 3)
    for simpler in experiment_of(theorem_id).simplified(found):
        assert set(simpler) <= set(found)
        sizes = [sum(np.count_nonzero(array) + array.size for array in one.values()) for one in (simpler, found)]
        assert sizes[0] <= sizes[1]


@pytest.mark.parametrize("depth", range(4))
def test_a_chain_without_noise_is_one_network_after_another(depth: int) -> None:
    """With D_1 the identity and no noise, the code of the last layer is what the network of one dictionary finds."""
    points, code = np.array([[0.875, -0.125]]), np.array([1.0, -0.75])
    weights = np.array([[1.0, -0.25], [0.25, 1.0]])
    atoms = unit_atoms.float_unit_atoms(points[None])[0]
    one = experiment_of("lista-linf").exact(
        {"D": atoms, "W": weights, "code": code, "noise": np.zeros(2), "depth": np.array(depth)}
    )
    chain = {
        "points0": np.array([[1.0, 0.0]]),
        "points1": points,
        "norms0": np.ones(2),
        "norms1": np.ones(2),
        "weights0": np.eye(2),
        "weights1": weights,
        "weights": weights,
        "code": code,
        "error0": np.zeros(2),
        "error1": np.zeros(2),
        "slope": np.ones(2),
        "depth": np.array(depth),
        "layer": np.array(2),
    }
    whole = experiment_of("dsc-deepest-first").exact(chain)
    assert middle(whole.quantities["error_l2"]) == pytest.approx(middle(one.quantities["error_l2"]), abs=1e-12)
    if depth:  # the first layer, orthonormal, is exact from one step on
        second = experiment_of("dsc-layer-by-layer").exact(chain).quantities["error_linf"]
        assert isinstance(second, tuple)
        assert second[0] == 0
        assert middle(second[1]) == pytest.approx(middle(one.quantities["error_linf"]), abs=1e-12)


@pytest.mark.parametrize(("layer", "error"), [(1, 3.0), (2, 1.5)])
def test_an_entry_that_was_not_found_is_not_refitted(layer: int, error: float) -> None:
    """Orthogonal atoms: what is left out is missing, and the rest is exact without noise."""
    chain = {
        "D0": np.eye(2),
        "D1": 2 * np.eye(2),
        "code": np.array([1.5, -4.0]),
        "offset": np.array([-1.5, 1.0]),
        "error0": np.zeros(2),
        "error1": np.zeros(2),
        "layer": np.array(layer),
    }
    experiment = experiment_of("dsc-refit")
    found = experiment.exact(chain)
    assert found.quantities == {"error_l2": Fraction(error), "support_errors": 1}
    assert found.values["a"] == found.values["x_min"] == Fraction(3, 2)
    measured = experiment.measure(repeated(chain, 2), "cpu").quantities
    assert measured["support_errors"].tolist() == [1, 1]
    assert measured["error_l2"].tolist() == [error, error]
