"""How many layers does a CNN need to compute sparse codes for any dictionary, if its kernels are small?

A network for m x n dictionaries, written as a 1-D CNN with kernels of size r: layers, channels and weights, beside the
bound K (2 log_r(m + n) + 3) of the statement lfz2024-corollary-7. Then one such CNN against its network, exactly.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import verify
from verify.networks.convolutional.general_construction import SequenceCNN, gathering_layers
from verify.networks.exact_forward import exact_forward
from verify.networks.unrolled import Code, DType, StateLayer, UnrolledNetwork

STEPS = 10
SIZES = ((16, 32), (50, 75), (100, 150), (250, 500))
KERNELS = (2, 3, 5, 7)


def network(m: int, n: int) -> UnrolledNetwork:
    """Return a network of STEPS layers; what its numbers are does not matter for the counts."""
    state, signal, threshold = (np.ones(shape, np.float32) for shape in ((n, n), (n, m), (n,)))
    layers = tuple(StateLayer(state=state if at else None, signal=signal, threshold=threshold) for at in range(STEPS))
    return UnrolledNetwork(code=Code.signed, dtype=DType.float32, shape=(m, n), layers=layers)


def main() -> None:
    """Count layers, then compare codes."""
    print(f"{STEPS} steps")
    print("   m    n    r   L   layers    bound   channels   weights that are not 0      all weights")
    for m, n in SIZES:
        for r in KERNELS:
            depth = gathering_layers(m + n, r)
            values = {"r": r, "K": STEPS, "d_before": m, "d": n, "L": depth}
            said = verify.theorem("lfz2024-corollary-7").apply({name: Fraction(v) for name, v in values.items()})
            (bound,) = said["layers_bound"]
            cnn = SequenceCNN.of(network(m, n), r)
            counts = cnn.counts
            assert (counts.layers,) == said["layers"]
            assert (counts.channels,) == said["channels"]
            print(
                f"{m:4} {n:4} {r:4} {depth:3} {counts.layers:8} {float(getattr(bound, 'upper', bound)):8.1f} "
                f"{counts.channels:10} {counts.nonzero:24,} {counts.weights:16,}"
            )
    built = verify.build_unrolled(
        verify.load("builtin:identity-hadamard:4"), sparsity=1, bound=1, noise="1/100", layers=3, weights="dictionary"
    )
    signal = [1.0, 0.5, -0.25, 0.125]
    for r in KERNELS:
        assert SequenceCNN.of(built.network, r).forward_exact(signal) == exact_forward(built.network, signal)[-1]
    print("The codes of a network for a 4 x 8 dictionary and of these CNNs are equal, in rational arithmetic")


if __name__ == "__main__":
    main()
