"""How many nonzeros may the code of a large image have within the certified bound of a network?

Few short, nearly orthogonal filters; a network that is certified for s nonzeros in every stripe, for signals of every
size; an image coded within its bound with far more nonzeros in all than s, the most that a bound by |x|_0 would allow.

    python examples/how_many_nonzeros_in_a_large_image.py [SIDE]
"""

from __future__ import annotations

import sys

import numpy as np

from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.convolutional.build import build_convolutional

SPARSITY, NOISE = 3, "0.01"


def main(side: int = 256) -> None:
    """Build, certify, and code one image."""
    waves = np.array([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]]]) / 2
    filters = ConvolutionalDictionary.of(waves[:, None], stride=2, boundary="full")
    built = build_convolutional(filters, sparsity=SPARSITY, bound=1, noise=NOISE, layers=5)
    result = certify_convolutional_network(built.network, filters, sparsity=SPARSITY, noise=NOISE)
    assert result.claim is not None
    seen = result.observe(trials=1, lengths=(side // 2, side // 2))
    print(f"certified for {SPARSITY} nonzeros in a stripe, signals of every size: error <= {result.claim['linf']}")
    print(f"a {side} x {side} image with {seen.nonzeros} nonzeros in its code: error {seen.linf:.5f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
