"""What is asked on the command line, as problems."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from certificates.checker import LARGEST_CERTIFICATE

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.load_signals import load_signals
from ..dictionaries.rounding_radius import rounding_radius
from ..dictionaries.signals import Signals
from ..errors import InputError
from ..files import reason, shown
from ..problems.pose import pose, refuse_parameters
from ..problems.problem import Problem, SolveOptions
from ..verdict import Scaling
from .handed_in import HandedIn
from .numbers import exact_number

_NUMBERS = ("epsilon", "weight", "box")
_AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A problem by name and its parameters; `automatic` says that epsilon is each signal's rounding radius."""

    name: str
    parameters: Mapping[str, object]
    automatic: bool

    @staticmethod
    def of(
        name: str, *, nonnegative: bool, scaling: Scaling | None, sparsity: int | None, **numbers: str | None
    ) -> Asked:
        """Return what options ask; raise InputError for options missing or foreign to the problem, and bad numbers."""
        given: dict[str, object] = {key: text for key, text in numbers.items() if text is not None}
        if sparsity is not None:
            given["sparsity"] = sparsity
        if nonnegative:
            given["nonnegative"] = True
        if scaling is not None:
            given["scaling"] = scaling
        refuse_parameters(name, given, lambda parameter: f"--{parameter}")
        automatic = given.get("epsilon") == _AUTO
        parameters = {
            key: exact_number(str(value), f"--{key}") if key in _NUMBERS else value
            for key, value in given.items()
            if not (key == "epsilon" and automatic)
        }
        return Asked(name=name, parameters=parameters, automatic=automatic)


def posed(asked: Asked, dictionary: Dictionary, signals: Signals) -> Sequence[Problem]:
    """Return the problem of every signal."""
    if asked.automatic and signals.codes is not None:
        raise InputError("--epsilon auto is for rounded signals (--signal), and --code makes exact ones: give epsilon")
    radius = (lambda at: {"epsilon": rounding_radius(signals, at)}) if asked.automatic else None
    return pose(asked.name, dictionary, signals, asked.parameters, radius)


def read_subjects(
    about: HandedIn, signal: str | None, code: str | None, most: int | None = None
) -> tuple[Dictionary, Signals]:
    """Return the dictionary, and the signals or those of the codes; raise InputError if they do not fit.

    The matrix of filters of one size has at most so many entries.
    """
    (dictionary,) = about.dictionaries(most)
    given = signal if signal is not None else code or ""
    arranged = about.signals(given, "signal" if code is None else "code")
    signals = load_signals(given) if arranged is None else arranged
    if signal is None:
        try:
            return dictionary, Signals.from_codes(dictionary, signals)
        except InputError as error:
            raise InputError(f"{shown(given)}: {error}") from None
    m, _ = dictionary.shape
    if signals.shape[0] != m:
        turned = "; are the signals its rows?" if signals.shape[1] == m else ""
        raise InputError(
            f"{shown(given)}: expected signals of length {m}, the dictionary's dimension, as columns, got shape "
            f"{signals.shape}{turned}"
        )
    return dictionary, signals


def solve_options(backend: str, gap: float, time_limit: float | None, certificate: Path | None) -> SolveOptions:
    """Return the options of solving; raise InputError for numbers and files that cannot be used."""
    if not (math.isfinite(gap) and gap >= 0):
        raise InputError(f"--gap: expected a number of at least 0, got {gap!r}")
    if time_limit is not None and not time_limit > 0:
        raise InputError(f"--time-limit: expected seconds above 0, got {time_limit!r}")
    guarantee = None if certificate is None else _read(certificate)
    return SolveOptions(backend=backend, gap=gap, time_limit=time_limit, guarantee=guarantee)


def _read(path: Path) -> bytes:
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(LARGEST_CERTIFICATE + 1)
        problem = "not a file" if path.exists() else "no such file"
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read: {reason(error)}") from None
    except ValueError:  # a NUL character
        problem = "not a valid path"
    raise InputError(f"{shown(path)}: {problem}")
