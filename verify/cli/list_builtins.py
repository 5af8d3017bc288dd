"""`verify list-builtins`: the built-in dictionaries."""

from __future__ import annotations

import typer

HEADER = ("source", "example", "size", "mu", "mu/Welch", "level", "what it is")
_SHORT = 24


def list_builtins() -> int:
    """List the built-in dictionaries: how to name one, and what an example of it has.

    mu is the mutual coherence of the example, mu/Welch how far it is above the least that its size allows, level the
    greatest number of nonzeros below (1 + 1/mu)/2. Those that start with exact: hold algebraic numbers.
    """
    from rich.console import Console
    from rich.table import Table

    from ..dictionaries.algebraic.families import EXACT_FAMILIES
    from ..dictionaries.families import FAMILIES

    rows = [(family.pattern, family.example, *_measured(family.example), family.description) for family in FAMILIES]
    rows += [(f.pattern, f.example, *_measured_exactly(f.example), f.description) for f in EXACT_FAMILIES]
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


def _measured_exactly(example: str) -> tuple[str, str, str, str]:
    """Return the size of an algebraic example, its mu as an expression, mu over Welch's bound, and the level of mu."""
    from ..certify.check_algebraic import check_algebraic_dictionary
    from ..dictionaries.algebraic import load_algebraic
    from ..report.numbers import root_decimals
    from .algebraic_output import coherence_text

    result = check_algebraic_dictionary(load_algebraic(example))
    facts = result.facts
    m, n = result.dictionary.shape
    square = facts.coherence.squared
    lower, upper = root_decimals(square.lower, 4).lower, root_decimals(square.upper, 4).upper
    text = coherence_text(result)
    mu = text if text is not None and len(text) <= _SHORT else _cut(lower, upper)
    ratios = [root_decimals(end / facts.welch_squared, 4) for end in (square.lower, square.upper)]
    return f"{m} x {n}", mu, _cut(ratios[0].lower, ratios[1].upper), str(result.levels.l1.guaranteed)


def _cut(lower: str, upper: str) -> str:
    return lower if lower == upper else f"{lower}..."
