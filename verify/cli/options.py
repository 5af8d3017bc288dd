"""Arguments and options that several subcommands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..budget import Effort
from ..verdict import Question, Scaling
from .completion import complete_source

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A file (.npy, .npz, .csv, .mat, ...: docs/sources.md), or builtin:NAME:ARGS.",
        autocompletion=complete_source,
    ),
]

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="A file (.npy, .npz, .csv, .mat, ...: docs/sources.md) or builtin:NAME:ARGS; several give a table, or "
        "with --deep a chain.",
        autocompletion=complete_source,
    ),
]


class Atoms(StrEnum):
    """Where the atoms stand in the file."""

    columns = "columns"
    rows = "rows"


class Format(StrEnum):
    """How results are printed."""

    terminal = "terminal"
    json = "json"


class ProblemName(StrEnum):
    """What is to be solved."""

    basis_pursuit = "basis-pursuit"
    bpdn = "bpdn"
    lasso = "lasso"
    sparsest = "sparsest"
    k_sparse = "k-sparse"


AtomsOption = Annotated[Atoms, typer.Option("--atoms", help="Whether the atoms are the columns or the rows.")]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="NAME", help="Which array is the dictionary, where its file holds several.", show_default=False
    ),
]
DictionaryOption = Annotated[
    str,
    typer.Option(
        "--dictionary",
        metavar="SOURCE",
        help="The dictionary that the certificate is about.",
        autocompletion=complete_source,
    ),
]
DictionariesOption = Annotated[
    list[str],
    typer.Option(
        "--dictionary",
        metavar="SOURCE",
        help="The dictionary that the certificate is about; for a chain once for each, in order.",
        autocompletion=complete_source,
    ),
]
DeepOption = Annotated[
    bool,
    typer.Option("--deep", help="The sources are a chain: codes of each are signals of the next. Needs --sparsity."),
]
TolerancesOption = Annotated[
    str | None,
    typer.Option(
        "--tolerances",
        metavar="E1,E2,..",
        help="With --deep, ask how far apart deep codes of one signal can be that miss it by up to this in each layer.",
    ),
]
SlopesOption = Annotated[
    str | None,
    typer.Option(
        "--slopes",
        metavar="A1,A2,..",
        help="With --deep, a leaky ReLU with this slope after each dictionary; 1, the default, is none.",
    ),
]
SignalOption = Annotated[
    str | None,
    typer.Option(
        "--signal", metavar="FILE", help="Signals: the columns of a .npy, .csv, .txt or exact .json file, or one list."
    ),
]
CodeOption = Annotated[
    str | None,
    typer.Option("--code", metavar="FILE", help="Codes instead of signals: each signal is D times its code, exactly."),
]
NetworkOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--network", metavar="FILE", help="A network: a .safetensors file, with its .json beside it; repeatable."
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is printed on stdout.")]
_EFFORT = (
    "How hard to search before a level is left undecided. glance: not at all; quick: about 2 seconds at most for 40 x "
    "50, and in proportion for larger ones; standard: up to 60 seconds; thorough: until all is decided, or Ctrl-C."
)
EffortOption = Annotated[Effort, typer.Option("--effort", help=_EFFORT)]
ChosenEffortOption = Annotated[
    Effort | None,
    typer.Option(
        "--effort",
        help=f"{_EFFORT} Default: quick; for several dictionaries glance, and quick where what is asked is open.",
        show_default=False,
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="End the search after so many seconds and keep what is proved; the independent check comes on top. "
        "Default: 60 for standard, else none.",
        show_default=False,
    ),
]
DeviceOption = Annotated[
    str,
    typer.Option(
        "--device",
        metavar="DEVICE",
        help="Where large matrices are factored: cpu, or a torch device such as cuda. It changes the time, no proof.",
    ),
]
ExactOption = Annotated[
    bool,
    typer.Option(
        "--exact",
        help="Solve the generalized coherence in rationals, where the norms of the atoms allow it, or say why not.",
    ),
]
QuestionOption = Annotated[
    list[Question] | None,
    typer.Option(
        "--question", help="What to ask at level K; repeatable. Default: l1; all without K.", show_default=False
    ),
]
ScalingOption = Annotated[Scaling, typer.Option("--scaling", help="Ask about atoms scaled to unit norm, or as given.")]
CertificateOption = Annotated[
    Path | None, typer.Option("--certificate", metavar="FILE", help="Write the certificate here.")
]
ReportOption = Annotated[
    list[Path] | None,
    typer.Option("--report", metavar="FILE", help="Write a report: .html, .md or .json; repeatable."),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--check-seconds",
        min=0,
        metavar="SECONDS",
        help="The most the independent check may take, estimated beforehand. Default: 30, 120, 600 by effort.",
        show_default=False,
    ),
]
