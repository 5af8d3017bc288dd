"""Options of `verify check-dictionary` that ask for more: supports, noise, confusable atoms, more facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError

if TYPE_CHECKING:
    from ..certify.more_facts import Also

SupportOption = Annotated[
    list[str] | None,
    typer.Option(
        "--support",
        metavar="I,J,..",
        help="Ask whether basis pursuit and OMP recover every code on these atoms, counted from 0; repeatable.",
    ),
]
NoiseOption = Annotated[
    str | None,
    typer.Option(
        "--noise",
        metavar="EPS",
        help="Bound how far apart codes are whose images both miss one signal by at most EPS, such as 0.1 or 1/3.",
    ),
]
ConfusableOption = Annotated[
    str | None,
    typer.Option(
        "--confusable",
        metavar="T",
        help="Show the pairs of atoms whose coherence is at least T, and their groups; level 2 is lost at 1/3.",
    ),
]
MoreFactsOption = Annotated[
    bool,
    typer.Option("--more-facts", help="Also mu_2(k), frame bounds, and delta_k by the Babel function."),
]


def also_of(supports: list[str] | None, noise: str | None, confusable: str | None, *, more_facts: bool) -> Also | None:
    """Return what the options ask, None if nothing; raise InputError for what they cannot mean."""
    if not (supports or noise is not None or confusable is not None or more_facts):
        return None
    from ..certify.more_facts import Also
    from .numbers import exact_number

    return Also(
        supports=[_support(text) for text in supports or []],
        noise=None if noise is None else exact_number(noise, "--noise"),
        confusable=None if confusable is None else exact_number(confusable, "--confusable"),
        more_facts=more_facts,
    )


def refuse_more(also: Also | None) -> None:
    """Raise InputError if more is asked of a chain of dictionaries."""
    if also is not None:
        raise InputError("--support, --noise, --confusable and --more-facts are for one dictionary: leave out --deep")


def _support(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise InputError(f"--support: expected atoms counted from 0, as 0,3,9; got {text[:40]!r}")
    return [int(part) for part in parts]
