"""The attack: draw instances of a statement's hypotheses, climb towards its bound, and let exact arithmetic decide."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from ..arrays import one_torch_thread, usable_device
from ..budget import Budget, Effort
from ..errors import InputError
from ..progress import Progress, silent
from ..solvers.threads import one_thread
from .experiment import Batch, Instance, NotAnInstance, chosen, repeated
from .floats import scored
from .outcome import Outcome
from .proof import Examined, examined
from .shrinking import shrunk
from .trial import Trial

_DRAWN_SHARE = 0.5
_ELITES = 8
_PER_BATCH = 2
_SUSPECTS = 4
_EXAMINED = 6
_LEAST_NEIGHBOURS = 16
_ROUNDS = 40
_FIRST_SCALE, _LEAST_SCALE = 0.5, 1e-6
_MOST_CHECKS = 40
"""How many instances are examined exactly while the search goes on."""
_HOPELESS = 10
"""Of how many whole batches no instance satisfies the hypotheses before the search gives up."""
_PATIENCE = 20
"""How many times the wanted instances are drawn at most, where many do not satisfy the conditions."""


def attack(
    trial: Trial,
    *,
    instances: int = 1000,
    seed: int = 0,
    device: str = "cpu",
    time_limit: float | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Look for an instance that violates a statement, and for the largest ratio of both sides.

    Half of the instances are drawn, half are neighbours of the best ones. Floats only search: a violation counts if
    exact numbers, or enclosures that do not overlap, prove it, and so does the ratio that is returned. A counterexample
    is made smaller while it stays one. A time limit (seconds) or Ctrl-C ends the search and keeps what was found.
    The same seed gives the same search. Raises InputError if no instance satisfies the hypotheses: which failed most.
    """
    if instances < 1:
        raise InputError(f"instances: expected at least 1, got {instances}")
    if seed < 0:
        raise InputError(f"seed: expected an integer from 0 on, got {seed}")
    if time_limit is not None and not time_limit > 0:
        raise InputError(f"time limit: expected seconds above 0, got {time_limit}")
    budget = Budget(effort=Effort.thorough, time_limit=time_limit)
    random = np.random.default_rng([seed, zlib.crc32(trial.statement.id.encode())])
    search = _Search(trial, instances, usable_device(device), random, budget, progress)
    with budget.interruptible(), one_thread(), one_torch_thread():
        search.draw()
        search.climb()
    with budget.interruptible():
        search.examine(_EXAMINED)
    found = search.counterexample
    if found is not None:
        with budget.interruptible():
            found = shrunk(trial, found, budget)
    return search.outcome(found)


@dataclass(slots=True)
class _Candidate:
    score: float
    instance: Instance
    suspect: bool
    scale: float = _FIRST_SCALE
    examined: Examined | None = None
    seen: bool = False


