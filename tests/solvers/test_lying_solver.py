"""A solver that fails, stalls or lies costs time and levels, never soundness."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from small_truths import assert_facts, assert_levels, corners, small

import certificates
from verify.certify.check import check_dictionary
from verify.solvers.row_space import Approximation, RowSpace
from verify.verdict import Scaling

HONEST = RowSpace.approximate
Liar = Callable[[RowSpace, Approximation, np.random.Generator], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]


def with_all(value: float) -> Liar:
    return lambda _, a, __: tuple(np.full_like(x, value) for x in (a.distance, a.dual, a.primal, a.value))  # type: ignore[return-value]


def perfect(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Claims distance 0 and value 1 for whatever it returns."""
    return np.zeros_like(a.distance), rng.standard_normal(a.dual.shape), rng.standard_normal(a.primal.shape), np.ones_like(a.value)  # fmt: skip


def hopeless(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return np.full_like(a.distance, 1e9), a.dual, a.primal, np.full_like(a.value, -1e9)


def contradictory(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return np.zeros_like(a.distance), a.dual, a.primal, np.full_like(a.value, 1e300)


def scaled(factor: float) -> Liar:
    return lambda _, a, __: (a.distance * factor, a.dual * factor, a.primal * factor, a.value * factor)


def noisy(size: float) -> Liar:
    def lie(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        return tuple(x + size * rng.standard_normal(x.shape) for x in (a.distance, a.dual, a.primal, a.value))

    return lie  # type: ignore[return-value]


def swapped(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    order = rng.permutation(len(a.value))
    return a.distance, a.dual[order], a.primal[order], a.value


def partly(value: float) -> Liar:
    def lie(_: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        parts = [x.copy() for x in (a.distance, a.dual, a.primal, a.value)]
        for x in parts:
            x[rng.random(x.shape) < 0.3] = value
        return tuple(parts)

    return lie  # type: ignore[return-value]


def no_null_vectors(space: RowSpace, a: Approximation, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Sparse vectors of norm 1 with nothing to do with the null space."""
    primal = np.zeros_like(a.primal)
    for row in primal:
        row[rng.integers(0, space.count)] = 1.0
    return a.distance, a.dual, primal, np.ones_like(a.value)


LIARS: dict[str, Liar] = {
    "zeros": with_all(0.0),
    "nothing is a number": with_all(np.nan),
    "infinities": with_all(np.inf),
    "negative infinities": with_all(-np.inf),
    "ones": with_all(1.0),
    "perfect": perfect,  # type: ignore[dict-item]
    "hopeless": hopeless,  # type: ignore[dict-item]
    "contradictory": contradictory,  # type: ignore[dict-item]
    "negated": scaled(-1.0),
    "huge": scaled(1e300),
    "tiny": scaled(1e-310),
    "a little noise": noisy(1e-6),
    "much noise": noisy(1.0),
    "swapped": swapped,  # type: ignore[dict-item]
    "some are no numbers": partly(np.nan),
    "some are infinite": partly(np.inf),
    "some are zero": partly(0.0),
    "no null vectors": no_null_vectors,  # type: ignore[dict-item]
}


def lie_with(monkeypatch: pytest.MonkeyPatch, liar: Liar) -> None:
    rng = np.random.default_rng(0)

    def approximate(space: RowSpace, targets: np.ndarray, **asked: float) -> Approximation:
        with np.errstate(all="ignore"):
            distance, dual, primal, value = liar(space, HONEST(space, targets, **asked), rng)
        return Approximation(distance=distance, dual=dual, primal=primal, value=value)

    monkeypatch.setattr(RowSpace, "approximate", approximate)


@pytest.mark.parametrize("name", LIARS)
@pytest.mark.sampled(3)
def test_lies_make_no_fact_false(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lie_with(monkeypatch, LIARS[name])
    seed = list(LIARS).index(name)
    for at, (_, dictionary, truth) in enumerate([*small(91)[seed::7], *corners()[seed % 2 :: 2]]):
        scaling, effort = list(Scaling)[at % 2], ("quick", "standard")[at // 2 % 2]
        result = check_dictionary(dictionary, scaling=scaling, effort=effort)
        assert isinstance(result.answer, certificates.Accepted)
        assert_facts(truth, result.facts)
        assert_levels(truth, result.levels)


@pytest.mark.parametrize("name", ["zeros", "nothing is a number", "much noise"])
@pytest.mark.sampled(3)
def test_lies_cost_levels(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the lies above were not listened to."""
    honest = [check_dictionary(d, scaling=Scaling.as_given).levels.l1 for _, d, _ in small(26)]
    lie_with(monkeypatch, LIARS[name])
    lost = [check_dictionary(d, scaling=Scaling.as_given).levels.l1 for _, d, _ in small(26)]
    assert all(b.guaranteed <= a.guaranteed for a, b in zip(honest, lost, strict=True))
    assert any(b.guaranteed < a.guaranteed for a, b in zip(honest, lost, strict=True))


def test_a_solver_that_raises_singular_equations_costs_levels_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def singular(*_: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr("verify.solvers.normal_equations.NormalEquations.factored", singular)
    for _, dictionary, truth in small(26):
        result = check_dictionary(dictionary, effort="standard")
        assert isinstance(result.answer, certificates.Accepted)
        assert_facts(truth, result.facts)
        assert_levels(truth, result.levels)
