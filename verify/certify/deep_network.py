"""Certify the errors of networks for deep codes, have them checked, and set them beside what is seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import certificates

from ..errors import ContradictionError
from ..networks.deep_bounds import DeepClass
from ..networks.deep_constants import DeepConstants, deep_constants
from ..networks.deep_errors import DeepErrors, deep_errors
from ..networks.deep_network import DeepNetwork, Method
from ..networks.deep_observed import DeepObserved, observe_deep
from ..progress import Progress, silent
from .certificate import Certificate
from .check import Unchecked, as_subject
from .deep_network_writer import DeepNetworkWriter, Isometry, enough_bits, product_isometry, writable
from .network import CHECK_SECONDS, as_network_subject
from .raised_bounds import Answered, raised_until_accepted

_TOLERATED = 1 + Fraction(1, 1 << 30)
_TINY = Fraction(1, 1 << 46)
"""What is seen is computed in float64, on codes and noise that are rounded to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepNetworkCertificate:
    """What `certify_deep_network` found.

    `errors` are estimated bounds, which the certificate proves; `answer` is the independent checker's. Both are None
    where no bound can be written down. `no_constants` and `no_refit` say why the certificate lacks these claims.
    """

    network: DeepNetwork = field(repr=False)
    members: DeepClass
    arithmetic: str
    errors: DeepErrors
    constants: DeepConstants | None
    certificate: Certificate | None
    answer: certificates.Accepted | Unchecked | None
    work: int = 0
    no_constants: str | None = None
    no_refit: str | None = None

    def claim(self, kind: str) -> dict[str, object] | None:
        """The claim of this kind: as the checker derived it, if it did; None if there is none."""
        claims: list[dict[str, object]] = []
        if isinstance(self.answer, certificates.Accepted):
            claims = list(self.answer.claims)
        elif self.certificate is not None:
            claims = [one["statement"] for one in json.loads(self.certificate.data)["claims"]]
        return next((claim for claim in claims if claim["kind"] == kind), None)

    def bounds(self, kind: str, name: str) -> tuple[Fraction, ...]:
        """The numbers of a list of a claim; empty if there is no such claim."""
        claim = self.claim(kind)
        return () if claim is None else tuple(map(Fraction, cast("list[str]", claim[name])))

    def observe(self, *, trials: int = 512, seed: int = 0, device: str = "cpu") -> dict[Method, DeepObserved]:
        """Run the networks, and the refit where it is certified; see `verify.networks.deep_observed`.

        Raises ContradictionError if an error is seen that the checker has proved impossible, which is a bug.
        """
        found: dict[Method, DeepObserved] = {}
        for method, kind in ((self.network.method, "deep-network-error"), (Method.refit, "deep-refit-error")):
            claim = self.claim(kind)
            refit = method is Method.refit
            if claim is None and refit:
                continue
            kept = float(Fraction(str(claim["kept"]))) if claim is not None and refit else 0.0
            found[method] = observe_deep(
                self.network, self.members, refit=refit, kept=kept, trials=trials, seed=seed, device=device
            )
            if isinstance(self.answer, certificates.Accepted):
                for name, values in (("l2", found[method].l2), ("linf", found[method].linf)):
                    _refuse_impossible(values, self.bounds(kind, name), method)
        return found

    @property
    def promises(self) -> bool:
        """Whether the bound of x_J is better than that of the code 0."""
        linf = self.bounds("deep-network-error", "linf")
        return bool(linf) and linf[-1] < self.members.bounds[-1]


def _refuse_impossible(seen: Sequence[float], bounds: Sequence[Fraction], method: Method) -> None:
    for at, (value, limit) in enumerate(zip(seen, bounds, strict=True), 1):
        if value > limit * _TOLERATED + _TINY:
            raise ContradictionError(
                f"{method}: an error of {value:.6g} of code {at} was seen, and {float(limit):.6g} is proved: please "
                "report this"
            )


def certify_deep_network(
    network: DeepNetwork,
    members: DeepClass,
    *,
    arithmetic: str = "ieee",
    check_seconds: float = CHECK_SECONDS,
    progress: Progress = silent,
) -> DeepNetworkCertificate:
    """Bound |x~_j - x_j| for all deep codes of a class within the chain's tolerances, and have it proved.

    The networks are taken as stored and evaluated in their formats (certificates/SPEC.md sections 6.10, 6.13). Where
    the weights contract in closed form, the certificate also has C_1, C_2 and the rate of networks of any depth with
    them; where the class names a smallest nonzero of x_J above the networks' error, also the errors of the refit.

    Guarantee: the claims of the certificate are proved by the independent checker unless `answer` is `Unchecked`.
    Raises InputError for a class that does not fit, CheckerDisagreementError if the checker rejects what was written.
    """
    network.deep.checked_levels(members.levels)
    errors = deep_errors(network, members, arithmetic)
    constants = deep_constants(network, members)
    no_constants = None if constants else "the stored weights do not contract in closed form (q >= 1)"
    isometry, no_refit = _refit(network, members, errors)
    progress("independent check", 0, 1)
    certificate, answer, work = None, None, 0
    if writable(errors):
        certificate, answer, work = _proved(network, members, arithmetic, (errors, constants, isometry), check_seconds)
    progress("independent check", 1, 1)
    return DeepNetworkCertificate(
        network=network,
        members=members,
        arithmetic=arithmetic,
        errors=errors,
        constants=constants,
        certificate=certificate,
        answer=answer,
        work=work,
        no_constants=no_constants,
        no_refit=no_refit,
    )


def _refit(network: DeepNetwork, members: DeepClass, errors: DeepErrors) -> tuple[Isometry | None, str | None]:
    """Return what a refit rests on, or why there is none."""
    if members.smallest is None:
        return None, "no smallest nonzero of the deepest code is given"
    needed = sum(errors.last)
    if not needed * (1 + 2.0**-4) < members.smallest:
        return (
            None,
            f"nonzeros of the deepest code of {float(members.smallest):.4g} may be missed: they need {needed:.4g}",
        )
    isometry = product_isometry(network.deep, members.levels[-1])
    if isometry is None:
        return None, f"no {members.levels[-1]} atoms of the product are proved to be independent"
    return isometry, None


def _proved(
    network: DeepNetwork,
    members: DeepClass,
    arithmetic: str,
    found: tuple[DeepErrors, DeepConstants | None, Isometry | None],
    check_seconds: float,
) -> Answered:
    """Write the certificate and have it checked; bounds that the checker finds a little too low are raised."""
    errors, constants, isometry = found
    subjects = {
        "dictionary": [as_subject(dictionary) for dictionary in network.deep.dictionaries],
        "network": [as_network_subject(one) for one in network.networks],
    }

    def write(margin: Fraction) -> Certificate:
        writer = DeepNetworkWriter(network, members, arithmetic, margin, enough_bits(network, errors))
        step = writer.errors(errors)
        if constants is not None:
            writer.constants(constants)
        if isometry is not None:
            writer.refit(step, errors, isometry)
        return writer.certificate

    return raised_until_accepted(write, check_seconds, **subjects)
