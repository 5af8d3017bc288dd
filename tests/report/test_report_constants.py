"""Generalized coherence, null-space and isometry constants: read from claims that a stranger may have chosen."""

from __future__ import annotations

import base64
import json
import re
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import answer, bound, claim, complex_field, constants, giant, identity_hadamard, unchecked
from test_report_pages import terminal

from verify import report as package
from verify.errors import InputError, VerifyError
from verify.report import Asked, as_json, render, render_html, render_markdown
from verify.report import constants as reading
from verify.report.claim_text import claim_text
from verify.report.claims import array
from verify.report.constant_tables import constant_tables
from verify.report.constants import Bounds
from verify.report.counterexamples import counterexamples
from verify.report.gaps import gap, upper_text
from verify.report.view import fact_rows, level_rows

SCHEMA = json.loads((Path(package.__file__).parent / "check-dictionary.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
HALF = Fraction(1, 2)


def tilde(*values: int, exponent: int = -3) -> dict[str, Any]:
    upper = {"exponent": exponent, "integers": [f"{v:x}" for v in values]}
    return claim("generalized-coherence-upper", upper=upper)


def facts(*claims: dict[str, Any]) -> dict[str, Any]:
    report = identity_hadamard(claims=claims)
    read = json.loads(render(report, ".json"))
    VALIDATOR.validate(read)
    for text in (render_html(report), render_markdown(report), terminal(report), terminal(report, 40)):
        assert text
    return read["facts"]


def test_generalized_coherence_between_two_bounds():
    read = facts(tilde(1, 3, 2), tilde(4, 4, 4), claim("generalized-coherence-lower", atom=1, lower="1/3"))
    assert read["generalized_coherence"] == {
        "status": "enclosed", "lower": pytest.approx(1 / 3), "upper": 0.375, "value": None, "atom": 1,
    }  # fmt: skip
    assert Fraction(read["generalized_coherence"]["lower"]) < Fraction(1, 3)
    exact = facts(tilde(1, 3), claim("generalized-coherence-lower", atom=1, lower="3/8"))["generalized_coherence"]
    assert exact == {"status": "exact", "lower": 0.375, "upper": 0.375, "value": "3/8", "atom": 1}


def test_generalized_coherence_that_is_a_fraction():
    claims = (
        tilde(4, 4),
        claim("generalized-coherence-at-most", upper="1/3"),
        claim("generalized-coherence-lower", atom=1, lower="1/3"),
    )
    read = facts(*claims)["generalized_coherence"]
    assert (read["status"], read["value"]) == ("exact", "1/3")
    assert Fraction(read["lower"]) < Fraction(1, 3) < Fraction(read["upper"])
    row = next(iter(fact_rows(identity_hadamard(claims=claims))))
    assert row.value == "μ~ = 1/3"
    assert row.remarks[0] == "between 0.333333 and 0.333334"
    half = (tilde(4, 4), claim("generalized-coherence-lower", atom=1, lower="1/2"))
    assert next(iter(fact_rows(identity_hadamard(claims=half)))).value == "μ~ = 1/2 = 0.5"
    long = f"{10**50 + 1}/{3 * 10**50 + 1}"
    row = next(iter(fact_rows(identity_hadamard(claims=(
        claim("generalized-coherence-at-most", upper=long), claim("generalized-coherence-lower", atom=1, lower=long),
    )))))  # fmt: skip
    assert row.value == "μ~ between 0.333333 and 0.333334"
    assert row.exact[0].value == long
    assert claim_text(claims[1]) == "generalized coherence: μ~ ≤ 1/3"


def test_why_a_number_stays_enclosed_is_a_remark():
    why = replace(constants().search, not_exact="the norms of atoms 1 and 2 have an irrational ratio")
    report = replace(constants(), search=why)
    row = next(r for r in fact_rows(report) if r.name.startswith("Generalized coherence"))
    assert row.remarks[-1] == "not known exactly: the norms of atoms 1 and 2 have an irrational ratio"
    assert as_json(report)["search"]["not_exact"] == why.not_exact
    VALIDATOR.validate(as_json(report))
    for text in (render_html(report), render_markdown(report), " ".join(terminal(report, 200).split())):
        assert "not known exactly: the norms of atoms 1 and 2" in text


def test_generalized_coherence_of_independent_atoms_is_exactly_zero():
    assert facts(tilde(0, 0, 0, exponent=0))["generalized_coherence"] == {
        "status": "exact", "lower": 0, "upper": 0, "value": "0", "atom": None,
    }  # fmt: skip


def test_one_side_alone_is_shown_alone():
    assert facts(tilde(3))["generalized_coherence"] == {
        "status": "enclosed", "lower": None, "upper": 0.375, "value": None, "atom": None,
    }  # fmt: skip
    lower = claim("generalized-coherence-lower", atom=5, lower="1/4")
    assert facts(lower)["generalized_coherence"] == {
        "status": "enclosed", "lower": 0.25, "upper": None, "value": None, "atom": 5,
    }  # fmt: skip
    read = facts(bound("null-space-upper", 3, "1/3"), bound("null-space-lower", 7, "1/4"))["null_space_constant"]
    assert read == {
        "scaling": "unit",
        "3": {"lower": None, "upper": pytest.approx(1 / 3), "upper_by": "null-space-by-supports"},
        "7": {"lower": 0.25, "upper": None, "upper_by": None},
    }
    assert facts(bound("isometry-lower", 2, "2"))["restricted_isometry"]["2"]["lower"] == 2
    assert facts()["null_space_constant"] is facts()["restricted_isometry"] is facts()["hard_thresholding"] is None
    assert facts()["network_rate"] is None


def test_bounds_that_say_nothing_are_no_bounds():
    minus = claim("generalized-coherence-lower", atom=5, lower="-7")
    assert facts(minus)["generalized_coherence"] is None
    assert facts(tilde(3), minus)["generalized_coherence"]["atom"] is None
    read = facts(bound("null-space-lower", 2, "-3"), bound("null-space-upper", 2, "0"))
    assert read["null_space_constant"]["2"]["lower"] == read["null_space_constant"]["2"]["upper"] == 0


def test_huge_bounds_are_null_and_break_no_picture():
    huge = "9" * 4000
    read = facts(bound("null-space-upper", 1, huge), bound("null-space-upper", 2, f"{huge}/7"), tilde(1, exponent=5000))
    assert read["null_space_constant"]["1"]["upper"] is None
    assert read["generalized_coherence"]["upper"] is None
    tiny = f"1/{huge}"
    assert facts(bound("null-space-lower", 1, tiny))["null_space_constant"]["1"]["lower"] == 0
    babel = claim("generalized-babel", sums=[huge, f"-{huge}"], upper=[huge, "-1"])
    assert facts(babel)["generalized_babel"] == {"k": [1, 2], "upper": [None, -1], "sums": [None, -sys.float_info.max]}
    rates = [claim("network-rate", level=k, rate=r, theorem="x") for k, r in ((2, "1/3"), (3, "5/8"), (2, "1/4"))]
    assert facts(*rates)["network_rate"] == {
        "2": {"rate": 0.25, "theorem": "x"}, "3": {"rate": 0.625, "theorem": "x"},
    }  # fmt: skip
    assert facts(claim("hard-thresholding", level=2, rate=huge, theorem="x"))["hard_thresholding"]["2"]["rate"] is None


def test_the_sharpest_bound_of_a_level_counts_in_any_order():
    claims = [
        bound("null-space-upper", 5, "49/100", "b"),
        bound("null-space-lower", 1, "1/10"),
        bound("null-space-upper", 3, "3/4", "a"),
        bound("null-space-upper", 5, "9/10", "c"),
        bound("null-space-lower", 5, "1/5"),
        bound("null-space-lower", 5, "2/5"),
        bound("null-space-upper", 1, "1/100", "as given") | {"scaling": "as-given"},
    ]
    for order in (claims, claims[::-1]):
        read = reading.null_space(order, "unit")
        assert list(read) == [1, 3, 5]
        # nsc_k grows with k: the bound of level 5 is the better one at level 3.
        assert read[1] == Bounds(lower=Fraction(1, 10), upper=Fraction(49, 100), upper_by="b")
        assert read[3] == Bounds(lower=Fraction(1, 10), upper=Fraction(49, 100), upper_by="b")
        assert read[5] == Bounds(lower=Fraction(2, 5), upper=Fraction(49, 100), upper_by="b")
    assert list(reading.null_space(claims, "as-given")) == [1]


def test_levels_between_the_known_ones_have_bounds_too():
    known = {
        3: Bounds(lower=Fraction(1, 4), upper=Fraction(1, 3), upper_by="a"),
        5: Bounds(lower=Fraction(2, 5), upper=None),
        9: Bounds(lower=Fraction(2, 5), upper=Fraction(3, 4), upper_by="b"),
    }
    assert reading.at_level(known, 3) == known[3]
    assert reading.at_level(known, 1) == Bounds(lower=None, upper=Fraction(1, 3), upper_by="a")
    assert reading.at_level(known, 7) == Bounds(lower=Fraction(2, 5), upper=Fraction(3, 4), upper_by="b")
    assert reading.at_level(known, 10) == Bounds(lower=Fraction(2, 5), upper=None)
    assert reading.at_level({}, 1) is reading.at_level({2: Bounds(lower=Fraction(1), upper=None)}, 1) is None


@pytest.mark.parametrize("kind", ["null-space", "isometry"])
@pytest.mark.parametrize(("low", "high"), [(2, 2), (1, 4)])
def test_contradicting_bounds_are_an_error(kind: str, low: int, high: int):
    claims = [bound(f"{kind}-lower", low, "3/4"), bound(f"{kind}-upper", high, "1/2")]
    with pytest.raises(VerifyError, match="contradict"):
        as_json(identity_hadamard(claims=tuple(claims)))
    # A larger lower bound of a higher level is no contradiction.
    assert as_json(identity_hadamard(claims=(bound(f"{kind}-upper", 1, "1/2"), bound(f"{kind}-lower", 2, "3/4"))))


def test_contradicting_bounds_of_the_generalized_coherence_are_an_error():
    claims = (tilde(1, 2), claim("generalized-coherence-lower", atom=0, lower="1/2"))
    with pytest.raises(VerifyError, match="contradict"):
        as_json(identity_hadamard(claims=claims))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_true_bounds_are_read_as_bounds(data: st.DataObject):
    """Against a made-up non-decreasing truth, in any order and with any gaps."""
    unit = st.fractions(0, 1)
    truth = sorted(data.draw(st.lists(unit, min_size=1, max_size=8)))
    claims: list[dict[str, Any]] = []
    for level, value in enumerate(truth, 1):
        claims += [bound("null-space-upper", level, value + slack) for slack in data.draw(st.lists(unit, max_size=2))]
        claims += [bound("null-space-lower", level, value - slack) for slack in data.draw(st.lists(unit, max_size=2))]
    shuffled = data.draw(st.permutations(claims))
    read = reading.null_space(shuffled, "unit")
    assert set(read) == {c["level"] for c in claims}
    for level, found in read.items():
        assert found.lower is None or found.lower <= truth[level - 1]
        assert found.upper is None or found.upper >= truth[level - 1]
    report = identity_hadamard(claims=tuple(shuffled))
    VALIDATOR.validate(json.loads(render(report, ".json")))
    for table in constant_tables(report):
        for row in table.rows:
            if row.side == "below":
                assert truth[int(row.level) - 1] < HALF and Fraction(row.upper) < HALF
            elif row.side == "above":
                assert truth[int(row.level) - 1] >= HALF and Fraction(row.lower) >= HALF
    assert terminal(report, 40) and render_markdown(report)


def test_packed_arrays_are_read():
    packed = {"bytes": 2, "exponent": -3, "packed": base64.b64encode(b"\x03\x00\xff\xff").decode()}
    assert array(packed) == [Fraction(3, 8), Fraction(-1, 8)]
    read = facts(claim("generalized-coherence-upper", upper=packed))
    assert read["generalized_coherence"]["upper"] == 0.375


@pytest.mark.parametrize(
    "wrong", [{"bytes": 2, "packed": "AAAA"}, {"bytes": 2, "packed": "*"}, {"bytes": 3, "packed": "AAAA"}]
)
def test_other_packed_arrays_are_refused(wrong: dict[str, Any]):
    with pytest.raises(InputError, match="array"):
        array({"exponent": 0, **wrong})


def test_the_table_of_null_space_constants():
    tables = constant_tables(constants())
    assert [table.symbol for table in tables] == ["nsc", "δ"]
    rows = tables[0].rows
    assert [(row.level, row.lower, row.upper, row.answer) for row in rows] == [
        ("1", "0.125", "0.1689", "yes"),
        ("2", "0.25", "0.3377", "yes"),
        ("3", "0.375", "0.499999", "yes"),  # never rounded to the wrong side of 1/2
        ("4", "0.375", "0.55", "open"),
        ("5", "0.625", "", "no"),
    ]
    assert [row.by for row in rows][2:] == ["null-space-by-supports", "null-space-by-supports", ""]
    assert constant_tables(unchecked()) == ()


def test_decimals_stay_on_their_side_of_one_half():
    assert upper_text(HALF) == upper_text(HALF - Fraction(1, 10**40)) == "0.5"
    assert upper_text(HALF - Fraction(1, 10**9)) == "0.499999999"
    assert upper_text(HALF + Fraction(1, 10**40)) == "0.5001"
    assert gap("nsc_2", Bounds(lower=Fraction(1, 3), upper=None)) == "0.3333 ≤ nsc_2"


def test_a_long_table_keeps_the_levels_that_matter():
    (table, isometry) = constant_tables(giant())
    levels = [row.level for row in table.rows]
    assert len(levels) <= 16 and levels[:3] == ["1", "2", "…"] and levels[-1] == "200"
    assert {"29", "30", "31", "32"} <= set(levels)
    left_out = [int(row.by.split()[0]) for row in table.rows if row.side == "left out"]
    assert sum(left_out) == 200 - (len(levels) - len(left_out))
    assert len(isometry.rows) <= 16


def test_giant_numbers_leave_a_small_page_without_giant_text():
    report = giant()
    for text in (render_html(report), render_markdown(report), terminal(report), render(report, ".json").decode()):
        assert len(text.encode()) < 1_000_000
        assert not re.search(r"\d{80}|[0-9a-f]{80}", text.replace(report.subject.sha256, ""))


def test_the_facts_in_words():
    rows = {row.name: row for row in fact_rows(constants())}
    names = list(rows)
    assert names.index("Generalized coherence μ~") == names.index("Mutual coherence μ") + 1
    coherence = rows["Generalized coherence μ~"]
    assert coherence.value == "0.199218 ≤ μ~ ≤ 0.203125"
    assert coherence.remarks == ("guarantees the levels below (1 + 1/μ~)/2 ≥ 2.96", "lower bound by atom 39")
    assert rows["Unrolled network"].value == "converges at rate q ≤ 0.99 at level 3"
    assert rows["Unrolled network"].remarks == (
        "largest error times q or less in every layer, by rate-by-generalized-babel",
    )
    assert "Generalized Babel function P" not in rows  # the rate is one of its sums
    without = tuple(c for c in constants().claims if c["kind"] != "network-rate")
    rows |= {row.name: row for row in fact_rows(identity_hadamard(claims=without))}
    assert rows["Generalized Babel function P"].value == "P(k) + P(k-1) < 1 for k ≤ 3"
    assert rows["Iterative hard thresholding"].value == "converges for codes with at most 1 nonzero"
    assert "0.81" in rows["Iterative hard thresholding"].remarks[0]
    none = claim("generalized-babel", sums=["3/2"], upper=["1"])
    row = next(iter(fact_rows(identity_hadamard(claims=(none,)))))
    assert row.value == "P(k) + P(k-1) not proved below 1 at any k"


def test_the_babel_claim_that_reaches_farther_counts():
    short = claim("generalized-babel", sums=["1/5", "1", "2"], upper=["1/5", "1", "1"])
    long = claim("generalized-babel", sums=["1/5", "4/5"], upper=["1/5", "2/5"])
    assert reading.generalized_babel([short, long]) is reading.generalized_babel([long, short]) is long


def test_an_undecided_level_shows_the_gap():
    report = constants()
    text = " ".join(terminal(report).split())
    assert "Undecided: basis pursuit at level 4 (unit atoms)" in text
    assert "has to be below 1/2: 0.375 ≤ nsc_4 ≤ 0.55." in text
    read = as_json(report)
    assert next(v["reason"] for v in read["verdicts"] if v["question"] == "l1").endswith("0.375 ≤ nsc_4 ≤ 0.55")
    assert {row.question: row.undecided_gap for row in level_rows(report)} == {
        "l0": None, "l1": "0.375 ≤ nsc_4 ≤ 0.55", "network": None, "omp": None,
    }  # fmt: skip
    assert "0.375 ≤ nsc\\_4 ≤ 0.55" in render_markdown(report)
    assert "0.375 ≤ nsc_4 ≤ 0.55" in render_html(report)


def test_the_network_is_a_question_about_real_dictionaries():
    text = " ".join(terminal(complex_field()).split())
    assert "unrolled network at level 1 (atoms as given): no level is guaranteed, level 2 and above are refuted" in text
    assert "a question about real dictionaries" in text
    assert "For real dictionaries:" in render_markdown(identity_hadamard())


def test_the_missed_code_is_read_aloud():
    (example,) = (e for e in counterexamples(constants()) if e.name == "missed")
    assert example.title == "A code that basis pursuit can miss"
    assert example.words == (
        "The code x has 5 nonzeros, the largest 3 at atom 6. The code x′ with 4 nonzeros on other atoms has the same "
        "signal, D x = D x′ exactly, and weighs no more: x is not the only minimiser."
    )
    given_atoms = Asked(sparsity=4, scaling="as-given")
    claims = tuple({**c, "scaling": "as-given"} if "scaling" in c else c for c in constants().claims)
    (example,) = counterexamples(identity_hadamard(claims=claims, asked=given_atoms))
    assert "(sums of absolute values: about 8 for x, 6 for x′)" in example.words


def test_a_code_of_the_zero_signal_is_read_aloud():
    vector = {"imaginary": None, "part": [2, 5], "real": {"exponent": 0, "integers": ["1", "-1"]}, "support": [2, 5]}
    claims = ({**answer("refuted", "l1", 2, "failure-by-heavy-part"), **vector},)
    report = identity_hadamard(claims=claims)
    (example,) = counterexamples(report)
    assert example.words.endswith(
        "Its signal is zero, as that of the code x′ = 0, which weighs less: x is not a minimiser."
    )
    assert render_html(report) and terminal(report)
