"""Real LASSO and BPDN by an active-set method: direct solves on a growing set of atoms, signs by line search.

Source: feature-sign search (Lee, Battle, Raina, Ng 2007), here with many atoms at a time and a decreasing weight.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError
from .l1_programs import Effort, Floats, L1Program, Proposal
from .threads import one_thread

_CONTINUATION = 0.3
_MOST_ROUNDS = 400
_MOST_SIGN_STEPS = 200
_SINGULAR = 1e-13
_SMALL = 100_000
_BPDN_STEPS = 60


class Active:
    """The state of one LASSO: codes z on a pool of atoms whose Gram matrix is kept."""

    def __init__(self, program: L1Program) -> None:
        self.program = program
        self.atoms, self.signal, self.costs = program.atoms, program.signal, program.costs
        m, _ = self.atoms.shape
        self.pool = np.empty(0, dtype=np.intp)
        self.columns = np.empty((m, 16), order="F")
        self.gram = np.empty((16, 16))
        self.right = np.empty(0)
        self.code = np.empty(0)

    @property
    def support(self) -> np.ndarray:
        """Places in the pool of the atoms in use."""
        return np.flatnonzero(self.code)

    def add(self, atoms: np.ndarray) -> None:
        """Add atoms to the pool."""
        old, new = len(self.pool), len(self.pool) + len(atoms)
        if new > self.columns.shape[1]:
            size = max(new, 2 * self.columns.shape[1])
            columns, gram = np.empty((len(self.signal), size), order="F"), np.empty((size, size))
            columns[:, :old], gram[:old, :old] = self.columns[:, :old], self.gram[:old, :old]
            self.columns, self.gram = columns, gram
        self.columns[:, old:new] = self.atoms[:, atoms]
        block = self.columns[:, :new].T @ self.columns[:, old:new]
        self.gram[:new, old:new], self.gram[old:new, :new] = block, block.T
        self.right = np.concatenate([self.right, self.columns[:, old:new].T @ self.signal])
        self.pool = np.concatenate([self.pool, atoms])
        self.code = np.concatenate([self.code, np.zeros(len(atoms))])

    def residual(self) -> Floats:
        """Return b - A z."""
        used = self.support
        return self.signal - self.columns[:, used] @ self.code[used]

    def minimise(self, weight: float, signs: Floats) -> None:
        """Minimise over the atoms of the pool with a sign in `signs` (0: not in use), changing signs where need be."""
        nonnegative = self.program.nonnegative
        for _ in range(_MOST_SIGN_STEPS):
            used = np.flatnonzero(signs)
            if not len(used):
                return
            gram = self.gram[np.ix_(used, used)]
            costs = weight * self.costs[self.pool[used]]
            start, slope = self.code[used], self.right[used] - costs * signs[used]
            target = _solved(gram, slope)
            if target is None:  # dependent atoms: go along the dependence, downwards, until an entry vanishes
                target = start + _along_dependence(gram, slope, start)
            wrong = (start == 0) & (target * signs[used] <= 0)
            if wrong.any():  # atoms that would enter against their sign wait
                signs[used[wrong]] = 0
                continue
            if (target * signs[used] > 0).all():
                self.code[used] = target
                return
            step = target - start
            move = _line_search(gram, self.right[used], costs, start, step, nonnegative)
            self.code[used] = move
            signs[used] = np.sign(move)

    def solve(self, weight: float, tolerance: float, deadline: float) -> Floats:
        """Minimise for one weight over all atoms; return the residual."""
        scale = weight * self.costs
        self.minimise(weight, np.sign(self.code))
        residual = self.residual()
        for _ in range(_MOST_ROUNDS):
            slopes = residual @ self.atoms
            reach = (slopes if self.program.nonnegative else np.abs(slopes)) / scale
            used = self.support
            reach[self.pool[used]] = 0.0
            violated = np.flatnonzero(reach > 1 + tolerance)
            if not len(violated) or time.monotonic() > deadline:
                break
            most = max(1, min(max(20, len(used)), len(self.signal) - len(used)))
            if len(violated) > most:
                violated = violated[np.argpartition(-reach[violated], most - 1)[:most]]
            places = self._places(violated)
            signs = np.sign(self.code)
            signs[places] = np.sign(slopes[self.pool[places]])
            before = self.code.copy()
            self.minimise(weight, signs)
            if np.array_equal(before, self.code):  # nothing entered: the worst one alone must, unless rounding is all
                signs = np.sign(self.code)
                worst = self._places(violated[[np.argmax(reach[violated])]])
                signs[worst] = np.sign(slopes[self.pool[worst]])
                self.minimise(weight, signs)
                if np.array_equal(before, self.code):
                    break
            residual = self.residual()
        return residual

    def _places(self, atoms: np.ndarray) -> np.ndarray:
        known = {int(atom): place for place, atom in enumerate(self.pool)}
        fresh = np.array([atom for atom in atoms if int(atom) not in known], dtype=np.intp)
        if len(fresh):
            self.add(fresh)
            known = {int(atom): place for place, atom in enumerate(self.pool)}
        return np.array([known[int(atom)] for atom in atoms], dtype=np.intp)

    def full(self) -> Floats:
        """Return the code over all atoms."""
        code = np.zeros(self.atoms.shape[1])
        code[self.pool] = self.code
        return code


def lasso_by_active_set(program: L1Program, effort: Effort) -> Proposal:
    """Propose the code and the residual of a real LASSO; on the final support the equations are solved directly.

    Cost: about a dozen products with A^T and factorizations on the support.
    """
    _refuse_options(effort)
    state = Active(program)
    deadline = _deadline(effort)
    with _threads(program):
        for weight in _weights(program, state):
            state.solve(weight, 1e-3 if weight > program.parameter else min(1e-11, effort.tolerance), deadline)
    residual = state.residual()
    status = "stopped by time" if time.monotonic() > deadline else "solved"
    return Proposal(code=state.full(), dual=residual, status=status)


def bpdn_by_active_set(program: L1Program, effort: Effort) -> Proposal:
    """Propose the code and a dual vector of real BPDN: the LASSO whose residual has the norm `parameter`.

    The residual's norm increases with the weight; on each support it is the root of a quadratic function.
    """
    _refuse_options(effort)
    state = Active(program)
    deadline = _deadline(effort)
    slopes = program.signal @ program.atoms
    high = float(((slopes if program.nonnegative else np.abs(slopes)) / program.costs).max(initial=0.0))
    low, weight = 0.0, 0.5 * high
    found = _Found()
    for _ in range(_BPDN_STEPS):
        if weight <= 0 or time.monotonic() > deadline:
            break
        with _threads(program):
            residual = state.solve(weight, 1e-11, deadline)
        found = _Found(code=state.full(), residual=residual, weight=weight)
        norm = float(np.linalg.norm(residual))
        low, high = (weight, high) if norm <= program.parameter else (low, weight)
        if abs(norm - program.parameter) <= 1e-14 * float(np.linalg.norm(program.signal)):
            break
        guess = _weight_on_support(state, program.parameter)
        if guess is not None and abs(guess - weight) <= 1e-15 * weight:
            break
        bracketed = guess is not None and low < guess < high
        weight = guess if bracketed and guess is not None else (max(low, 1e-4 * high) * high) ** 0.5
    if found.residual is None:
        return Proposal(code=None, dual=None, status="no weight found")
    status = "stopped by time" if time.monotonic() > deadline else "solved"
    return Proposal(code=found.code, dual=found.residual / found.weight, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    code: Floats | None = None
    residual: Floats | None = None
    weight: float = field(default=1.0)


def _weight_on_support(state: Active, epsilon: float) -> float | None:
    """Return the weight at which the residual on the present support and signs has norm epsilon, or None."""
    used = state.support
    if not len(used):
        return None
    columns = state.columns[:, used]
    gram = state.gram[np.ix_(used, used)]
    slopes = _solved(gram, state.costs[state.pool[used]] * np.sign(state.code[used]))
    least = _solved(gram, state.right[used])
    if slopes is None or least is None:
        return None
    across, rest = columns @ slopes, state.signal - columns @ least
    square = (epsilon**2 - float(rest @ rest)) / float(across @ across)  # rest is orthogonal to what lies across
    return square**0.5 if square > 0 else None


def _weights(program: L1Program, state: Active) -> list[float]:
    """Return decreasing weights that end at the program's own."""
    slopes = program.signal @ program.atoms
    top = float(((slopes if program.nonnegative else np.abs(slopes)) / program.costs).max(initial=0.0))
    weights: list[float] = []
    weight = program.parameter
    while weight < top and len(weights) < 40:
        weights.append(weight)
        weight /= _CONTINUATION
    return weights[::-1] or [program.parameter]


