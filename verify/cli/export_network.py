"""`verify export-network` and `verify import-network`: networks to ONNX, and trained networks from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .build_network import refuse_no_network
from .options import Atoms, AtomsOption, KeyOption

Network = Annotated[
    str, typer.Argument(metavar="NET", help="The network: a .safetensors file, with its .json beside it.")
]


def export_network(
    network: Network,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file: .onnx.")],
) -> int:
    """Write a network as an ONNX graph made of exactly its floats.

    Before it is written onnxruntime runs it, and each layer must be within rounding of what torch computes.
    """
    from ..files import shown
    from ..networks.export_onnx import export_onnx
    from ..networks.stored import load_network
    from .output import refuse_bad_outputs

    refuse_bad_outputs([], output, [network, str(Path(network).with_suffix(".json"))])
    stored = load_network(network)
    found = export_onnx(stored, output)
    typer.echo(f"Network {stored.digest}")
    if found.unchecked is not None:
        remark = "only its form was checked, not what it computes"
        typer.echo(f"verify: {shown(output)}: {remark}: {found.unchecked}", err=True)
        return 0
    typer.echo(
        f"{found.runtime} and torch agree on {found.signals} signals: codes at most {found.difference:.2g} apart, no "
        f"layer by more than {found.share:.2g} of what its rounding allows"
    )
    return 0


def import_network(
    tensors: Annotated[
        str, typer.Argument(metavar="FILE", help="Tensors named as docs/networks.md says: .safetensors.")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="NET", help="The file: .safetensors; a .json is written beside it."),
    ],
    dictionary: Annotated[
        str | None,
        typer.Option(
            "--dictionary",
            metavar="SOURCE",
            help="The dictionary it is for; needed where layers have weights and no synthesis.",
            show_default=False,
        ),
    ] = None,
    nonnegative: Annotated[bool, typer.Option("--nonnegative", help="Its codes are non-negative.")] = False,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
) -> int:
    """Turn a trained LISTA, LISTA-CP or ALISTA into a network that `verify certify-network` reads."""
    from ..dictionaries import load
    from ..networks.outside import load_outside
    from ..networks.stored import save_network
    from .output import refuse_bad_outputs

    inputs = [tensors, *([] if dictionary is None else [dictionary])]
    refuse_bad_outputs([], output, inputs)
    refuse_bad_outputs([], output.with_suffix(".json"), inputs)
    refuse_no_network(output)
    read = None if dictionary is None else load(dictionary, atoms=atoms.value, key=key)
    network = load_outside(tensors, read, nonnegative=nonnegative)
    save_network(network, output)
    typer.echo(f"Network {network.digest}\n{network.depth} layers, {network.dtype.value}")
    return 0
