"""Certify the error of a network over a class of codes and noise, have it checked, and set it beside what is seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import certificates
from certificates.networks import network_from_bytes

from ..dictionaries.dictionary import Dictionary
from ..errors import ContradictionError, InputError, LimitError
from ..networks.code_class import CodeClass
from ..networks.error_bounds import ErrorBounder, ErrorBounds
from ..networks.error_bounds import Network as AnyNetwork
from ..networks.observed import Observed, observe
from ..networks.unrolled import UnrolledNetwork
from ..progress import Progress, silent
from .cards import network_card
from .certificate import Certificate
from .check import Unchecked, as_subject
from .network_writer import write_network_certificate
from .raised_bounds import Answered, raised_until_accepted

CHECK_SECONDS = 600.0
"""The most seconds that the independent check of a network may take by default."""
TOLERATED = 1 + Fraction(1, 1 << 30)
"""What is seen is computed in float64, on codes and noise that are rounded to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How much of the final bound of |x - x*|_inf comes from noise, the activation and rounding; estimated."""

    noise: float
    activation: float
    rounding: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A class of codes with the bounds found for it. Estimated: the certificate proves them.

    `broken` is None if the final bound is below that of the codes, so that the network knows more than nothing; else
    the layer (from 1) that raises the bound and after which it never gets as low again.
    """

    codes: CodeClass
    arithmetic: str
    bounds: ErrorBounds
    floor: Floor
    broken: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedByLayer:
    """Bounds of a network's error after every layer, as certifying returns them, for a dictionary or for filters.

    `certificate` claims bounds for every layer, and `answer` is the independent checker's: `Accepted` with the claims
    it derived itself, or `Unchecked` where that would take too long. Both are None where no bound can be written down.
    """

    promise: Promise
    certificate: Certificate | None
    answer: certificates.Accepted | Unchecked | None
    work: int = 0

    @property
    def claim(self) -> dict[str, object] | None:
        """The statement that the certificate claims: as the checker derived it, if it did."""
        if isinstance(self.answer, certificates.Accepted):
            return self.answer.claims[0]
        if self.certificate is None:
            return None
        statement: dict[str, object] = json.loads(self.certificate.data)["claims"][0]["statement"]
        return statement

    @property
    def promises_nothing(self) -> bool:
        """Whether the final bound is no better than that of the code 0."""
        return self.promise.broken is not None

    def refuse_impossible(self, on: Sequence[float], off: Sequence[float]) -> None:
        """Raise ContradictionError for errors seen that the checker has proved impossible, which is a bug."""
        if not isinstance(self.answer, certificates.Accepted):
            return
        claim = self.answer.claims[0]
        for name, values in (("on", on), ("off", off)):
            for at, (value, limit) in enumerate(zip(values, cast("list[str]", claim[name]), strict=True)):
                if value > Fraction(limit) * TOLERATED:
                    raise ContradictionError(
                        f"an error of {value:.6g} was seen after layer {at + 1}, and {float(Fraction(limit)):.6g} "
                        "is proved: please report this"
                    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCertificate(ProvedByLayer):
    """What `certify_network` found."""

    network: UnrolledNetwork = field(repr=False)
    dictionary: Dictionary = field(repr=False)

    def observe(self, *, trials: int = 1024, seed: int = 0, device: str = "cpu") -> Observed:
        """Run the network on hard codes of the class; see `verify.networks.observed.observe`.

        Raises ContradictionError if an error is seen that the checker has proved impossible, which is a bug.
        """
        found = self.promise
        seen = observe(
            self.network,
            self.dictionary,
            found.codes,
            arithmetic=found.arithmetic,
            trials=trials,
            seed=seed,
            device=device,
        )
        self.refuse_impossible(seen.on, seen.off)
        return seen

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return network_card(self.network, self.answer)


def certify_network(
    network: UnrolledNetwork,
    dictionary: Dictionary,
    *,
    sparsity: int | None = None,
    bound: object = 1,
    noise: object = 0,
    arithmetic: str = "ieee",
    check_seconds: float = CHECK_SECONDS,
    progress: Progress = silent,
) -> NetworkCertificate:
    """Bound |x - x*| after every layer of a network, for all codes and noise of a class, and have it proved.

    The class is |x*|_0 <= `sparsity`, |x*_i| <= `bound`, |e|_2 <= `noise`; without `sparsity` the largest level at
    which the network promises anything (level 1 if there is none). The network is taken as stored and evaluated in its
    format, by `arithmetic` `ieee`, `tf32` or `bf16` (certificates/SPEC.md section 6.10). Any network with the layers of
    `UnrolledNetwork` will do, wherever its weights come from.

    Guarantee: the claims of the certificate are proved by the independent checker unless `answer` is `Unchecked`.
    Raises InputError for a network and a dictionary that do not fit, for a class that is none and an unknown
    arithmetic; CheckerDisagreementError if the checker rejects what was written.
    """
    bounder = ErrorBounder(network, dictionary)
    atoms = dictionary.shape[1]

    def at(level: int) -> Promise:
        return promise(network, bounder, CodeClass.of(level, bound, noise, atoms), arithmetic)

    found = largest_promise(at, atoms) if sparsity is None else at(sparsity)
    progress("independent check", 0, 1)
    certificate, answer, work = _proved(network, dictionary, found, check_seconds)
    progress("independent check", 1, 1)
    return NetworkCertificate(
        network=network, dictionary=dictionary, promise=found, certificate=certificate, answer=answer, work=work
    )


def promise(network: AnyNetwork, bounder: ErrorBounder, codes: CodeClass, arithmetic: str) -> Promise:
    """Return the bounds for a class, what they come from, and where they break."""
    bounds = bounder.bounds(codes, arithmetic)
    floor = shares(network, bounder, codes, arithmetic, bounds.linf)
    return Promise(codes=codes, arithmetic=arithmetic, bounds=bounds, floor=floor, broken=broken_layer(bounds, codes))


def shares(network: AnyNetwork, bounder: ErrorBounder, codes: CodeClass, arithmetic: str, whole: float) -> Floor:
    """Return what noise, the activation and rounding add to the final bound `whole`, each left out alone; estimated."""
    quiet = CodeClass(sparsity=codes.sparsity, bound=codes.bound, noise=Fraction(0))

    def share(without: ErrorBounds) -> float:
        difference = whole - without.linf
        return difference if difference > 0 else 0.0

    is_relu = network.activation.name == "relu"
    return Floor(
        noise=share(bounder.bounds(quiet, arithmetic)) if codes.noise else 0.0,
        activation=0.0 if is_relu else share(bounder.bounds(codes, arithmetic, activation=False)),
        rounding=share(bounder.bounds(codes, arithmetic, rounding=False)),
    )


def broken_layer(bounds: ErrorBounds, codes: CodeClass) -> int | None:
    """Return the layer (from 1) after the best one (the code 0 before layer 1 counts) if the last bound is no bound."""
    best, least = 0, float(codes.bound)
    if bounds.linf < least:
        return None
    for at, (on, off) in enumerate(zip(bounds.on, bounds.off, strict=True), start=1):
        if max(on, off) < least:
            best, least = at, max(on, off)
    return best + 1


def largest_promise(at: Callable[[int], Promise], atoms: int) -> Promise:
    """Return the promise at the largest level at which there is one, that of level 1 if there is none.

    Bounds grow with the level, so the levels are searched by doubling and halving.
    """
    best, least = at(1), 1
    if best.broken is not None:
        return best
    most = 2
    while most <= atoms and (tried := at(most)).broken is None:
        best, least, most = tried, most, 2 * most
    most = min(most, atoms + 1)
    while most - least > 1:
        middle = (least + most) // 2
        tried = at(middle)
        if tried.broken is None:
            best, least = tried, middle
        else:
            most = middle
    return best


def _proved(network: UnrolledNetwork, dictionary: Dictionary, found: Promise, check_seconds: float) -> Answered:
    """Write the certificate and have it checked; bounds that the checker finds a little too low are raised."""
    subjects = {"dictionary": as_subject(dictionary), "network": as_network_subject(network)}

    def write(margin: Fraction) -> Certificate | None:
        codes, bounds = found.codes, found.bounds
        return write_network_certificate(network, dictionary, codes, bounds, arithmetic=found.arithmetic, margin=margin)

    return raised_until_accepted(write, check_seconds, **subjects)


def as_network_subject(network: UnrolledNetwork) -> certificates.StoredNetwork:
    """Return the network as the checker reads it."""
    try:
        found = network_from_bytes(network.files.tensors, network.files.description)
    except certificates.SubjectError as error:
        raise LimitError(f"the independent checker does not take this network: {error}") from None
    assert isinstance(found, certificates.StoredNetwork)
    return found


def refuse_other_dictionary(network: UnrolledNetwork, dictionary: Dictionary) -> None:
    """Raise InputError where a network says that it was built for another dictionary."""
    built_for = network.dictionary_sha256
    if built_for is not None and built_for != dictionary.digest:
        raise InputError(
            f"network and dictionary do not belong together: it was built for a dictionary with digest "
            f"{built_for[:12]}..., and this one has {dictionary.digest[:12]}..."
        )
