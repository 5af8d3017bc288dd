"""`verify build-network --deep` and `verify certify-network` for a chain: from the options to networks and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from certificates import Accepted
from certificates.checker import WORK_LIMIT

from ..certify.check import Unchecked
from ..certify.deep_network import DeepNetworkCertificate, certify_deep_network
from ..errors import InputError
from ..networks.build_deep import BuiltDeepNetwork, build_deep, deep_class
from ..networks.deep_network import DeepNetwork, Method
from ..networks.deep_observed import DeepObserved
from ..networks.stored import load_network, save_network
from ..report.deep_networks import DeepNetworkReport, MethodBounds, render_json, render_terminal, write
from ..versions import versions
from .build_network import refuse_no_network
from .deep_output import check_command, deep_dictionary
from .levels import levels_of
from .options import Format
from .output import refuse_bad_outputs, subject_of, typed
from .progress import progress_bar


def network_paths(output: Path, count: int) -> list[Path]:
    """Return NET.safetensors for one network, NET.1.safetensors, NET.2.safetensors, .. for several."""
    if count == 1:
        return [output]
    return [output.with_name(f"{output.stem}.{at}{output.suffix}") for at in range(1, count + 1)]


def build(
    sources: Sequence[str],
    output: Path,
    *,
    numbers: tuple[str, str, str | None],
    method: str,
    options: Mapping[str, Any],
    atoms: str,
) -> str:
    """Build the networks of a chain, write them, and return what to print."""
    sparsity, bound, tolerances = numbers
    if options["weights"] not in ("generalized", "dictionary"):
        raise InputError("--weights with --deep: expected generalized or dictionary")
    refuse_no_network(output)
    paths = network_paths(output, 1 if method == Method.deepest_first.value else len(sources))
    for path in paths:
        refuse_bad_outputs([], path, list(sources))
        refuse_bad_outputs([], path.with_suffix(".json"), list(sources))
    deep = deep_dictionary(sources, atoms, tolerances, None)
    members = deep_class(deep, levels_of(sparsity), _parts(bound))
    with progress_bar() as progress:
        built = build_deep(deep, members, method=method, progress=progress, **options)
    for network, path in zip(built.network.networks, paths, strict=True):
        save_network(network, path)
    return _summary(built, paths)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _summary(built: BuiltDeepNetwork, paths: Sequence[Path]) -> str:
    lines: list[str] = []
    for one, path in zip(built.built, paths, strict=True):
        network = one.network
        lines += [
            f"{path.name}: network {network.digest}",
            f"  {network.depth} layers, {network.dtype.value}, shape {network.shape}, a factor of {one.rate:.4g} each",
        ]
    errors = ", ".join(f"x_{j} {error:.3g}" for j, error in enumerate(built.errors.l2, 1))
    lines.append(f"Planned errors, 2-norm: {errors} (verify certify-network proves them)")
    if built.method is Method.refit:
        lines.append(
            f"A refit needs nonzeros of x_{len(built.errors.l2)} above {built.least_entry:.4g}: say --smallest"
        )
    return "\n".join(lines)


def certify(
    paths: Sequence[str],
    sources: Sequence[str],
    *,
    numbers: tuple[str | None, str, str | None, str | None],
    arithmetic: str,
    observed: tuple[int, int, str],
    outputs: tuple[Path | None, Sequence[Path], Format],
    check_seconds: float,
    atoms: str,
) -> int:
    """Certify the networks of a chain, write and print the report, and return the exit code."""
    sparsity, bound, tolerances, smallest = numbers
    certificate, reports, output = outputs
    beside = [str(Path(path).with_suffix(".json")) for path in paths]
    refuse_bad_outputs(list(reports), certificate, [*paths, *beside, *sources])
    if sparsity is None:
        raise InputError("--sparsity: expected a level for each dictionary of the chain, as 3,2; got none")
    deep = deep_dictionary(sources, atoms, tolerances, None)
    network = DeepNetwork.of(deep, [load_network(path) for path in paths])
    members = deep_class(deep, levels_of(sparsity), _parts(bound), smallest)
    trials, seed, device = observed
    with progress_bar() as progress:
        result = certify_deep_network(
            network, members, arithmetic=arithmetic, check_seconds=check_seconds, progress=progress
        )
        seen = result.observe(trials=trials, seed=seed, device=device) if trials else {}
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    model = _report(result, seen, paths, certificate)
    for path in reports:
        write(model, path)
    _print(model, output)
    return 0 if model.status == "checked" and model.promises else 3


def _print(model: DeepNetworkReport, output: Format) -> None:
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))


def _report(
    result: DeepNetworkCertificate,
    seen: Mapping[Method, DeepObserved],
    paths: Sequence[str],
    certificate: Path | None,
) -> DeepNetworkReport:
    network, answer = result.network, result.answer
    unchecked = answer if isinstance(answer, Unchecked) else None
    long = unchecked is not None or result.work > WORK_LIMIT
    command = check_command(network.deep.dictionaries, certificate, result.work if long else 0)
    before, option, limit = command.partition(" --work-limit")
    command = before + "".join(f" --network {typed(path)}" for path in paths) + option + limit
    return DeepNetworkReport(
        subjects=tuple(map(subject_of, network.deep.dictionaries)),
        networks=tuple((path, one.digest, one.depth) for path, one in zip(paths, network.networks, strict=True)),
        method=network.method.value,
        levels=result.members.levels,
        bounds=result.members.bounds,
        tolerances=network.deep.tolerances,
        arithmetic=result.arithmetic,
        status="nothing" if result.certificate is None else "checked" if unchecked is None else "unchecked",
        methods=tuple(_methods(result, seen)),
        per_layer=_per_layer(result),
        promises=result.promises,
        notes=tuple(
            f"no {what}: {why}"
            for what, why in (("constants", result.no_constants), ("refit", result.no_refit))
            if why is not None
        ),
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=command,
        certificate_path=None if certificate is None or result.certificate is None else str(certificate),
        versions=versions(),
    )


def _methods(result: DeepNetworkCertificate, seen: Mapping[Method, DeepObserved]) -> list[MethodBounds]:
    found: list[MethodBounds] = []
    for method, errors, constants in (
        (result.network.method, "deep-network-error", "deep-network-constants"),
        (Method.refit, "deep-refit-error", "deep-refit-constants"),
    ):
        if result.claim(errors) is None:
            continue
        known = seen.get(method)
        found.append(
            MethodBounds(
                method=method.value,
                l2=result.bounds(errors, "l2"),
                linf=result.bounds(errors, "linf"),
                c_1=result.bounds(constants, "C_1") if method is not Method.refit else (),
                c_2=result.bounds(constants, "C_2"),
                rate=result.bounds(constants, "rate") if method is not Method.refit else (),
                seen_l2=() if known is None else known.l2,
                seen_linf=() if known is None else known.linf,
                trials=0 if known is None else known.trials,
                device="" if known is None else known.device,
            )
        )
    return found


def _per_layer(result: DeepNetworkCertificate) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the claimed bounds on and off the support, as they are spelled, for each layer of each network."""
    claim = result.claim("deep-network-error")
    if claim is None:
        return ()
    on, off = (_lists(claim[name]) for name in ("on", "off"))
    return tuple(tuple(zip(a, b, strict=True)) for a, b in zip(on, off, strict=True))


def _lists(value: object) -> list[list[str]]:
    return [[str(number) for number in numbers] for numbers in value] if isinstance(value, list) else []
