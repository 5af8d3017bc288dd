"""The network of lista-linf on the unit atoms of one dictionary of a chain, in floats for a batch and in rationals."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import torch_module
from ...exact import rational_root, root_enclosure
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Instance, NotAnInstance

_BITS = 64
_MOST_STEPS = 100


def upper_root(square: Fraction) -> Fraction:
    """Return a rational upper bound of a square root, the root itself if it is rational."""
    found = rational_root(square)
    return root_enclosure(square, _BITS).upper if found is None else found


def depth_of(instance: Instance) -> int:
    """Return the number of steps of an instance; raise NotAnInstance if it is none."""
    depth = int(instance["depth"])
    if not 0 <= depth <= _MOST_STEPS:
        raise NotAnInstance(f"the depth is an integer from 0 to {_MOST_STEPS}")
    return depth


def exact_norms(array: Any) -> exact.Vector:
    """Return the norms of atoms; raise NotAnInstance if one is not above 0."""
    found = exact.vector(array)
    if not all(norm > 0 for norm in found):
        raise NotAnInstance("no atom is zero")
    return found


def exact_weights(weights: exact.Matrix, D: exact.Matrix) -> exact.Matrix:
    """Return the w_i, one a row, scaled to w_i^T d_i = 1; raise NotAnInstance if one is orthogonal to its atom."""
    found: exact.Matrix = []
    for w, d in zip(exact.columns(weights), exact.columns(D), strict=True):
        if not (scale := exact.dot(w, d)):
            raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
        found.append([entry / scale for entry in w])
    return found


def exact_run(
    inner: exact.Matrix, response: exact.Vector, code: exact.Vector, sigma: Fraction, depth: int
) -> exact.Vector:
    """Return z^K - z*, z* the code, for the products w_i^T d^_l and w_i^T e, with thresholds s mu a_k + sigma."""
    s, mu, a = max(1, sum(map(bool, code))), exact.coherence(inner), exact.greatest(code)
    error = [-z for z in code]
    for _ in range(depth):
        t, moved = s * mu * a + sigma, []
        for i, row in enumerate(inner):
            v = response[i] - sum((g * e for j, (g, e) in enumerate(zip(row, error, strict=True)) if j != i and e), 0)
            moved.append(v - min(max(code[i] + v, -t), t))
        error, a = moved, (2 * s - 1) * mu * a + 2 * sigma
    return error


def unit_inner(weights: Any, D: Any) -> tuple[Any, Any]:
    """Return the w_i of a batch as columns with w_i^T d_i = 1, and the products w_i^T d_l with 0 for l = i."""
    torch = torch_module()
    W = weights / (weights * D).sum(dim=1, keepdim=True)
    return W, (W.transpose(1, 2) @ D) * (1 - torch.eye(D.shape[2], device=D.device).double())


def run(inner: Any, response: Any, code: Any, sigma: Any, depth: Any) -> Any:
    """Return what `exact_run` does for a batch in floats; `inner` has a zero diagonal."""
    torch = torch_module()
    s, mu, a = levels(code), inner.abs().amax(dim=(1, 2)), code.abs().amax(dim=1)
    error = -code
    for step in range(int(depth.max()) if len(depth) else 0):
        t = (s * mu * a + sigma)[:, None]
        v = response - (inner @ error[:, :, None])[:, :, 0]
        error = torch.where((step < depth)[:, None], v - torch.clamp(code + v, -t, t), error)
        a = (2 * s - 1) * mu * a + 2 * sigma
    return error


def levels(code: Any) -> Any:
    """Return the nonzeros of each code of a batch, 1 at least."""
    return (code != 0).sum(dim=1).clamp(min=1).double()


def drawn_atoms(random: np.random.Generator, count: int, m: int, n: int) -> tuple[Any, Any]:
    """Draw points of unit atoms, short numbers half of the time, and norms."""
    points = unit_atoms.drawn(random, count, m, n)
    points = np.where(random.random((count, 1, 1)) < 0.5, np.round(points * 64) / 64, points)
    norms = np.where(random.random((count, 1)) < 0.5, 1.0, 2.0 ** random.uniform(-1, 1, (count, n)))
    return points, np.where(random.random((count, 1)) < 0.5, np.round(norms * 64) / 64, norms)


def drawn_weights(random: np.random.Generator, D: Any) -> Any:
    """Draw weights for unit atoms: those, or dual ones of small coherence, or something between."""
    dual = np.linalg.pinv(D, rcond=1e-6).transpose(0, 2, 1)
    share = random.choice((0.0, 0.0, 1.0, 1.0, 0.5), (len(D), 1, 1))
    return (1 - share) * D + share * dual


def drawn_code(random: np.random.Generator, norms: Any, most: int) -> Any:
    """Draw codes with 1 to `most` nonzeros, half of them with their entries divided by the norms."""
    count, n = norms.shape
    code = variation.supports(random, count, n, random.integers(1, most + 1, count)) * variation.values(
        random, (count, n)
    )
    return np.where(random.random((count, 1)) < 0.5, code / norms, code)


def aimed(random: np.random.Generator, W: Any, code: Any) -> Any:
    """Return for each instance the w_i of one atom of its code, against the sign of the entry or with it."""
    at = np.argmax(random.random(code.shape) * (code != 0), axis=1)
    rows = np.arange(len(code))
    signs = np.sign(code[rows, at]) * np.where(random.random(len(code)) < 0.7, -1.0, 1.0)
    return W[rows, :, at] * signs[:, None]


def of_size(random: np.random.Generator, directions: Any, size: Any) -> Any:
    """Return errors of this size along directions, or along random ones (0 where the direction is 0)."""
    other = random.standard_normal(directions.shape) * (directions != 0)
    found = np.where(random.random((len(directions), 1)) < 0.75, directions, other)
    return size * found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-300)


def simpler(instance: Instance, of_atoms: tuple[str, ...]) -> Iterator[Instance]:
    """Yield an instance with fewer steps, without an error, or without an atom of the last dictionary."""
    depth = int(instance.get("depth", np.array(0)))
    for fewer in dict.fromkeys((0, 1, depth - 1)):
        if 0 <= fewer < depth:
            yield {**instance, "depth": np.array(fewer)}
    for name in ("error0", "error1"):
        if instance[name].any():
            yield {**instance, name: np.zeros_like(instance[name])}
    n = len(instance["code"])
    for i in range(n if n > 1 else 0):
        yield {**instance, **{name: np.delete(instance[name], i, axis=-1) for name in of_atoms}}
