"""Reports on filters and their networks: words for every claim, models that are refused, cards of notebooks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import verify
from certificates import Accepted
from verify.certify.check import Unchecked
from verify.certify.convolutional_network_claims import accepted_filter_networks
from verify.cli.convolutional_networks import filter_network_report
from verify.cli.convolutional_report import accepted_filter_report, filter_report
from verify.errors import InputError, VerifyError
from verify.report.claim_text import claim_text
from verify.report.convolutional.levels import filter_levels
from verify.report.convolutional.render import filter_html, filter_markdown
from verify.report.convolutional.words import fact_rows, level_table, sentences
from verify.report.networks.convolutional_render import (
    filter_network_html,
    filter_network_json,
    filter_network_markdown,
)
from verify.report.networks.convolutional_words import sentences as network_sentences

HOSTILE = "<b>&lt; \u202e\x1b[31m`|*"


@pytest.fixture(scope="module")
def result() -> verify.ConvolutionalResult:
    filters = np.array([[[9.0, 1, 1]], [[1, -1, 9]]])
    dictionary = verify.ConvolutionalDictionary.of(filters, boundary="circular")
    return verify.check_convolutional(
        replace(dictionary, origin=replace(dictionary.origin, source=HOSTILE)), sparsity=1
    )


@pytest.fixture(scope="module")
def certified(result: verify.ConvolutionalResult) -> verify.ConvolutionalCertificate:
    built = verify.build_convolutional(
        result.dictionary, sparsity=1, bound=1, noise="1/1000", layers=2, weights="dictionary"
    )
    return verify.certify_convolutional_network(built.network, result.dictionary, sparsity=1, bound=1, noise="1/1000")


def test_a_verdict_names_sizes_and_level(result: verify.ConvolutionalResult) -> None:
    report = filter_report(result, [verify.Question.l0, verify.Question.l1], None, "")
    rests = [sentence.rest for sentence in sentences(report)]
    assert len(rests) == 4
    assert rests[0] == (
        ": uniqueness (l0), codes with at most 1 nonzero in each stripe, for signals of every size with a period >= 2t-1."
    )
    far = replace(report, sparsity=99)
    assert {sentence.tone for sentence in sentences(far)} == {"refuted"}
    assert sentences(replace(report, status="unchecked", check_seconds=3.0))[0].tone == "unchecked"
    open_ = replace(report, claims=tuple(c for c in report.claims if "question" not in c))
    assert {sentence.tone for sentence in sentences(open_)} == {"undecided"}
    assert fact_rows(replace(report, status="unchecked")) == []


def test_text_of_others_is_harmless(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    report = filter_report(result, [], None, "")
    network = filter_network_report(certified, None, HOSTILE, None, "", searched=True)
    assert "the most for which it promises anything" in network_sentences(network)[0][0].rest
    for page in (filter_html(report), filter_network_html(network)):
        assert "<b>" not in page and "\x1b" not in page and "\u202e" not in page and "<script" not in page
    for page in (filter_markdown(report), filter_network_markdown(network)):
        assert "<b>" not in re.sub(r"```.*?```", "", page, flags=re.DOTALL)
        assert "\x1b" not in page and "\u202e" not in page


def test_models_that_are_refused(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    report = filter_report(result, [], None, "")
    with pytest.raises(InputError, match="wanted 'checked' or 'unchecked'"):
        replace(report, status="open")
    claims = tuple({**c, "level": 0} if c["kind"] == "convolutional-refuted" else c for c in report.claims)
    with pytest.raises(VerifyError, match="contradict one another"):
        filter_levels(replace(report, claims=claims), "l1", "stripe")
    network = filter_network_report(certified, None, "n", None, "", searched=False)
    with pytest.raises(InputError, match="which does not fit its claim"):
        replace(network, status="nothing")
    with pytest.raises(InputError, match="one bound for every layer"):
        replace(network, network=replace(network.network, layers=3))
    nothing = replace(network, status="nothing", claim=None)
    assert "no bound at all" in network_sentences(nothing)[0][0].rest
    assert "## How to check" not in filter_network_markdown(nothing)
    assert "breaks it" in network_sentences(replace(network, broken=1))[0][0].rest


def test_certificates_without_such_claims(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    other = Accepted(({"kind": "atom-norms"},), ())
    with pytest.raises(InputError, match="claims nothing about filters"):
        accepted_filter_report(result.dictionary, other, Path("c.json"), "")
    certificate = certified.certificate
    assert certificate is not None
    with pytest.raises(InputError, match="claims no bound of the error of a network"):
        accepted_filter_networks(certified.network, result.dictionary, other, certificate)


def test_what_is_read_back_is_what_was_certified(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    answer, certificate = certified.answer, certified.certificate
    assert isinstance(answer, Accepted) and certificate is not None
    (found,) = accepted_filter_networks(certified.network, result.dictionary, answer, certificate)
    assert found.claim == certified.claim
    assert (found.promise.codes, found.promise.broken) == (certified.promise.codes, certified.promise.broken)
    assert found.promise.bounds.linf == float(Fraction(str(answer.claims[0]["linf"])))


def test_every_kind_of_claim_about_filters_has_words(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    assert isinstance(result.answer, Accepted) and isinstance(certified.answer, Accepted)
    claims = {str(claim["kind"]): claim for claim in (*result.answer.claims, *certified.answer.claims)}
    assert len(claims) >= 6
    claims["convolutional-null-vector"] = {"kind": "convolutional-null-vector", "support": [0, 1], "lengths": [5]}
    for claim in claims.values():
        assert not claim_text(claim).startswith("convolutional-")


def test_notebooks_show_what_was_accepted_alone(
    result: verify.ConvolutionalResult, certified: verify.ConvolutionalCertificate
) -> None:
    shown = result._repr_html_()
    assert "every period &gt;= 2t-1" in shown and ">up to 1<" in shown and ">guaranteed<" in shown
    assert "at most" in certified._repr_html_()
    unchecked = replace(result, answer=Unchecked(1))._repr_html_()
    assert "Not checked" in unchecked and "<table" not in unchecked
    assert "Not checked" in replace(certified, answer=Unchecked(1))._repr_html_()


def test_levels_end_with_the_atoms_of_a_stripe() -> None:
    """Where all atoms of a stripe may be active, every code is guaranteed: no larger level says more."""
    nearly = np.array([[[1.0], [2.0**-40]], [[0.0], [1.0]]])
    for filters in (np.eye(2)[:, :, None], nearly):
        result = verify.check_convolutional(verify.ConvolutionalDictionary.of(filters), sparsity=99)
        assert {level.guaranteed for level in result.levels} == {2}
        assert all(level.every_code for level in result.levels)
        assert set(result.verdicts.values()) == {"guaranteed"}
        assert ">every code<" in result._repr_html_() and ">undecided<" not in result._repr_html_()
        report = filter_report(result, [], None, "")
        assert {sentence.tone for sentence in sentences(report)} == {"guaranteed"}
        assert [row[2].split("\n")[0] for row in level_table(report)[1]] == ["every code"] * 4
        no = {"kind": "convolutional-refuted", "question": "l1", "sparsity": "total", "scaling": "unit", "level": 50}
        wrong = replace(report, claims=(*report.claims, {**no, "theorem": "failure-by-filter-codes", "lengths": [9]}))
        with pytest.raises(VerifyError, match="contradict one another"):
            filter_levels(wrong, "l1", "total")
        some = tuple(claim for claim in report.claims if claim.get("sparsity") != "stripe")
        assert filter_levels(replace(report, claims=some), "l1", "total").verdict(99) == "undecided"


def test_what_was_seen_names_all_sizes(certified: verify.ConvolutionalCertificate) -> None:
    for trials, words in (
        (1, r"on 1 codes? of size \d+,"),
        (2, r"on 2 codes of size 5 and 16 \(the greatest at \d+\),"),
    ):
        seen = certified.observe(trials=trials)
        report = filter_network_report(certified, seen, "n", None, "", searched=False)
        assert re.search(words, network_sentences(report)[1][0].rest), network_sentences(report)[1][0].rest
        found = json.loads(filter_network_json(report))["observed"]
        assert (found["trials"], found["sizes"]) == (trials, [list(size) for size in seen.sizes])
        assert found["lengths"] in found["sizes"]
