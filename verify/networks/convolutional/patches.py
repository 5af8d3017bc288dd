"""Noise of norm at most sigma on the patch of every atom: any direction made to fit, entry by entry."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from .unrolled import ConvolutionalNetwork

if TYPE_CHECKING:
    import torch

    from .module import ConvolutionalModule

_SHRINK = 1 - 2.0**-30
"""More than the rounding of sums of squares in binary64."""


class Patches:
    """The patches of all atoms: M t_1 [t_2] entries of a signal at each position of the code."""

    def __init__(self, network: ConvolutionalNetwork, module: ConvolutionalModule) -> None:
        self._taps, self._stride, self._module = network.shape[2:], network.stride, module
        self._channels, self._circular = network.shape[1], network.boundary == "circular"
        same = network.boundary == "same"  # patches are cut at the ends
        self._padding = tuple(t // 2 if same else 0 for t in self._taps)

    def norms(self, signals: torch.Tensor) -> torch.Tensor:
        """Return the norms (batch, l..) of signals (batch, M, n..) on the patches."""
        import torch

        ones = torch.ones((1, self._channels, *self._taps), dtype=signals.dtype, device=signals.device)
        return self._module.analysis(signals**2, ones)[:, 0].clamp(min=0).sqrt()

    def fitted(self, directions: torch.Tensor, size: float, before: torch.Tensor | None = None) -> torch.Tensor:
        """Return noise e = sigma g / (the greatest norm of g on a patch that holds the entry), for directions g.

        Then |e|_P <= sigma |g|_P / |g|_P on every patch P; one is attained, and for a g on one patch it is the best
        there is. Where all patches of an entry have g = 0 it is what it was `before`, itself noise that fits: a patch
        that meets such an entry has nothing else in it. Guarantee: in the class, up to the rounding of binary64.
        """
        import torch

        norms = self.norms(directions)
        greatest = self._greatest(norms, directions.shape[2:])[:, None]
        made = directions / torch.where(greatest > 0, greatest, 1.0) * (size * _SHRINK)
        return made if before is None else torch.where(greatest > 0, made, before)

    def _greatest(self, norms: torch.Tensor, lengths: tuple[int, ...]) -> torch.Tensor:
        """Return the greatest of the patches' values that hold an entry, 0 where none does."""
        import torch

        axes = tuple(range(1, norms.ndim))
        wide = [n + 2 * p for n, p in zip(lengths, self._padding, strict=True)]
        found = torch.zeros((len(norms), *wide), dtype=norms.dtype, device=norms.device)
        for tap in product(*map(range, self._taps)):
            if self._circular:
                found = torch.roll(found, [-u for u in tap], axes)
                start = (0,) * len(tap)
            else:
                start = tap
            at = (slice(None), *(
                slice(u, u + (count - 1) * s + 1, s)
                for u, count, s in zip(start, norms.shape[1:], self._stride, strict=True)
            ))  # fmt: skip
            found[at] = torch.maximum(found[at], norms)
            if self._circular:
                found = torch.roll(found, tap, axes)
        kept = (slice(p, p + n) for n, p in zip(lengths, self._padding, strict=True))
        return found[(slice(None), *kept)]