@dataclass(slots=True)
class _Search:
    trial: Trial
    wanted: int
    device: str
    random: np.random.Generator
    budget: Budget
    progress: Progress
    instances: int = 0
    drawn: int = 0
    suspects: int = 0
    checks: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    elites: list[_Candidate] = field(default_factory=list)
    odd: list[_Candidate] = field(default_factory=list)
    proved: list[_Candidate] = field(default_factory=list)

    def draw(self) -> None:
        """Draw the first half, and keep the best of every batch."""
        goal = max(1, round(self.wanted * _DRAWN_SHARE))
        experiment = self.trial.experiment
        while (left := goal - self.instances) and self._is_worth_it() and self._goes_on():
            count = min(experiment.batch_size, max(left, _LEAST_NEIGHBOURS))
            for candidate in self._measured(experiment.draw(self.random, count), count, left):
                self._keep(candidate)
            self._look_for_proof()

    def climb(self) -> None:
        """Vary the best ones, each at its own scale: it halves when no neighbour is better."""
        share = (self.wanted - self.instances) // max(1, _ROUNDS * len(self.elites))
        count = min(self.trial.experiment.batch_size, max(_LEAST_NEIGHBOURS, share))
        while self.elites and self._is_worth_it():
            for at, elite in enumerate(self.elites):
                left = self.wanted - self.instances
                if not left or not self._goes_on():
                    return
                batch = self.trial.experiment.vary(repeated(elite.instance, count), self.random, elite.scale)
                better = None
                for candidate in self._measured(batch, count, left):
                    if candidate.suspect:
                        self._keep_odd(candidate)
                    if candidate.score > (better or elite).score:
                        better = candidate
                if better is None:
                    elite.scale = elite.scale / 2 if elite.scale > _LEAST_SCALE else _FIRST_SCALE
                else:
                    better.scale = elite.scale
                    self.elites[at] = better
            self._look_for_proof()

    def examine(self, most: int) -> None:
        """Examine the best candidates, and the suspects, without rounding."""
        best = sorted(self.elites, key=lambda c: -c.score)
        succeeded = 0
        for candidate in [*best[:most], *self.odd, *best[most:]]:
            if succeeded >= most and not candidate.suspect:
                continue
            if self.proved and (self.counterexample is not None or self.budget.stopped()):
                return
            self._examine(candidate)
            succeeded += candidate.examined is not None

    @property
    def counterexample(self) -> Examined | None:
        """A proved violation, if there is one."""
        return next((c.examined for c in self.proved if c.examined and c.examined.violation), None)

    def outcome(self, counterexample: Examined | None) -> Outcome:
        """Return what was found; raise InputError if no instance was proved to satisfy the hypotheses."""
        found = [c.examined for c in self.proved if c.examined is not None]
        if not found:
            if self.budget.interrupted and not self.refused:
                raise KeyboardInterrupt
            raise InputError(self._why_nothing())
        found += [] if counterexample is None else [counterexample]
        best = max(found, key=lambda e: (e.tightest.ratio is None, e.tightest.ratio or Fraction(0)))
        ratio = best.tightest.ratio
        return Outcome(
            theorem=self.trial.statement.id,
            instances=self.instances,
            drawn=self.drawn,
            max_ratio=ratio,
            infinite=ratio is None,
            best=best,
            counterexample=counterexample,
            suspects=self.suspects,
            rounding=sum(c.suspect and c.examined is not None and not c.examined.violation for c in self.proved),
            undecided=sum(e.undecided for e in found),
            failed={text: count for text, count in self.failed.items() if count},
            refused=self.refused,
            stopped=self.budget.cut_short,
            interrupted=self.budget.interrupted,
        )

    def _is_worth_it(self) -> bool:
        """Say whether enough of what is drawn satisfies the hypotheses."""
        if not self.instances:
            return self.drawn < _HOPELESS * self.trial.experiment.batch_size
        return self.drawn < _PATIENCE * self.wanted + _HOPELESS * self.trial.experiment.batch_size

    def _goes_on(self) -> bool:
        self.progress(self.trial.statement.id, self.instances, self.wanted)
        return self.counterexample is None and (not self.budget.stopped() or not self.drawn)

    def _measured(self, batch: Batch, count: int, left: int) -> Iterator[_Candidate]:
        """Measure a batch, count at most `left` instances, and yield the few nearest to the bound, and suspects."""
        measurement = self.trial.experiment.measure(batch, self.device)
        scores = scored(self.trial.statement, measurement, count)
        satisfied = scores.satisfied.cpu().numpy()
        satisfied &= np.cumsum(satisfied) <= left
        self.drawn += count
        self.instances += int(satisfied.sum())
        for text, number in scores.failed.items():
            self.failed[text] = self.failed.get(text, 0) + number
        score = np.where(satisfied, scores.score.cpu().numpy(), -np.inf)
        raw = np.where(satisfied, scores.raw.cpu().numpy(), -np.inf)
        self.suspects += int((raw > 1).sum())
        nearest = np.argsort(-score, kind="stable")[:_PER_BATCH]
        strangest = [i for i in np.argsort(-raw, kind="stable")[:1] if raw[i] > 1]
        for i in dict.fromkeys([*nearest.tolist(), *(int(i) for i in strangest)]):
            if score[i] > -np.inf:
                yield _Candidate(float(score[i]), chosen(batch, i), bool(raw[i] > 1))

    def _keep(self, candidate: _Candidate) -> None:
        self.elites.append(candidate)
        self.elites.sort(key=lambda c: -c.score)
        for lost in self.elites[_ELITES:]:
            if lost.suspect:
                self._keep_odd(lost)
        del self.elites[_ELITES:]

    def _keep_odd(self, candidate: _Candidate) -> None:
        if len(self.odd) < _SUSPECTS:
            self.odd.append(candidate)

    def _look_for_proof(self) -> None:
        """Examine the best one now if floats say clearly that it violates the statement; leave it if it does not."""
        for elite in self.elites:
            if elite.score > 1 + 1e-9 and not elite.seen and self.checks < _MOST_CHECKS:
                self.checks += 1
                self._examine(elite)
                if elite.examined is None:
                    self.elites.remove(elite)
                elif self.counterexample is None:
                    elite.score = float(elite.examined.tightest.ratio or 0)
                    self.elites.sort(key=lambda c: -c.score)
                return

    def _examine(self, candidate: _Candidate) -> None:
        if candidate.seen:
            return
        candidate.seen = True
        try:
            candidate.examined = examined(self.trial, candidate.instance)
        except NotAnInstance as why:
            text = str(why)
            self.refused[text] = self.refused.get(text, 0) + 1
            return
        self.proved.append(candidate)

    def _why_nothing(self) -> str:
        statement = self.trial.statement.id
        if not self.drawn:
            return f"{statement}: the attack was stopped before the first instance was measured"
        counts = self.refused if self.instances else self.failed
        worst = max(counts, key=lambda text: counts[text], default="")
        if self.instances:
            return f"{statement}: none of {self.instances} instances was proved to satisfy the hypotheses: {worst}"
        often = f"{counts.get(worst, 0)} of {self.drawn}"
        return f"{statement}: no instance satisfies the hypotheses; the one that failed most: {worst} ({often})"
