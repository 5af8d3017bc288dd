"""Certify the error of a network of convolutions for signals of every size, and set it beside what is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import certificates
from certificates.format import Draft, rational
from certificates.networks import network_from_bytes

from ..dictionaries.convolutional import ConvolutionalDictionary, Lengths
from ..errors import InputError, LimitError
from ..networks.code_class import LARGEST, CodeClass
from ..networks.convolutional.matrices import bounder, refuse_unfit
from ..networks.convolutional.observed import ConvolutionalObserved, observe_convolutional
from ..networks.convolutional.unrolled import ConvolutionalNetwork
from ..networks.error_bounds import ErrorBounds
from ..networks.unrolled import Code
from ..progress import Progress, silent
from ..versions import PRODUCER
from .cards_of_filters import filter_network_card
from .certificate import Certificate
from .check_convolutional import SIZES, filters_subject
from .network import CHECK_SECONDS, Promise, ProvedByLayer, largest_promise, promise
from .network_writer import short_upper
from .raised_bounds import Answered, raised_until_accepted

_SPARE, _MOST_BITS = 24, 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalCertificate(ProvedByLayer):
    """What `certify_convolutional_network` found, for the sparsity of stripes."""

    network: ConvolutionalNetwork = field(repr=False)
    dictionary: ConvolutionalDictionary = field(repr=False)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return filter_network_card(self.network, self.answer)

    def observe(
        self,
        *,
        trials: int = 64,
        seed: int = 0,
        device: str = "cpu",
        lengths: Lengths | Sequence[Lengths] | None = None,
    ) -> ConvolutionalObserved:
        """Run the network on hard codes of the class; see `observe_convolutional`.

        Raises ContradictionError if an error is seen that the checker has proved impossible, which is a bug.
        """
        codes = self.promise.codes
        seen = observe_convolutional(
            self.network, self.dictionary, codes, trials=trials, seed=seed, device=device, lengths=lengths
        )
        self.refuse_impossible(seen.on, seen.off)
        return seen


def certify_convolutional_network(
    network: ConvolutionalNetwork,
    dictionary: ConvolutionalDictionary,
    *,
    sparsity: int | None = None,
    bound: object = 1,
    noise: object = 0,
    arithmetic: str = "ieee",
    check_seconds: float = CHECK_SECONDS,
    progress: Progress = silent,
) -> ConvolutionalCertificate:
    """Bound |x - x*|_inf after every layer for all codes and noise of a class, for signals of every size, and prove it.

    The class has at most `sparsity` nonzeros in a stripe, |x*_i| <= `bound`, and noise of norm at most `noise` on the
    patch of every atom; without `sparsity` the largest at which the network promises anything. Any network of these
    layers will do. Guarantee, errors: as `certify_network`.
    """
    known = bounder(network, dictionary)

    def at(level: int) -> Promise:
        return promise(network, known, CodeClass.of(level, bound, noise, network.stripe, in_stripe=True), arithmetic)

    found = largest_promise(at, network.stripe) if sparsity is None else at(sparsity)
    progress("independent check", 0, 1)
    certificate, answer, work = _proved(network, dictionary, found, check_seconds)
    progress("independent check", 1, 1)
    return ConvolutionalCertificate(
        network=network, dictionary=dictionary, promise=found, certificate=certificate, answer=answer, work=work
    )


def filter_network_subject(network: ConvolutionalNetwork) -> certificates.FilterNetwork:
    """Return the network as the checker reads it."""
    try:
        found = network_from_bytes(network.files.tensors, network.files.description)
    except certificates.SubjectError as error:
        raise LimitError(f"the independent checker does not take this network: {error}") from None
    assert isinstance(found, certificates.FilterNetwork)
    return found


def refuse_other_filters(network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary) -> None:
    """Raise InputError for filters of another shape, stride or boundary, or where a network was built for others."""
    refuse_unfit(network, dictionary)
    built_for = network.dictionary_sha256
    if built_for is not None and built_for != dictionary.digest:
        raise InputError(
            f"network and filters do not belong together: it was built for filters with digest {built_for[:12]}..., "
            f"and these have {dictionary.digest[:12]}..."
        )


def _proved(
    network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary, found: Promise, check_seconds: float
) -> Answered:
    subjects = {"filters": filters_subject(dictionary), "network": filter_network_subject(network)}

    def write(margin: Fraction) -> Certificate | None:
        return _written(network, dictionary, found, margin)

    return raised_until_accepted(write, check_seconds, **subjects)


def _written(
    network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary, found: Promise, margin: Fraction
) -> Certificate | None:
    """Return a certificate that claims the bounds found, greater by the share `margin`; None if one is too large."""
    bounds, codes = found.bounds, found.codes
    if not all(value < float(LARGEST) for value in (*bounds.on, *bounds.off)):
        return None
    bits = _bits(network, dictionary, bounds)
    least = Fraction(1, 1 << bits - _SPARE)

    def spelled(value: float) -> str:
        return rational(short_upper(Fraction(value) * (1 + margin) + (least if value else 0)))

    shape = list(network.shape)
    draft = Draft(
        subject={"digest": dictionary.digest, "field": "real", "role": "filters", "shape": shape},
        loader=dictionary.origin.loader,
        producer=PRODUCER,
        network={"digest": network.digest, "field": "real", "role": "network", "shape": shape},
    )
    fields: dict[str, Any] = {
        "arithmetic": found.arithmetic,
        "bound": rational(codes.bound),
        "linf": spelled(bounds.linf),
        "noise": rational(codes.noise),
        "off": [spelled(value) for value in bounds.off],
        "on": [spelled(value) for value in bounds.on],
        "sparsity": codes.sparsity,
    }
    step = draft.step("filter-network-error", bits=bits, **fields)
    nonnegative, sizes = network.code is Code.nonnegative, SIZES[network.boundary]
    draft.claim(step, "convolutional-network-error", nonnegative=nonnegative, sizes=sizes, **fields)
    return Certificate(draft.sealed())


def _bits(network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary, found: ErrorBounds) -> int:
    """Return so many fractional bits that the checker's own rounding does not show in the bounds."""
    positive = [value for value in (*found.on, *found.off) if value > 0]
    weights = max(float(abs(array).max()) for array in network.tensors.values())
    largest = max(1.0, weights, max(abs(float(value)) for value in dictionary.filters.flat))
    entries = network.stripe + math.prod(network.shape[1:])
    needed = 2 * math.log2(entries) + 2 * math.log2(largest) - math.log2(min(positive, default=1.0))
    return min(_MOST_BITS, max(64, math.ceil(needed) + 2 * _SPARE))
