"""`verify export-dictionary`: any source, in a form that the checker reads itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from ..files import shown, write_atomically
from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    StrideOption,
    filters_as_npy,
)
from .options import Atoms, AtomsOption, KeyOption, Source


def export_dictionary(
    source: Source,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file: .npy or .json.")],
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
) -> int:
    """Write a dictionary, atoms as columns, or filters (C, M, taps), exactly as the independent checker reads it."""
    from ..dictionaries import load
    from ..dictionaries.export import export
    from .output import refuse_bad_outputs

    refuse_bad_outputs([], output, [source])
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    if convolutional:
        if output.suffix.lower() != ".npy":
            raise InputError(f"{shown(output)}: filters are written as .npy")
        write_atomically(output, filters_as_npy(filtering.load(source, key)))
        return 0
    filtering.refuse_without()
    export(load(source, atoms=atoms.value, key=key), output)
    return 0
