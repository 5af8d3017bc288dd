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
from .handed_in import HandedIn, SizeOption
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
    size: SizeOption = None,
) -> int:
    """Write a dictionary, atoms as columns, or filters (C, M, taps), exactly as the independent checker reads it.

    With --convolutional --size N[,N] their matrix for signals of these lengths: columns are (filter, position), rows
    (channel, position), row by row.
    """
    from ..dictionaries.export import export
    from .output import refuse_bad_outputs

    refuse_bad_outputs([], output, [source])
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    about = HandedIn.of([source], None, filtering, convolutional=convolutional, size=size, read=(atoms, key))
    if about.is_matrix:
        export(about.dictionaries()[0], output)
        return 0
    if output.suffix.lower() != ".npy":
        raise InputError(f"{shown(output)}: filters are written as .npy")
    write_atomically(output, filters_as_npy(about.filters()))
    return 0
