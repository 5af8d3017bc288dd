"""The bounds of a network's error as a certificate: rounded up to short dyadic numbers, for the checker to prove."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from certificates.format import Draft, rational

from ..dictionaries.dictionary import Dictionary
from ..networks.code_class import LARGEST, CodeClass
from ..networks.error_bounds import ErrorBounds
from ..networks.unrolled import Code, UnrolledNetwork
from ..versions import PRODUCER
from .certificate import Certificate

_DIGITS = 20
_SPARE = 24
_MOST_BITS = 1900


def write_network_certificate(
    network: UnrolledNetwork,
    dictionary: Dictionary,
    codes: CodeClass,
    found: ErrorBounds,
    *,
    arithmetic: str,
    margin: Fraction,
) -> Certificate | None:
    """Return a certificate that claims the bounds found, each greater by the share `margin` and rounded up.

    None where a bound is not finite or above 2^64: nothing is promised then. Guarantee: none; the checker proves it.
    """
    numbers = (*found.on, *found.off, found.linf, found.l2)
    if not all(value < float(LARGEST) for value in numbers):
        return None
    bits = _bits(network, dictionary, found)
    least = Fraction(1, 1 << bits - _SPARE)
    m, n = network.shape

    def spelled(value: float) -> str:
        return rational(short_upper(Fraction(value) * (1 + margin) + (least if value else 0)))

    on, off = ([spelled(value) for value in values] for values in (found.on, found.off))
    draft = Draft(
        subject={"digest": dictionary.digest, "field": dictionary.field, "shape": [m, n]},
        loader=dictionary.origin.loader,
        producer=PRODUCER,
        network={"digest": network.digest, "field": "real", "role": "network", "shape": [m, n]},
    )
    fields: dict[str, Any] = {
        "arithmetic": arithmetic,
        "bound": rational(codes.bound),
        "l2": spelled(found.l2),
        "linf": spelled(found.linf),
        "noise": rational(codes.noise),
        "off": off,
        "on": on,
        "sparsity": codes.sparsity,
    }
    smooth = network.activation.tau is not None
    rule = "network-error-of-smooth-activation" if smooth else "network-error"
    step = draft.step(rule, bits=bits, **fields)
    draft.claim(step, "network-error", nonnegative=network.code is Code.nonnegative, **fields)
    return Certificate(draft.sealed())


def short_upper(value: Fraction) -> Fraction:
    """Return a dyadic number of about 20 bits that is at least `value`, which is not negative."""
    if value == 0:
        return value
    shift = _DIGITS - (value.numerator.bit_length() - value.denominator.bit_length())
    unit = Fraction(1, 1 << shift) if shift >= 0 else Fraction(1 << -shift)
    return math.ceil(value / unit) * unit


def _bits(network: UnrolledNetwork, dictionary: Dictionary, found: ErrorBounds) -> int:
    """Return so many fractional bits that the checker's own rounding does not show in the bounds."""
    positive = [value for value in (*found.on, *found.off) if value > 0]
    m, n = network.shape
    weights = max(float(abs(array).max()) for array in network.tensors.values())
    largest = max(1.0, weights, max(abs(float(value)) for value in dictionary.real.flat))
    least = min(positive, default=1.0)
    needed = 2 * math.log2(m + n) + 2 * math.log2(largest) - math.log2(least)
    return min(_MOST_BITS, max(64, math.ceil(needed) + 2 * _SPARE))
