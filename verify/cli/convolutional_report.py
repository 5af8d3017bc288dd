"""From filters and what was proved of them to the report: after a check, or from an accepted certificate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.check import Unchecked
from ..errors import InputError
from ..report.convolutional.model import FilterReport
from ..verdict import Question, Scaling
from ..versions import versions
from .options import Format
from .output import typed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..certify.check_convolutional import ConvolutionalResult
    from ..dictionaries.convolutional import ConvolutionalDictionary


def filter_report(
    result: ConvolutionalResult, questions: Sequence[Question], certificate: Path | None, options: str
) -> FilterReport:
    """Return the report of a check, from what the checker accepted; `options` are those of the filters as typed."""
    import json

    answer = result.answer
    unchecked = answer if isinstance(answer, Unchecked) else None
    if isinstance(answer, Accepted):
        claims = answer.claims
    else:
        claims = tuple(claim["statement"] for claim in json.loads(result.certificate.data)["claims"])
    asked = () if result.sparsity is None else tuple(q.value for q in dict.fromkeys(questions or [Question.l1]))
    return report_on(
        result.dictionary,
        claims=claims,
        sparsity=result.sparsity,
        questions=asked,
        scaling=result.scaling.value,
        status="checked" if isinstance(answer, Accepted) else "unchecked",
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=check_command(
            result.dictionary, certificate, options, work=0 if unchecked is None else unchecked.work
        ),
        check_seconds=None if unchecked is None else unchecked.seconds,
        certificate_path=None if certificate is None else str(certificate),
    )


def accepted_filter_report(
    dictionary: ConvolutionalDictionary, answer: Accepted, certificate: Path, options: str
) -> FilterReport:
    """Return the report of an accepted certificate about filters; raise InputError if it has no claim about them."""
    claims = tuple(c for c in answer.claims if str(c["kind"]).startswith("convolutional-"))
    if not claims:
        raise InputError("the certificate claims nothing about filters, so there is no report on them")
    scalings = sorted({str(claim["scaling"]) for claim in claims if "scaling" in claim}, reverse=True)
    return report_on(
        dictionary,
        claims=answer.claims,
        sparsity=None,
        questions=(),
        scaling=scalings[0] if scalings else Scaling.unit.value,
        status="checked",
        relied_on=answer.relied_on,
        check_command=check_command(dictionary, certificate, options),
        certificate_path=str(certificate),
    )


def report_on(dictionary: ConvolutionalDictionary, *, claims: tuple[dict[str, Any], ...], **known: Any) -> FilterReport:
    """Return the report on filters with these claims; `known` are its other fields but those of the filters."""
    D = dictionary
    tiles = [_scaled(taps)[0].reshape(-1, D.support[-1]).tolist() for taps in D.filters]
    mu = next((claim for claim in claims if claim["kind"] == "convolutional-coherence"), None)
    pair = None if mu is None else (int(mu["first"][0]), int(mu["second"][0]))
    return FilterReport(
        source=D.origin.source,
        remarks=D.origin.remarks,
        shape=D.filters.shape,
        stride=D.stride,
        boundary=D.boundary.value,
        digest=D.digest,
        claims=claims,
        tiles=tuple(tuple(map(tuple, rows)) for rows in tiles),
        pair=pair,
        correlation=() if pair is None else _correlation(D, pair),
        reach=D.reach,
        versions=versions(),
        **known,
    )


def _scaled(taps: NDArray[Any]) -> NDArray[Any]:
    """Return taps over the largest, exactly where they are exact, as floats: for a picture, of any size of numbers."""
    if taps.dtype == object:
        return (taps / max(map(abs, taps.ravel().tolist()))).astype(float)
    floats = taps.astype(float)
    return floats / abs(floats).max()


def _correlation(dictionary: ConvolutionalDictionary, pair: tuple[int, int]) -> tuple[tuple[float, ...], ...]:
    """Return the normalised cross-correlation of two filters over all shifts of taps, in floats, for a picture."""
    import numpy as np

    a, b = (_scaled(dictionary.filters[c]) for c in pair)
    if a.ndim == 2:
        a, b = a[:, None], b[:, None]
    rows, columns = a.shape[1:]
    padded = np.pad(a, ((0, 0), (rows - 1, rows - 1), (columns - 1, columns - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(1, 2))
    values = np.einsum("mxyij,mij->xy", windows, b) / (np.linalg.norm(a) * np.linalg.norm(b))
    return tuple(map(tuple, values.tolist()))


def check_command(
    D: ConvolutionalDictionary,
    certificate: Path | None,
    options: str,
    *,
    work: int = 0,
    network: str | None = None,
) -> str:
    """Return what a sceptic types to check a certificate about filters, and their network if there is one."""
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    limit = f" --work-limit {2 * work}" if 2 * work > WORK_LIMIT else ""
    before, source = exported(D, options)
    stride = ",".join(map(str, D.stride))
    more = "" if network is None else f" --network {typed(network)}"
    return (
        f"{before}python -m certificates {name} --filters {source} --stride {stride} "
        f"--boundary {D.boundary.value}{more}{limit}"
    )


def chain_command(
    dictionaries: Sequence[ConvolutionalDictionary], options: Sequence[str], certificate: Path | None
) -> str:
    """Return what a sceptic types to have the filters of a chain written and its certificate checked."""
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    exports: list[str] = []
    handed: list[str] = []
    for at, (D, given) in enumerate(zip(dictionaries, options, strict=True), 1):
        source = f"{typed(D.origin.source)} --convolutional{given}{key_option(D)}"
        exports.append(f"python -m verify export-dictionary {source} -o F.{at}.npy && ")
        handed.append(f" --filters F.{at}.npy --stride {','.join(map(str, D.stride))} --boundary {D.boundary.value}")
    return f"{''.join(exports)}python -I -S certificates/checker.py {name}{''.join(handed)}"


def exported(D: ConvolutionalDictionary, options: str) -> tuple[str, str]:
    """Return what to type first so that the checker can read the filters (or nothing), and the file that it reads."""
    source = typed(D.origin.source)
    arranged = any(f" --{name} " in options for name in ("axes", "dilation", "groups"))
    if D.origin.loader == "npy" and not arranged:
        return "", source
    file = "F.npy" if Path(D.origin.source).name != "F.npy" else "filters.npy"
    return f"python -m verify export-dictionary {source} --convolutional{options}{key_option(D)} -o {file} && ", file


def key_option(D: ConvolutionalDictionary) -> str:
    """Return the option that names the array in its file, with a space before it, or nothing."""
    return "" if D.origin.key is None else f" --key {typed(D.origin.key)}"


def print_filter_report(report: FilterReport, output: Format) -> None:
    """Print the report on stdout."""
    from ..report.convolutional.render import filter_json, filter_terminal

    if output is Format.json:
        import sys

        sys.stdout.write(filter_json(report).decode())
        return
    from rich.console import Console

    filter_terminal(report, Console(soft_wrap=False))
