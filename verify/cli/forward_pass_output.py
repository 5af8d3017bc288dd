"""From what was typed to the report of a forward pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..networks.forward_pass import (
    LayerCodes,
    MeasuredLayer,
    Rule,
    TypicalPass,
    densities,
    forward_pass,
    measured_layers,
    observed_frequency,
    typical_pass,
)
from ..networks.forward_pass.layers import Layer
from ..networks.forward_pass.typical import code_lengths
from ..problems.recovery.clopper_pearson import confidence_level
from ..report.forward_pass import (
    ForwardPassReport,
    LayerRow,
    Observed,
    Point,
    SizeRow,
    render_json,
    render_terminal,
    write,
)
from ..theorems import theorem
from ..versions import versions
from .numbers import exact_number
from .options import Format

_MOST_POINTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for, as exact numbers."""

    sparsity: tuple[Fraction, ...]
    ranges: tuple[tuple[Fraction, ...], ...]
    noise: tuple[Fraction, ...]
    rule: str
    thresholds: tuple[Fraction, ...] | None
    signal: tuple[Fraction, ...] | None
    trials: int
    seed: int
    confidence: str
    sizes: tuple[Fraction, ...] = ()


def numbers(text: str, name: str) -> tuple[Fraction, ...]:
    """Return the numbers of a list such as `1,1/2,0.1`; raise InputError for anything else."""
    return tuple(exact_number(part.strip(), name) for part in text.split(","))


def forward_pass_report(dictionaries: Sequence[Layer], wishes: Wishes, command: str) -> ForwardPassReport:
    """Measure, follow the pass, run the trials, and return the report.

    Raises InputError for lists of other lengths than there are layers, and for all that a forward pass refuses.
    """
    layers, rule = measured_layers(dictionaries), Rule(wishes.rule)
    codes = _codes(wishes, len(layers))
    confidence = confidence_level(wishes.confidence)
    signal = None if wishes.signal is None else tuple(_whole(n, "--signal") for n in wishes.signal)
    passed = forward_pass(layers, codes, rule, wishes.thresholds)
    sizes = code_lengths(layers, signal)
    counted = all(isinstance(d, Dictionary) for d in dictionaries) or signal is not None
    typical = typical_pass(layers, codes, rule, signal) if counted and rule is not Rule.relu else None
    rows = [
        LayerRow(
            source=layer.dictionary.origin.source,
            size=_size(layer.dictionary),
            coherence=layer.coherence_upper,
            sparsity=found.codes.sparsity,
            least=found.codes.least,
            largest=found.codes.largest,
            noise=found.noise,
            lower=found.lower,
            upper=found.upper,
            threshold=found.threshold,
            error=found.error,
            level=found.level,
            missed=_missed(typical, j),
        )
        for j, (layer, found) in enumerate(zip(layers, passed.layers, strict=False))
    ]
    points: list[Point] = []
    if wishes.trials and counted:
        for j, found in enumerate(passed.layers):
            b = found.codes.least / 2 if found.threshold is None else found.threshold
            seen = _observed(layers[j], found.codes, rule, b, sizes[j], wishes, confidence, found.noise)
            rows[j] = replace(rows[j], observed=seen)
        points = _points(layers[0], codes[0], rule, signal, sizes[0], wishes, confidence)
    sizes_seen = _sizes(layers[0], codes[0], rule, wishes, confidence) if wishes.sizes else ()
    remarks = tuple(r for d in dictionaries for r in d.origin.remarks)
    if typical is None:
        remarks += (
            "no typical case: codes of relu have no random signs"
            if rule is Rule.relu
            else "no typical case and no trials: --signal says how many atoms there are",
        )
    named = {found.statement for found in passed.layers} | ({t.statement for t in typical.layers} if typical else set())
    named |= {"thresholding-next-layer-by-entries"} if len(layers) > 1 else set()
    return ForwardPassReport(
        rule=rule.value,
        depth=passed.depth,
        layers=tuple(rows),
        missed=None if typical is None else typical.probability_upper,
        points=tuple(points),
        sizes=sizes_seen,
        seed=wishes.seed,
        confidence=confidence,
        command=command,
        statements={name: theorem(name).statement for name in sorted(named)},
        remarks=remarks,
        versions=versions(),
    )


def write_forward_pass(model: ForwardPassReport, paths: Iterable[Path]) -> None:
    """Write the report in every format asked for, each file whole or not at all."""
    for path in paths:
        write(model, path)


def print_forward_pass(model: ForwardPassReport, output: Format) -> None:
    """Print the report on stdout."""
    if output is Format.json:
        import sys

        sys.stdout.write(render_json(model).decode())
        return
    from rich.console import Console

    render_terminal(model, Console(soft_wrap=False))


