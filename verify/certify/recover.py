"""Recovery experiments beside the levels that are proved: frequencies are observed, every single outcome is proved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsIndex, TypeVar

from numpy.typing import ArrayLike

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..errors import ContradictionError, InputError
from ..judge import Level
from ..problems.recovery.clopper_pearson import MOST_TRIALS, Interval, clopper_pearson, confidence_level
from ..problems.recovery.codes import drawn_with
from ..problems.recovery.experiment import Cell, Family, Letters, Settings, collect, run_family, run_levels
from ..problems.recovery.kinds import Magnitudes, Method
from ..problems.recovery.state import read_state, write_state
from ..progress import Progress, silent
from ..verdict import Question, Scaling
from .cards import recovery_card
from .check import CheckResult, Unchecked, check_dictionary

_MOST_LEVELS = 20
_MOST_CELLS = 10_000
_SECONDS_BETWEEN_WRITES = 2.0
_MOST_ATOMS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What the trials of one level came to: counts of proved outcomes, and an interval of the probability of recovery.

    `dimension` is m for a cell of a phase diagram, None for a level of one dictionary.
    """

    level: int
    dimension: int | None = None
    recovered: int
    missed: int
    undecided: int
    interval: Interval

    @property
    def trials(self) -> int:
        """The number of trials."""
        return self.recovered + self.missed + self.undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryResult:
    """An experiment with one dictionary, or with a family of random ones, and what it found.

    `rates` has one entry for each level (each cell of a phase diagram) with any trials. `levels` is what is proved of
    the dictionary, None for a family; `check` the check that proved it. `stopped` says that trials are missing.
    """

    dictionary: Dictionary | None = None
    family: Family | None = None
    grid: tuple[int, int] | None = None
    settings: Settings
    trials: int
    confidence: Fraction
    rates: tuple[Rate, ...]
    check: CheckResult | None = None
    stopped: bool = False

    @property
    def levels(self) -> Level | None:
        """The levels proved for the same question, None for a family or where the checker has not accepted them."""
        if self.check is None or isinstance(self.check.answer, Unchecked):
            return None
        return self.check.levels[self.settings.method.value]

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        rates = ((rate.level, rate.recovered, rate.trials) for rate in self.rates)
        return recovery_card(self.dictionary or str(self.family), rates)

    def at(self, level: int, dimension: int | None = None) -> Rate:
        """Return the rate at a level (and dimension); raise InputError if there were no trials."""
        for rate in self.rates:
            if (rate.level, rate.dimension) == (level, dimension):
                return rate
        raise InputError(f"no trials at level {level}{'' if dimension is None else f' in dimension {dimension}'}")


