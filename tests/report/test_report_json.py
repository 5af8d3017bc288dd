from __future__ import annotations

import copy
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_samples import HOSTILE, SAMPLES, claim, hostile, identity_hadamard, long_rationals, unchecked

from verify import report as package
from verify.report import Asked, as_json, render

SCHEMA = json.loads((Path(package.__file__).parent / "check-dictionary.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def parsed(report: package.Report) -> Any:
    return json.loads(render(report, ".json"))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_follow_the_schema(name: str):
    VALIDATOR.validate(parsed(SAMPLES[name]()))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("status", ["checked", "unchecked"])
def test_foreign_text_survives_json_unchanged_and_cannot_leave_a_page(name: str, status: str):
    report = hostile(HOSTILE[name], status)
    data = render(report, ".json")
    assert not set(b"<>&") & set(data) and all(byte < 128 for byte in data)
    read = json.loads(data)
    VALIDATOR.validate(read)
    assert read["subject"]["source"] == HOSTILE[name]


def test_what_identity_hadamard_says():
    read = as_json(identity_hadamard(10))
    facts = read["facts"]
    assert facts["mutual_coherence"] == {
        "status": "exact", "lower": 0.125, "upper": 0.125, "squared": "1/64", "expression": "1/8", "witness": [0, 64],
    }  # fmt: skip
    assert facts["babel"]["k"] == list(range(1, 17))
    assert facts["babel"]["upper"][8] == 1.125
    assert facts["spark"] == {"lower": 16, "upper": 65, "independent": False}
    assert facts["rank"] == {"lower": 64, "upper": 64}
    assert facts["atom_norms"]["equal"] is True
    welch = facts["welch_bound"]
    assert Fraction(welch["lower"]) ** 2 < Fraction(1, 127) < Fraction(welch["upper"]) ** 2
    assert read["levels"]["l1"] == {
        "guaranteed": 4, "guaranteed_by": "recovery-by-coherence", "refuted": 33, "refuted_by": "failure-by-dimension",
    }  # fmt: skip
    assert [v["verdict"] for v in read["verdicts"]] == ["undecided"] * 4
    assert read["verdicts"][0]["reason"] == (
        "levels up to 7 are guaranteed, level 33 and above are refuted; level 10 lies in the gap"
    )


def test_long_rationals_are_enclosed():
    report = long_rationals()
    coherence = as_json(report)["facts"]["mutual_coherence"]
    square = Fraction(coherence["squared"])
    assert Fraction(coherence["lower"]) ** 2 <= square <= Fraction(coherence["upper"]) ** 2
    assert coherence["lower"] < coherence["upper"] == math.nextafter(coherence["lower"], 1)
    assert coherence["expression"] is None


def test_verdicts_need_a_level_and_follow_the_questions():
    assert as_json(identity_hadamard(None))["verdicts"] is None
    read = as_json(identity_hadamard(asked=Asked(sparsity=33, questions=("omp",))))
    assert [(v["question"], v["verdict"], v["theorem"]) for v in read["verdicts"]] == [
        ("omp", "refuted", "failure-by-dimension")
    ]


def test_nothing_claimed_gives_no_facts():
    read = parsed(identity_hadamard(claims=()))
    VALIDATOR.validate(read)
    assert set(read["facts"].values()) == {None}
    assert read["levels"]["l0"]["guaranteed"] == 0


def test_an_unchecked_report_has_no_levels():
    read = as_json(unchecked())
    assert read["checked"] is False
    assert read["levels"] is read["verdicts"] is None
    assert set(read["facts"].values()) == {None}
    assert len(read["claimed_not_checked"]) == len(unchecked().claims)


def test_bounds_beyond_the_floats_are_null():
    square = str(10**700)
    norms = claim("atom-norms", equal=True, squared_max=square, squared_min=square)
    read = parsed(identity_hadamard(claims=(norms, claim("babel", lower=["0"], upper=[str(10**400)]))))
    VALIDATOR.validate(read)
    assert read["facts"]["atom_norms"]["upper"] is None
    assert read["facts"]["babel"]["upper"] == [None]


def wrong(change: dict[str, Any], *path: str | int) -> Any:
    read = copy.deepcopy(parsed(identity_hadamard()))
    at = read
    for key in path:
        at = at[key]
    at.update(change)
    return read


@pytest.mark.parametrize(
    "read",
    [
        wrong({"schema": 2}),
        wrong({"levels": None}),
        wrong({"scaling": "other"}),
        wrong({"checked": False}),
        wrong({"sha256": "12"}, "subject"),
        wrong({"shape": [3]}, "subject"),
        wrong({"shape": [3, 4, 5]}, "subject"),
        wrong({"squared": "0.5"}, "facts", "mutual_coherence"),
        wrong({"lower": "0.5"}, "facts", "mutual_coherence"),
        wrong({"uper": 1}, "facts", "mutual_coherence"),
        wrong({"witness": [0]}, "facts", "mutual_coherence"),
        wrong({"independent": None}, "facts", "spark"),
        wrong({"guaranteed": None}, "levels", "l0"),
        wrong({"verdict": "yes"}, "verdicts", 0),
        wrong({"theorem": None}, "verdicts", 0),
        wrong({"verdict": "undecided"}, "verdicts", 0),
        {"schema": 1},
    ],
)
def test_the_schema_catches_mistakes(read: Any):
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(read)


def test_later_keys_may_be_added():
    for read in (wrong({"network": {}}), wrong({"stripe": None}, "facts"), wrong({"grid": 1}, "subject")):
        VALIDATOR.validate(read)
