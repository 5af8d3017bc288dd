"""What a network really does on hard codes and noise: the errors seen, to be set beside the bounds proved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import usable_device
from ..dictionaries.dictionary import Dictionary
from ..rounding import float_lower
from .code_class import CodeClass
from .unrolled import Code, ResidualLayer, UnrolledNetwork

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float64]

_STEPS = 24
_SHRINK = 1 - 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The greatest errors seen after every layer: on the support, off it, both; and at the end in the 2-norm. Floats.

    `trials` codes were tried at first, and some of them driven uphill by the gradient of the final error.
    """

    on: tuple[float, ...]
    off: tuple[float, ...]
    linf: float
    l2: float
    trials: int
    device: str


def observe(
    network: UnrolledNetwork,
    dictionary: Dictionary,
    codes: CodeClass,
    *,
    arithmetic: str = "ieee",
    trials: int = 1024,
    seed: int = 0,
    device: str = "cpu",
) -> Observed:
    """Run a network on codes of a class: random ones, signs on coherent supports, and what gradients make of them.

    Guarantee: none but that every code and noise tried is in the class, up to the rounding of float64; the errors are
    observed, not proved. Everything random comes from `seed`. Raises InputError for a device that is not there.
    """
    import torch

    from .unrolled_module import UnrolledModule

    usable_device(device)
    trial = _Trial(network, dictionary, codes, np.random.default_rng(seed))
    values, noise = trial.start(trials)
    module = UnrolledModule(network).to(device)
    seen = _Seen(len(network.layers))
    with _arithmetic(arithmetic, device):
        runner = _Runner(module, trial, torch.device(device), network.dtype.value)
        seen.add(*runner.errors(values, noise))
        kept = runner.worst(values, noise, max(8, trials // 8))
        values, noise = runner.ascend(values[kept], noise[kept])
        seen.add(*runner.errors(values, noise))
    return Observed(on=tuple(seen.on), off=tuple(seen.off), linf=seen.linf, l2=seen.l2, trials=trials, device=device)


@contextmanager
def _arithmetic(name: str, device: str) -> Iterator[None]:
    """Let matrix products run in an arithmetic, as far as the device has it; never in a coarser one."""
    import torch

    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
    try:
        if name == "bf16":
            with torch.autocast(torch.device(device).type, dtype=torch.bfloat16):
                yield
        else:
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


class _Trial:
    """Draws codes and noise of a class, and keeps them in it."""

    def __init__(
        self, network: UnrolledNetwork, dictionary: Dictionary, codes: CodeClass, random: np.random.Generator
    ) -> None:
        self.atoms: Floats = np.asarray(dictionary.real, dtype=np.float64)
        self.bound, self.noise = float_lower(codes.bound), float_lower(codes.noise)
        self.signed = network.code is Code.signed
        self._sparsity, self._random = codes.sparsity, random
        last = network.layers[-1]
        self._rows: Floats = np.asarray(
            last.analysis.T if isinstance(last, ResidualLayer) else last.signal, dtype=np.float64
        )

    def start(self, count: int) -> tuple[Floats, Floats]:
        """Return codes and noise to begin with: half of the codes on supports that are coherent with some atom."""
        n = self.atoms.shape[1]
        gram = self._rows @ self.atoms
        np.fill_diagonal(gram, 0)
        hardest = np.argsort(-np.sort(np.abs(gram), axis=1)[:, -self._sparsity :].sum(axis=1))
        values = np.zeros((count, n))
        for at in range(count):
            if at % 2:
                i = hardest[(at // 2) % n]
                order = np.argsort(-np.abs(gram[i]))
                # either the atom stays off the support, or it is on it
                inside = at % 4 == 3
                support = np.append(order[: self._sparsity - 1], i) if inside else order[: self._sparsity]
                signs = np.where(gram[i, support] < 0, -1.0, 1.0)
            else:
                support = self._random.permutation(n)[: self._sparsity]
                signs = self._random.choice([-1.0, 1.0], size=self._sparsity)
            sizes = np.ones(self._sparsity) if at % 8 else self._random.random(self._sparsity)
            values[at, support] = self.bound * sizes * (signs if self.signed else 1.0)
        noise = self._random.standard_normal((count, self.atoms.shape[0]))
        aligned = np.arange(count) % 3 == 0
        noise[aligned] = self._rows[hardest[np.arange(count) % n]][aligned] * self._random.choice([-1.0, 1.0])
        return values, self.shortened(noise)

    def shortened(self, noise: Floats) -> Floats:
        """Return noise of the greatest norm that the class allows."""
        norms = np.linalg.norm(noise, axis=1, keepdims=True)
        return noise / np.where(norms > 0, norms, 1) * (self.noise * _SHRINK)


class _Seen:
    """The greatest errors so far."""

    def __init__(self, layers: int) -> None:
        self.on, self.off = [0.0] * layers, [0.0] * layers
        self.linf = self.l2 = 0.0

    def add(self, on: list[float], off: list[float], l2: float) -> None:
        self.on = list(map(max, self.on, on))
        self.off = list(map(max, self.off, off))
        self.linf = max(self.on[-1], self.off[-1])
        self.l2 = max(self.l2, l2)


class _Runner:
    """Evaluates the module in its own format, and compares in float64."""

    def __init__(self, module: Any, trial: _Trial, device: torch.device, dtype: str) -> None:
        import torch

        self._module, self._trial, self._device = module, trial, device
        self._dtype: torch.dtype = getattr(torch, dtype)
        self._atoms = torch.tensor(trial.atoms, dtype=torch.float64, device=device)

    def _tensor(self, array: Floats) -> torch.Tensor:
        import torch

        return torch.as_tensor(array, dtype=torch.float64, device=self._device)

    def _layers(self, values: torch.Tensor, noise: torch.Tensor) -> list[torch.Tensor]:
        signals = (values @ self._atoms.T + noise).to(self._dtype)
        return [state.double() for state in self._module.layers_of(signals)]

    def errors(self, values: Floats, noise: Floats) -> tuple[list[float], list[float], float]:
        """Return the greatest error on and off the support after every layer, and the last one in the 2-norm."""
        import torch

        with torch.no_grad():
            codes = self._tensor(values)
            support = codes != 0
            on: list[float] = []
            off: list[float] = []
            difference = codes
            for state in self._layers(codes, self._tensor(noise)):
                difference = (state - codes).abs()
                on.append(float(torch.where(support, difference, 0.0).max()))
                off.append(float(torch.where(support, 0.0, difference).max()))
            return on, off, float(torch.linalg.vector_norm(difference, dim=1).max())

    def worst(self, values: Floats, noise: Floats, count: int) -> Any:
        """Return the places of the codes with the greatest final errors."""
        import torch

        with torch.no_grad():
            codes = self._tensor(values)
            final = (self._layers(codes, self._tensor(noise))[-1] - codes).abs().amax(dim=1)
            return torch.topk(final, min(count, len(final))).indices.cpu().numpy()

    def ascend(self, values: Floats, noise: Floats) -> tuple[Floats, Floats]:
        """Return codes on the same supports, and noise, driven uphill; the best of the path for each."""
        import torch

        trial = self._trial
        codes, errors = self._tensor(values), self._tensor(noise)
        support = codes != 0
        best, best_codes, best_errors = torch.full((len(codes),), -math.inf, device=self._device), codes, errors
        for step in range(_STEPS):
            codes, errors = codes.detach().requires_grad_(True), errors.detach().requires_grad_(True)
            final = (self._layers(codes, errors)[-1] - codes).abs().amax(dim=1)
            better = final.detach() > best
            best = torch.where(better, final.detach(), best)
            best_codes = torch.where(better[:, None], codes.detach(), best_codes)
            best_errors = torch.where(better[:, None], errors.detach(), best_errors)
            gradients = torch.autograd.grad(final.sum(), (codes, errors))
            size = trial.bound * 0.5 * (1 - step / _STEPS)
            moved = codes.detach() + size * gradients[0].sign() * support
            codes = moved.clamp(-trial.bound if trial.signed else 0.0, trial.bound)
            length = torch.linalg.vector_norm(gradients[1], dim=1, keepdim=True)
            errors = torch.where(length > 0, gradients[1] / length * (trial.noise * _SHRINK), errors.detach())
        found: tuple[Floats, Floats] = (best_codes.cpu().numpy(), best_errors.cpu().numpy())
        return found
