"""`--convolutional`: sources as filters, their options, and the report on them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from ..verdict import Question, Scaling
from .options import Atoms, Format

if TYPE_CHECKING:
    from ..certify.check_convolutional import ConvolutionalResult
    from ..dictionaries.convolutional import ConvolutionalDictionary

ConvolutionalOption = Annotated[
    bool,
    typer.Option(
        "--convolutional", help="The source holds filters, whose shifts are the atoms, for signals of every size."
    ),
]
AxesOption = Annotated[
    str | None,
    typer.Option(
        "--axes",
        metavar="LETTERS",
        help="What each axis of the filters is: c filters, m signal channels, h rows, w columns, t taps. Default: cmhw "
        "or cmt, as in torch.",
        show_default=False,
    ),
]
StrideOption = Annotated[
    str | None,
    typer.Option("--stride", metavar="N[,N]", help="The stride of the filters. Default: 1.", show_default=False),
]
DilationOption = Annotated[
    str | None,
    typer.Option("--dilation", metavar="N[,N]", help="The dilation of the filters. Default: 1.", show_default=False),
]
GroupsOption = Annotated[
    int | None, typer.Option("--groups", metavar="N", help="The groups of the filters. Default: 1.", show_default=False)
]
BoundaryOption = Annotated[
    str | None,
    typer.Option(
        "--boundary",
        metavar="NAME",
        help="What happens to filters at the ends of a signal: full (none is cut, the default), circular or same.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtering:
    """How filters are read; None where nothing was said."""

    axes: str | None
    stride: str | None
    dilation: str | None
    groups: int | None
    boundary: str | None

    def refuse_without(self) -> None:
        """Raise InputError if an option of filters was given for a matrix."""
        for name in ("axes", "stride", "dilation", "groups", "boundary"):
            if getattr(self, name) is not None:
                raise InputError(f"--{name} is for filters: add --convolutional")

    @staticmethod
    def refuse_rows(atoms: Atoms) -> None:
        """Raise InputError for atoms that are said to be rows."""
        if atoms is not Atoms.columns:
            raise InputError("--atoms is for matrices: say the axes of filters by --axes")

    def for_layer(self, at: int, count: int) -> Filtering:
        """Return the options of dictionary `at` of a chain: the part between colons of those that have several."""
        texts: dict[str, str | None] = {}
        for name in ("axes", "stride", "dilation", "boundary"):
            text: str | None = getattr(self, name)
            parts = [] if text is None else text.split(":")
            if text is not None and len(parts) not in (1, count):
                raise InputError(f"--{name}: expected one part, or {count} with colons between, got {text[:40]!r}")
            texts[name] = parts[at if len(parts) > 1 else 0] if parts else None
        return Filtering(**texts, groups=self.groups)

    def load(self, source: str, key: str | None) -> ConvolutionalDictionary:
        """Return the filters of a source."""
        from ..dictionaries.filters_of import load_convolutional

        return load_convolutional(
            source,
            axes=self.axes,
            key=key,
            stride=_one_or_more(self.stride, "--stride"),
            dilation=_one_or_more(self.dilation, "--dilation"),
            groups=1 if self.groups is None else self.groups,
            boundary="full" if self.boundary is None else self.boundary,
        )

    @property
    def typed(self) -> str:
        """The options as they were typed, with a space before each."""
        import shlex

        given = [(name, getattr(self, name)) for name in ("axes", "stride", "dilation", "groups", "boundary")]
        return "".join(f" --{name} {shlex.quote(str(value))}" for name, value in given if value is not None)


def whole_numbers(text: str, name: str) -> tuple[int, ...]:
    """Return the whole numbers of a list as `2,1`; raise InputError for anything else."""
    parts = text.split(",")
    if not all(part.strip().isdecimal() and part.isascii() and len(part) < 10 for part in parts):
        raise InputError(f"{name}: expected one whole number, or one for each axis as 2,1, got {text[:40]!r}")
    return tuple(map(int, parts))


def _one_or_more(text: str | None, name: str) -> int | tuple[int, ...]:
    values = whole_numbers("1" if text is None else text, name)
    return values[0] if len(values) == 1 else values


def filters_as_npy(dictionary: ConvolutionalDictionary) -> bytes:
    """Return canonical filters as .npy, which the independent checker reads back with the same digest."""
    import numpy as np

    entries = dictionary.filters
    if entries.dtype == object:
        floats = np.array([float(x) for x in entries.ravel().tolist()]).reshape(entries.shape)
        if any(a != b for a, b in zip(floats.ravel().tolist(), entries.ravel().tolist(), strict=True)):
            raise InputError("an entry is not exactly a binary64 number, which .npy would need")
        entries = floats
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(entries), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def filter_exit_code(result: ConvolutionalResult, questions: list[Question]) -> int:
    """Return 1 if a question is refuted for stripes at the level asked, else 3 if one is undecided, else 0."""
    from certificates import Accepted

    if result.sparsity is None:
        return 0
    if not isinstance(result.answer, Accepted):
        return 3
    found = {result.verdicts[question, "stripe"] for question in questions or [Question.l1]}
    return 1 if "refuted" in found else 3 if "undecided" in found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `check-dictionary` was asked besides the filters."""

    sparsity: int | None
    questions: list[Question]
    scaling: Scaling
    effort: str
    time_limit: float | None
    check_seconds: float | None
    certificate: Path | None
    reports: list[Path]
    output: Format


def check_filters(source: str, key: str | None, filtering: Filtering, asked: Options) -> int:
    """Check filters, write certificate and reports, print, and return the exit code."""
    from ..certify.check_convolutional import check_convolutional
    from ..report.convolutional.render import write_filter_report
    from .convolutional_report import filter_report, print_filter_report
    from .progress import progress_bar

    dictionary = filtering.load(source, key)
    with progress_bar() as progress:
        result = check_convolutional(
            dictionary,
            sparsity=asked.sparsity,
            scaling=asked.scaling,
            effort=asked.effort,
            time_limit=asked.time_limit,
            check_seconds=asked.check_seconds,
            progress=progress,
        )
    if asked.certificate is not None:
        result.certificate.save(asked.certificate)
    report = filter_report(result, asked.questions, asked.certificate, filtering.typed)
    for path in asked.reports:
        write_filter_report(report, path)
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    print_filter_report(report, asked.output)
    return filter_exit_code(result, asked.questions)
