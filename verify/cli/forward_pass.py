"""`verify forward-pass`: which supports one forward pass through a stack of layers provably finds."""

from __future__ import annotations

import shlex
from enum import StrEnum
from typing import Annotated

import typer

from .forward_pass_layers import Layers
from .options import Atoms, AtomsOption, Format, FormatOption, ReportOption


class RuleName(StrEnum):
    """What a layer does to D^T y."""

    hard = "hard"
    soft = "soft"
    relu = "relu"


def forward_pass(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="D1 [D2..]", help="The dictionary of each layer, the one of the signal first."),
    ],
    sparsity: Annotated[
        str, typer.Option("--sparsity", metavar="S1,S2,..", help="The most nonzeros of each code (of a stripe of it).")
    ],
    ranges: Annotated[
        list[str],
        typer.Option("--range", metavar="MIN,MAX", help="Moduli of the nonzeros; once for all layers, or once each."),
    ],
    noise: Annotated[
        str, typer.Option("--noise", metavar="E1,E2,..", help="Bound of |d_i^T e| in each layer, or one for all.")
    ] = "0",
    threshold: Annotated[
        RuleName, typer.Option("--threshold", help="Hard or soft thresholding, or ReLU for codes >= 0.")
    ] = RuleName.soft,
    thresholds: Annotated[
        str | None,
        typer.Option("--thresholds", metavar="B1,B2,..", help="Of each layer. Default: the best.", show_default=False),
    ] = None,
    convolutional: Annotated[
        bool, typer.Option("--convolutional", help="The sources are filters; --sparsity counts in stripes.")
    ] = False,
    axes: Annotated[
        list[str] | None,
        typer.Option(
            "--axes",
            metavar="LETTERS",
            help="With --convolutional, what each axis is: c filters, m channels, h rows, w columns, t taps. This and "
            "the next four: once for all layers, once each, or as 2:1 with a part for each.",
            show_default=False,
        ),
    ] = None,
    stride: Annotated[
        list[str] | None,
        typer.Option("--stride", metavar="N[,N]", help="With --convolutional: 1 by default.", show_default=False),
    ] = None,
    dilation: Annotated[
        list[str] | None,
        typer.Option("--dilation", metavar="N[,N]", help="With --convolutional: 1 by default.", show_default=False),
    ] = None,
    groups: Annotated[
        list[str] | None,
        typer.Option("--groups", metavar="N", help="With --convolutional: 1 by default.", show_default=False),
    ] = None,
    boundary: Annotated[
        list[str] | None,
        typer.Option(
            "--boundary",
            metavar="NAME",
            help="With --convolutional: full (the default), circular or same.",
            show_default=False,
        ),
    ] = None,
    signal: Annotated[
        str | None,
        typer.Option(
            "--signal",
            metavar="N[,N]",
            help="With --convolutional, the signal's lengths, for the typical case and trials.",
            show_default=False,
        ),
    ] = None,
    trials: Annotated[
        int, typer.Option("--trials", metavar="N", min=0, help="How many random codes to try in each layer; 0: none.")
    ] = 200,
    sizes: Annotated[
        str | None,
        typer.Option(
            "--sizes",
            metavar="N1,N2,..",
            help="With --convolutional, draw what the first layer finds for signals of these lengths (on each axis).",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Where all random numbers come from.")] = 0,
    confidence: Annotated[str, typer.Option("--confidence", metavar="P", help="Of each interval.")] = "0.95",
    atoms: AtomsOption = Atoms.columns,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="NAME",
            help="Which array is the dictionary, where its file holds several; once for all layers, or once each.",
            show_default=False,
        ),
    ] = None,
    report: ReportOption = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Follow one forward pass, layer by layer with its growing error: are the supports of all codes found?

    Beside that: a bound of the probability that random signs are missed, and what random codes show.
    Exit code: 0 every support of every layer is found, 3 a layer fails (which, and by how much), 2 bad input.
    """
    from ..errors import InputError
    from .forward_pass_output import Wishes, forward_pass_report, numbers, print_forward_pass, write_forward_pass
    from .output import refuse_bad_outputs

    refuse_bad_outputs(report or [], None, sources)
    read = Layers.of(
        sources,
        {"axes": axes, "stride": stride, "dilation": dilation, "groups": groups, "boundary": boundary, "key": key},
        convolutional=convolutional,
        atoms=atoms.value,
    )
    if not convolutional and signal is not None:
        raise InputError("--signal is for --convolutional")
    layers = read.load()
    command = ["verify", "forward-pass", *sources, "--sparsity", sparsity]
    command += [word for text in ranges for word in ("--range", text)]
    command += ["--noise", noise, "--threshold", threshold.value, "--trials", str(trials), "--seed", str(seed)]
    command += ["--confidence", confidence] + ([] if thresholds is None else ["--thresholds", thresholds])
    command += [*read.typed, *([] if signal is None else ["--signal", signal])]
    command += [] if sizes is None else ["--sizes", sizes]
    wishes = Wishes(
        sparsity=numbers(sparsity, "--sparsity"),
        ranges=tuple(numbers(text, "--range") for text in ranges),
        noise=numbers(noise, "--noise"),
        rule=threshold.value,
        thresholds=None if thresholds is None else numbers(thresholds, "--thresholds"),
        signal=None if signal is None else numbers(signal, "--signal"),
        trials=trials,
        seed=seed,
        confidence=confidence,
        sizes=() if sizes is None else numbers(sizes, "--sizes"),
    )
    model = forward_pass_report(layers, wishes, shlex.join(command))
    write_forward_pass(model, report or [])
    print_forward_pass(model, output)
    return 0 if model.failed is None else 3
