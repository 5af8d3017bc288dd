"""Experiments on one layer of the unrolled network: lista-step, lista-nonnegative, rates, a step size.

An instance is a dictionary D and weights W of any scaling, a code x*, the layer's input x^k = x* + a u with u between
-1 and 1 on the support, noise e, and by what share thresholds exceed the least ones. All are dyadic, so one layer is
computed in rationals. Layers that begin anywhere within a of x* include those that a network reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance

_SHAPES = ((2, 2, 1), (2, 3, 1), (3, 3, 2), (3, 4, 2), (4, 6, 2), (5, 5, 3))


@dataclass(frozen=True, kw_only=True)
class NetworkStep(Experiment):
    """One layer. `shapes` are (m, n, s); `kind` says what the weights and thresholds are.

    any: weights as they are, thresholds near P_i a + eta_i. babel, coherence: w_i^T d_i = 1, no noise, thresholds
    P_i a or s mu a. step: gamma times the weights and thresholds of coherence. nonnegative: codes >= 0, 0 <= x^k <= x*,
    relu, thresholds near P_i^+ a + eta_i. Values: all variables of these statements. Quantities: error_linf of
    x^(k+1), contraction = error_linf/a, off_support, and overshoot, the largest x^(k+1)_i - x*_i.
    """

    kind: Literal["any", "babel", "coherence", "step", "nonnegative"]
    shapes: tuple[tuple[int, int, int], ...] = _SHAPES

    batch_size = 300

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries near orthogonal ones and others, and layers' inputs at the far ends or inside."""
        m, n, s = self.shapes[random.integers(len(self.shapes))]
        D = random.standard_normal((count, m, n))
        near = (
            np.concatenate([np.eye(m)] * (-(-n // m)), axis=1)[:, :n] + 10.0 ** random.uniform(-2, 0, (count, 1, 1)) * D
        )
        D = np.where(random.random((count, 1, 1)) < 0.7, near, D)
        D /= np.linalg.norm(D, axis=1, keepdims=True)
        dual = np.linalg.pinv(D).transpose(0, 2, 1)
        W = np.where(random.random((count, 1, 1)) < 0.5, D, dual)
        W = W + (random.random((count, 1, 1)) < 0.5) * 0.1 * random.standard_normal((count, m, n))
        x = variation.supports(random, count, n, random.integers(1, s + 1, count)) * variation.values(
            random, (count, n)
        )
        state = random.choice((-1.0, 1.0), (count, n))
        state = np.where(random.random((count, 1)) < 0.3, random.uniform(-1, 1, (count, n)), state)
        noise = variation.sizes(random, count) * random.standard_normal((count, m))
        return {
            "D": D,
            "W": W,
            "x": x,
            "state": state,
            "a": np.abs(x).max(axis=1) * 10.0 ** random.uniform(-1, 0.5, count),
            "noise": noise * (random.random((count, 1)) < 0.6),
            "slack": random.choice((0.0, 0.0, 0.0, -0.09, 0.5), (count, 1)) * np.ones((count, n)),
            "gamma": np.where(random.random(count) < 0.3, 1.0, random.uniform(0.1, 2, count)),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move each array in some of the instances."""
        moved = {name: variation.moved(random, array, scale) for name, array in batch.items()}
        for name in ("D", "W"):
            moved[name] = variation.moved(random, batch[name], scale, keep_zeros=False)
        moved["state"] = np.clip(variation.resigned(random, moved["state"]), -1, 1)
        moved["x"] = variation.resigned(random, moved["x"])
        moved["slack"] = np.maximum(moved["slack"], -0.5)
        for name in ("a", "gamma"):
            moved[name] = np.abs(moved[name])
        return moved

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Compute one layer of all instances at once."""
        torch = torch_module()
        at = {name: on_device(array, device) for name, array in batch.items()}
        x, a = at["x"], at["a"][:, None]
        G = at["W"].transpose(1, 2) @ at["D"]
        response = torch.einsum("bmn,bm->bn", at["W"], at["noise"])
        if self.kind in ("babel", "coherence", "step"):
            response = torch.zeros_like(response)
        gamma = torch.ones_like(a) if self.kind != "step" else at["gamma"][:, None]
        if self.kind != "any":
            diagonal = G.diagonal(dim1=1, dim2=2)
            response = response / diagonal
            G = G / diagonal[:, :, None]
        if self.kind == "nonnegative":
            x = x.abs()
            before = (x - a * at["state"].abs()).clamp(min=0)
        else:
            before = torch.where(x != 0, x + a * at["state"], 0.0)
        off = G * (1 - torch.eye(G.shape[1], device=device).double())
        s = (x != 0).sum(dim=1)
        P, P_before = _largest(off.abs(), s), _largest(off.abs(), s - 1)
        P_plus, P_minus = _largest(off.clamp(min=0), s), _largest((-off).clamp(min=0), s - 1)
        mu, eta = off.abs().amax(dim=(1, 2)), response.abs()
        t = {
            "any": (P * a + eta) * (1 + at["slack"]),
            "babel": P * a,
            "coherence": (s * mu)[:, None] * a,
            "step": gamma * (s * mu)[:, None] * a,
            "nonnegative": (P_plus * a + eta) * (1 + at["slack"]),
        }[self.kind]
        inner = before + gamma * ((G @ (x - before)[:, :, None])[:, :, 0] + response)
        after = (inner - t).clamp(min=0) - (0 if self.kind == "nonnegative" else (-inner - t).clamp(min=0))
        error = (after - x).abs().amax(dim=1)
        values = {
            "P": P,
            "P_before": P_before,
            "P_plus": P_plus,
            "P_minus": P_minus,
            "kappa": (1 - G.diagonal(dim1=1, dim2=2)).abs(),
            "eta": eta,
            "t": t,
            "a": at["a"],
            "k": s.double(),
            "s": s.double(),
            "mu": mu,
            "mu_tilde": mu,
            "gamma": gamma[:, 0],
        }
        quantities = {
            "error_linf": error,
            "contraction": error / at["a"],
            "off_support": torch.where(x == 0, after, 0.0).abs().amax(dim=1),
            "overshoot": (after - x).amax(dim=1),
        }
        return Measurement(values=values, quantities=quantities, rounding=dict.fromkeys(quantities, 1e-12))

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Compute one layer of one instance in rationals."""
        D, W = exact.matrix(instance["D"]), exact.columns(exact.matrix(instance["W"]))
        x, state, e, slack = (exact.vector(instance[name]) for name in ("x", "state", "noise", "slack"))
        a, gamma = (Fraction(float(instance[name])) for name in ("a", "gamma"))
        n = len(x)
        if not len(W) == len(D[0]) == n == len(state) == len(slack) or len(e) != len(D) or not any(x) or a <= 0:
            raise NotAnInstance("a code that is not 0, a > 0, and arrays that fit together")
        if any(abs(u) > 1 for u in state):
            raise NotAnInstance("|x^k - x*|_inf <= a")
        G, response = exact.product(W, D), exact.times(W, e)
        if self.kind in ("babel", "coherence", "step"):
            response = [Fraction(0)] * n
        if self.kind != "step":
            gamma = Fraction(1)
        if self.kind != "any":
            if not all(G[i][i] for i in range(n)):
                raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
            response = [r / G[i][i] for i, r in enumerate(response)]
            G = [[entry / row[i] for entry in row] for i, row in enumerate(G)]
        if self.kind == "nonnegative":
            x = [abs(entry) for entry in x]
            before = [max(entry - a * abs(u), Fraction(0)) for entry, u in zip(x, state, strict=True)]
        else:
            before = [entry + a * u if entry else Fraction(0) for entry, u in zip(x, state, strict=True)]
        values = self._values(G, response, x, a, slack, gamma)
        difference = exact.difference(x, before)
        after: exact.Vector = []
        for i, (b, r, t) in enumerate(zip(before, response, values["t"], strict=True)):
            inner = b + gamma * (exact.dot(G[i], difference) + r)
            after.append(
                max(inner - t, Fraction(0)) - (0 if self.kind == "nonnegative" else max(-inner - t, Fraction(0)))
            )
        error = exact.greatest(exact.difference(after, x))
        quantities = {
            "error_linf": error,
            "contraction": error / a,
            "off_support": exact.greatest(v for v, entry in zip(after, x, strict=True) if not entry),
            "overshoot": max(exact.difference(after, x)),
        }
        return ExactMeasurement(values=values, quantities=quantities)

    def _values(
        self,
        G: exact.Matrix,
        response: exact.Vector,
        x: exact.Vector,
        a: Fraction,
        slack: exact.Vector,
        gamma: Fraction,
    ) -> dict[str, Any]:
        s = sum(map(bool, x))
        rows = [[entry for j, entry in enumerate(row) if j != i] for i, row in enumerate(G)]
        sizes = [[abs(entry) for entry in row] for row in rows]
        P, P_before = (tuple(exact.sum_of_largest(row, count) for row in sizes) for count in (s, s - 1))
        P_plus = tuple(exact.sum_of_largest((max(entry, Fraction(0)) for entry in row), s) for row in rows)
        P_minus = tuple(exact.sum_of_largest((max(-entry, Fraction(0)) for entry in row), s - 1) for row in rows)
        mu, eta = exact.coherence(G), tuple(map(abs, response))
        least = {"nonnegative": P_plus, "coherence": (s * mu,) * len(x), "step": (gamma * s * mu,) * len(x)}.get(
            self.kind, P
        )
        more = slack if self.kind in ("any", "nonnegative") else [Fraction(0)] * len(x)
        return {
            "P": P,
            "P_before": P_before,
            "P_plus": P_plus,
            "P_minus": P_minus,
            "kappa": tuple(abs(1 - G[i][i]) for i in range(len(G))),
            "eta": eta,
            "t": tuple((p * a + noise) * (1 + extra) for p, noise, extra in zip(least, eta, more, strict=True)),
            "a": a,
            "k": Fraction(s),
            "s": Fraction(s),
            "mu": mu,
            "mu_tilde": mu,
            "gamma": gamma,
        }


def _largest(rows: Any, count: Any) -> Any:
    """Return the sum of so many largest entries of each row, count x n from count x n x n."""
    torch = torch_module()
    ordered = rows.sort(dim=2, descending=True).values
    ranks = torch.arange(rows.shape[2], device=rows.device)
    return (ordered * (ranks < count[:, None, None])).sum(dim=2)


EXPERIMENTS: Mapping[str, Experiment] = {
    "lista-step": NetworkStep(kind="any"),
    "lista-nonnegative": NetworkStep(kind="nonnegative"),
    "rate-by-generalized-babel": NetworkStep(kind="babel"),
    "convergence-by-generalized-babel": NetworkStep(kind="babel"),
    "convergence-by-generalized-coherence": NetworkStep(kind="coherence"),
    "alista-theorem-1": NetworkStep(kind="step"),
}
