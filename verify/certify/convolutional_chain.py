"""Certify the errors of networks for a chain of filters, at every size, and set them beside what is seen."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import certificates
from certificates.format import Draft, Json, rational

from ..dictionaries.convolutional import ConvolutionalDictionary
from ..dictionaries.convolutional_chain import ConvolutionalChain, stripe_size
from ..errors import ContradictionError
from ..networks.code_class import LARGEST
from ..networks.convolutional.chain_errors import ChainErrors, chain_errors
from ..networks.convolutional.chain_network import ChainClass, ChainNetwork
from ..networks.convolutional.chain_observed import ChainObserved, observe_chain
from ..networks.convolutional.matrices import real_filters
from ..progress import Progress, silent
from ..versions import PRODUCER
from .certificate import Certificate
from .check import Unchecked
from .check_convolutional import filters_subject
from .convolutional_network import filter_network_subject
from .network import CHECK_SECONDS, TOLERATED
from .network_writer import short_upper
from .raised_bounds import Answered, raised_until_accepted

_SPARE, _MOST_BITS = 24, 1900
_SIZES = {"full": "every", "circular": "every period >= 2t-1"}
_TINY = Fraction(1, 1 << 46)
"""What is seen is computed in float64, on codes and noise that are rounded to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainCertificate:
    """What `certify_chain_network` found.

    `errors` are estimated bounds, which the certificate proves; `answer` is the independent checker's. Both are None
    where no bound can be written down.
    """

    network: ChainNetwork = field(repr=False)
    members: ChainClass
    arithmetic: str
    errors: ChainErrors
    certificate: Certificate | None
    answer: certificates.Accepted | Unchecked | None
    work: int = 0

    @property
    def claim(self) -> dict[str, Any] | None:
        """The statement that the certificate claims: as the checker derived it, if it did."""
        if isinstance(self.answer, certificates.Accepted):
            return self.answer.claims[0]
        if self.certificate is None:
            return None
        statement: dict[str, Any] = json.loads(self.certificate.data)["claims"][0]["statement"]
        return statement

    @property
    def linf(self) -> tuple[Fraction, ...]:
        """The claimed bounds of |x~_j - x_j|_inf; empty if there are none."""
        claim = self.claim
        return () if claim is None else tuple(map(Fraction, cast("list[str]", claim["linf"])))

    @property
    def promises(self) -> bool:
        """Whether the bound of x_J is better than that of the code 0."""
        return bool(self.linf) and self.linf[-1] < self.members.bounds[-1]

    def observe(self, *, trials: int = 16, seed: int = 0, device: str = "cpu") -> ChainObserved:
        """Run the networks on crowded codes of the class; see `observe_chain`.

        Raises ContradictionError if an error is seen that the checker has proved impossible, which is a bug.
        """
        seen = observe_chain(self.network, self.members, trials=trials, seed=seed, device=device)
        if isinstance(self.answer, certificates.Accepted):
            for at, (value, limit) in enumerate(zip(seen.linf, self.linf, strict=True), 1):
                if value > limit * TOLERATED + _TINY:
                    raise ContradictionError(
                        f"an error of {value:.6g} of code {at} was seen, and {float(limit):.6g} is proved: please "
                        "report this"
                    )
        return seen


def certify_chain_network(
    network: ChainNetwork,
    members: ChainClass,
    *,
    arithmetic: str = "ieee",
    check_seconds: float = CHECK_SECONDS,
    progress: Progress = silent,
) -> ChainCertificate:
    """Bound |x~_j - x_j|_inf for all deep codes of a class within the chain's tolerances, at every size, and prove it.

    The networks are taken as stored and evaluated in their formats (certificates/SPEC.md sections 6.10, 6.16).
    Guarantee: the claim is proved by the independent checker unless `answer` is `Unchecked`. Raises InputError for a
    class that does not fit, CheckerDisagreementError if the checker rejects what was written.
    """
    members = ChainClass.of(network.dictionaries, members.levels, members.bounds)
    errors = chain_errors(network, members, arithmetic)
    progress("independent check", 0, 1)
    certificate, answer, work = _proved(network, members, arithmetic, errors, check_seconds)
    progress("independent check", 1, 1)
    return ChainCertificate(
        network=network,
        members=members,
        arithmetic=arithmetic,
        errors=errors,
        certificate=certificate,
        answer=answer,
        work=work,
    )


