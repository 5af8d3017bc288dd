"""How many nonzeros may the code of a large image have within the certified bound of a network?

Filters that overlap and are mildly coherent: those of a lapped cosine transform, disturbed. A network that is certified
for s nonzeros in every stripe, for signals of every size; an image coded within its bound with far more nonzeros than
any bound by their total number allows.

    python examples/how_many_nonzeros_in_a_large_image.py [SIDE]
"""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import torch

from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.facts.convolutional.coherence import convolutional_coherence
from verify.facts.convolutional.stripes import stripe_sparsity
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.hard_codes import crowded_code
from verify.networks.convolutional.patches import Patches

SPARSITY, NOISE, HALF, COUNT = 4, "0.01", 4, 6


def filters(random: np.random.Generator) -> ConvolutionalDictionary:
    """Return 6 filters of 8 x 8 taps with stride 4: products of sine-windowed cosines, and a third of noise."""
    n, k = np.arange(2 * HALF) + 0.5, np.arange(HALF)[:, None] + 0.5
    waves = np.sin(np.pi * n / (2 * HALF)) * np.cos(np.pi / HALF * (n + HALF / 2) * k) * np.sqrt(2 / HALF)
    made = np.einsum("ai,bj->abij", waves, waves).reshape(-1, 1, 2 * HALF, 2 * HALF)[:COUNT]
    made += 0.3 / (2 * HALF) * random.standard_normal(made.shape)
    return ConvolutionalDictionary.of(np.round(made * 1024) / 1024, stride=HALF, boundary="full")


def main(side: int = 256) -> None:
    """Build, certify, and code one image."""
    random = np.random.default_rng(0)
    dictionary = filters(random)
    squared = convolutional_coherence(dictionary).squared
    level = max(k for k in range(1, 100) if (2 * k - 1) ** 2 * squared < 1)
    built = build_convolutional(dictionary, sparsity=SPARSITY, bound=1, noise=NOISE, layers=6)
    result = certify_convolutional_network(built.network, dictionary, sparsity=SPARSITY, noise=NOISE)
    assert result.claim is not None
    proved = float(Fraction(str(result.claim["linf"])))
    lengths = ((side - 2 * HALF) // HALF + 1,) * 2
    code = crowded_code(dictionary, result.promise.codes, lengths, random)
    signal = dictionary.synthesis(code)
    patches = Patches(built.network, built.network.to_torch())
    noise = patches.fitted(torch.tensor(random.standard_normal((1, *signal.shape)), dtype=torch.float32), float(NOISE))
    with torch.no_grad():
        found = built.network.to_torch()(torch.tensor(signal, dtype=torch.float32) + noise[0] * (1 - 1e-5)).numpy()
    error = float(np.abs(found - code).max())
    print(f"filters: {dictionary.filters.shape}, stride {HALF}, mu = {float(squared) ** 0.5:.4f}: uniqueness and basis")
    print(f"pursuit by mu for at most {level} nonzeros, in all (for every dictionary) or in a stripe (of filters)")
    print(f"proved: error <= {proved:.4f} for {SPARSITY} nonzeros in a stripe, entries <= 1, images of every size")
    print(f"seen on codes driven uphill: {result.observe(trials=4, lengths=(4, 4)).linf:.4f}")
    size, nonzeros = f"{signal.shape[1]} x {signal.shape[2]}", np.count_nonzero(code)
    print(f"a {size} image with {nonzeros} nonzeros in all: error {error:.4f}")
    assert error <= proved
    assert stripe_sparsity(dictionary, code).largest <= SPARSITY
    assert np.count_nonzero(code) > 10 * level


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
