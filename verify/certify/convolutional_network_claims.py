"""From an accepted certificate about a network of convolutions back to its result, to be reported again."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import certificates

from ..dictionaries.convolutional import ConvolutionalDictionary
from ..errors import InputError
from ..networks.code_class import CodeClass
from ..networks.convolutional.matrices import bounder
from ..networks.convolutional.unrolled import ConvolutionalNetwork
from ..networks.error_bounds import ErrorBounder, ErrorBounds
from .certificate import Certificate
from .check_convolutional import filters_subject
from .convolutional_network import ConvolutionalCertificate, filter_network_subject
from .network import Promise, broken_layer, shares


def accepted_filter_networks(
    network: ConvolutionalNetwork,
    dictionary: ConvolutionalDictionary,
    answer: certificates.Accepted,
    certificate: Certificate,
) -> tuple[ConvolutionalCertificate, ...]:
    """Return what an accepted certificate says about the network: one result for each bound of its error, in order.

    Guarantee, cost, errors: as `accepted_networks`.
    """
    claims = [claim for claim in answer.claims if claim["kind"] == "convolutional-network-error"]
    if not claims:
        raise InputError("the certificate was accepted, but it claims no bound of the error of a network")
    subjects = {"filters": filters_subject(dictionary), "network": filter_network_subject(network)}
    work = certificates.estimate_work(certificate.data, **subjects)
    known = bounder(network, dictionary)
    return tuple(
        ConvolutionalCertificate(
            network=network,
            dictionary=dictionary,
            promise=_promise(network, known, claim),
            certificate=certificate,
            answer=certificates.Accepted((claim,), answer.relied_on),
            work=work,
        )
        for claim in claims
    )


def _promise(network: ConvolutionalNetwork, known: ErrorBounder, claim: dict[str, Any]) -> Promise:
    codes = CodeClass(sparsity=claim["sparsity"], bound=Fraction(claim["bound"]), noise=Fraction(claim["noise"]))
    on, off = (tuple(float(Fraction(value)) for value in claim[name]) for name in ("on", "off"))
    found = known.bounds(codes, claim["arithmetic"])
    bounds = ErrorBounds(on=on, off=off, linf=float(Fraction(claim["linf"])), l2=found.l2)
    return Promise(
        codes=codes,
        arithmetic=claim["arithmetic"],
        bounds=bounds,
        floor=shares(network, known, codes, claim["arithmetic"], found.linf),
        broken=broken_layer(bounds, codes),
    )
