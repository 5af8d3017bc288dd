"""Theorems under attack: instances of a statement's hypotheses, drawn and varied until its bound is nearly reached.

    >>> from verify.attack import attack, trial_of
    >>> outcome = attack(trial_of("lista-linf"), instances=100_000)
    >>> outcome.violated, outcome.max_ratio

Importing this package loads neither torch nor numpy; each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .counterexample import Counterexample, read_counterexample, replayed
    from .engine import attack
    from .experiment import (
        Batch,
        ExactMeasurement,
        Experiment,
        Instance,
        Measurement,
        NotAnInstance,
        broadcast,
        chosen,
        repeated,
        shared,
    )
    from .experiments import experiment_of, trial_of
    from .outcome import Outcome
    from .proof import Examined, examined
    from .theorem_file import load_trial
    from .trial import Trial

_HOME = {
    "Batch": ".experiment",
    "Counterexample": ".counterexample",
    "ExactMeasurement": ".experiment",
    "Examined": ".proof",
    "Experiment": ".experiment",
    "Instance": ".experiment",
    "Measurement": ".experiment",
    "NotAnInstance": ".experiment",
    "Outcome": ".outcome",
    "Trial": ".trial",
    "attack": ".engine",
    "broadcast": ".experiment",
    "chosen": ".experiment",
    "examined": ".proof",
    "experiment_of": ".experiments",
    "load_trial": ".theorem_file",
    "read_counterexample": ".counterexample",
    "repeated": ".experiment",
    "replayed": ".counterexample",
    "shared": ".experiment",
    "trial_of": ".experiments",
}

__all__ = [
    "Batch",
    "Counterexample",
    "ExactMeasurement",
    "Examined",
    "Experiment",
    "Instance",
    "Measurement",
    "NotAnInstance",
    "Outcome",
    "Trial",
    "attack",
    "broadcast",
    "chosen",
    "examined",
    "experiment_of",
    "load_trial",
    "read_counterexample",
    "repeated",
    "replayed",
    "shared",
    "trial_of",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
