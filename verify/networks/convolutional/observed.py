"""What a network of convolutions really does on hard codes and noise of its class: errors seen, beside those proved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...arrays import one_torch_thread, usable_device
from ...dictionaries.convolutional import ConvolutionalDictionary, Lengths
from ...rounding import float_lower
from ..code_class import CodeClass
from ..unrolled import DType
from .hard_codes import HardCodes
from .matrices import real_filters
from .patches import Patches
from .unrolled import ConvolutionalNetwork, FilterLayer

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float64]

_STEPS, _MOVES = 24, (5, 11, 17)
_KEPT = 8
_AT_ONCE = 2_000_000
"""The most entries of the codes of one pass."""
_FEW = 20_000
"""Entries of a code below which one thread is faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalObserved:
    """The greatest errors seen after every layer on the support and off it; observed, not proved: the truth is no less.

    `sizes` are the lengths of codes tried, `lengths` those with the greatest final error, `nonzeros` the most of one
    code, in all. `random` is the final error before gradients drove codes and noise uphill.
    """

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    random: float
    trials: int
    device: str
    sizes: tuple[Lengths, ...]
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
    lengths: Lengths | Sequence[Lengths] | None = None,
) -> ConvolutionalObserved:
    """Run the network, as stored, on random codes of the class, coherent ones, and what gradients make of the worst.

    Codes have at most s nonzeros in every stripe and entries up to B; noise has norm at most sigma on every patch. Half
    of the codes have their nonzeros where one atom's products are largest; the worst are driven uphill: amplitudes by
    signs of the gradient of the final error, supports by moving nonzeros where it is largest and stripes have room,
    noise along it as far as patches allow. `lengths` are one size of codes or several; by default one that shows a
    whole stripe and one of about three. Cost: `trials` passes and 48 more for each size. Guarantee: none but that all
    that is tried is in the class, up to the rounding of binary64; errors are observed. Raises InputError for a device
    that is not there.
    """
    usable_device(device)
    random = np.random.default_rng(seed)
    sizes, trials = _sizes(dictionary, lengths), max(1, trials)
    found: ConvolutionalObserved | None = None
    for at, size in enumerate(sizes):
        share = (trials * (at + 1)) // len(sizes) - (trials * at) // len(sizes)
        if share:
            entries = dictionary.channels[0] * math.prod(size)
            with one_torch_thread() if entries < _FEW else nullcontext():
                seen = _Size(network, dictionary, codes, size, random, device).observed(share)
            found = seen if found is None else _joined(found, seen)
    assert found is not None
    return found


def _sizes(dictionary: ConvolutionalDictionary, lengths: Lengths | Sequence[Lengths] | None) -> tuple[Lengths, ...]:
    if lengths is None:
        least = list(zip(dictionary.least_code, dictionary.reach, strict=True))
        return tuple(tuple(max(n, factor * r + more) for n, r in least) for factor, more in ((2, 1), (6, 4)))
    return tuple(tuple(size) for size in (lengths if isinstance(lengths[0], Sequence) else [lengths]))  # pyright: ignore


def _joined(first: ConvolutionalObserved, second: ConvolutionalObserved) -> ConvolutionalObserved:
    worse = max(first, second, key=lambda seen: seen.linf)
    return replace(
        worse,
        trials=first.trials + second.trials,
        sizes=(*first.sizes, *second.sizes),
        on=tuple(map(max, first.on, second.on)),
        off=tuple(map(max, first.off, second.off)),
        random=max(first.random, second.random),
        nonzeros=max(first.nonzeros, second.nonzeros),
    )


