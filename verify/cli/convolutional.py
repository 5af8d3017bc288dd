"""`--convolutional`: sources as filters, their options, and the report on them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..verdict import Question, Scaling
from .options import Format

if TYPE_CHECKING:
    from ..certify.check_convolutional import ConvolutionalResult
    from ..dictionaries.convolutional import ConvolutionalDictionary
    from ..report.convolutional.model import FilterReport

ConvolutionalOption = Annotated[
    bool, typer.Option("--convolutional", help="The source holds filters; answers hold for signals of every size.")
]
AxesOption = Annotated[
    str | None,
    typer.Option(
        "--axes", metavar="LETTERS", help="What each axis is: c filters, m channels, h rows, w columns, t taps."
    ),
]
StrideOption = Annotated[str | None, typer.Option("--stride", metavar="N[,N]", help="The stride of the filters.")]
DilationOption = Annotated[str | None, typer.Option("--dilation", metavar="N[,N]", help="The dilation of the filters.")]
GroupsOption = Annotated[int | None, typer.Option("--groups", metavar="N", help="The groups of the filters.")]
BoundaryOption = Annotated[
    str | None, typer.Option("--boundary", metavar="NAME", help="What happens at the ends: full, circular or same.")
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
            stride=_numbers(self.stride, "--stride"),
            dilation=_numbers(self.dilation, "--dilation"),
            groups=1 if self.groups is None else self.groups,
            boundary=self.boundary or "full",
        )

    @property
    def typed(self) -> str:
        """The options as they were typed, with a space before each."""
        import shlex

        given = [(name, getattr(self, name)) for name in ("axes", "stride", "dilation", "groups", "boundary")]
        return "".join(f" --{name} {shlex.quote(str(value))}" for name, value in given if value is not None)


def _numbers(text: str | None, name: str) -> int | tuple[int, ...]:
    parts = (text or "1").split(",")
    if not all(part.strip().isdecimal() and part.isascii() and len(part) < 10 for part in parts):
        raise InputError(f"{name}: expected one whole number, or one for each axis as 2,1, got {str(text)[:40]!r}")
    values = tuple(map(int, parts))
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


def report_of(result: ConvolutionalResult, filtering: Filtering, certificate: Path | None) -> FilterReport:
    """Return the report of a check, from what the checker accepted."""
    import json

    from certificates import Accepted

    answer, D = result.answer, result.dictionary
    written = tuple(claim["statement"] for claim in json.loads(result.certificate.data)["claims"])
    return filter_report(
        D,
        result.facts.coherence.pair,
        asked=(result.sparsity, result.scaling.value),
        status="checked" if isinstance(answer, Accepted) else "unchecked",
        claims=answer.claims if isinstance(answer, Accepted) else written,
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        command=check_command([D], [filtering], certificate),
    )


def filter_report(
    D: ConvolutionalDictionary,
    pair: tuple[int, int],
    *,
    asked: tuple[int | None, str],
    status: str,
    claims: tuple[dict[str, Any], ...],
    relied_on: tuple[str, ...],
    command: str,
) -> FilterReport:
    """Return the report on filters with these claims; `asked` is the level and the scaling, `pair` attains mu."""
    from ..report.convolutional.model import FilterReport
    from ..versions import versions

    taps = D.filters[:, 0].astype(float).reshape(D.channels[0], -1, D.support[-1])
    return FilterReport(
        source=D.origin.source,
        remarks=D.origin.remarks,
        shape=D.filters.shape,
        stride=D.stride,
        boundary=D.boundary.value,
        digest=D.digest,
        sparsity=asked[0],
        scaling=asked[1],
        status=status,
        claims=claims,
        relied_on=relied_on,
        check_command=command,
        tiles=tuple(tuple(map(tuple, rows)) for rows in taps.tolist()),
        pair=pair,
        correlation=_correlation(D, pair),
        reach=D.reach,
        versions=versions(),
    )


def _correlation(dictionary: ConvolutionalDictionary, pair: tuple[int, int]) -> tuple[tuple[float, ...], ...]:
    """Return the normalised cross-correlation of two filters over all shifts of taps, in floats, for a picture."""
    import numpy as np

    a, b = (dictionary.filters[c].astype(float) for c in pair)
    if a.ndim == 2:
        a, b = a[:, None], b[:, None]
    rows, columns = a.shape[1:]
    padded = np.pad(a, ((0, 0), (rows - 1, rows - 1), (columns - 1, columns - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(1, 2))
    values = np.einsum("mxyij,mij->xy", windows, b) / (np.linalg.norm(a) * np.linalg.norm(b))
    return tuple(map(tuple, values.tolist()))


def check_command(
    dictionaries: Sequence[ConvolutionalDictionary], filtering: Sequence[Filtering], certificate: Path | None
) -> str:
    """Return what a sceptic types to have the filters written and the certificate checked."""
    from .output import typed

    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    exports: list[str] = []
    options: list[str] = []
    for at, (D, given) in enumerate(zip(dictionaries, filtering, strict=True), 1):
        file = "F.npy" if len(dictionaries) == 1 else f"F.{at}.npy"
        key = "" if D.origin.key is None else f" --key {typed(D.origin.key)}"
        source = f"{typed(D.origin.source)} --convolutional{given.typed}{key}"
        exports.append(f"python -m verify export-dictionary {source} -o {file} && ")
        options.append(f" --filters {file} --stride {','.join(map(str, D.stride))} --boundary {D.boundary.value}")
    return f"{''.join(exports)}python -I -S certificates/checker.py {name}{''.join(options)}"


def print_filter_report(report: FilterReport, output: Format) -> None:
    """Print the report on stdout."""
    from ..report.convolutional.render import filter_json, filter_terminal

    if output is Format.json:
        typer.echo(filter_json(report), nl=False)
        return
    from rich.console import Console

    filter_terminal(report, Console(soft_wrap=False))


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
    report = report_of(result, filtering, asked.certificate)
    for path in asked.reports:
        write_filter_report(report, path)
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    print_filter_report(report, asked.output)
    return filter_exit_code(result, asked.questions)
