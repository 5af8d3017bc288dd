"""Claims about constants, and what a search left out, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_samples import answer, bound, claim, constants, identity_hadamard, unchecked
from test_report_pages import terminal

from verify.report import Search, as_json, render_html, render_markdown
from verify.report.claim_text import claim_text
from verify.report.sentences import search_note


def tilde(*values: int, exponent: int = -3) -> dict[str, Any]:
    upper = {"exponent": exponent, "integers": [f"{v:x}" for v in values]}
    return claim("generalized-coherence-upper", upper=upper)


def test_what_the_search_left_out_is_said_where_something_is_undecided():
    assert search_note(constants()) == (
        "Too much work for the effort quick: values of all supports of size 3. "
        "More time or effort may decide more levels."
    )
    stopped = Search(effort="thorough", stopped=True)
    assert search_note(replace(constants(), search=stopped)) == (
        "The search was stopped early. More time or effort may decide more levels."
    )
    decided = tuple(answer("guaranteed", q, 128, "a") for q in ("l0", "l1", "network", "omp"))
    assert search_note(identity_hadamard(claims=decided, search=stopped)) is None
    assert search_note(unchecked(search=stopped)) is None
    assert search_note(identity_hadamard()) is None
    for text in (render_html(constants()), render_markdown(constants()), " ".join(terminal(constants()).split())):
        assert "values of all supports of size 3" in text
    read = as_json(constants())
    assert read["search"] == {
        "effort": "quick",
        "stopped": False,
        "unfinished": ["values of all supports of size 3"],
        "not_exact": None,
    }
    assert as_json(identity_hadamard())["search"] is None


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (tilde(1, 3), "generalized coherence: bounds of μ~_i for every atom i, the largest about 0.375"),
        (
            claim("generalized-coherence-lower", atom=4, lower="1/3"),
            "generalized coherence: μ~ ≥ 1/3, at atom 4",
        ),
        (
            claim("generalized-babel", sums=["1/2", "2"], upper=["1/2", "1"]),
            "generalized Babel function: bounds of P(k) for k = 1 to 2, P(k) + P(k-1) < 1 up to k = 1",
        ),
        (
            claim("generalized-babel", sums=["2"], upper=["1"]),
            "generalized Babel function: bounds of P(k) for k = 1 to 1, no bound of P(k) + P(k-1) below 1",
        ),
        (
            bound("null-space-upper", 3, f"{10**30 // 3}/{10**30}"),
            "null-space constant (unit atoms): nsc_3 ≤ about 0.333333, by null-space-by-supports",
        ),
        (bound("null-space-lower", 3, "1/3"), "null-space constant (unit atoms): nsc_3 ≥ 1/3"),
        (
            bound("isometry-upper", 2, "1/3", "isometry-by-babel"),
            "restricted isometry: δ_2 ≤ 1/3 (unit atoms), by isometry-by-babel",
        ),
        (bound("isometry-lower", 2, "1/3"), "restricted isometry: δ_2 ≥ 1/3 (unit atoms)"),
        (
            claim("hard-thresholding", level=3, rate="1/3", theorem="t"),
            "iterative hard thresholding at level 3: the error falls by the factor 1/3 in every step, by t",
        ),
        (
            claim("network-rate", level=3, rate="1/3", theorem="t"),
            "unrolled network at level 3: the largest error falls by the factor 1/3 in every layer, by t",
        ),
        (
            claim("support-values", order=2, scaling="unit", values=[]),
            "bounds of |h_S| for all sets S of 2 atoms, h in the null space",
        ),
        (
            answer("guaranteed", "network", 3, "convergence-by-generalized-coherence"),
            "unrolled network (network), unit atoms: guaranteed up to level 3, by convergence-by-generalized-coherence",
        ),
    ],
)
def test_claims_in_words(made: dict[str, Any], text: str):
    assert claim_text(made) == text


@pytest.mark.parametrize(
    "odd",
    [
        claim("generalized-coherence-upper", upper=[1]),
        claim("generalized-coherence-upper", upper={"exponent": 0, "integers": []}),
        claim("generalized-babel", sums=[1], upper=[]),
        claim("null-space-upper", level=1, scaling="unit", upper="x" * 20, theorem="t"),
    ],
)
def test_odd_claims_are_shown_field_by_field(odd: dict[str, Any]):
    assert claim_text(odd).startswith(f"{odd['kind']}: ")
    assert odd["kind"] in render_markdown(unchecked(claims=(odd,)))
