"""The bound of a network's error as a torch number with a gradient, so that training can keep a guarantee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch

from ..errors import InputError

Tensor = torch.Tensor


def training_bound(
    layers: Iterable[Mapping[str, Tensor]],
    atoms: Tensor,
    *,
    sparsity: int,
    bound: float = 1.0,
    noise: float = 0.0,
) -> Tensor:
    """Bound |x - x*|_inf after the last layer for all |x*|_0 <= sparsity, |x*|_inf <= bound, |e|_2 <= noise.

    Each layer gives its tensors by the names of docs/networks.md, "Networks from elsewhere": `weights` (m, n) and maybe
    `step` for x+ = T_t(x + step W^T (y - D x)), D being `synthesis` or else `atoms` (m, n); or `state` (n, n; none in
    layer 0) and `signal` (n, m) for x+ = T_t(M x + V y); and a `threshold`, one number or n. With C = M + V D - I,
    errors u on the support and o off it, c_ij = max(0, |M_ij|(u_j - o_j) + |C_ij| B):

        o+ = max(0, |M| o + (the s largest c_ij, j != i) + |V_i| sigma - t)
        u+ = |M_ii| u_i + |C_ii| B + sum over j != i of |M_ij| o_j + (the s - 1 largest) + |V_i| sigma + t

    Signed codes and relu. Guarantee: estimated, rounding of the network left out; a certificate proves what training
    ends with. It has a gradient in every tensor. Cost: m n^2 operations a layer, n^2 without `weights`. Raises
    InputError for layers without these names, shapes that do not fit, and a level outside 1 .. n.
    """
    if atoms.ndim != 2 or not 1 <= sparsity <= atoms.shape[1]:
        raise InputError(f"expected atoms m x n and a level from 1 to n, got {tuple(atoms.shape)} and {sparsity!r}")
    n = atoms.shape[1]
    on, off = torch.full_like(atoms[0], bound), torch.zeros_like(atoms[0])
    at = -1
    for at, layer in enumerate(layers):
        state, signal, residual = _maps(layer, atoms, at)
        noises = signal.norm(dim=1) * noise
        base = state @ off
        each = torch.relu(state * (on - off) + residual * bound)
        own = state.diagonal() * (on - off) + residual.diagonal() * bound
        top = (each - torch.diag(each.diagonal())).topk(sparsity, dim=1).values
        threshold = _named(layer, "threshold", at).reshape(-1)
        if len(threshold) not in (1, n):
            raise InputError(f"layer {at}: expected a threshold of 1 or {n} numbers, got {len(threshold)}")
        on, off = (
            base + own + top[:, :-1].sum(dim=1) + noises + threshold,
            torch.relu(base + top.sum(dim=1) + noises - threshold),
        )
    if at < 0:
        raise InputError("expected at least one layer")
    return torch.maximum(on.max(), off.max())


def _maps(layer: Mapping[str, Tensor], atoms: Tensor, at: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return |M|, V and |C| of a layer; M = 0 in layer 0, where x = 0."""
    m, n = atoms.shape
    eye = torch.eye(n, dtype=atoms.dtype, device=atoms.device)
    if "weights" in layer:
        weights, synthesis = _shaped(layer, "weights", (m, n), at), layer.get("synthesis", atoms)
        signal = weights.T if "step" not in layer else weights.T * layer["step"]
        state, residual = eye - signal @ synthesis, signal @ (atoms - synthesis)
        return state.abs(), signal, residual.abs()
    signal = _shaped(layer, "signal", (n, m), at)
    state = torch.zeros_like(eye) if not at else _shaped(layer, "state", (n, n), at)
    return state.abs(), signal, (state + signal @ atoms - eye).abs()


def _shaped(layer: Mapping[str, Tensor], name: str, shape: tuple[int, int], at: int) -> Tensor:
    found = _named(layer, name, at)
    if found.shape != shape:
        raise InputError(f"layer {at}: expected {name} of shape {shape}, got {tuple(found.shape)}")
    return found


def _named(layer: Mapping[str, Tensor], name: str, at: int) -> Tensor:
    if name not in layer:
        raise InputError(f"layer {at}: expected a tensor {name}, got {', '.join(sorted(layer)) or 'none'}")
    return layer[name]
