"""Experiments on a dictionary with a null vector h, D h = 0 exactly, and weights for one atom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....arrays import on_device, torch_module
from ....theorems.language.values import Value
from ...experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import small_dictionaries
from .exact_dictionary import ExactDictionary
from .exact_weights import generalized_coherences
from .float_codes import code_shares
from .float_dictionaries import FloatDictionaries, largest_sums
from .roots import largest, sum_of_roots

Floats = NDArray[np.float64]
_GRID = 2.0**16


@dataclass(frozen=True, kw_only=True)
class NullVectors(Experiment):
    """A dictionary with entries on a grid, a null vector, a level k, and weights w for the heaviest atom i of h.

    The null vector writes d^_i in the other unit atoms, u_j = -h_j N_j / (h_i N_i). Quantities: spark, nsc (atoms as
    they are), mu_tilde_i, P (the sum of the k largest |w^T d^_j|, w^T d^_i = 1), and code_share of the code made of the
    heaviest entries of h that hold at least half of |h|_1 (a part of `half` of it in a wrong statement).
    """

    half: Fraction = Fraction(1, 2)

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries and integer null vectors, and make one atom of each fit."""
        shapes = small_dictionaries.MORE_ATOMS
        m, n = shapes[int(random.integers(len(shapes)))]
        vectors = random.integers(-3, 4, (count, n)) * (random.random((count, n)) < random.choice([0.5, 0.8, 1.0]))
        rows = np.arange(count)
        vectors[rows, random.integers(0, n, count)] = 1
        dictionaries = _fitted(small_dictionaries.drawn(random, count, m, n), vectors)
        return {
            "dictionary": dictionaries,
            "null_vector": vectors.astype(np.int64),
            "weights": _weights(random, dictionaries, vectors),
            "level": random.integers(1, n // 2 + 2, count),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the dictionary, an entry of the null vector, or the weights, and make one atom fit again."""
        vectors, dictionaries = np.array(batch["null_vector"]), batch["dictionary"]
        count, n = vectors.shape
        rows, at = np.arange(count), random.integers(0, n, count)
        step = random.choice([-1, 0, 1], count, p=[0.15, 0.7, 0.15])
        step[(np.arange(n) == _pivots(vectors)[:, None])[rows, at]] = 0
        vectors[rows, at] += step
        moved = np.where(
            random.random((count, 1, 1)) < 0.6, small_dictionaries.varied(random, dictionaries, scale), dictionaries
        )
        weights = batch["weights"] + scale * np.abs(batch["weights"]).max(axis=1, keepdims=True) * (
            random.standard_normal(batch["weights"].shape) * (random.random((count, 1)) < 0.7)
        )
        level = np.clip(batch["level"] + random.choice([-1, 0, 1], count, p=[0.05, 0.9, 0.05]), 1, n)
        return {"dictionary": _fitted(moved, vectors), "null_vector": vectors, "weights": weights, "level": level}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure everything in floats."""
        torch = torch_module()
        found = FloatDictionaries(batch, device)
        h = on_device(batch["null_vector"], device)
        scaled = h.abs() * found.norms
        i = scaled.argmax(dim=1, keepdim=True)
        u = (scaled / scaled.gather(1, i)).scatter(1, i, 0.0)
        w = on_device(batch["weights"], device)
        products = (found.unit.transpose(1, 2) @ w[:, :, None])[:, :, 0].abs()
        own = products.gather(1, i).clamp(min=1e-300)
        others = products.scatter(1, i, 0.0) / own
        heavy = self._float_heavy(h)
        code = torch.where(heavy, h, 0.0)
        is_zero = (found.atoms == 0).all(dim=1).any(dim=1)
        return Measurement(
            values={
                "k": found.level,
                "nonzeros": (h != 0).sum(dim=1).double().where(~is_zero, torch.nan),
                "u_norm": u.sum(dim=1).where(~is_zero, torch.nan),
                "u_largest": u.amax(dim=1),
                "diagonal": own[:, 0],
                "largest": (others * own).amax(dim=1),
            },
            quantities={
                "spark": found.spark,
                "nsc": found.null_space_constant(found.level, unit=False),
                "mu_tilde_i": found.generalized_coherences.gather(1, i)[:, 0],
                "P": largest_sums(others, found.level),
                "code_share": code_shares(found, code),
            },
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Prove that h is a null vector, and measure exactly."""
        found, level = ExactDictionary(instance["dictionary"]), int(instance["level"])
        h = [Fraction(x) for x in instance["null_vector"].tolist()]
        if not found.is_null_vector(h):
            raise NotAnInstance("D h = 0 and h != 0")
        squares = found.weights([int(x) for x in h], unit=True)
        i = max(range(found.n), key=lambda j: squares[j])
        u = [square / squares[i] for j, square in enumerate(squares) if j != i]
        w = [Fraction(x) for x in instance["weights"].tolist()]
        products = [
            sum((x * y for x, y in zip(w, column, strict=True)), Fraction(0)) ** 2 / square
            for column, square in zip(found.columns, found.squares, strict=True)
        ]
        own = products.pop(i)
        if not own:
            raise NotAnInstance("w^T d^_i != 0")
        ratios = sorted((x / own for x in products), reverse=True)
        values: dict[str, Value] = {
            "k": Fraction(level),
            "nonzeros": Fraction(sum(map(bool, h))),
            "u_norm": sum_of_roots(u),
            "u_largest": sum_of_roots([max(u)]),
            "diagonal": Fraction(1),
            "largest": sum_of_roots(ratios[:1]),
        }
        return ExactMeasurement(
            values=values,
            quantities={
                "spark": Fraction(found.spark),
                "nsc": found.null_space_constant(level, unit=False),
                "mu_tilde_i": largest(generalized_coherences(found)[i : i + 1]),
                "P": sum_of_roots(ratios[:level]),
                "code_share": found.code_share(self._heavy(h)),
            },
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield the instance without an atom that h does not use, and without a row."""
        dictionary, h = instance["dictionary"], instance["null_vector"]
        for j in np.flatnonzero(h == 0):
            yield {**instance, "dictionary": np.delete(dictionary, j, axis=1), "null_vector": np.delete(h, j)}
        for i in range(len(dictionary)):
            fewer = {"dictionary": np.delete(dictionary, i, axis=0), "weights": np.delete(instance["weights"], i)}
            yield {**instance, **fewer}

    def _float_heavy(self, h: Any) -> Any:
        """Return which entries are the heaviest ones that hold the part `half`."""
        order = h.abs().argsort(dim=1, descending=True)
        sums = h.abs().gather(1, order).cumsum(dim=1)
        before = sums - h.abs().gather(1, order)
        taken = before < float(self.half) * sums[:, -1:]
        return torch_module().zeros_like(taken).scatter(1, order, taken)

    def _heavy(self, h: list[Fraction]) -> list[Fraction]:
        """Return the heaviest entries of h that hold the part `half` of |h|_1, and zeros."""
        code, part = [Fraction(0)] * len(h), Fraction(0)
        for j in sorted(range(len(h)), key=lambda j: -abs(h[j])):
            if part < self.half * sum(map(abs, h)):
                part, code[j] = part + abs(h[j]), h[j]
        return code


def _pivots(vectors: NDArray[Any]) -> NDArray[Any]:
    """Return where the first entry 1 or -1 of each null vector is."""
    return (np.abs(vectors) == 1).argmax(axis=1)


def _fitted(dictionaries: Floats, vectors: NDArray[Any]) -> Floats:
    """Return dictionaries on a grid whose atom at the pivot makes D h = 0; on the grid all of this is exact."""
    found = np.round(dictionaries * _GRID) / _GRID
    found = small_dictionaries.without_zero_atoms(found)
    rows, pivots = np.arange(len(vectors)), _pivots(vectors)
    signs = vectors[rows, pivots]
    rest = np.einsum("bmn,bn->bm", found, vectors) - found[rows, :, pivots] * signs[:, None]
    found[rows, :, pivots] = -signs[:, None] * rest
    return found


def _weights(random: np.random.Generator, dictionaries: Floats, vectors: NDArray[Any]) -> Floats:
    """Return the heaviest atom, or what it is after decorrelation, or anything."""
    count, m, _ = dictionaries.shape
    norms = np.linalg.norm(dictionaries, axis=1)
    heaviest = (np.abs(vectors) * norms).argmax(axis=1)
    atoms = dictionaries[np.arange(count), :, heaviest]
    unit = dictionaries / np.maximum(norms, 1e-300)[:, None, :]
    decorrelated = np.einsum("bij,bj->bi", np.linalg.pinv(unit @ unit.transpose(0, 2, 1)), atoms)
    way = random.integers(0, 3, (count, 1))
    chosen = np.where(way == 0, atoms, np.where(way == 1, decorrelated, random.standard_normal((count, m))))
    return np.asarray(chosen, dtype=np.float64)


EXPERIMENTS: Mapping[str, Experiment] = dict.fromkeys(
    (
        "spark-by-null-vector",
        "failure-by-two-codes",
        "failure-by-heavy-part",
        "generalized-coherence",
        "generalized-coherence-by-null-vector",
        "generalized-babel-by-null-vector",
    ),
    NullVectors(),
)
