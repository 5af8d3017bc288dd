"""Codes of small dictionaries in floats: how long the others of the same signal are, and what OMP compares."""

from __future__ import annotations

from typing import Any

from ....arrays import torch_module
from .float_dictionaries import FloatDictionaries

Tensor = Any


def code_shares(dictionaries: FloatDictionaries, codes: Tensor) -> Tensor:
    """Return the largest |x|_1 / (|x|_1 + |x'|_1) over other codes x' of the signal of x, along the circuits."""
    torch = torch_module()
    circuits = dictionaries.circuits / dictionaries.norms[:, None, :]
    own = codes.abs().sum(dim=1)
    shares = torch.zeros_like(own)
    for i in range(dictionaries.n):
        steps = circuits[:, :, i]
        met = (steps.abs() > 1e-9 * circuits.abs().amax(dim=2)) & (codes[:, i : i + 1] != 0)
        t = torch.where(met, codes[:, i : i + 1] / torch.where(met, steps, 1.0), 0.0)
        lengths = (codes[:, None, :] - t[:, :, None] * circuits).abs().sum(dim=2)
        share = own[:, None] / (own[:, None] + lengths).clamp(min=1e-300)
        shares = torch.maximum(shares, torch.where(met, share, 0.0).amax(dim=1))
    return shares


def greedy_ratios(dictionaries: FloatDictionaries, codes: Tensor, unit: bool) -> Tensor:
    """Return the largest |<d_i, r>| off the support over that on it, over the steps of OMP until it leaves the support.

    A code with dependent atoms that is not returned counts as 1.
    """
    torch = torch_module()
    atoms = dictionaries.unit if unit else dictionaries.atoms
    support = codes != 0
    signal = (dictionaries.atoms @ codes[:, :, None])[:, :, 0]
    residual, chosen = signal, torch.zeros_like(support)
    worst = torch.zeros_like(signal[:, 0])
    size, places = signal.norm(dim=1), torch.arange(dictionaries.n, device=signal.device)
    for _ in range(int(support.sum(dim=1).max())):
        products = (atoms.transpose(1, 2) @ residual[:, :, None])[:, :, 0].abs()
        on, off = torch.where(support, products, 0.0), torch.where(support, 0.0, products)
        running = residual.norm(dim=1) > 1e-9 * size
        ratio = off.amax(dim=1) / on.amax(dim=1).clamp(min=1e-300)
        worst = torch.where(running & (worst < 1), torch.maximum(worst, ratio), worst)
        chosen = chosen | ((places == on.argmax(dim=1, keepdim=True)) & running[:, None])
        used = dictionaries.unit * chosen[:, None, :]
        residual = signal - (used @ (torch.linalg.pinv(used) @ signal[:, :, None]))[:, :, 0]
    return torch.where((worst < 1) & (support & ~chosen).any(dim=1), 1.0, worst)
