"""Instances of unrolled networks: dictionaries with weights, codes, noise, and simpler ones of the same kind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..experiment import Instance, broadcast, shared

Floats = NDArray[np.float64]
_MOST_ENTRIES = 50_000
"""Of the matrices of a batch that are not shared."""


def dictionary(random: np.random.Generator, m: int, n: int) -> tuple[Floats, Floats, float]:
    """Return a dictionary, weights, and mu of the weights as a float: Gaussian, signs, two bases, nearly
    orthogonal, or the corners of a simplex (in projection, if m < n - 1).
    """
    kind = random.integers(5)
    D = random.standard_normal((m, n))
    if kind == 1:
        D = np.sign(D)
    elif kind == 2:
        bases = [np.linalg.qr(random.standard_normal((m, m)))[0] for _ in range(-(-n // m))]
        D = np.hstack(bases)[:, :n]
    elif kind == 3:
        D = np.hstack([np.eye(m)] * -(-n // m))[:, :n] + D / (2 * np.sqrt(m))
    elif kind == 4:
        directions = np.linalg.qr(np.hstack([np.ones((n, 1)), random.standard_normal((n, n - 1))]))[0]
        D = directions[:, 1 : m + 1].T if m < n else D
    D = D / np.linalg.norm(D, axis=0)
    if random.random() < 0.5:
        D = np.round(D * 64) / 64  # short numbers: exact arithmetic is quick
        D[:, ~D.any(axis=0)] = 1.0
    W = D
    if random.random() < 0.5 and np.linalg.matrix_rank(D) == m:
        W = np.linalg.solve(D @ D.T, D)
    gram = np.abs(W.T @ D) / np.abs((W * D).sum(axis=0))[:, None]
    np.fill_diagonal(gram, 0)
    return D, W, float(gram.max())


def codes(random: np.random.Generator, count: int, n: int, mu: float) -> Floats:
    """Return codes with 1 to s nonzeros, (2s - 1) mu < 1 if any s is: signs, uniform, or falling by factors."""
    most = n if mu == 0 else max(1, min(n, int(np.ceil((1 + 1 / mu) / 2)) - 1))
    sizes = random.integers(1, most + 1, count)
    places = np.argsort(random.random((count, n)), axis=1)[:, :most]
    kind = random.integers(3, size=(count, 1))
    values = np.where(kind == 1, random.uniform(0.01, 1, (count, most)), 1.0)
    values = np.where(kind == 2, 2.0 ** -(3 * np.arange(most)), values) * random.choice((-1.0, 1.0), (count, most))
    values *= 2.0 ** random.integers(-3, 4, (count, 1)) * (np.arange(most) < sizes[:, None])
    found = np.zeros((count, n))
    np.put_along_axis(found, places, values, axis=1)
    return found


def noise(random: np.random.Generator, D: Floats, code: Floats) -> Floats:
    """Return noise: none, Gaussian, or against the signs of the code, of several sizes."""
    kind = random.integers(3, size=(len(code), 1))
    size = 10.0 ** random.uniform(-6, 0, (len(code), 1))
    against = -np.sign(code) @ D.T
    gaussian = random.standard_normal((len(code), len(D))) / np.sqrt(len(D))
    return np.where(kind == 0, 0.0, size * np.where(kind == 1, gaussian, against))


def nudged(random: np.random.Generator, matrices: Floats, scale: float) -> Floats:
    """Return matrices with a random change each; a large matrix that all share gets one change for all."""
    one = shared(matrices)
    if one is None or matrices.size <= _MOST_ENTRIES:
        return matrices + scale * random.standard_normal(matrices.shape) / np.sqrt(matrices.shape[1])
    return broadcast(one + scale * random.standard_normal(one.shape) / np.sqrt(len(one)), len(matrices))


def moved(random: np.random.Generator, code: Floats, scale: float) -> Floats:
    """Return codes with nonzeros changed by factors, one of them or all, and in some instances all signs drawn anew."""
    count = len(code)
    factors = np.exp(scale * random.standard_normal(code.shape))
    weights = random.random(code.shape) * (code != 0)
    one = weights == weights.max(axis=1, keepdims=True)
    factors = np.where(one | (random.random((count, 1)) < 0.5), factors, 1.0)
    signs = np.where(random.random((count, 1)) < 0.2, random.choice((-1.0, 1.0), code.shape), 1.0)
    return code * factors * signs


def shaken(random: np.random.Generator, e: Floats, scale: float) -> Floats:
    """Return noise changed in one entry or in all, relative to its size; none stays none."""
    count, m = e.shape
    size = np.abs(e).max(axis=1, keepdims=True)
    change = scale * size * random.standard_normal(e.shape)
    one = np.arange(m) == random.integers(m, size=(count, 1))
    return e + np.where(one | (random.random((count, 1)) < 0.5), change, 0.0)


def simpler(instance: Instance) -> Iterator[Instance]:
    """Yield simpler instances: fewer layers, no noise, fewer nonzeros, atoms and rows, W = D."""
    D, W, code, e = (instance[name] for name in ("D", "W", "code", "noise"))
    depth = int(instance["depth"])
    for fewer in dict.fromkeys((0, 1, depth // 2, depth - 1)):
        if 0 <= fewer < depth:
            yield {**instance, "depth": np.array(fewer)}
    if e.any():
        yield {**instance, "noise": np.zeros_like(e)}
    if (D != W).any():
        yield {**instance, "W": D}
    m, n = D.shape
    support = np.flatnonzero(code)
    for kept in _subsets(n, support):
        if kept.sum() < 2:
            continue
        yield {**instance, "D": D[:, kept], "W": W[:, kept], "code": code[kept]}
    for kept in _subsets(m, np.arange(0)):
        yield {**instance, "D": D[kept], "W": W[kept], "noise": e[kept]}
    if len(support) > 1:
        for i in support:
            yield {**instance, "code": np.where(np.arange(n) == i, 0.0, code)}


def _subsets(size: int, wanted: NDArray[np.int_]) -> Iterator[NDArray[np.bool_]]:
    """Yield what is kept of so many: halves, then all but one, and always what is wanted."""
    at = np.arange(size)
    must = np.isin(at, wanted)
    parts = [at < size // 2, at >= size // 2] if size > 3 else []
    for kept in [*parts, *(at != i for i in range(size))]:
        kept = kept | must
        if 0 < kept.sum() < size:
            yield kept
