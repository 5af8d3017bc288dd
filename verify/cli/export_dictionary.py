"""`verify export-dictionary`: any source, in a form that the checker reads itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import Atoms, AtomsOption, KeyOption, Source


def export_dictionary(
    source: Source,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file: .npy or .json.")],
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
) -> int:
    """Write a dictionary, atoms as columns, exactly as the independent checker reads it."""
    from ..dictionaries import load
    from ..dictionaries.export import export
    from .output import refuse_bad_outputs

    refuse_bad_outputs([], output, [source])
    export(load(source, atoms=atoms.value, key=key), output)
    return 0
