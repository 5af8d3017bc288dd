"""`verify list-builtins`: the built-in dictionaries."""

from __future__ import annotations

import typer


def list_builtins() -> int:
    """List the built-in dictionaries: how to name one, an example, and what it is."""
    from rich.console import Console
    from rich.table import Table

    from ..dictionaries.families import FAMILIES

    if not (console := Console()).is_terminal:
        for family in FAMILIES:
            typer.echo(f"{family.pattern}\t{family.example}\t{family.description}")
        return 0
    table = Table("source", "example", "what it is", box=None, pad_edge=False)
    for family in FAMILIES:
        table.add_row(family.pattern, family.example, family.description)
    console.print(table, markup=False)
    return 0
