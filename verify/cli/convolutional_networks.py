"""`--convolutional` of `build-network` and `certify-network`: networks for filters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import InputError
from .convolutional import Filtering
from .options import Format

if TYPE_CHECKING:
    from ..certify.convolutional_network import ConvolutionalCertificate
    from ..report.networks.convolutional import ConvolutionalNetworkReport


def build_filter_network(source: str, key: str | None, filtering: Filtering, output: Path, options: Any) -> int:
    """Build a network for filters, write it and say what is planned."""
    from ..networks.convolutional.build import build_convolutional
    from ..networks.stored import save_network
    from .progress import progress_bar

    weights = options["weights"]
    if weights not in ("generalized", "balanced", "dictionary"):
        options["weights"] = (
            Filtering(axes=None, stride=None, dilation=None, groups=None, boundary=None).load(weights, None).filters
        )
    dictionary = filtering.load(source, key)
    with progress_bar() as progress:
        built = build_convolutional(dictionary, **options, progress=progress)
    save_network(built.network, output)
    network = built.network
    typer.echo(
        f"{network.depth} layers of convolutions, {network.code.value} codes, filters {network.shape}, stride "
        f"{network.stride}, boundary {network.boundary}, {network.dtype.value}\nplanned: |x - x*|_inf <= "
        f"{built.plan.linf[-1]:.4g} for signals of every size and codes with at most {built.codes.sparsity} nonzeros "
        f"in a stripe of {network.stripe} atoms (q = {built.rate:.4g}; level of the weights {built.level})\n"
        "`verify certify-network --convolutional` proves it"
    )
    return 0


def certify_filter_network(
    network: str,
    source: str,
    key: str | None,
    filtering: Filtering,
    options: Any,
    observed: tuple[int, int, str],
    outputs: tuple[Path | None, list[Path], Format],
) -> int:
    """Certify a network for filters, write and print the report, and return the exit code."""
    from ..certify.convolutional_network import certify_convolutional_network, refuse_other_filters
    from ..files import write_atomically
    from ..networks.convolutional.stored import load_convolutional_network
    from ..report.networks.convolutional import (
        render_convolutional_json,
        render_convolutional_markdown,
        render_text,
    )
    from .progress import progress_bar

    certificate, reports, output = outputs
    renderers = {".md": render_convolutional_markdown, ".json": render_convolutional_json}
    for path in reports:
        if path.suffix.lower() not in renderers:
            raise InputError(f"--report: expected .md or .json for a network of convolutions, got {path.name[:60]!r}")
    stored, read = load_convolutional_network(network), filtering.load(source, key)
    refuse_other_filters(stored, read)
    with progress_bar() as progress:
        result = certify_convolutional_network(stored, read, **options, progress=progress)
        trials, seed, device = observed
        seen = result.observe(trials=trials, seed=seed, device=device) if trials else None
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    model = _report(result, seen, (network, source, filtering), certificate)
    for path in reports:
        write_atomically(path, renderers[path.suffix.lower()](model).encode())
    sys.stdout.write(render_convolutional_json(model) if output is Format.json else render_text(model))
    return 0 if model.status == "checked" and model.broken is None else 3


def _report(
    result: ConvolutionalCertificate, seen: Any, named: tuple[str, str, Filtering], certificate: Path | None
) -> ConvolutionalNetworkReport:
    from certificates import Accepted
    from certificates.checker import WORK_LIMIT

    from ..report.networks.convolutional import ConvolutionalNetworkReport
    from ..versions import versions
    from .output import typed

    network, source, filtering = named
    answer, D = result.answer, result.dictionary
    fields = ("on", "off", "linf", "trials", "device", "lengths", "nonzeros")
    limit = "" if result.work <= WORK_LIMIT else f" --work-limit {2 * result.work}"
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    return ConvolutionalNetworkReport(
        source=source,
        network=network,
        shape=D.filters.shape,
        status="nothing" if result.certificate is None else "checked" if isinstance(answer, Accepted) else "unchecked",
        claim=result.claim,
        broken=result.promise.broken,
        seen=None if seen is None else {name: getattr(seen, name) for name in fields},
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=(
            f"verify export-dictionary {typed(source)} --convolutional{filtering.typed} -o F.npy && "
            f"python -m certificates {name} --filters F.npy --stride {','.join(map(str, D.stride))} "
            f"--boundary {D.boundary.value} --network {typed(network)}{limit}"
        ),
        versions=versions(),
    )
