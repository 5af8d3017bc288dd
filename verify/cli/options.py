"""Arguments and options that several subcommands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..verdict import Question, Scaling

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A .npy, .csv, .txt or exact .json file, or builtin:NAME:ARGS.")
]


class Atoms(StrEnum):
    """Where the atoms stand in the file."""

    columns = "columns"
    rows = "rows"


class Format(StrEnum):
    """How results are printed."""

    terminal = "terminal"
    json = "json"


AtomsOption = Annotated[Atoms, typer.Option("--atoms", help="Whether the atoms are the columns or the rows.")]
DictionaryOption = Annotated[
    str, typer.Option("--dictionary", metavar="SOURCE", help="The dictionary that the certificate is about.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is printed on stdout.")]
QuestionOption = Annotated[
    list[Question] | None,
    typer.Option(
        "--question", help="What to ask at level K; repeatable. [default: l1, all without K]", show_default=False
    ),
]
ScalingOption = Annotated[Scaling, typer.Option("--scaling", help="Ask about atoms scaled to unit norm, or as given.")]
SecondsOption = Annotated[
    float,
    typer.Option(
        "--check-seconds", min=0, help="The most seconds the independent check may take (estimated beforehand)."
    ),
]
