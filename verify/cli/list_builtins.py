"""`verify list-builtins`: the built-in dictionaries."""

from __future__ import annotations

import typer

HEADER = ("source", "example", "size", "mu", "mu/Welch", "level", "what it is")


def list_builtins() -> int:
    """List the built-in dictionaries: how to name one, and what an example of it has.

    mu is the mutual coherence of the example, mu/Welch how far it is above the least that its size allows, level the
    greatest number of nonzeros below (1 + 1/mu)/2.
    """
    from rich.console import Console
    from rich.table import Table

    from ..dictionaries.families import FAMILIES

    rows = [(family.pattern, family.example, *_measured(family.example), family.description) for family in FAMILIES]
    if not (console := Console()).is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return 0
    table = Table(*HEADER, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table, markup=False)
    return 0


def _measured(example: str) -> tuple[str, str, str, str]:
    """Return the size of an example, its mu, mu over Welch's bound for the rank, and the level of mu."""
    from ..dictionaries.sources import load
    from ..facts.coherence import mutual_coherence
    from ..facts.rank import exact_rank
    from ..facts.welch import welch_bound_squared
    from ..report.numbers import root_decimals

    dictionary = load(example)
    m, n = dictionary.shape
    found = mutual_coherence(dictionary)
    least = welch_bound_squared(exact_rank(dictionary), n)
    mu, above = root_decimals(found.squared, 4), root_decimals(found.squared / least, 4) if least else None
    level = n if found.largest_level is None else min(found.largest_level, n)
    return f"{m} x {n}", _cut(mu.lower, mu.upper), "-" if above is None else _cut(above.lower, above.upper), str(level)


def _cut(lower: str, upper: str) -> str:
    return lower if lower == upper else f"{lower}..."
