"""`verify certify-network`: how far a network's codes can be from the true ones, proved, beside what is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    StrideOption,
)
from .options import Atoms, AtomsOption, Format, FormatOption, KeyOption


def certify_network(
    network: Annotated[
        list[str],
        typer.Argument(
            metavar="NET",
            help="The network: a .safetensors file, with its .json beside it; for a chain one for the product of all "
            "dictionaries, or one for each, in order.",
        ),
    ],
    dictionary: Annotated[
        list[str],
        typer.Option(
            "--dictionary", metavar="SOURCE", help="The dictionary it is for; for a chain once for each, in order."
        ),
    ],
    sparsity: Annotated[
        str | None,
        typer.Option(
            "--sparsity",
            metavar="S",
            help="Codes with at most S nonzeros; for a chain S1,S2,... Default, for one dictionary: the most for which "
            "the network promises anything.",
            show_default=False,
        ),
    ] = None,
    bound: Annotated[
        str,
        typer.Option(
            "--bound", metavar="B", help="Codes with entries of at most B, as 1 or 1/3; for a chain also B1,B2,..."
        ),
    ] = "1",
    noise: Annotated[str, typer.Option("--noise", metavar="SIGMA", help="Noise of norm at most SIGMA.")] = "0",
    tolerances: Annotated[
        str | None,
        typer.Option("--tolerances", metavar="E1,E2,..", help="For a chain: model errors of at most these norms."),
    ] = None,
    smallest: Annotated[
        str | None,
        typer.Option(
            "--smallest", metavar="X", help="For a chain: no nonzero of the deepest code is below X; certify the refit."
        ),
    ] = None,
    arithmetic: Annotated[
        str,
        typer.Option("--arithmetic", metavar="NAME", help="ieee: the network's format; tf32, bf16: coarser products."),
    ] = "ieee",
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=0, help="How many codes to try the network on; 0: none.")
    ] = 1024,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Where the codes tried come from.")] = 0,
    device: Annotated[
        str, typer.Option("--device", metavar="DEVICE", help="Where the network is tried: cpu, or a torch device.")
    ] = "cpu",
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Write the certificate here.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option("--report", metavar="FILE", help="Write a report: .html, .md or .json; repeatable."),
    ] = None,
    output: FormatOption = Format.terminal,
    check_seconds: Annotated[
        float | None,
        typer.Option(
            "--check-seconds",
            min=0,
            metavar="SECONDS",
            help="The most the independent check may take, estimated beforehand. Default: 600.",
            show_default=False,
        ),
    ] = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
) -> int:
    """Bound the error of a network over a whole class of codes and noise, rounding included, and prove it.

    With --convolutional for signals of every size, S nonzeros in a stripe, noise under the taps of each atom.
    The class: at most S nonzeros, each at most B, and noise of norm at most SIGMA. Any network of these layers will do,
    trained or built. Beside the bound stands the greatest error seen on random, sign and adversarial codes.
    Exit code: 0 an error below B is proved, 3 nothing is promised or nothing was checked, 2 bad input.
    """
    seconds = 600.0 if check_seconds is None else check_seconds
    if len(dictionary) > 1:
        from ..errors import InputError
        from .deep_networks import certify

        _refuse_for_a_chain(noise, key)
        filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
        if convolutional:
            from .convolutional_chains import certify_filter_chain

            filtering.refuse_rows(atoms)
            if smallest is not None:
                raise InputError("--smallest is for a chain of matrices: leave it or --convolutional out")
            return certify_filter_chain(
                network,
                dictionary,
                filtering,
                (sparsity, bound, tolerances),
                {"arithmetic": arithmetic, "check_seconds": seconds},
                (min(trials, 16), seed, device),
                (certificate, report or [], output),
            )
        filtering.refuse_without()
        return certify(
            network,
            dictionary,
            numbers=(sparsity, bound, tolerances, smallest),
            arithmetic=arithmetic,
            observed=(trials, seed, device),
            outputs=(certificate, report or [], output),
            check_seconds=seconds,
            atoms=atoms.value,
        )
    level = _one_network(network, sparsity, tolerances, smallest)
    from ..certify.network import certify_network as run
    from ..certify.network import refuse_other_dictionary
    from ..dictionaries import load
    from ..networks.stored import load_network
    from .network_output import network_exit_code, network_report, print_network_report, write_network_reports
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    refuse_bad_outputs(report or [], certificate, [*network, str(Path(network[0]).with_suffix(".json")), *dictionary])
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    if convolutional:
        from .convolutional_networks import certify_filter_network

        filtering.refuse_rows(atoms)
        return certify_filter_network(
            network[0],
            dictionary[0],
            key,
            filtering,
            {
                "sparsity": level,
                "bound": bound,
                "noise": noise,
                "arithmetic": arithmetic,
                "check_seconds": seconds,
            },
            (min(trials, 64), seed, device),
            (certificate, report or [], output),
        )
    filtering.refuse_without()
    stored = load_network(network[0])
    read = load(dictionary[0], atoms=atoms.value, key=key)
    refuse_other_dictionary(stored, read)
    with progress_bar() as progress:
        result = run(
            stored,
            read,
            sparsity=level,
            bound=bound,
            noise=noise,
            arithmetic=arithmetic,
            check_seconds=seconds,
            progress=progress,
        )
        seen = result.observe(trials=trials, seed=seed, device=device) if trials else None
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    model = network_report(result, seen, network[0], certificate, searched=level is None)
    write_network_reports(model, report or [])
    print_network_report(model, output)
    if certificate is not None and result.certificate is None:
        typer.echo("verify: nothing is promised, so no certificate was written", err=True)
    return network_exit_code(model)


def _refuse_for_a_chain(noise: str, key: str | None) -> None:
    from ..errors import InputError

    if noise != "0" or key is not None:
        raise InputError("--noise and --key are for one dictionary: for a chain say --tolerances")


def _one_network(networks: list[str], sparsity: str | None, tolerances: str | None, smallest: str | None) -> int | None:
    """Return the level for one network; raise InputError for what is only for a chain."""
    from ..errors import InputError
    from .levels import levels_of

    if len(networks) > 1 or tolerances is not None or smallest is not None:
        raise InputError(
            "several networks, --tolerances and --smallest are for a chain: give --dictionary for each of it"
        )
    if sparsity is None:
        return None
    level, *others = levels_of(sparsity)
    if others:
        raise InputError(f"--sparsity: expected one level for one dictionary, got {sparsity[:40]!r}")
    return level