def _whole(value: Fraction, name: str) -> int:
    if value.denominator != 1:
        raise InputError(f"{name}: expected a whole number, got {value}")
    return int(value)


def _codes(wishes: Wishes, depth: int) -> list[LayerCodes]:
    def each(given: tuple, name: str) -> tuple:
        if len(given) not in (1, depth):
            raise InputError(f"{name}: expected one for all layers or {depth}, one for each, got {len(given)}")
        return given * depth if len(given) == 1 else given

    ranges, noise = each(wishes.ranges, "--range"), each(wishes.noise, "--noise")
    if len(wishes.sparsity) != depth:
        raise InputError(f"--sparsity: expected {depth}, one for each layer, got {len(wishes.sparsity)}")
    if any(len(ends) != 2 for ends in ranges):
        raise InputError(f"--range: expected MIN,MAX, got {len(next(e for e in ranges if len(e) != 2))} numbers")
    return [
        LayerCodes.of(_whole(s, "--sparsity"), least, largest, eps)
        for s, (least, largest), eps in zip(wishes.sparsity, ranges, noise, strict=True)
    ]


def _size(dictionary: Layer) -> str:
    if isinstance(dictionary, Dictionary):
        return f"{dictionary.shape[0]} x {dictionary.shape[1]}"
    (c, m), taps = dictionary.channels, " x ".join(map(str, dictionary.support))
    filters, channels = f"filter{'' if c == 1 else 's'}", f"channel{'' if m == 1 else 's'}"
    return f"{c} {filters} of {taps} taps on {m} {channels}, {dictionary.boundary}"


def _missed(typical: TypicalPass | None, at: int) -> Fraction | None:
    if typical is None or at >= len(typical.layers):
        return None
    return typical.layers[at].probability_upper


def _observed(
    layer: MeasuredLayer,
    codes: LayerCodes,
    rule: Rule,
    threshold: Fraction,
    lengths: Sequence[int] | None,
    wishes: Wishes,
    confidence: Fraction,
    noise: Fraction,
) -> Observed:
    seen = observed_frequency(
        layer, codes, rule, threshold, noise=noise, lengths=lengths, trials=wishes.trials, seed=wishes.seed,
        confidence=confidence,
    )  # fmt: skip
    return Observed(found=seen.found, trials=seen.trials, lower=seen.interval.lower, upper=seen.interval.upper)


def _sizes(
    layer: MeasuredLayer, codes: LayerCodes, rule: Rule, wishes: Wishes, confidence: Fraction
) -> tuple[SizeRow, ...]:
    """Return the first layer over the size of the signal, the same on every axis."""
    if isinstance(layer.dictionary, Dictionary):
        raise InputError("--sizes is for --convolutional")
    if not wishes.trials:
        raise InputError("--sizes: expected some --trials")
    axes = layer.dictionary.grid_axes
    sizes = [(_whole(n, "--sizes"),) * axes for n in wishes.sizes]
    found = densities(layer, codes, rule, sizes, trials=wishes.trials, seed=wishes.seed, confidence=confidence)
    return tuple(
        SizeRow(
            lengths=row.lengths,
            atoms=row.atoms,
            stripe=layer.others + 1,
            guaranteed=row.guaranteed,
            typical=row.typical,
            seen=row.seen,
            unseen=row.unseen,
            nonzeros=row.nonzeros,
        )
        for row in found
    )


def _points(
    layer: MeasuredLayer,
    codes: LayerCodes,
    rule: Rule,
    signal: Sequence[int] | None,
    lengths: Sequence[int] | None,
    wishes: Wishes,
    confidence: Fraction,
) -> list[Point]:
    """Return the first layer at sparsities from 1 to well above its level, with the threshold |x|_min/2."""
    level = forward_pass([layer], [codes], rule).layers[0].level
    last = min(layer.others + 1, max(8 * level, 2 * codes.sparsity, 4))
    wanted = sorted({round(last ** (i / (_MOST_POINTS - 1))) for i in range(_MOST_POINTS)})
    points: list[Point] = []
    for s in wanted:
        at, half = replace(codes, sparsity=s), codes.least / 2
        missed = None if rule is Rule.relu else typical_pass([layer], [at], rule, signal).probability_upper
        seen = _observed(layer, at, rule, half, lengths, wishes, confidence, codes.noise)
        proved = forward_pass([layer], [at], rule, [half]).failed is None
        points.append(Point(sparsity=s, guaranteed=proved, missed=missed, observed=seen))
    return points
