"""Weights between coherence and noise: the shortest rows in closed form, and plans that are never worse."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import verify
from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.build import build_unrolled
from verify.networks.convolutional.build import build_convolutional
from verify.solvers.short_rows import short_rows


def test_the_shortest_rows_are_those_of_the_closed_form():
    """In the plane <v, e1> = 1 leaves v = (1, z), and |cos + z sin| <= tau the z next to 0; scales do not matter."""
    cosine, sine = 0.8, 0.6
    columns = 1000 * np.array([[1.0, cosine], [0.0, sine]])
    bounds = np.array([1000.0, 0.5, 0.1]) / 1
    own, start = np.array([0, 0, 0]), np.tile([[1e-3, 0.0]], (3, 1))
    found = short_rows(columns, own, bounds, start) * 1000
    wanted = [[1, min(0, (tau - cosine) / sine)] for tau in bounds]
    assert found == pytest.approx(np.array(wanted), abs=1e-3)
    assert short_rows(np.zeros((2, 2)), own, bounds, start) is start


def mildly_coherent() -> ConvolutionalDictionary:
    F = np.random.default_rng(0).standard_normal((4, 4, 3)) * 0.15
    for c in range(4):
        F[c].reshape(-1)[7 * c % 12] += 1
    return ConvolutionalDictionary.of(F)


def test_a_network_of_convolutions_with_noise_has_a_smaller_proved_error():
    dictionary, proved = mildly_coherent(), {}
    for weights in ("dictionary", "generalized", "balanced"):
        built = build_convolutional(dictionary, sparsity=1, bound=1, noise="1/1000", layers=12, weights=weights)
        claim = certify_convolutional_network(built.network, dictionary, sparsity=1, noise="1/1000").claim
        assert claim is not None
        proved[weights] = float(Fraction(claim["linf"]))
    assert proved["balanced"] < 0.8 * min(proved["generalized"], proved["dictionary"])
    quiet = [build_convolutional(dictionary, sparsity=1, bound=1, noise=0, layers=3, weights=w).network.layers[0]
             for w in ("generalized", "balanced")]  # fmt: skip
    assert (quiet[0].analysis == quiet[1].analysis).all()


def test_balanced_weights_of_a_matrix_are_planned_no_worse():
    dictionary = verify.load("builtin:gaussian:12x16:3")
    options: dict = {"sparsity": 1, "bound": 1, "noise": "1/100"}
    ends = [build_unrolled(dictionary, **options, layers=20, weights=w) for w in ("generalized", "balanced")]
    assert ends[1].plan.linf[-1] < 0.9 * ends[0].plan.linf[-1]
    wanted = ends[0].plan.linf[-1]
    by_error = [
        build_unrolled(dictionary, **options, error=1.5 * wanted, weights=w) for w in ("generalized", "balanced")
    ]
    assert len(by_error[1].network.layers) <= len(by_error[0].network.layers)
    with pytest.raises(verify.InputError, match="level of these weights"):
        build_unrolled(dictionary, **{**options, "sparsity": 12}, layers=2, weights="balanced")
