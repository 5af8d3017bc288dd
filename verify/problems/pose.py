"""The problems by name: which parameters each has, and the problem of every signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signals
from ..errors import InputError
from .problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A problem's class, by module and name, and its parameters beside dictionary and signal."""

    module: str
    type: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "basis-pursuit": Kind(module="basis_pursuit", type="BasisPursuit", optional=("nonnegative", "scaling")),
    "bpdn": Kind(module="bpdn", type="Bpdn", required=("epsilon",), optional=("nonnegative", "scaling")),
    "lasso": Kind(module="lasso", type="Lasso", required=("weight",), optional=("nonnegative", "scaling")),
    "sparsest": Kind(module="sparsest", type="Sparsest", optional=("epsilon", "box", "nonnegative")),
    "k-sparse": Kind(module="k_sparse", type="KSparse", required=("sparsity",), optional=("box", "nonnegative")),
}


def pose(
    name: str,
    dictionary: Dictionary,
    signals: Signals,
    parameters: Mapping[str, object],
    each: Callable[[int], Mapping[str, object]] | None = None,
) -> Sequence[Problem]:
    """Return the problem of this name for every signal; `each` gives further parameters by the signal's number.

    Raises InputError for an unknown name, for a parameter that is missing or not the problem's, and for a value or
    signal that it does not take.
    """
    if name not in KINDS:
        raise InputError(f"expected a problem among {', '.join(KINDS)}, got {name!r}")
    kind = KINDS[name]
    problem: type[Problem] = getattr(import_module(f".{kind.module}", __package__), kind.type)
    posed: list[Problem] = []
    for at, signal in enumerate(signals):
        given = {**parameters, **(each(at) if each is not None else {})}
        refuse_parameters(name, given)
        posed.append(problem(dictionary=dictionary, signal=signal, **given))  # pyright: ignore[reportArgumentType]
    return posed


def refuse_parameters(name: str, given: Mapping[str, object], spelled: Callable[[str], str] = str) -> None:
    """Raise InputError for parameters that are missing or do not belong to a problem, as `spelled` writes them."""
    kind = KINDS[name]
    own = (*kind.required, *kind.optional)
    for parameter in given:
        if parameter not in own:
            raise InputError(f"{spelled(parameter)} does not belong to {name}, which takes {_listed(own, spelled)}")
    missing = [parameter for parameter in kind.required if parameter not in given]
    if missing:
        raise InputError(f"{name} needs {_listed(missing, spelled)}")


def _listed(names: Sequence[str], spelled: Callable[[str], str]) -> str:
    return ", ".join(map(spelled, names))
