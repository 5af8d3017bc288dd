"""Bounds that are a little too low are raised until the checker accepts them; other rejections are bugs."""

from __future__ import annotations

from fractions import Fraction

import certificates
import verify
from verify.certify.certificate import Certificate
from verify.certify.check import as_subject
from verify.certify.network import as_network_subject, certify_network
from verify.certify.network_writer import write_network_certificate
from verify.certify.raised_bounds import MARGINS, raised_until_accepted
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.judge_convolutional import level_by_babel


def test_the_next_margin_is_tried_where_bounds_are_too_low() -> None:
    dictionary = verify.load("builtin:identity-hadamard:8")
    network = verify.build_unrolled(dictionary, sparsity=1, bound=1, noise=0, layers=3, weights="dictionary").network
    found = certify_network(network, dictionary, sparsity=1).promise
    tried: list[Fraction] = []

    def write(margin: Fraction) -> Certificate | None:
        tried.append(margin)
        lower = margin - Fraction(1, 1 << 12)
        return write_network_certificate(
            network, dictionary, found.codes, found.bounds, arithmetic="ieee", margin=lower
        )

    subjects = {"dictionary": as_subject(dictionary), "network": as_network_subject(network)}
    _, answer, _ = raised_until_accepted(write, 60, **subjects)
    assert isinstance(answer, certificates.Accepted)
    assert tuple(tried) == MARGINS[:2]


def test_sums_of_a_part_of_a_stripe_say_nothing_beyond_it() -> None:
    filters = ConvolutionalDictionary.of([[[9, 1, 0], [0, 1, 0]], [[1, 0, 0], [0, 9, -1]]])
    small = [Fraction(1, 100)] * 9
    assert level_by_babel(filters, small[:3], small[:3]) == 3
    assert level_by_babel(filters, small, small) == 10