def recover(
    dictionary: Dictionary | ArrayLike,
    *,
    levels: Sequence[int] | None = None,
    trials: SupportsIndex = 100,
    magnitudes: Magnitudes | str = Magnitudes.sign,
    method: Method | str = Method.l1,
    scaling: Scaling | str = Scaling.unit,
    seed: SupportsIndex = 0,
    confidence: Fraction | float | str = "0.95",
    resume: str | os.PathLike[str] | None = None,
    effort: Effort | str = Effort.quick,
    time_limit: float | None = None,
    device: str = "cpu",
    progress: Progress = silent,
) -> RecoveryResult:
    """Say how often a method recovers random codes, beside the levels at which it always does or sometimes fails.

    At each level k `trials` codes with k nonzeros are drawn: uniform supports and signs, `magnitudes` `sign` (all 1),
    `uniform` on (0, 1] or `gaussian` (absolute values of standard normal numbers), for `unit` those of the code of the
    unit atoms. `method` is basis pursuit (`l1`) or OMP (`omp`). The random numbers depend on `seed`, level and trial
    alone. `resume` names a file that holds what was found and is continued. `effort` and `device` are those of the
    check for the proved levels; `time_limit` is for the trials, in seconds. Ctrl-C ends them and keeps what was found.

    Guarantee: each trial counted as recovered or missed is proved so. The rates are observed; their intervals hold with
    the probability `confidence` each, exactly, if trials are independent. Raises InputError for a complex dictionary,
    levels outside 1 .. n, unknown names, a file of another experiment; ContradictionError for a miss at a guaranteed
    level, which is a bug.
    """
    if not isinstance(dictionary, Dictionary):
        dictionary = Dictionary.from_array(dictionary)
    settings = _settings(method, scaling, magnitudes, seed)
    m, n = dictionary.shape
    wanted = _levels(levels, m, n)
    count, exact, limit = _trials(trials), confidence_level(confidence), _limit(time_limit)
    settings.trials_of(dictionary)  # refuses what cannot be done before anything is read or measured
    identity = {"dictionary": dictionary.digest, **_identity(settings)}
    done = {} if resume is None else read_state(resume, identity, lambda cell: len(cell) == 1 and 1 <= cell[0] <= n)
    missing, findings = run_levels(dictionary, settings, wanted, count, done)
    checked = check_dictionary(
        dictionary,
        questions=Question(settings.method.value),
        scaling=settings.scaling,
        effort=effort,
        device=device,
        progress=progress,
    )
    budget = Budget(effort=Effort.thorough, time_limit=limit)
    _run(missing, lambda keep: collect(missing, findings, done, budget, progress, keep), done, resume, identity)
    cells = [(k,) for k in wanted]
    result = RecoveryResult(
        dictionary=dictionary,
        settings=settings,
        trials=count,
        confidence=exact,
        rates=_rates(cells, done, count, exact),
        check=checked,
        stopped=_unfinished(cells, done, count),
    )
    _refuse_contradiction(checked.levels[settings.method.value], result.rates)
    return result


def phase_transition(
    family: str = "gaussian",
    *,
    atoms: SupportsIndex,
    grid: tuple[int, int] = (10, 10),
    trials: SupportsIndex = 20,
    magnitudes: Magnitudes | str = Magnitudes.sign,
    method: Method | str = Method.l1,
    scaling: Scaling | str = Scaling.unit,
    seed: SupportsIndex = 0,
    confidence: Fraction | float | str = "0.95",
    resume: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    progress: Progress = silent,
) -> RecoveryResult:
    """Say how often a method recovers random codes of random dictionaries, over a grid of m/n and k/m.

    `family` is `gaussian`: m x n with independent standard normal entries, a new dictionary for each trial; `atoms` is
    n.
    `grid` counts the values of m/n and of k/m; a cell is an (m, k) at the middle of its square. The rest is as for
    `recover`. Guarantee: as there; the trials of one cell are independent, cells with the same m share dictionaries.
    Raises InputError for another family, sizes and names that do not exist, a file of another experiment.
    """
    if family != "gaussian":
        raise InputError(f"expected a family among gaussian, got {family!r}")
    settings = _settings(method, scaling, magnitudes, seed)
    n = _whole(atoms, "number of atoms", 2, _MOST_ATOMS)
    columns, rows = (_whole(size, "number of columns and of rows of the grid", 1, n) for size in grid)
    count, exact, limit = _trials(trials), confidence_level(confidence), _limit(time_limit)
    drawn = Family(atoms=n)
    cells = drawn.grid(columns, rows)
    if len(cells) > _MOST_CELLS:
        raise InputError(f"expected a grid of at most {_MOST_CELLS} cells, got {len(cells)}")
    import numpy

    identity = {"family": family, "atoms": n, "numpy": numpy.__version__, **_identity(settings)}
    done: Letters = {}
    if resume is not None:
        done = read_state(resume, identity, lambda cell: len(cell) == 2 and 1 <= cell[0] <= n and 1 <= cell[1] <= n)
    missing, findings = run_family(drawn, settings, cells, count, done)
    budget = Budget(effort=Effort.thorough, time_limit=limit)
    _run(missing, lambda keep: collect(missing, findings, done, budget, progress, keep), done, resume, identity)
    return RecoveryResult(
        family=drawn,
        grid=(columns, rows),
        settings=settings,
        trials=count,
        confidence=exact,
        rates=_rates(cells, done, count, exact),
        stopped=_unfinished(cells, done, count),
    )


