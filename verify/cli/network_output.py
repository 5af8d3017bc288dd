"""From a certified network to its report: the model, what is written and what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.certificate import Certificate
from ..certify.check import Unchecked
from ..certify.network import NetworkCertificate
from ..dictionaries.dictionary import Dictionary
from ..networks.activations import Activation
from ..networks.observed import Observed
from ..networks.source_bound import source_bound
from ..networks.unrolled import Code, UnrolledNetwork
from ..report.networks import Class, Network, NetworkReport, Seen, render_json, render_terminal, write
from ..versions import versions
from .options import Format
from .output import export_command, subject_of, typed


def network_report(
    result: NetworkCertificate, seen: Observed | None, source: str, certificate: Path | None, *, searched: bool
) -> NetworkReport:
    """Return the report of a certified network."""
    network, found = result.network, result.promise
    unchecked = result.answer if isinstance(result.answer, Unchecked) else None
    return NetworkReport(
        subject=subject_of(result.dictionary),
        network=Network(
            source=source,
            sha256=network.digest,
            dtype=network.dtype.value,
            code=network.code.value,
            activation=_named(network.activation),
            layers=network.depth,
        ),
        codes=Class(
            sparsity=found.codes.sparsity,
            bound=found.codes.bound,
            noise=found.codes.noise,
            arithmetic=found.arithmetic,
        ),
        status="nothing" if result.certificate is None else "checked" if unchecked is None else "unchecked",
        claim=result.claim,
        broken=found.broken,
        searched=searched,
        floor={
            "noise": found.floor.noise,
            "activation": found.floor.activation,
            "rounding": found.floor.rounding,
        },
        seen=None
        if seen is None
        else Seen(on=seen.on, off=seen.off, linf=seen.linf, l2=seen.l2, trials=seen.trials, device=seen.device),
        source_form=() if network.code is Code.nonnegative else source_bound(network, result.dictionary, found.codes),
        relied_on=result.answer.relied_on if isinstance(result.answer, Accepted) else (),
        check_command=_check_command(result, source, certificate),
        check_seconds=None if unchecked is None else unchecked.seconds,
        certificate_path=None if certificate is None or result.certificate is None else str(certificate),
        versions=versions(),
    )


def accepted_network_report(
    network: UnrolledNetwork, dictionary: Dictionary, answer: Accepted, source: str, certificate: Path
) -> NetworkReport:
    """Return the report of an accepted certificate about a network: of its first bound, if there are several."""
    from ..certify.network_claims import accepted_networks

    found = accepted_networks(network, dictionary, answer, Certificate(certificate.read_bytes()))
    model = network_report(found[0], None, source, certificate, searched=False)
    if len(found) == 1:
        return model
    note = f"the certificate bounds the error of this network for {len(found)} classes; this is the first"
    return replace(model, subject=replace(model.subject, remarks=(*model.subject.remarks, note)))


def write_network_reports(model: NetworkReport, paths: Iterable[Path]) -> None:
    """Write the report in every format asked for, each file whole or not at all."""
    for path in paths:
        write(model, path)


def print_network_report(model: NetworkReport, output: Format) -> None:
    """Print the report on stdout."""
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))


def network_exit_code(model: NetworkReport) -> int:
    """Return 0 if the checker accepted a bound that is better than nothing, else 3."""
    return 0 if model.status == "checked" and model.broken is None else 3


def _named(activation: Activation) -> str:
    number = activation.slope if activation.tau is None else activation.tau
    name = "slope" if activation.tau is None else "tau"
    return activation.name if number is None else f"{activation.name} ({name} {number})"


def _check_command(result: NetworkCertificate, source: str, certificate: Path | None) -> str:
    """Return what a sceptic types to check the certificate."""
    name = "CERTIFICATE" if certificate is None else typed(str(certificate))
    limit = ""
    if isinstance(result.answer, Unchecked) or result.work > WORK_LIMIT:
        limit = f" --work-limit {2 * result.work}"
    before, dictionary = export_command(result.dictionary)
    return f"{before}python -m certificates {name} --dictionary {dictionary} --network {typed(source)}{limit}"
