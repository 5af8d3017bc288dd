"""What a network of convolutions does on codes with as many nonzeros as the sparsity of stripes allows: seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from ...facts.convolutional.stripes import stripe_sparsity
from ..code_class import CodeClass
from .matrices import real_filters
from .unrolled import ConvolutionalNetwork

Floats = NDArray[np.float64]

_SHRINK = 1 - 1e-6
_PROPOSALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalObserved:
    """The greatest errors seen after every layer on the support and off it; observed, not proved.

    `lengths` are those of the codes tried, `nonzeros` the most of one code, in all.
    """

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    trials: int
    device: str
    lengths: Lengths
    nonzeros: int


def observe_convolutional(
    network: ConvolutionalNetwork,
    dictionary: ConvolutionalDictionary,
    codes: CodeClass,
    *,
    trials: int = 64,
    seed: int = 0,
    device: str = "cpu",
    lengths: Lengths | None = None,
) -> ConvolutionalObserved:
    """Run the network, as stored, on random codes of the class with as many nonzeros as fit, and noise.

    Nonzeros are +-B, added in random order as long as no stripe has more than s. The noise is white with norm sigma on
    its strongest patch, or a row of the weights on one patch. Cost: `trials` passes. Observed, not proved.
    """
    import torch

    random = np.random.default_rng(seed)
    lengths = lengths or tuple(max(least, 6 * reach + 4) for least, reach in zip(
        dictionary.least_code, dictionary.reach, strict=True
    ))  # fmt: skip
    module = network.to_torch().to(device)
    exact = ConvolutionalDictionary.of(
        real_filters(dictionary), stride=dictionary.stride, boundary=dictionary.boundary.value
    )
    on, off, nonzeros = [0.0] * network.depth, [0.0] * network.depth, 0
    for at in range(trials):
        code = crowded_code(dictionary, codes, lengths, random, nonnegative=network.code.value == "nonnegative")
        nonzeros = max(nonzeros, int(np.count_nonzero(code)))
        signal = exact.synthesis(code)
        noise = _noise(network, signal.shape, float(codes.noise), random, spread=at % 2 == 0)
        given = torch.tensor((signal + noise).astype(network.dtype.value), device=device)
        with torch.no_grad():
            states = [state.double().cpu().numpy() for state in module.layers_of(given)]
        for k, state in enumerate(states):
            error, support = np.abs(state - code), code != 0
            on[k] = max(on[k], float(error[support].max(initial=0.0)))
            off[k] = max(off[k], float(error[~support].max(initial=0.0)))
    return ConvolutionalObserved(
        on=tuple(on),
        off=tuple(off),
        linf=max(on[-1], off[-1]),
        trials=trials,
        device=device,
        lengths=lengths,
        nonzeros=nonzeros,
    )


def crowded_code(
    dictionary: ConvolutionalDictionary,
    codes: CodeClass,
    lengths: Lengths,
    random: np.random.Generator,
    *,
    nonnegative: bool = False,
) -> Floats:
    """Return a code with entries +-B and as many nonzeros as fit in a random order, at most s in every stripe."""
    C = dictionary.channels[0]
    code = np.zeros((C, *lengths))
    counts = np.zeros(lengths, dtype=int)
    wraps = dictionary.boundary is Boundary.circular
    places = int(np.prod(lengths))
    for place in random.integers(0, C * places, size=_PROPOSALS * places):
        c, *position = (int(x) for x in np.unravel_index(place, code.shape))
        axes = [
            np.arange(p - r, p + r + 1) % n if wraps else np.arange(max(0, p - r), min(n, p + r + 1))
            for p, r, n in zip(position, dictionary.reach, lengths, strict=True)
        ]
        near = np.ix_(*axes)
        if code[(c, *position)] or counts[near].max() >= codes.sparsity:
            continue
        counts[near] += 1
        code[(c, *position)] = float(codes.bound) * (1.0 if nonnegative else random.choice([-1.0, 1.0]))
    assert stripe_sparsity(dictionary, code).largest <= codes.sparsity
    return code


def _noise(
    network: ConvolutionalNetwork, shape: tuple[int, ...], size: float, random: np.random.Generator, *, spread: bool
) -> Floats:
    """Return noise of norm at most `size` on every patch."""
    taps = network.shape[2:]
    noise = np.zeros(shape)
    if not size:
        return noise
    if spread:
        return white_noise(taps, shape, size, random)
    row = np.asarray(network.layers[-1].analysis, dtype=np.float64)[random.integers(network.shape[0])]
    starts = [int(random.integers(0, n - t + 1)) // s * s for n, t, s in zip(
        shape[1:], taps, network.stride, strict=True
    )]  # fmt: skip
    noise[(slice(None), *(slice(a, a + t) for a, t in zip(starts, taps, strict=True)))] = row / np.linalg.norm(row)
    return noise * (size * _SHRINK)


def white_noise(taps: Lengths, shape: tuple[int, ...], size: float, random: np.random.Generator) -> Floats:
    """Return white noise of norm at most `size` on every box of these taps, and about that on one."""
    noise = random.standard_normal(shape)
    squares: Any = (noise**2).sum(axis=0)
    for axis, t in enumerate(taps):
        pad = [(0, 0)] * squares.ndim
        pad[axis] = (t - 1, t - 1)
        squares = np.lib.stride_tricks.sliding_window_view(np.pad(squares, pad, mode="wrap"), t, axis=axis).sum(-1)
    return noise / np.sqrt(squares.max()) * (size * _SHRINK)
