"""Many small dictionaries of one shape measured at once in floats: what `exact_dictionary` measures of one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ....arrays import on_device, torch_module
from ...experiment import Batch

Tensor = Any
_ZERO = 1e-9
_ROUNDING = 1e-11


class FloatDictionaries:
    """Dictionaries as a tensor, count x m x n, and one level k for each."""

    def __init__(self, batch: Batch, device: str) -> None:
        self.atoms = on_device(batch["dictionary"], device)
        self.count, self.m, self.n = self.atoms.shape
        self.level = on_device(batch["level"], device)
        self.norms = self.atoms.norm(dim=1).clamp(min=1e-300)
        self.unit = self.atoms / self.norms[:, None, :]

    def full(self, value: float) -> Tensor:
        """Return the same number for every dictionary."""
        return torch_module().full((self.count,), float(value), dtype=self.atoms.dtype, device=self.atoms.device)

    @cached_property
    def cosines(self) -> Tensor:
        """|<d^_i, d^_j>|, 0 for i = j."""
        gram = (self.unit.transpose(1, 2) @ self.unit).abs()
        return gram - torch_module().diag_embed(gram.diagonal(dim1=1, dim2=2))

    @property
    def mu(self) -> Tensor:
        """The mutual coherence."""
        return self.cosines.amax(dim=(1, 2))

    def babel(self, k: Tensor) -> Tensor:
        """mu_1(k)."""
        return largest_sums(self.cosines, k[:, None]).amax(dim=1)

    def isometry(self, k: Tensor) -> Tensor:
        """delta_k: each set of k atoms has its eigenvalues."""
        torch = torch_module()
        found = self.full(0)
        for level in k.unique().tolist():
            mask = k == level
            sets = combinations(self.n, min(int(level), self.n)).to(self.atoms.device)
            unit = self.unit[mask][:, :, sets].transpose(1, 2)
            values = torch.linalg.eigvalsh(unit.transpose(2, 3) @ unit)
            found[mask] = (values - 1).abs().amax(dim=(1, 2))
        return found

    @cached_property
    def singular_values(self) -> Tensor:
        """The singular values of the unit atoms, in decreasing order."""
        return torch_module().linalg.svdvals(self.unit)

    @cached_property
    def rank(self) -> Tensor:
        """The number of singular values that are not nearly zero."""
        return (self.singular_values > _ZERO * self.singular_values[:, :1]).sum(dim=1)

    @cached_property
    def circuits(self) -> Tensor:
        """All circuits of the unit atoms, count x sets x n, with largest modulus 1; zeros where there are fewer."""
        torch = torch_module()
        groups = []
        for r in self.rank.unique().tolist():
            if r < self.n:
                mask = self.rank == r
                left = torch.linalg.svd(self.unit[mask], full_matrices=False)[0][:, :, :r]
                groups.append((mask, _null_vectors(left.transpose(1, 2) @ self.unit[mask])))
        width = max((found.shape[1] for _, found in groups), default=1)
        result = torch.zeros((self.count, width, self.n), dtype=self.atoms.dtype, device=self.atoms.device)
        for mask, found in groups:
            result[mask, : found.shape[1]] = found
        return result

    @cached_property
    def spark(self) -> Tensor:
        """The least number of nonzeros of a circuit, infinite without one."""
        torch = torch_module()
        sizes = (self.circuits != 0).sum(dim=2).double()
        return torch.where(sizes == 0, torch.inf, sizes).amin(dim=1)

    def weights(self, unit: bool) -> Tensor:
        """The moduli of the circuits of the unit atoms, or of the atoms as they are."""
        return self.circuits.abs() if unit else self.circuits.abs() / self.norms[:, None, :]

    def null_space_constant(self, k: Tensor, unit: bool) -> Tensor:
        """nsc_k."""
        weights = self.weights(unit)
        parts = largest_sums(weights, k[:, None].expand(self.count, weights.shape[1]))
        return (parts / weights.sum(dim=2).clamp(min=1e-300)).amax(dim=1)

    def share(self, inside: Tensor, unit: bool) -> Tensor:
        """The largest share of a set of atoms, given as a mask."""
        weights = self.weights(unit)
        parts = (weights * inside[:, None, :]).sum(dim=2)
        return (parts / weights.sum(dim=2).clamp(min=1e-300)).amax(dim=1)

    @cached_property
    def generalized_coherences(self) -> Tensor:
        """mu~_i of every atom, count x n: the largest |h_i| / (|h|_1 - |h_i|)."""
        weights = self.weights(unit=True)
        rest = weights.sum(dim=2, keepdim=True) - weights
        return (weights / rest.clamp(min=1e-300)).where(weights > 0, weights).amax(dim=1)


def from_above(values: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return numbers a little above those that are no integers, so that no condition `<` holds by rounding."""
    return {name: value.where(value == value.round(), value * (1 + _ROUNDING)) for name, value in values.items()}


def largest_sums(values: Tensor, k: Tensor) -> Tensor:
    """Return the sums of the k largest numbers along the last axis; k has the other axes."""
    torch = torch_module()
    ordered = values.sort(dim=-1, descending=True).values.cumsum(dim=-1)
    padded = torch.cat([torch.zeros_like(ordered[..., :1]), ordered], dim=-1)
    at = k.clamp(0, values.shape[-1]).long().expand(values.shape[:-1])
    return padded.gather(-1, at[..., None])[..., 0]


@lru_cache(maxsize=200)
def combinations(n: int, size: int) -> Any:
    """Return all sets of so many of n atoms as rows."""
    return torch_module().from_numpy(np.array(list(itertools.combinations(range(n), size)), dtype=np.int64))


@lru_cache(maxsize=200)
def _minors_of(n: int, r: int) -> Any:
    """Return, for every set of r + 1 atoms and each of its places, which set of r atoms is left without it."""
    place = {chosen: at for at, chosen in enumerate(itertools.combinations(range(n), r))}
    rows = [
        [place[chosen[:at] + chosen[at + 1 :]] for at in range(r + 1)]
        for chosen in itertools.combinations(range(n), r + 1)
    ]
    return torch_module().from_numpy(np.array(rows, dtype=np.int64))


def _null_vectors(matrices: Tensor) -> Tensor:
    """Return the null vectors of all sets of r + 1 columns of r x n matrices, by Cramer's rule."""
    torch = torch_module()
    count, r, n = matrices.shape
    minors = torch.linalg.det(matrices[:, :, combinations(n, r).to(matrices.device)].permute(0, 2, 1, 3))
    signs = torch.tensor([(-1.0) ** at for at in range(r + 1)], dtype=matrices.dtype, device=matrices.device)
    sets = combinations(n, r + 1).to(matrices.device)
    entries = minors[:, _minors_of(n, r).to(matrices.device)] * signs
    result = torch.zeros((count, len(sets), n), dtype=matrices.dtype, device=matrices.device)
    result.scatter_(2, sets.expand(count, *sets.shape), entries)
    top = result.abs().amax(dim=2, keepdim=True)
    scale = minors.abs().amax(dim=1)[:, None, None]
    result = torch.where(top > _ZERO * scale, result / top.clamp(min=1e-300), 0.0)
    return torch.where(result.abs() > _ZERO, result, 0.0)
