"""What the builder plans is what a certificate proves, and nothing gets through off the support."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import certificates
from verify.certify.network import certify_network
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.sources import load
from verify.networks.build import build_unrolled

CASES: list[dict[str, Any]] = [
    {}, {"form": "residual"}, {"nonnegative": True}, {"activation": "silu"}, {"activation": "leaky-relu"},
    {"dtype": "float64", "noise": 0, "layers": 40},
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", ["hadamard", "random"])
def test_planned_bounds_are_proved(name: str, case: dict[str, Any]) -> None:
    dictionary, sparsity = load("builtin:identity-hadamard:8"), 1
    if name == "random":
        atoms = np.random.default_rng(3).standard_normal((6, 10))
        dictionary = Dictionary.from_array(atoms)
    wishes = {"sparsity": sparsity, "bound": 1, "noise": "1e-3", "layers": 8, "weights": "dictionary"} | case
    built = build_unrolled(dictionary, **wishes)
    found = certify_network(built.network, dictionary, sparsity=sparsity, bound=1, noise=wishes["noise"])
    assert isinstance(found.answer, certificates.Accepted)
    claim: Any = found.claim
    for at, (on, off) in enumerate(zip(built.plan.on, built.plan.off, strict=True)):
        assert float(Fraction(claim["on"][at])) <= on * (1 + 1e-5)
        assert float(Fraction(claim["off"][at])) <= off * (1 + 1e-5)
    assert built.network.activation.name != "relu" or not any(built.plan.off)


def test_coarse_products_are_planned_for() -> None:
    dictionary = load("builtin:identity-hadamard:64")
    built = build_unrolled(dictionary, sparsity=1, bound=1, noise=0, layers=8, weights="dictionary", arithmetic="tf32")
    found = certify_network(built.network, dictionary, sparsity=1, bound=1, noise=0, arithmetic="tf32")
    assert isinstance(found.answer, certificates.Accepted)
    claim: Any = found.claim
    assert float(Fraction(claim["linf"])) <= built.plan.linf[-1] * (1 + 1e-5) < 0.5
    assert claim["off"] == ["0"] * 8
    assert not any(built.plan.off)
