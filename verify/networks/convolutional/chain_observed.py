"""What networks for a chain of filters do on codes of their class, with as many nonzeros as fit: seen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import ConvolutionalDictionary, Lengths
from ...facts.convolutional.stripes import stripe_sparsity
from ..code_class import CodeClass
from .chain_network import ChainClass, ChainNetwork
from .hard_codes import crowded_code, white_noise
from .matrices import real_filters

Floats = NDArray[np.float64]

_MOST_PROPOSALS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainObserved:
    """The greatest |x~_j - x_j|_inf seen, for j = 1 .. J; observed, not proved.

    `lengths` are those of the x_J tried, `nonzeros` the most of one x_J, in all; `trials` codes were found and tried.
    """

    linf: tuple[float, ...]
    trials: int
    device: str
    lengths: Lengths
    nonzeros: int


def observe_chain(
    network: ChainNetwork, members: ChainClass, *, trials: int = 16, seed: int = 0, device: str = "cpu"
) -> ChainObserved:
    """Run the networks, as stored, on random deep codes of the class with as many nonzeros as fit, and noise.

    Deepest first x_J is of the class, and every x_(j-1) = D_j x_j has white noise of norm eps_j on its strongest patch.
    Layer by layer nonzeros of x_J are added in random order as long as all codes stay of the class, and noise to the
    signal alone, as it would make codes dense; where not even one fits, nothing is tried. Cost: a few passes for each
    trial, and a synthesis for each nonzero. Observed, not proved.
    """
    import torch

    random = np.random.default_rng(seed)
    chain = network.chain
    exact = [
        ConvolutionalDictionary.of(real_filters(one), stride=one.stride, boundary=one.boundary.value)
        for one in chain.dictionaries
    ]
    lengths = _lengths(network)
    module = network.to_torch().to(device)
    worst, seen, nonzeros = [0.0] * chain.depth, 0, 0
    for _ in range(trials):
        if len(network.networks) == 1:
            codes = _noisy(network, members, exact, lengths, random)
        else:
            codes = _layered(network, members, exact, lengths, random)
            if not codes[-1].any():
                continue
        seen, nonzeros = seen + 1, max(nonzeros, int(np.count_nonzero(codes[-1])))
        given = torch.tensor(codes[0].astype(network.networks[0].dtype.value), device=device)
        with torch.no_grad():
            found = [code.double().cpu().numpy() for code in module(given)]
        for j, (one, code) in enumerate(zip(found, codes[1:], strict=True)):
            worst[j] = max(worst[j], float(np.abs(one - code).max()))
    return ChainObserved(linf=tuple(worst), trials=seen, device=device, lengths=lengths, nonzeros=nonzeros)


def _lengths(network: ChainNetwork) -> Lengths:
    """Return lengths of x_J at which all statements hold, with a few stripes on each axis."""
    chain, last = network.chain, network.dictionaries[-1]
    lengths = tuple(max(least, 3 * reach + 3) for least, reach in zip(last.least_code, last.reach, strict=True))
    while not all(
        n >= least
        for code, one in zip(chain.signal_lengths(lengths)[1:], chain.dictionaries, strict=True)
        for n, least in zip(code, one.least_code, strict=True)
    ):
        lengths = tuple(n + 1 for n in lengths)
    return lengths


def _noisy(
    network: ChainNetwork,
    members: ChainClass,
    exact: list[ConvolutionalDictionary],
    lengths: Lengths,
    random: np.random.Generator,
) -> list[Floats]:
    """Return x_0 .. x_J with noise in every layer."""
    top = CodeClass(sparsity=members.levels[0], bound=members.bounds[0], noise=Fraction(0))
    codes = [crowded_code(network.dictionaries[0], top, lengths, random)]
    for one, tolerance in zip(exact[::-1], network.chain.tolerances[::-1], strict=True):
        codes.append(_with_noise(one.synthesis(codes[-1]), one, float(tolerance), random))
    return codes[::-1]


def _layered(
    network: ChainNetwork,
    members: ChainClass,
    exact: list[ConvolutionalDictionary],
    lengths: Lengths,
    random: np.random.Generator,
) -> list[Floats]:
    """Return x_0 .. x_J, every code of the class of its layer, with noise in the signal."""
    code = np.zeros((exact[-1].channels[0], *lengths))

    def layers() -> list[Floats]:
        found = [code]
        for one in exact[::-1]:
            found.append(np.asarray(one.synthesis(found[-1]), dtype=np.float64))
        return found[::-1]

    for place in random.permutation(code.size)[:_MOST_PROPOSALS]:
        at = np.unravel_index(place, code.shape)
        code[at] = random.choice([-1.0, 1.0])
        fits = (stripe_sparsity(one, x).largest for one, x in zip(exact, layers()[1:], strict=True))
        if any(found > level for found, level in zip(fits, members.levels, strict=True)):
            code[at] = 0.0
    largest = [float(np.abs(x).max()) for x in layers()[1:]]
    code *= min((float(b) / size for b, size in zip(members.bounds, largest, strict=True) if size), default=0.0)
    codes = layers()
    return [_with_noise(codes[0], exact[0], float(network.chain.tolerances[0]), random), *codes[1:]]


def _with_noise(signal: Any, one: ConvolutionalDictionary, size: float, random: np.random.Generator) -> Floats:
    found = np.asarray(signal, dtype=np.float64)
    return found + white_noise(one.support, found.shape, size, random) if size else found
