"""A small network of convolutions with a certificate, and how it errs on codes with few nonzeros in every stripe."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

import certificates
from certificates.format import canonical, seal
from verify.certify.check_convolutional import filters_subject
from verify.certify.convolutional_network import certify_convolutional_network, filter_network_subject
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.unrolled import ConvolutionalNetwork

FILTERS = np.array([[[8, 1], [0, 0.5]], [[0, 1], [8, -1]]]) / 8
LENGTHS = {"full": (5,), "circular": (6,)}
"""Sizes at which everything that a stripe holds is seen."""


@dataclass(frozen=True)
class FilterNetworkSample:
    """Filters, a network of three layers for them, and a certificate for one nonzero in every stripe."""

    dictionary: ConvolutionalDictionary
    network: ConvolutionalNetwork
    data: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The content of the certificate without its seal."""
        found = json.loads(self.data)
        del found["seal"]
        return found

    @property
    def subjects(self) -> dict[str, Any]:
        """What is handed in with the certificate."""
        return {"filters": filters_subject(self.dictionary), "network": filter_network_subject(self.network)}

    def check(self, content: dict[str, Any]) -> certificates.Accepted | certificates.Rejected:
        """Seal and check."""
        return certificates.check(canonical({**content, "seal": seal(content)}), **self.subjects)


@cache
def filter_network_sample(boundary: str, nonnegative: bool = False) -> FilterNetworkSample:
    dictionary = ConvolutionalDictionary.of(FILTERS, stride=(1,), boundary=boundary)
    asked = {"sparsity": 1, "bound": 1, "noise": "1/64"}
    network = build_convolutional(dictionary, **asked, layers=3, weights="dictionary", nonnegative=nonnegative).network
    result = certify_convolutional_network(network, dictionary, sparsity=1, noise="1/64")
    assert result.certificate is not None
    return FilterNetworkSample(dictionary, network, result.certificate.data)


def _matrix(taps: np.ndarray, boundary: str) -> list[list[Fraction]]:
    found = ConvolutionalDictionary.of(taps.astype(float), stride=(1,), boundary=boundary).matrix(LENGTHS[boundary])
    return [[Fraction(x) for x in row] for row in np.asarray(found.real, dtype=float).tolist()]


def _times(rows: list[list[Fraction]], entries: list[Fraction]) -> list[Fraction]:
    used = [j for j, x in enumerate(entries) if x]
    return [sum((row[j] * entries[j] for j in used), Fraction(0)) for row in rows]


@cache
def worst_errors(
    boundary: str, nonnegative: bool, sparsity: int, bound: Fraction, noise: Fraction
) -> tuple[tuple[Fraction, Fraction], ...]:
    """The largest errors seen after every layer, on the support and off it, in exact arithmetic."""
    network = filter_network_sample(boundary, nonnegative).network
    D = _matrix(FILTERS, boundary)
    layers = [
        (
            [list(row) for row in zip(*_matrix(layer.analysis, boundary), strict=True)],
            _matrix(layer.synthesis, boundary),
            [Fraction(t) for t in np.repeat(layer.threshold.astype(float), LENGTHS[boundary][0]).tolist()],
        )
        for layer in network.layers
    ]
    n, length = len(D[0]), LENGTHS[boundary][0]
    worst = [(Fraction(0), Fraction(0)) for _ in layers]
    for code, e in itertools.product(_codes(n, length, sparsity, bound, nonnegative), _noises(len(D), noise)):
        y = [a + b for a, b in zip(_times(D, code), e, strict=True)]
        x = [Fraction(0)] * n
        for at, (W, F, t) in enumerate(layers):
            v = [
                a + b for a, b in zip(x, _times(W, [a - b for a, b in zip(y, _times(F, x), strict=True)]), strict=True)
            ]
            x = [
                max(a - b, Fraction(0)) - (0 if nonnegative else max(-a - b, Fraction(0)))
                for a, b in zip(v, t, strict=True)
            ]
            errors = [(abs(a - b), bool(b)) for a, b in zip(x, code, strict=True)]
            on, off = (
                max((error for error, inside in errors if inside is side), default=Fraction(0))
                for side in (True, False)
            )
            worst[at] = max(worst[at][0], on), max(worst[at][1], off)
    return tuple(worst)


def _codes(n: int, length: int, sparsity: int, bound: Fraction, nonnegative: bool) -> list[list[Fraction]]:
    """Codes with one nonzero in the middle, and where a stripe may hold more, one beside it.

    The first is positive: signed networks find -x where they find x, and noise comes with both signs.
    """
    signs = (1,) if nonnegative else (1, -1)
    middle = [c * length + length // 2 for c in range(n // length)]
    found: list[list[Fraction]] = []
    for first in middle:
        others = [j for j in range(n) if j != first and abs(j % length - length // 2) <= 1] if sparsity > 1 else []
        for other, sign in [(first, 1), *itertools.product(others, signs)]:
            code = [Fraction(0)] * n
            code[other], code[first] = sign * bound, bound
            found.append(code)
    return found


def _noises(m: int, noise: Fraction) -> list[list[Fraction]]:
    """No noise, and all of it in one entry of the signal."""
    places = [None, *range(m)] if noise else [None]
    return [[sign * noise if q == place else Fraction(0) for q in range(m)] for place in places for sign in (1, -1)][1:]
