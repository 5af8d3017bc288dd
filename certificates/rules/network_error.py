"""The rule that bounds the error of a stored network over a class of codes and noise (SPEC.md section 6.10)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add

from .dictionary import Dictionary
from .network_activations import activation_error
from .network_layers import Errors, LayerStep, greatest
from .network_matrices import (
    LARGEST_WEIGHT,
    DenseMaps,
    LayerMaps,
    LayerMatrices,
    Lowered,
    layer_matrices,
    lowered,
    matrices_work,
)
from .network_rounding import ARITHMETICS, Arithmetic, SignalBound, layer_rounding
from .stored_network import Layer, Network, NetworkInstance, runs
from .values import Fields, Reject, Statement, Task, rational, spell, squaring_work

MOST_BITS = 2000

RowNoise = Callable[[Lowered], list[int]]
"""From the rows of V to bounds of |V_i e|, e the noise before the signal is rounded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The class of codes and noise, the arithmetic, and the bounds of every layer that are to be proved."""

    sparsity: int
    bound: Fraction
    noise: Fraction
    arithmetic: Arithmetic
    bits: int
    on: list[Fraction]
    off: list[Fraction]

    def units(self, value: Fraction) -> int:
        """Return a rational number in units of 2^-bits, rounded up."""
        return math.ceil(value * (1 << self.bits))


def network_error(instance: NetworkInstance, evidence: object) -> Task:
    """Bounds of the error after every layer, on the support and off it, and at the end in two norms."""
    if instance.network.activation.name not in ("relu", "leaky-relu"):
        raise Reject("this rule is for networks of relu or leaky ReLU")
    return _network_error(instance, evidence)


def network_error_of_smooth_activation(instance: NetworkInstance, evidence: object) -> Task:
    """Likewise where a smooth function stands for relu, as evaluated by a library."""
    if instance.network.activation.name in ("relu", "leaky-relu"):
        raise Reject("this rule is for networks of smooth activations")
    return _network_error(instance, evidence)


def _network_error(instance: NetworkInstance, evidence: object) -> Task:
    names = ("arithmetic", "bits", "bound", "l2", "linf", "noise", "off", "on", "sparsity")
    fields = Fields(evidence, names)
    dictionary, network = instance.dictionary, instance.network
    asked = read_asked(fields, network)
    l2, linf = (rational(fields.raw(name), name) for name in ("l2", "linf"))
    refuse_weights(dictionary, network)
    activation_error(network, asked.arithmetic, asked.bits)

    def derive(_: Sequence[Statement]) -> Statement:
        scale = 1 << asked.bits
        errors = Errors([], [], [])
        for at, errors in enumerate(layer_errors(instance, asked)):
            for name, values, wanted in (("on", errors.on, asked.on[at]), ("off", errors.off, asked.off[at])):
                if max(values) > wanted * scale:
                    raise Reject(f"{name}[{at}] is not proved")
        if max(*errors.on, *errors.off) > linf * scale:
            raise Reject("linf is not proved")
        if errors.norm(asked.sparsity) > l2 * scale:
            raise Reject("l2 is not proved")
        return {
            "kind": "network-error",
            "arithmetic": fields.raw("arithmetic"),
            "bound": spell(asked.bound),
            "l2": spell(l2),
            "linf": spell(linf),
            "noise": spell(asked.noise),
            "nonnegative": network.nonnegative,
            "off": [spell(value) for value in asked.off],
            "on": [spell(value) for value in asked.on],
            "sparsity": asked.sparsity,
        }

    numbers = (asked.bound, asked.noise, l2, linf, *asked.off, *asked.on)
    size = squaring_work(part for value in numbers for part in value.as_integer_ratio())
    return Task((), recursion_work(instance, asked.bits) + size, derive, size)


def read_asked(fields: Fields, network: Network) -> Asked:
    """Read the evidence and refuse what is no class or what is too large to be bounded."""
    bits, sparsity = fields.natural("bits"), fields.natural("sparsity")
    if bits > MOST_BITS:
        raise Reject(f"bits is above {MOST_BITS}")
    if not 1 <= sparsity <= network.n:
        raise Reject(f"sparsity is not from 1 to {network.n}")
    bound, noise = (rational(fields.raw(name), name) for name in ("bound", "noise"))
    on, off = fields.rationals("on"), fields.rationals("off")
    if not len(on) == len(off) == len(network.layers):
        raise Reject("on and off do not have one bound for each layer")
    if min(bound, noise) < 0 or max(bound, noise, *on, *off) > 1 << LARGEST_WEIGHT:
        raise Reject(f"bound and noise are not from 0 to 2^{LARGEST_WEIGHT}, or on and off exceed that")
    arithmetic = Arithmetic.of(fields.choice("arithmetic", ARITHMETICS), network.format)
    return Asked(sparsity, bound, noise, arithmetic, bits, on, off)


def refuse_weights(dictionary: Dictionary, network: Network) -> None:
    """Raise Reject for weights and entries that are too large to be bounded, and for a negative threshold."""
    refuse_tensors(network)
    for scale, atom in zip(dictionary.scale, dictionary.real, strict=True):
        if max(max(atom), -min(atom)) * scale.numerator > scale.denominator << LARGEST_WEIGHT:
            raise Reject(f"an entry of the dictionary is above 2^{LARGEST_WEIGHT}")


def refuse_tensors(network: Network) -> None:
    """Raise Reject for weights that are too large to be bounded, and for a negative threshold."""
    if max(tensor.largest for tensor in network.tensors.values()) > 1 << LARGEST_WEIGHT:
        raise Reject(f"a weight of the network is above 2^{LARGEST_WEIGHT}")
    for layer in network.layers:
        if min(network.tensors[layer.threshold].values) < 0:
            raise Reject("a threshold is negative")


def layer_errors(instance: NetworkInstance, asked: Asked, row_noise: RowNoise | None = None) -> Iterator[Errors]:
    """Yield the bounds after every layer; raise Reject where a sum may overflow or has no error bound.

    All that is known of the noise is its norm, or more: `row_noise`.
    """
    return errors_of_layers(DenseMaps(instance), asked, row_noise)


def errors_of_layers(maps: LayerMaps, asked: Asked, row_noise: RowNoise | None = None) -> Iterator[Errors]:
    """Likewise, for what the rows of a layer see: all atoms, or those of a stripe; the greatest of all its parts."""
    parts = [_Recursion(part, asked, row_noise) for part in maps.parts]
    errors = parts[0].start()
    for at, layer in enumerate(maps.network.layers):
        errors = greatest([part.after(at, layer, errors) for part in parts])
        yield errors


class _Recursion:
    """The recursion for rows that see the same: layer by layer, with the matrices of the last layer at hand."""

    def __init__(self, maps: LayerMaps, asked: Asked, row_noise: RowNoise | None) -> None:
        bits = asked.bits
        self._maps, self._asked, self._row_noise = maps, asked, row_noise
        self._bound, self._noise = asked.units(asked.bound), asked.units(asked.noise)
        norms = maps.atoms(bits).norms
        self._signal = SignalBound.of(norms, asked.sparsity, (self._bound, self._noise), bits, maps.network)
        self._activation = activation_error(maps.network, asked.arithmetic, bits)
        self._kept: dict[tuple[str | None, str], LayerMatrices] = {}
        self._noises: list[int] = []

    def start(self) -> Errors:
        """Return the bounds before the first layer."""
        zeros, full = [0] * len(self._maps.own), [self._bound] * len(self._maps.own)
        return Errors(zeros if self._maps.network.one_sided else full, full, zeros)

    def after(self, at: int, layer: Layer, errors: Errors) -> Errors:
        """Return the bounds after layer `at`."""
        maps, asked, bound, signal = self._maps, self._asked, self._bound, self._signal
        network, bits, s = maps.network, asked.bits, asked.sparsity
        if layer.matrices not in self._kept:
            self._kept.clear()
            self._kept[layer.matrices] = layer_matrices(maps, layer, (s, bound), bits)
            self._noises = _noises(self._kept[layer.matrices], signal.noise, self._noise, self._row_noise, bits)
        matrices = self._kept[layer.matrices]
        state = _state(layer, matrices, errors.spread(maps.kinds), asked, bound)
        rounding = layer_rounding(asked.arithmetic, network, matrices, signal, state, bits)
        step = LayerStep(
            matrices=matrices,
            rounding=rounding,
            activation=self._activation,
            thresholds=lowered(network.tensors[layer.threshold].values, bits),
            residual=layer.residual,
            sparsity=s,
            bound=bound,
            noises=self._noises,
            bits=bits,
            limit=1 << (network.format.highest - 3 + bits),
            own=maps.own,
            kinds=maps.kinds,
        )
        try:
            return step.after(errors)
        except Reject as reason:
            raise Reject(f"layer {at}: {reason}") from None


def _noises(matrices: LayerMatrices, signal: int, noise: int, row_noise: RowNoise | None, bits: int) -> list[int]:
    """Bound |V_i e| for the noise with the rounding of the signal, `signal` in norm, of which `noise` is without it."""
    plain = [-(-norm * signal >> bits) for norm in matrices.norms]
    if row_noise is None:
        return plain
    rounded = (-(-norm * (signal - noise) >> bits) for norm in matrices.norms)
    known = map(add, row_noise(matrices.signal), rounded)
    return list(map(min, plain, known))


def _state(
    layer: Layer, matrices: LayerMatrices, errors: Errors, asked: Asked, bound: int
) -> tuple[int, int, int, int]:
    """Return what `layer_rounding` wants to know about x: nonzeros, entries, |D'||x| and D x* - D' x."""
    sizes = errors.sizes(bound)
    nonzeros = asked.sparsity if not any(errors.off) else len(errors.off)
    entries = max(*sizes.on, *sizes.off)
    if not layer.residual:
        return (0 if layer.first is None else nonzeros), entries, 0, 0
    image = sizes.weighted(matrices.columns, asked.sparsity, asked.bits)
    change = errors.weighted(matrices.columns, asked.sparsity, asked.bits)
    change -= -bound * sum(sorted(matrices.differences)[-asked.sparsity :]) >> asked.bits
    return nonzeros, entries, image, change


def recursion_work(instance: NetworkInstance, bits: int) -> int:
    """Return the work of `layer_errors`."""
    dictionary, network = instance.dictionary, instance.network
    m, n = network.m, network.n
    digits = (bits + 3 * LARGEST_WEIGHT) // 30 + 2
    work = runs(network.layers) * max(matrices_work(dictionary, network, layer, bits) for layer in network.layers)
    sides = 2 if network.nonnegative else 1
    work += len(network.layers) * sides * n * (n * (500 + 4 * digits * digits) + 20000 + 100 * digits * digits)
    return work + 2 * m * n * (2000 + 4 * digits * digits)
