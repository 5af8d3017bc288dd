"""`verify build-network`: an explicit network for the sparse codes of a dictionary."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from .options import Atoms, AtomsOption, KeyOption, Source

if TYPE_CHECKING:
    from ..networks.build import BuiltNetwork


class ActivationName(StrEnum):
    """What stands for relu."""

    relu = "relu"
    leaky_relu = "leaky-relu"
    elu = "elu"
    gelu = "gelu"
    gelu_tanh = "gelu-tanh"
    mish = "mish"
    silu = "silu"
    softplus = "softplus"


class DTypeName(StrEnum):
    """The floating-point format."""

    float32 = "float32"
    float64 = "float64"


class FormName(StrEnum):
    """How a layer is stored and evaluated."""

    auto = "auto"
    state = "state"
    residual = "residual"


def build_network(
    source: Source,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="NET", help="The file: .safetensors; a .json is written beside it."),
    ],
    sparsity: Annotated[int, typer.Option("--sparsity", metavar="S", help="Codes with at most S nonzeros.")],
    bound: Annotated[str, typer.Option("--bound", metavar="B", help="Codes with entries of at most B, as 1 or 1/3.")],
    noise: Annotated[str, typer.Option("--noise", metavar="SIGMA", help="Noise of norm at most SIGMA.")],
    layers: Annotated[
        int | None, typer.Option("--layers", metavar="K", help="The number of layers.", show_default=False)
    ] = None,
    error: Annotated[
        str | None,
        typer.Option("--error", metavar="E", help="As many layers as an error of E needs.", show_default=False),
    ] = None,
    activation: Annotated[
        ActivationName, typer.Option("--activation", help="What stands for relu.")
    ] = ActivationName.relu,
    nonnegative: Annotated[
        bool, typer.Option("--nonnegative", help="Non-negative codes: one unit per entry and layer instead of two.")
    ] = False,
    weights: Annotated[
        str,
        typer.Option(
            "--weights",
            metavar="FILE",
            help="generalized: those of the generalized coherence; dictionary: the atoms; or an m x n matrix.",
        ),
    ] = "generalized",
    dtype: Annotated[DTypeName, typer.Option("--dtype", help="The format it is stored and evaluated in.")] = (
        DTypeName.float32
    ),
    form: Annotated[
        FormName, typer.Option("--form", help="n^2 multiplications a layer, or 2 m n; auto: what is less.")
    ] = FormName.auto,
    arithmetic: Annotated[
        str,
        typer.Option("--arithmetic", metavar="NAME", help="ieee: the network's format; tf32, bf16: coarser products."),
    ] = "ieee",
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
) -> int:
    """Build a network of ReLUs that computes the S-sparse codes of a dictionary, in closed form.

    With --convolutional a network of convolutions for signals of every size: S counts the nonzeros in a stripe, and
    SIGMA bounds the noise under the taps of each atom.
    What is printed is planned; `verify certify-network` proves it.
    """
    from ..dictionaries import load
    from ..errors import InputError
    from ..networks.build import build_unrolled
    from ..networks.stored import save_network
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    named = weights in ("generalized", "dictionary")
    refuse_bad_outputs([], output, [source, *([] if named else [weights])])
    refuse_bad_outputs([], output.with_suffix(".json"), [source, *([] if named else [weights])])
    refuse_no_network(output)
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    if convolutional:
        from .convolutional_networks import build_filter_network

        if activation is not ActivationName.relu or form is not FormName.auto:
            raise InputError("--activation and --form are not for networks of convolutions, which have ReLUs")
        options = {
            "sparsity": sparsity,
            "bound": bound,
            "noise": noise,
            "layers": layers,
            "error": error,
            "weights": weights,
            "nonnegative": nonnegative,
            "dtype": dtype.value,
            "arithmetic": arithmetic,
        }
        return build_filter_network(source, key, filtering, output, options)
    filtering.refuse_without()
    dictionary = load(source, atoms=atoms.value, key=key)
    with progress_bar() as progress:
        built = build_unrolled(
            dictionary,
            sparsity=sparsity,
            bound=bound,
            noise=noise,
            layers=layers,
            error=error,
            weights=weights if named else load(weights, atoms=atoms.value).real,
            nonnegative=nonnegative,
            dtype=dtype.value,
            activation=activation.value,
            form=form.value,
            arithmetic=arithmetic,
            progress=progress,
        )
    save_network(built.network, output)
    typer.echo(_summary(built))
    return 0


def refuse_no_network(path: Path) -> None:
    """Raise InputError for a network that is not named .safetensors."""
    from ..errors import InputError
    from ..files import shown

    if path.suffix.lower() != ".safetensors":
        raise InputError(f"{shown(path)}: expected a network named .safetensors, got {path.suffix[:20]!r}")


def _summary(built: BuiltNetwork) -> str:
    network, counts, codes = built.network, built.network.counts, built.codes
    unit = network.activation
    scale = "" if unit.tau is None else f", scaled by tau = {unit.tau} (weights grow by {built.weight_growth:g})"
    return "\n".join(
        [
            f"Network {network.digest}",
            f"{counts.layers} layers of {counts.units // counts.layers} {unit.name} units{scale}, {network.dtype.value}"
            f": {counts.weights} weights, {counts.stored} numbers stored",
            f"Codes with at most {codes.sparsity} nonzeros (the level of the weights is {built.level}), entries up to "
            f"{float(codes.bound):g}, noise up to {float(codes.noise):g}",
            f"Planned error, largest entry: {built.plan.linf[-1]:.3g}, a factor of {built.rate:.4g} a layer at most "
            "(verify certify-network proves it)",
        ]
    )
