"""`--convolutional` of `build-network` and `certify-network`: networks for filters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .convolutional import Filtering
from .options import Format

if TYPE_CHECKING:
    from certificates import Accepted

    from ..certify.convolutional_network import ConvolutionalCertificate
    from ..dictionaries.convolutional import ConvolutionalDictionary
    from ..networks.convolutional.build import BuiltConvolutional
    from ..networks.convolutional.observed import ConvolutionalObserved
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
    typer.echo(f"Network {built.network.digest}\n{network_summary(built)}\n{_planned(built)}")
    return 0


def network_summary(built: BuiltConvolutional) -> str:
    """Return a network and its class in words, a line for each."""
    from ..report.convolutional.words import filters_in_words

    network, codes = built.network, built.codes
    many = "1 nonzero" if codes.sparsity == 1 else f"{codes.sparsity} nonzeros"
    sign = ", none negative" if network.code.value == "nonnegative" else ""
    noise = f"noise up to {float(codes.noise):.4g} under the taps of each atom" if codes.noise else "no noise"
    return (
        f"{network.depth} layer{'' if network.depth == 1 else 's'} of convolutions, {network.dtype.value}: "
        f"{filters_in_words(network.shape, network.stride, network.boundary)}\n"
        f"Codes with at most {many} in each stripe of {network.stripe} atoms (the level of the weights is "
        f"{built.level}), any number in all, entries up to {float(codes.bound):g}{sign}, {noise}"
    )


def _planned(built: BuiltConvolutional) -> str:
    from ..certify.check_convolutional import SIZES
    from ..report.convolutional.claim_words import sizes_in_words

    return (
        f"Planned error, largest entry, for signals of {sizes_in_words(SIZES[built.network.boundary])}: "
        f"{built.plan.linf[-1]:.3g}, a factor of {built.rate:.4g} a layer at most "
        "(verify certify-network --convolutional proves it)"
    )


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
    from ..networks.convolutional.stored import load_convolutional_network
    from ..report.networks.convolutional_render import write_filter_network_report
    from .progress import progress_bar

    certificate, reports, output = outputs
    stored, read = load_convolutional_network(network), filtering.load(source, key)
    refuse_other_filters(stored, read)
    with progress_bar() as progress:
        result = certify_convolutional_network(stored, read, **options, progress=progress)
        trials, seed, device = observed
        seen = result.observe(trials=trials, seed=seed, device=device) if trials else None
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    model = filter_network_report(
        result, seen, network, certificate, filtering.typed, searched=options["sparsity"] is None
    )
    for path in reports:
        write_filter_network_report(model, path)
    print_filter_network_report(model, output)
    if certificate is not None and result.certificate is None:
        typer.echo("verify: nothing is promised, so no certificate was written", err=True)
    return 0 if model.status == "checked" and model.broken is None else 3


def print_filter_network_report(model: ConvolutionalNetworkReport, output: Format) -> None:
    """Print the report on stdout."""
    from ..report.networks.convolutional_render import filter_network_json, filter_network_terminal

    if output is Format.json:
        sys.stdout.write(filter_network_json(model).decode())
        return
    from rich.console import Console

    filter_network_terminal(model, Console(soft_wrap=False))


def filter_network_report(
    result: ConvolutionalCertificate,
    seen: ConvolutionalObserved | None,
    source: str,
    certificate: Path | None,
    options: str,
    *,
    searched: bool,
) -> ConvolutionalNetworkReport:
    """Return the report of a certified network; `options` are those of the filters as typed."""
    from certificates import Accepted

    from ..certify.check import Unchecked
    from ..report.networks import Class, Network
    from ..report.networks.convolutional import ConvolutionalNetworkReport, Filters, FilterSeen
    from ..versions import versions
    from .convolutional_report import check_command

    network, answer, D, found = result.network, result.answer, result.dictionary, result.promise
    seconds = answer.seconds if isinstance(answer, Unchecked) else None
    return ConvolutionalNetworkReport(
        subject=Filters(
            source=D.origin.source,
            loader=D.origin.loader,
            remarks=D.origin.remarks,
            shape=D.filters.shape,
            stride=D.stride,
            boundary=D.boundary.value,
            sha256=D.digest,
        ),
        network=Network(
            source=source,
            sha256=network.digest,
            dtype=network.dtype.value,
            code=network.code.value,
            activation=network.activation.name,
            layers=network.depth,
        ),
        codes=Class(
            sparsity=found.codes.sparsity,
            bound=found.codes.bound,
            noise=found.codes.noise,
            arithmetic=found.arithmetic,
        ),
        stripe=network.stripe,
        status="nothing" if result.certificate is None else "checked" if isinstance(answer, Accepted) else "unchecked",
        claim=result.claim,
        broken=found.broken,
        searched=searched,
        floor={"noise": found.floor.noise, "rounding": found.floor.rounding},
        seen=None
        if seen is None
        else FilterSeen(
            on=seen.on,
            off=seen.off,
            linf=seen.linf,
            trials=seen.trials,
            device=seen.device,
            sizes=seen.sizes,
            lengths=seen.lengths,
            nonzeros=seen.nonzeros,
        ),
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=check_command(D, certificate, options, work=result.work, network=source),
        check_seconds=seconds,
        certificate_path=None if certificate is None or result.certificate is None else str(certificate),
        versions=versions(),
    )


def accepted_filter_network_report(
    dictionary: ConvolutionalDictionary, answer: Accepted, source: str, certificate: Path, options: str
) -> ConvolutionalNetworkReport:
    """Return the report of an accepted certificate about a network: of its first bound, if there are several."""
    from dataclasses import replace

    from ..certify.certificate import Certificate
    from ..certify.convolutional_network_claims import accepted_filter_networks
    from ..networks.convolutional.stored import load_convolutional_network

    network = load_convolutional_network(source)
    found = accepted_filter_networks(network, dictionary, answer, Certificate(certificate.read_bytes()))
    model = filter_network_report(found[0], None, source, certificate, options, searched=False)
    if len(found) == 1:
        return model
    note = f"the certificate bounds the error of this network for {len(found)} classes; this is the first"
    return replace(model, subject=replace(model.subject, remarks=(*model.subject.remarks, note)))
