"""What networks for deep codes really do on hard codes and noise: the errors seen, beside the bounds proved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..arrays import usable_device
from ..dictionaries.deep import DeepDictionary
from ..rounding import float_lower
from .deep_bounds import DeepClass
from .deep_network import DeepNetwork
from .weights import real_atoms

if TYPE_CHECKING:
    import torch

_STEPS = 16
_INSIDE = 1 - 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepObserved:
    """The greatest |x~_j - x_j|_2 and |x~_j - x_j|_inf seen, j = 1 .. J: floats, not proved."""

    l2: tuple[float, ...]
    linf: tuple[float, ...]
    trials: int
    device: str


def observe_deep(
    network: DeepNetwork,
    members: DeepClass,
    *,
    refit: bool = False,
    kept: float = 0.0,
    trials: int = 512,
    seed: int = 0,
    device: str = "cpu",
) -> DeepObserved:
    """Run the networks on deep codes of a class: random ones, signs, and what gradients make of them and their noise.

    Codes are made from the last one: x_(j-1) is D_j x_j on its largest entries, with noise there that fills the
    tolerance, all made smaller where a tolerance or a bound would be exceeded. With `refit` the codes are those of the
    refit, and only codes count whose x_J has no nonzero below the smallest of the class. Guarantee: none but that all
    are in the class, up to the rounding of float64. Raises InputError for a device that is not there.
    """
    import torch

    usable_device(device)
    module = network.to_torch(refit=refit, kept=kept).to(device)
    trial = DeepTrial(network.deep, members, device)
    values, noises = trial.start(np.random.default_rng(seed), trials)
    seen = np.zeros((2, network.deep.depth))
    for final in (False, True):
        with torch.no_grad():
            errors, valid = trial.errors(module, values, noises, refit=refit)
        for j, error in enumerate(errors):
            masked = error * valid[:, None]
            seen[0, j] = max(seen[0, j], float(torch.linalg.vector_norm(masked, dim=1).max()))
            seen[1, j] = max(seen[1, j], float(masked.abs().max()))
        if not final:
            norms = torch.linalg.vector_norm(errors[-1] * valid[:, None], dim=1)
            kept_places = torch.topk(norms, min(max(8, trials // 8), trials)).indices
            values, noises = values[kept_places], [noise[kept_places] for noise in noises]
            values, noises = _ascended(trial, module, values, noises, refit=refit)
    l2, linf = (tuple(map(float, row)) for row in seen)
    return DeepObserved(l2=l2, linf=linf, trials=trials, device=device)


def _ascended(
    trial: DeepTrial, module: torch.nn.Module, values: torch.Tensor, noises: list[torch.Tensor], *, refit: bool
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return codes on the same supports, and noise, driven uphill; the best of the path for each."""
    import torch

    best = torch.full((len(values),), -math.inf, dtype=torch.float64, device=values.device)
    kept_values, kept_noises = values, noises
    support = values != 0
    for step in range(_STEPS):
        values = values.detach().requires_grad_(True)
        noises = [noise.detach().requires_grad_(True) for noise in noises]
        errors, valid = trial.errors(module, values, noises, refit=refit)
        final = torch.linalg.vector_norm(errors[-1], dim=1) * valid
        better = final.detach() > best
        best = torch.where(better, final.detach(), best)
        kept_values = torch.where(better[:, None], values.detach(), kept_values)
        kept_noises = [
            torch.where(better[:, None], new.detach(), old) for new, old in zip(noises, kept_noises, strict=True)
        ]
        gradients = torch.autograd.grad(final.sum(), (values, *noises), allow_unused=True)
        size = 0.5 * trial.last_bound * (1 - step / _STEPS)
        if gradients[0] is not None:
            moved = values.detach() + size * gradients[0].sign() * support
            values = moved.clamp(-trial.last_bound, trial.last_bound)
        noises = [
            noise.detach() if g is None else torch.where(g.norm(dim=1, keepdim=True) > 0, g, noise.detach())
            for noise, g in zip(noises, gradients[1:], strict=True)
        ]
        noises = [noise / noise.norm(dim=1, keepdim=True).clamp_min(1e-300) for noise in noises]
    return kept_values.detach(), [noise.detach() for noise in kept_noises]


