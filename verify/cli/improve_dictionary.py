"""`verify improve-dictionary`: which atoms to leave out so that a level is guaranteed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..files import shown
from .options import Atoms, AtomsOption, Format, FormatOption, KeyOption, Source

if TYPE_CHECKING:
    from ..facts.improved import Improvement
    from ..facts.rank import Rank

_MOST_SHOWN = 20


def improve_dictionary(
    source: Source,
    sparsity: Annotated[int, typer.Option("--sparsity", metavar="K", help="The level that is to be guaranteed.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the smaller dictionary here: .npy or .json."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", help="How long to look for fewer atoms.")
    ] = 10.0,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    output_format: FormatOption = Format.terminal,
) -> int:
    """Leave out as few atoms as possible so that coherence guarantees level K, and say what is lost.

    With (2K - 1) mu < 1 every code with at most K nonzeros is unique, and basis pursuit and OMP recover it. The fewest
    atoms are proved for small dictionaries; for others a bound says how many any choice must leave out.
    """
    from ..budget import Budget, Effort
    from ..dictionaries import load
    from ..dictionaries.export import export
    from ..errors import InputError
    from ..facts.improved import improved
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    if not (math.isfinite(time_limit) and time_limit >= 0):
        raise InputError(f"--time-limit: expected seconds from 0 on, got {time_limit!r}")
    refuse_bad_outputs([], output, [source])
    dictionary = load(source, atoms=atoms.value, key=key)
    budget = Budget(effort=Effort.thorough, time_limit=time_limit)
    with progress_bar() as progress:
        result = improved(dictionary, sparsity, budget, progress)
    if output is not None:
        export(result.dictionary, output)
    if output_format is Format.json:
        typer.echo(json.dumps(_as_json(source, result, output), indent=2))
    else:
        typer.echo("\n".join(_lines(result, dictionary.shape, output)))
    return 0


def _lines(result: Improvement, shape: tuple[int, int], output: Path | None) -> list[str]:
    from ..report.numbers import root_decimals

    k, count = result.level, len(result.dropped)
    if not count:
        head = f"Level {k} is guaranteed already: no atom need be left out."
    else:
        least = "no choice leaves out fewer" if result.optimal else f"every choice leaves out at least {result.least}"
        head = f"Level {k} is guaranteed without {count} of the {shape[1]} atoms; {least}."
    before, after = (root_decimals(found.squared) for found in (result.before, result.after))
    lines = [
        head,
        "",
        f"mutual coherence  {before}, then {after}",
        f"needed            below 1/{2 * k - 1}; {result.pairs} pairs of atoms reach it",
        f"size              {shape[0]} x {shape[1]}, then {shape[0]} x {len(result.kept)}",
        f"rank              {_rank(result.ranks[0])}, then {_rank(result.ranks[1])}",
    ]
    if count:
        lines += ["", "Left out, with the nearest atom that stays and their coherence:"]
        for lost in result.dropped[:_MOST_SHOWN]:
            lines.append(f"  {lost.atom}: {lost.nearest}, {root_decimals(lost.coherence_squared, 4)}")
        if count > _MOST_SHOWN:
            lines.append(f"  ... and {count - _MOST_SHOWN} more (--format json lists all)")
    if output is not None:
        lines += ["", f"Written: {shown(output)}"]
    return lines


def _rank(found: Rank) -> str:
    return str(found.lower) if found.lower == found.upper else f"from {found.lower} to {found.upper}"


def _as_json(source: str, result: Improvement, output: Path | None) -> dict[str, object]:
    """Return the result as it is printed: squared coherences as fractions, bounds as they were proved."""
    return {
        "schema": 1,
        "source": source,
        "sparsity": result.level,
        "guaranteed_by": "recovery-by-coherence",
        "dropped": [
            {"atom": lost.atom, "nearest": lost.nearest, "coherence_squared": str(lost.coherence_squared)}
            for lost in result.dropped
        ],
        "least": result.least,
        "optimal": result.optimal,
        "kept": list(result.kept),
        "pairs": result.pairs,
        "coherence_squared": {"before": str(result.before.squared), "after": str(result.after.squared)},
        "rank": [{"lower": found.lower, "upper": found.upper} for found in result.ranks],
        "output": None if output is None else str(output),
    }
