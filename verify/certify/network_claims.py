"""From an accepted certificate about a network back to what `certify_network` returns, to be reported again."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import certificates

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..networks.code_class import CodeClass
from ..networks.error_bounds import ErrorBounder, ErrorBounds
from ..networks.unrolled import UnrolledNetwork
from .certificate import Certificate
from .check import as_subject
from .network import NetworkCertificate, Promise, as_network_subject, broken_layer, shares


def accepted_networks(
    network: UnrolledNetwork, dictionary: Dictionary, answer: certificates.Accepted, certificate: Certificate
) -> tuple[NetworkCertificate, ...]:
    """Return what an accepted certificate says about the network: one result for each bound of its error, in order.

    Guarantee: the bounds are those that the checker accepted; the shares of noise, activation and rounding are
    estimated again, for the same class. Cost: that of a few passes of the recursion. Raises InputError if the
    certificate has no such claim.
    """
    claims = [claim for claim in answer.claims if claim["kind"] == "network-error"]
    if not claims:
        raise InputError("the certificate was accepted, but it claims no bound of the error of a network")
    subjects = {"dictionary": as_subject(dictionary), "network": as_network_subject(network)}
    work = certificates.estimate_work(certificate.data, **subjects)
    bounder = ErrorBounder(network, dictionary)
    return tuple(
        NetworkCertificate(
            network=network,
            dictionary=dictionary,
            promise=_promise(network, bounder, claim),
            certificate=certificate,
            answer=certificates.Accepted((claim,), answer.relied_on),
            work=work,
        )
        for claim in claims
    )


def _promise(network: UnrolledNetwork, bounder: ErrorBounder, claim: dict[str, Any]) -> Promise:
    codes = CodeClass(sparsity=claim["sparsity"], bound=Fraction(claim["bound"]), noise=Fraction(claim["noise"]))
    on, off = (tuple(float(Fraction(value)) for value in claim[name]) for name in ("on", "off"))
    bounds = ErrorBounds(on=on, off=off, linf=float(Fraction(claim["linf"])), l2=float(Fraction(claim["l2"])))
    arithmetic = claim["arithmetic"]
    whole = bounder.bounds(codes, arithmetic).linf
    return Promise(
        codes=codes,
        arithmetic=arithmetic,
        bounds=bounds,
        floor=shares(network, bounder, codes, arithmetic, whole),
        broken=broken_layer(bounds, codes),
    )