def _line_search(gram: Floats, right: Floats, costs: Floats, start: Floats, step: Floats, nonnegative: bool) -> Floats:
    """Return the best point between start and start + step among those where an entry vanishes, and the end."""
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = -start / step
    crossings = np.where((crossings > 0) & (crossings < 1), crossings, np.inf)
    order = np.argsort(crossings)
    order = order[np.isfinite(crossings[order])]
    if nonnegative:
        order = order[:1]
        ends = crossings[order] if len(order) else np.array([1.0])
    else:
        ends = np.append(crossings[order], 1.0)
    points = start + ends[:, None] * step
    slope, curve = step @ (gram @ start - right), step @ gram @ step
    values = ends * slope + ends**2 * curve / 2 + np.abs(points) @ costs
    best = int(np.argmin(values))
    point = points[best]
    if best < len(order):
        point[order[best]] = 0.0
    return point


def _along_dependence(gram: Floats, slope: Floats, start: Floats) -> Floats:
    """Return a null vector of the Gram matrix that points downwards, as long as it takes for every entry to vanish."""
    scale = np.sqrt(np.diag(gram))
    direction = np.linalg.eigh(gram / np.outer(scale, scale))[1][:, 0] / scale
    direction = direction if direction @ slope >= 0 else -direction
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = -start / direction
    crossings = crossings[np.isfinite(crossings) & (crossings > 0)]
    return direction * (float(crossings.max()) * (1 + 1e-9) if len(crossings) else 1.0)


def _solved(gram: Floats, right: Floats) -> Floats | None:
    """Return the solution, or None where the atoms are dependent."""
    scale = np.sqrt(np.diag(gram))
    normal = gram / np.outer(scale, scale)
    try:
        np.linalg.cholesky(normal - _SINGULAR * np.eye(len(normal)))
        return np.linalg.solve(normal, right / scale) / scale
    except np.linalg.LinAlgError:
        return None


def _threads(program: L1Program) -> AbstractContextManager[object]:
    """Return a context for many small factorizations: one thread, where a problem is large enough for several."""
    return one_thread() if program.atoms.size > _SMALL else nullcontext()


def _deadline(effort: Effort) -> float:
    return np.inf if effort.seconds is None else time.monotonic() + effort.seconds


def _refuse_options(effort: Effort) -> None:
    if effort.options:
        raise InputError(f"the active-set method takes no options, got {', '.join(map(str, effort.options))}")
