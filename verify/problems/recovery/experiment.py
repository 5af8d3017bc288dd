"""Recovery experiments: which trials there are, and running them on all cores; the same outcomes in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...budget import Budget
from ...dictionaries.dictionary import Dictionary
from ...progress import Progress, silent
from ...solvers.threads import in_threads
from ...verdict import Scaling
from .basis_pursuit import BasisPursuitTrials
from .codes import Codes, draw
from .kinds import Magnitudes, Method
from .matching_pursuit import MatchingPursuitTrials
from .outcomes import Outcomes, spelled

Cell = tuple[int, ...]
"""(k,) for one dictionary, (m, k) for a family."""
Letters = dict[Cell, str]
"""One letter for each trial of a cell, in the order of the trials."""

_ENTRIES_AT_ONCE = 1 << 21
_MOST_AT_ONCE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What decides the outcome of a trial, besides its dictionary, level and number."""

    method: Method = Method.l1
    scaling: Scaling = Scaling.unit
    magnitudes: Magnitudes = Magnitudes.sign
    seed: int = 0

    def trials_of(self, dictionary: Dictionary) -> Callable[[Codes], Outcomes]:
        """Return what decides trials with this dictionary; raise InputError if it is complex."""
        kind = BasisPursuitTrials if self.method is Method.l1 else MatchingPursuitTrials
        return kind(dictionary, self.scaling)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Random dictionaries m x `atoms` with independent standard normal entries, a new one for every trial."""

    atoms: int

    def dictionary(self, m: int, seed: int, trial: int) -> Dictionary:
        """Return the dictionary of one trial: default_rng of SeedSequence(seed, spawn_key=(atoms, m, trial))."""
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(self.atoms, m, trial)))
        return Dictionary.from_array(generator.standard_normal((m, self.atoms)))

    def grid(self, columns: int, rows: int) -> tuple[Cell, ...]:
        """Return the cells (m, k) at the middles of a grid over (m/n, k/m), without repetitions."""
        return tuple(dict.fromkeys(self.cell((i, columns), (j, rows)) for i in range(columns) for j in range(rows)))

    def cell(self, column: tuple[int, int], row: tuple[int, int]) -> tuple[int, int]:
        """Return (m, k) of one square, given its number from 0 and how many there are, across and up."""
        m = max(1, (2 * column[0] + 1) * self.atoms // (2 * column[1]))
        return m, max(1, (2 * row[0] + 1) * m // (2 * row[1]))


Finding = tuple[Cell, int, str]
"""A cell, the number of its first trial here, and letters."""


def run_levels(
    dictionary: Dictionary, settings: Settings, levels: Sequence[int], trials: int, done: Mapping[Cell, str]
) -> tuple[int, Iterator[Finding]]:
    """Return how many trials are missing, and what finds them in order: block by block, every level in turn.

    The code of a trial comes from the stream (level, trial) of the seed.
    """
    m, n = dictionary.shape
    decide = settings.trials_of(dictionary)
    blocks: list[tuple[int, int, int]] = []
    for k in levels:
        size = max(1, min(_MOST_AT_ONCE, _ENTRIES_AT_ONCE // (k * (m + k) + 8 * n)))
        first = len(done.get((k,), ""))
        # Blocks end at multiples of their size, so that resuming does not change them.
        while first < trials:
            last = min(trials, first - first % size + size)
            blocks.append((k, first, last))
            first = last

    def work(block: tuple[int, int, int]) -> Finding:
        k, first, last = block
        streams = [(k, trial) for trial in range(first, last)]
        return (k,), first, spelled(decide(draw(settings.seed, streams, n, k, settings.magnitudes)))

    order = sorted(blocks, key=lambda block: block[1] // _MOST_AT_ONCE)
    return sum(last - first for _, first, last in blocks), in_threads(work, order)


def run_family(
    family: Family, settings: Settings, cells: Sequence[Cell], trials: int, done: Mapping[Cell, str]
) -> tuple[int, Iterator[Finding]]:
    """Return how many trials are missing, and what finds them in order: trial by trial, every m in turn.

    Trial t of the cells (m, k) shares one dictionary of its own; its codes come from the streams (n, m, k, t).
    """
    n = family.atoms
    jobs = [
        (m, trial, missing)
        for trial in range(trials)
        for m in dict.fromkeys(m for m, _ in cells)
        if (missing := [k for other, k in cells if other == m and len(done.get((m, k), "")) <= trial])
    ]

    def work(job: tuple[int, int, list[int]]) -> list[Finding]:
        m, trial, missing = job
        decide = settings.trials_of(family.dictionary(m, settings.seed, trial))
        found: list[Finding] = []
        for k in missing:
            codes = draw(settings.seed, [(n, m, k, trial)], n, k, settings.magnitudes)
            found.append(((m, k), trial, spelled(decide(codes))))
        return found

    def flat() -> Iterator[Finding]:
        for found in in_threads(work, jobs):
            yield from found

    return sum(len(missing) for _, _, missing in jobs), flat()


def collect(
    missing: int,
    findings: Iterator[Finding],
    done: Letters,
    budget: Budget,
    progress: Progress = silent,
    keep: Callable[[Letters], None] | None = None,
) -> None:
    """Add what is found to `done` until all is found, the time is over or the user stops it; `keep` sees every step."""
    count = 0
    with budget.interruptible():
        for cell, first, letters in findings:
            done[cell] = done.get(cell, "")[:first] + letters
            count += len(letters)
            progress("trials", count, missing)
            if keep is not None:
                keep(done)
            if count < missing and budget.stopped():
                break
    if budget.interrupted or count < missing:
        findings.close()  # pyright: ignore[reportAttributeAccessIssue]  a generator: its threads stop here