def _run(
    missing: int,
    work: Callable[[Callable[[Letters], None]], None],
    done: Letters,
    resume: str | os.PathLike[str] | None,
    identity: dict[str, str | int],
) -> None:
    """Run the trials, and write what is found now and then and at the end."""
    written = time.monotonic()

    def keep(found: Letters) -> None:
        nonlocal written
        if resume is not None and time.monotonic() - written > _SECONDS_BETWEEN_WRITES:
            write_state(resume, identity, found)
            written = time.monotonic()

    if resume is not None:
        write_state(resume, identity, done)  # says at once whether it can be written
    if missing:
        work(keep)
        if resume is not None:
            write_state(resume, identity, done)


def _rates(cells: Sequence[Cell], done: Letters, trials: int, confidence: Fraction) -> tuple[Rate, ...]:
    rates: list[Rate] = []
    for cell in cells:
        letters = done.get(cell, "")[:trials]
        if not letters:
            continue
        recovered, missed = letters.count("r"), letters.count("m")
        rates.append(
            Rate(
                level=cell[-1],
                dimension=cell[0] if len(cell) == 2 else None,
                recovered=recovered,
                missed=missed,
                undecided=len(letters) - recovered - missed,
                interval=clopper_pearson(recovered, missed, len(letters), confidence),
            )
        )
    return tuple(rates)


def _unfinished(cells: Sequence[Cell], done: Letters, trials: int) -> bool:
    return any(len(done.get(cell, "")) < trials for cell in cells)


def _refuse_contradiction(level: Level, rates: Sequence[Rate]) -> None:
    for rate in rates:
        if rate.missed and rate.level <= level.guaranteed:
            raise ContradictionError(
                f"{level.case.question} at level {rate.level} is guaranteed by {level.guaranteed_by}, "
                "and a code was missed: please report this"
            )


def _identity(settings: Settings) -> dict[str, str | int]:
    return {
        "method": settings.method.value,
        "scaling": settings.scaling.value,
        "magnitudes": settings.magnitudes.value,
        "seed": settings.seed,
        "drawn with": drawn_with(settings.magnitudes),
    }


_Named = TypeVar("_Named", Method, Scaling, Magnitudes)


def _named(kind: type[_Named], value: _Named | str, name: str) -> _Named:
    try:
        return kind(value)
    except ValueError:
        raise InputError(f"expected a {name} among {', '.join(kind)}, got {value!r}") from None


def _settings(method: object, scaling: object, magnitudes: object, seed: SupportsIndex) -> Settings:
    return Settings(
        method=_named(Method, str(method), "method"),
        scaling=_named(Scaling, str(scaling), "scaling"),
        magnitudes=_named(Magnitudes, str(magnitudes), "kind of magnitudes"),
        seed=_whole(seed, "seed", 0, 2**63 - 1),
    )


def _levels(levels: Sequence[int] | None, m: int, n: int) -> tuple[int, ...]:
    """Return the levels in increasing order; by default up to 20 of them, evenly from 1 to min(m, n)."""
    if levels is None:
        most = min(m, n)
        return tuple(range(1, most + 1, -(-most // _MOST_LEVELS)))
    wanted = {_whole(level, "sparsity level", 1, n) for level in levels}
    if not wanted or len(wanted) > _MOST_CELLS:
        raise InputError(f"expected 1 to {_MOST_CELLS} sparsity levels, got {len(wanted)}")
    return tuple(sorted(wanted))


def _limit(seconds: float | None) -> float | None:
    if seconds is not None and not seconds > 0:
        raise InputError(f"expected a time limit in seconds above 0, got {seconds!r}")
    return seconds


def _trials(trials: SupportsIndex) -> int:
    return _whole(trials, "number of trials", 1, MOST_TRIALS)


def _whole(value: SupportsIndex, name: str, least: int, most: int) -> int:
    try:
        number = -1 if isinstance(value, bool) else value.__index__()
    except (AttributeError, TypeError):
        number = -1
    if not least <= number <= most:
        raise InputError(f"expected a {name} from {least} to {most}, got {value!r}")
    return number