class DeepTrial:
    """Makes deep codes of a class from last codes and directions of noise, differentiably, in float64."""

    def __init__(self, deep: DeepDictionary, members: DeepClass, device: str) -> None:
        import torch

        self._dictionaries = [
            torch.tensor(real_atoms(d), dtype=torch.float64, device=device) for d in deep.dictionaries
        ]
        self._levels, self._device = members.levels, device
        self._bounds = [float_lower(bound) * _INSIDE for bound in members.bounds]
        self._tolerances = [float_lower(tolerance) * _INSIDE for tolerance in deep.tolerances]
        self._smallest = 0.0 if members.smallest is None else float(members.smallest)
        self.last_bound = self._bounds[-1]

    def start(self, random: np.random.Generator, count: int) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return last codes on random supports, half of them signs at the bound, and directions of noise."""
        import torch

        n, level = self._dictionaries[-1].shape[1], self._levels[-1]
        values: NDArray[np.float64] = np.zeros((count, n))
        for at in range(count):
            size = level if at % 4 else int(random.integers(1, level + 1))
            sizes = np.ones(size) if at % 2 else random.random(size)
            values[at, random.permutation(n)[:size]] = self.last_bound * sizes * random.choice([-1.0, 1.0], size)
        noises = [random.standard_normal((count, d.shape[0])) for d in self._dictionaries]
        tensors = [torch.tensor(noise, dtype=torch.float64, device=self._device) for noise in noises]
        return torch.tensor(values, dtype=torch.float64, device=self._device), tensors

    def codes(self, values: torch.Tensor, noises: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Return y = x_0, x_1 .. x_J: what is needed of the class holds for each row."""
        import torch

        found = [values]
        for j in range(len(self._dictionaries) - 1, -1, -1):
            image = found[0] @ self._dictionaries[j].T
            mask = torch.ones_like(image)
            if j:
                places = torch.topk(image.detach().abs(), min(self._levels[j - 1], image.shape[1]), dim=1).indices
                mask = torch.zeros_like(image).scatter(1, places, 1.0)
            rest, tolerance = (image * (1 - mask)).norm(dim=1, keepdim=True), self._tolerances[j]
            scale = torch.where(rest > tolerance, tolerance / rest.clamp_min(1e-300), torch.ones_like(rest))
            found = [code * scale for code in found]
            noise = noises[j] * mask
            length = (tolerance**2 - (rest * scale) ** 2).clamp_min(0).detach().sqrt() * _INSIDE
            before = image * scale * mask + noise / noise.norm(dim=1, keepdim=True).clamp_min(1e-300) * length
            if j:
                most = before.abs().amax(dim=1, keepdim=True)
                limit = self._bounds[j - 1]
                scale = torch.where(most > limit, limit / most.clamp_min(1e-300), torch.ones_like(most))
                found, before = [code * scale for code in found], before * scale
            found = [before, *found]
        return found

    def errors(
        self, module: torch.nn.Module, values: torch.Tensor, noises: Sequence[torch.Tensor], *, refit: bool
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return x~_j - x_j for j = 1 .. J, and for each row whether it counts."""
        import torch

        signal, *codes = self.codes(values, noises)
        found = module(signal)
        last = codes[-1].detach().abs()
        valid = torch.ones(len(last), dtype=torch.float64, device=last.device)
        if refit:
            least = torch.where(last > 0, last, math.inf).amin(dim=1)
            valid = (least >= self._smallest).double()
        return [a.double() - b for a, b in zip(found, codes, strict=True)], valid