def chain_draft(chain: ConvolutionalChain, networks: list[dict[str, Json]]) -> Draft:
    """Return a draft about a chain of filters and these networks."""
    first, *others = map(_subject, chain.dictionaries)
    loaders = dict.fromkeys(one.origin.loader for one in chain.dictionaries)
    loader = ", ".join(name for name in loaders if name not in ("npy", "json")) or next(iter(loaders))
    return Draft(subject=first, chain=others, networks=networks, loader=loader, producer=PRODUCER)


def chain_subjects(chain: ConvolutionalChain) -> list[certificates.Filters]:
    """Return the filters as the checker's own exact types; raise InputError for what it refuses."""
    return [filters_subject(one) for one in chain.dictionaries]


def _subject(dictionary: ConvolutionalDictionary) -> dict[str, Json]:
    shape = list(dictionary.filters.shape)
    return {"digest": dictionary.digest, "field": "real", "role": "filters", "shape": shape}


def _proved(
    network: ChainNetwork, members: ChainClass, arithmetic: str, errors: ChainErrors, check_seconds: float
) -> Answered:
    """Write the certificate and have it checked; bounds that the checker finds a little too low are raised."""
    lists = (*errors.on, *errors.off, errors.linf)
    if not all(value < float(LARGEST) / 2 for values in lists for value in values):
        return None, None, 0
    subjects = {
        "filters": chain_subjects(network.chain),
        "network": [filter_network_subject(one) for one in network.networks],
    }

    def write(margin: Fraction) -> Certificate:
        return _written(network, members, arithmetic, errors, margin)

    return raised_until_accepted(write, check_seconds, **subjects)


def _written(
    network: ChainNetwork, members: ChainClass, arithmetic: str, errors: ChainErrors, margin: Fraction
) -> Certificate:
    """Return a certificate that claims the bounds found, greater by the share `margin`."""
    bits = _bits(network, errors)
    least = Fraction(1, 1 << bits - _SPARE)

    def spelled(values: tuple[float, ...]) -> list[str]:
        return [rational(short_upper(Fraction(x) * (1 + margin) + (least if x else 0))) for x in values]

    networks: list[dict[str, Json]] = [
        {"digest": one.digest, "field": "real", "role": "network", "shape": list(one.shape)} for one in network.networks
    ]
    draft = chain_draft(network.chain, networks)
    fields: dict[str, Any] = {
        "arithmetic": arithmetic,
        "bounds": list(map(rational, members.bounds)),
        "levels": list(members.levels),
        "linf": spelled(errors.linf),
        "off": list(map(spelled, errors.off)),
        "on": list(map(spelled, errors.on)),
        "tolerances": list(map(rational, network.chain.tolerances)),
    }
    step = draft.step(network.statement, bits=bits, **fields)
    sizes = [_SIZES[one.boundary.value] for one in network.dictionaries]
    draft.claim(step, "convolutional-deep-network-error", **fields, sizes=sizes, theorem=network.statement)
    return Certificate(draft.sealed())


def _bits(network: ChainNetwork, errors: ChainErrors) -> int:
    """Return so many fractional bits that the checker's own rounding does not show in the bounds."""
    positive = [x for values in (*errors.on, *errors.off, errors.linf) for x in values if x > 0]
    arrays = [t for one in network.networks for t in one.tensors.values()]
    arrays += [real_filters(one) for one in network.dictionaries]
    largest = max(1.0, *(float(abs(array).max()) for array in arrays))
    entries = sum(stripe_size(one) + math.prod(one.filters.shape[1:]) for one in network.dictionaries)
    needed = 2 * math.log2(entries) + 2 * math.log2(largest) - math.log2(min(positive, default=1.0))
    return min(_MOST_BITS, max(64, math.ceil(needed) + 2 * _SPARE))
