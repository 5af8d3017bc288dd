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
from .options import Atoms, AtomsOption, DeepOption, KeyOption, Sources, TolerancesOption

if TYPE_CHECKING:
    from ..networks.build import BuiltNetwork
    from ..networks.convolutional.general_construction import SequenceCNN


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


class MethodName(StrEnum):
    """How the networks of a chain compute its codes."""

    deepest_first = "deepest-first"
    layer_by_layer = "layer-by-layer"
    refit = "refit"


class FormName(StrEnum):
    """How a layer is stored and evaluated."""

    auto = "auto"
    state = "state"
    residual = "residual"


def build_network(
    source: Sources,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="NET", help="The file: .safetensors; a .json is written beside it."),
    ],
    sparsity: Annotated[
        str,
        typer.Option(
            "--sparsity", metavar="S", help="Codes with at most S nonzeros; with --deep one S for each source."
        ),
    ],
    bound: Annotated[
        str,
        typer.Option(
            "--bound",
            metavar="B",
            help="Codes with entries of at most B, as 1 or 1/3; with --deep one B or one for each.",
        ),
    ],
    noise: Annotated[
        str | None, typer.Option("--noise", metavar="SIGMA", help="Noise of norm at most SIGMA.", show_default=False)
    ] = None,
    deep: DeepOption = False,
    tolerances: TolerancesOption = None,
    method: Annotated[
        MethodName | None,
        typer.Option(
            "--method",
            help="With --deep: one network for the product, or one for each (default); see docs/deep.md.",
            show_default=False,
        ),
    ] = None,
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
    tau: Annotated[
        str | None,
        typer.Option(
            "--tau", metavar="T", help="The scale of a smooth activation: a power of two, as 1/64.", show_default=False
        ),
    ] = None,
    nonnegative: Annotated[
        bool, typer.Option("--nonnegative", help="Non-negative codes: one unit per entry and layer instead of two.")
    ] = False,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights",
            metavar="FILE",
            help="generalized: those of the generalized coherence; balanced: shorter ones where there is noise; "
            "dictionary: the atoms; or an m x n matrix. Default: generalized, with --convolutional balanced.",
            show_default=False,
        ),
    ] = None,
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
    as_cnn: Annotated[
        bool,
        typer.Option(
            "--as-cnn", help="Also write it as a 1-D CNN with exactly the same codes: NET.cnn.json, beside NET."
        ),
    ] = False,
    kernel_size: Annotated[
        int | None,
        typer.Option(
            "--kernel-size", metavar="R", help="With --as-cnn, of its kernels. Default: 3.", show_default=False
        ),
    ] = None,
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

    With --deep the sources are a chain: one network for their product, or NET.1, NET.2, .. for each of them.
    With --convolutional a network of convolutions for signals of every size: S counts the nonzeros in a stripe, and
    SIGMA bounds the noise under the taps of each atom; with --deep too, a chain of filters: --stride 2:1 and so on have
    a part for each source.
    What is printed is planned; `verify certify-network` proves it.
    """
    from ..dictionaries import load
    from ..errors import InputError
    from ..networks.activations import Activation
    from ..networks.build import build_unrolled
    from ..networks.code_class import exact_between
    from ..networks.convolutional.general_construction import SequenceCNN, refuse_no_cnn
    from ..networks.convolutional.sequence_stored import description_path, save_sequence_cnn
    from ..networks.stored import save_network
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    unit = activation.value
    scaled = unit if tau is None else Activation(name=unit, tau=exact_between(tau, "tau"))
    if method is not None and not deep:
        raise InputError("--method is for a chain: add --deep")
    method = method or MethodName.layer_by_layer
    if deep:
        from .deep_networks import build

        if noise is not None or nonnegative or key is not None:
            raise InputError("--noise, --nonnegative and --key are for one dictionary: with --deep say --tolerances")
        if as_cnn or kernel_size is not None:
            raise InputError("--as-cnn and --kernel-size are for one dictionary: leave them or --deep out")
        filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
        if convolutional:
            from .convolutional_chains import build_filter_chain

            filtering.refuse_rows(atoms)
            if method is MethodName.refit:
                raise InputError("--method: expected layer-by-layer or deepest-first for a chain of filters, got refit")
            _refuse_no_relu(activation, form, tau)
            return build_filter_chain(
                source,
                output,
                filtering,
                (sparsity, bound, tolerances),
                {
                    "method": method.value,
                    "layers": layers,
                    "error": error,
                    "weights": weights or "generalized",
                    "dtype": dtype.value,
                    "arithmetic": arithmetic,
                },
            )
        filtering.refuse_without()
        typer.echo(
            build(
                source,
                output,
                numbers=(sparsity, bound, tolerances),
                method=method.value,
                options={
                    "layers": layers,
                    "error": error,
                    "weights": weights or "generalized",
                    "dtype": dtype.value,
                    "activation": scaled,
                    "form": form.value,
                    "arithmetic": arithmetic,
                },
                atoms=atoms.value,
            )
        )
        return 0
    level = _one_dictionary(source, sparsity, noise, tolerances)
    weights = weights or ("balanced" if convolutional else "generalized")
    named = weights in ("generalized", "balanced", "dictionary")
    refuse_bad_outputs([], output, [*source, *([] if named else [weights])])
    refuse_bad_outputs([], output.with_suffix(".json"), [*source, *([] if named else [weights])])
    refuse_no_network(output)
    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    if convolutional:
        from .convolutional_networks import build_filter_network

        filtering.refuse_rows(atoms)
        if as_cnn or kernel_size is not None:
            raise InputError("--as-cnn and --kernel-size are not for networks of convolutions")
        _refuse_no_relu(activation, form, tau)
        options = {
            "sparsity": level,
            "bound": bound,
            "noise": noise,
            "layers": layers,
            "error": error,
            "weights": weights,
            "nonnegative": nonnegative,
            "dtype": dtype.value,
            "arithmetic": arithmetic,
        }
        return build_filter_network(source[0], key, filtering, output, options)
    filtering.refuse_without()
    if kernel_size is not None and not as_cnn:
        raise InputError("--kernel-size is for --as-cnn")
    kernel = 3 if kernel_size is None else kernel_size
    if as_cnn:
        refuse_no_cnn(kernel, activation.value)
        refuse_bad_outputs([], description_path(output), [*source, *([] if named else [weights])])
    dictionary = load(source[0], atoms=atoms.value, key=key)
    with progress_bar() as progress:
        built = build_unrolled(
            dictionary,
            sparsity=level,
            bound=bound,
            noise=noise,
            layers=layers,
            error=error,
            weights=weights if named else load(weights, atoms=atoms.value).real,
            nonnegative=nonnegative,
            dtype=dtype.value,
            activation=scaled,
            form=form.value,
            arithmetic=arithmetic,
            progress=progress,
        )
    if not as_cnn:
        save_network(built.network, output)
        typer.echo(_summary(built))
        return 0
    cnn = SequenceCNN.of(built.network, kernel)
    save_sequence_cnn(cnn, output)
    typer.echo(f"{_summary(built)}\n{_cnn_summary(cnn)}")
    return 0


def _refuse_no_relu(activation: ActivationName, form: FormName, tau: str | None) -> None:
    """Raise InputError for what networks of convolutions do not have."""
    from ..errors import InputError

    if activation is not ActivationName.relu or form is not FormName.auto or tau is not None:
        raise InputError("--activation, --tau and --form are not for networks of convolutions, which have ReLUs")


def _one_dictionary(source: list[str], sparsity: str, noise: str | None, tolerances: str | None) -> int:
    """Return the level for one dictionary; raise InputError for what is only for a chain."""
    from ..errors import InputError
    from .levels import levels_of

    if len(source) > 1 or tolerances is not None:
        raise InputError("several dictionaries, and --tolerances, are for a chain: say --deep")
    level, *others = levels_of(sparsity)
    if others:
        raise InputError(f"--sparsity: expected one level for one dictionary, got {sparsity[:40]!r}")
    if noise is None:
        raise InputError("Missing option '--noise': a bound of the norm of the noise, as 0.01 or 0")
    return level


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


def _cnn_summary(cnn: SequenceCNN) -> str:
    counts, steps = cnn.counts, cnn.network.depth
    return "\n".join(
        [
            f"As a CNN: {counts.layers} layers ({counts.layers // steps} a step), kernels of size {cnn.kernel_size} "
            f"and 1, up to {counts.channels} channels; {counts.nonzero} weights that are not 0, of {counts.weights}",
            "Its codes are those of the network: a certificate of the network in ieee arithmetic is one of the CNN",
        ]
    )