class _Size:
    """Trials on codes of one size."""

    def __init__(
        self,
        network: ConvolutionalNetwork,
        dictionary: ConvolutionalDictionary,
        codes: CodeClass,
        lengths: Lengths,
        random: np.random.Generator,
        device: str,
    ) -> None:
        import torch

        self._network, self._random, self._device = network, random, device
        self._hard = HardCodes(network, dictionary, codes, lengths, random)
        self._noise = float_lower(codes.noise)
        self._module = network.to_torch().to(device)
        self._dtype: torch.dtype = getattr(torch, network.dtype.value)
        self._filters = torch.tensor(real_filters(dictionary), device=device)
        self._signal = (dictionary.channels[1], *dictionary.signal_lengths(lengths))
        self._exact = _in_binary64(network).to_torch().to(device)
        self._patches = Patches(network, self._exact)
        self._on, self._off, self._nonzeros = [0.0] * network.depth, [0.0] * network.depth, 0

    def observed(self, trials: int) -> ConvolutionalObserved:
        """Try so many codes, drive the worst uphill, and return what was seen."""
        import torch

        codes, noise = self._start(trials)
        at_once = max(1, _AT_ONCE // int(codes[0].numel()))
        finals = [self._errors(codes[at : at + at_once], noise[at : at + at_once]) for at in range(0, trials, at_once)]
        final = torch.cat(finals)
        worst = torch.topk(final, min(max(_KEPT, trials // 8), trials)).indices
        for some in worst.split(at_once):
            self._errors(*self._ascended(codes[some], noise[some]))
        return ConvolutionalObserved(
            on=tuple(self._on),
            off=tuple(self._off),
            linf=max(self._on[-1], self._off[-1]),
            random=float(final.max()),
            trials=trials,
            device=self._device,
            sizes=(self._hard.lengths,),
            lengths=self._hard.lengths,
            nonzeros=self._nonzeros,
        )

    def _start(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return codes, and noise: white, or the weights of the atom that the code is hard for, on its patch."""
        import torch

        codes, aims = self._hard.start(count)
        directions = self._random.standard_normal((count, *self._signal))
        rows = np.asarray(self._network.layers[-1].analysis, dtype=np.float64)
        for at, (c, *place) in enumerate(aims):
            if at % 4 != 2:
                directions[at] = 0.0
                corners = [p * s for p, s in zip(place, self._network.stride, strict=True)]
                box = np.ix_(
                    range(rows.shape[1]),
                    *(
                        np.arange(corner, corner + t) % n
                        for corner, t, n in zip(corners, rows.shape[2:], self._signal[1:], strict=True)
                    ),
                )
                directions[at][box] = rows[c] * self._random.choice([-1.0, 1.0])
        noise = self._patches.fitted(torch.tensor(directions, device=self._device), self._noise)
        return torch.tensor(codes, device=self._device), noise

    def _layers(self, codes: torch.Tensor, noise: torch.Tensor) -> list[torch.Tensor]:
        signals = (self._exact.synthesis(codes, self._filters) + noise).to(self._dtype)
        return [state.double() for state in self._module.layers_of(signals)]

    def _errors(self, codes: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Note the errors after every layer, and return the final one of each code."""
        import torch

        with torch.no_grad():
            support, final = codes != 0, codes.new_zeros(len(codes))
            self._nonzeros = max(self._nonzeros, int(support.flatten(1).sum(dim=1).max()))
            for k, state in enumerate(self._layers(codes, noise)):
                error = (state - codes).abs()
                self._on[k] = max(self._on[k], float(torch.where(support, error, 0.0).max()))
                self._off[k] = max(self._off[k], float(torch.where(support, 0.0, error).max()))
                final = error.flatten(1).amax(dim=1)
            return final

    def _ascended(self, codes: torch.Tensor, noise: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return codes and noise driven uphill by the gradient of the final error; the best of the path of each."""
        import torch

        hard, shape = self._hard, (-1, *(1 for _ in codes.shape[1:]))
        best, best_codes, best_noise = codes.new_full((len(codes),), -math.inf), codes, noise
        for step in range(_STEPS):
            codes, noise = codes.detach().requires_grad_(True), noise.detach().requires_grad_(True)
            final = (self._layers(codes, noise)[-1] - codes).abs().flatten(1).amax(dim=1)
            better = (final.detach() > best).reshape(shape)
            best = torch.maximum(final.detach(), best)
            best_codes = torch.where(better, codes.detach(), best_codes)
            best_noise = torch.where(better, noise.detach(), best_noise)
            by_code, by_noise = torch.autograd.grad(final.sum(), (codes, noise))
            if step in _MOVES:
                pairs = zip(codes.detach().cpu().numpy(), by_code.cpu().numpy(), strict=True)
                codes = torch.tensor(np.stack([hard.moved(*pair) for pair in pairs]), device=self._device)
            else:
                if step - 1 in _MOVES:  # back to the best, unless the move was good
                    codes, noise = torch.where(better, codes, best_codes), torch.where(better, noise, best_noise)
                size = hard.bound * 0.5 * (1 - step / _STEPS)
                moved = codes.detach() + size * by_code.sign() * (codes != 0) * (better if step - 1 in _MOVES else 1)
                codes = moved.clamp(-hard.bound if hard.signed else 0.0, hard.bound)
            if self._noise:
                noise = self._patches.fitted(by_noise, self._noise, noise.detach())
        return best_codes, best_noise


def _in_binary64(network: ConvolutionalNetwork) -> ConvolutionalNetwork:
    """Return one layer of the network in binary64: its convolutions are wanted, not its codes."""
    layer = network.layers[0]
    arrays = {name: np.array(array, dtype=np.float64) for name, array in layer.parts.items()}
    return replace(network, dtype=DType.float64, layers=(FilterLayer(**arrays),), stored_as=None)
