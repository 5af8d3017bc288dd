"""Reports on solved problems: read from claims made by hand, in every format, with nothing said that is not claimed."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from report_samples import HOSTILE, subject
from rich.console import Console

from verify.errors import InputError, VerifyError
from verify.report import Backend, Given, Notes, Proof, SolutionReport, render, render_solution_terminal
from verify.report.solutions.json_report import solutions_as_json
from verify.report.solutions.reading import code, solved
from verify.report.solutions.view import backend_rows, code_rows, problems, remarks, signal_rows
from verify.report.solutions.words import exact_text, formula, lines

F = Fraction
PURSUIT = {"name": "basis-pursuit", "nonnegative": False, "scaling": "as-given"}
COMMAND = "python -m certificates c.json --dictionary D.npy --signal y.npy"


def fields(
    support: list[int], values: list[int], divisor: str = "1", imaginary: list[int] | None = None
) -> dict[str, Any]:
    def spelled(numbers: list[int]) -> dict[str, Any]:
        return {"exponent": 0, "integers": [f"{value:x}" for value in numbers]}

    return {
        "divisor": divisor,
        "imaginary": None if imaginary is None else spelled(imaginary),
        "real": spelled(values),
        "support": support,
    }


def proof(
    kind: str, rule: str, signal: int = 0, problem: dict[str, Any] = PURSUIT, code: Any = None, **more: Any
) -> Proof:
    return Proof(claim={"kind": kind, "problem": problem, "signal": signal, **more}, rule=rule, code=code)


UPPER = proof("value-upper", "value-by-code", upper="5/2", code=fields([1, 3], [3, -2], "2"))
LOWER = proof("value-lower", "value-by-dual", lower="5/2")
LESS = proof("value-lower", "value-by-dual", lower="2")
UNIQUE = proof("unique-minimiser", "unique-minimiser-of-basis-pursuit", radius="1/1024", **fields([1, 3], [3, -2], "2"))
INFEASIBLE = proof("infeasible", "infeasible-by-dual")
SEVERAL = proof(
    "several-minimisers", "several-minimisers", first=fields([0], [5], "2"), second=fields([1, 3], [3, -2], "2")
)


def report(*proofs: Proof, **changes: Any) -> SolutionReport:
    given: dict[str, Any] = {
        "subject": subject("D.npy", (4, 6)),
        "given": Given(role="signal", subject=subject("y.npy", (4, 1))),
        "status": "checked",
        "problems": (PURSUIT,),
        "proofs": proofs,
        "check_command": COMMAND,
        **changes,
    }
    return SolutionReport(**given)


def terminal(model: SolutionReport, width: int = 80, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    render_solution_terminal(model, Console(file=stream, width=width))
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("proofs", "status", "unique", "says"),
    [
        ((UPPER, LOWER), "proved-optimal", None, "the value is 5/2 = 2.5, attained by a code with 2 nonzeros; whether by"),
        ((UPPER, LESS), "enclosed", None, "the value is between 2 and 2.5"),
        ((UPPER,), "enclosed", None, "the value is between 0 and 2.5"),
        ((LESS,), "not-solved", None, "no feasible code is proved; the value is at least 2"),
        ((), "not-solved", None, "no feasible code is proved"),
        ((UNIQUE, LESS, UPPER), "proved-optimal", True, "and the minimiser is the only one, with 2 nonzeros"),
        ((UNIQUE,), "proved-optimal", True, "the value is not bounded, and the minimiser is the only one"),
        ((LOWER, UPPER, SEVERAL), "proved-optimal", False, "and it has more than one minimiser"),
        ((INFEASIBLE,), "proved-infeasible", None, "no code is feasible, by infeasible-by-dual"),
    ],
)  # fmt: skip
def test_a_status_is_what_the_claims_say(
    proofs: tuple[Proof, ...], status: str, unique: bool | None, says: str
) -> None:
    model = report(*proofs)
    (one,) = solved(model)
    assert (one.status, one.unique) == (status, unique)
    (line,) = lines(model)
    assert says in line.rest
    for text in (terminal(model), render(model, ".md").decode(), render(model, ".html").decode()):
        assert line.head in text
    (result,) = json.loads(render(model, ".json"))["results"]
    assert (result["status"], result["unique"]) == (status, unique)


def test_an_unchecked_report_says_nothing() -> None:
    model = report(UPPER, LOWER, UNIQUE, status="unchecked", check_seconds=200.0)
    assert solved(model) == ()
    for text in (terminal(model), render(model, ".md").decode(), render(model, ".html").decode()):
        assert "Unchecked" in text
        assert "roved optimal" not in text
        assert "5/2" in text  # only among what is claimed
        assert COMMAND in text
    body = solutions_as_json(model)
    assert body["results"][0]["status"] is None
    assert len(body["claimed_not_checked"]) == 3


@pytest.mark.parametrize(
    "proofs",
    [(UPPER, INFEASIBLE), (UNIQUE, SEVERAL), (UPPER, replace(LOWER, claim={**LOWER.claim, "lower": "3"}))],
)
def test_contradictions_are_no_report(proofs: tuple[Proof, ...]) -> None:
    with pytest.raises(VerifyError, match="the claims about signal 0 contradict one another"):
        solved(report(*proofs))


def test_claims_about_other_problems_and_signals_are_not_mixed_in() -> None:
    other = {**PURSUIT, "scaling": "unit"}
    model = report(
        LESS, UPPER,
        proof("value-upper", "value-by-code", signal=1, upper="1"),
        proof("value-upper", "value-by-code", problem=other, upper="1"),
        proof("value-upper", "value-by-code", upper="7"),
    )  # fmt: skip
    (one,) = solved(model)
    assert (one.lower, one.upper) == (2, F(5, 2))
    several = replace(model, problems=(PURSUIT, other), signals=(0, 0))
    assert [one.upper for one in solved(several)] == [F(5, 2), 1]


def test_the_difference_of_a_claimed_value_is_bounded_by_the_enclosure() -> None:
    def told(value: float | None) -> str:
        backend = Backend(name="a solver", status="optimal", value=value, seconds=0.5, versions={"solver": "1.2"})
        (row,) = backend_rows(report(LESS, UPPER, notes=(Notes(backends=(backend,)),)))
        return row.gap

    assert told(3.0) == "too high by at least 0.5"
    assert told(1.5) == "too low by at least 0.5"
    assert told(2.25) == "at most 0.25"
    assert told(None) == told(float("inf")) == "unknown"
    exact = Backend(name="s", status="optimal", value=2.5, seconds=0.5)
    assert backend_rows(report(LOWER, UPPER, notes=(Notes(backends=(exact,)),)))[0].gap == "at most 0"
    (result,) = solutions_as_json(report(LESS, UPPER, notes=(Notes(backends=(exact,)),)))["results"]
    assert result["backend"][0]["difference"] == {"lower": 0.0, "upper": 0.5}


def test_pictures_of_code_and_residual() -> None:
    notes = Notes(residual=((0.0, 1e-9, 0.0, -2e-9),))
    page = render(report(UNIQUE, notes=(notes,)), ".html").decode()
    assert page.count("<svg") == 2
    assert "The code of signal 0 as stems over 6 atoms, with 2 nonzeros." in page
    assert "The residual of signal 0 as stems over 4 entries. Observed, not proved." in page
    assert render(report(UNIQUE, notes=(notes,)), ".html").decode() == page
    complex_code = proof("unique-minimiser", "r", radius="0", **fields([1], [3], "2", [1]))
    assert render(report(complex_code), ".html").decode().count("<svg") == 1
    assert code_rows(report(complex_code))[0].entries == (("1", "3/2 + (1/2)i"),)


def test_many_signals_have_a_table_and_pictures_of_the_first() -> None:
    proofs = [replace(UNIQUE, claim={**UNIQUE.claim, "signal": at}) for at in range(250)]
    model = report(*proofs[:249], problems=250 * (PURSUIT,))
    assert len(signal_rows(model)) == 200
    assert {row.signal for row in code_rows(model)} == {0, 1, 2}
    (line,) = lines(model)
    assert line.head == "Not solved"
    assert "249 proved optimal, 1 not solved" in line.rest
    for text in (terminal(model), render(model, ".md").decode(), render(model, ".html").decode()):
        assert "and 50 more signals: see the JSON report" in text
    assert len(json.loads(render(model, ".json"))["results"]) == 250
    assert lines(report(*proofs[:2], problems=2 * (PURSUIT,)))[0].head == "All proved optimal"


def test_remarks_name_their_signals() -> None:
    notes = tuple(Notes(remarks=("dense",), stopped=at == 1) for at in range(12))
    texts = remarks(report(problems=12 * (PURSUIT,), notes=notes))
    assert texts == (
        "signal 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more: dense",
        "signal 1: stopped early: more time may prove more",
    )
    assert remarks(report(notes=notes[:1])) == ("dense",)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_stay_text(hostile: str) -> None:
    backend = Backend(name=hostile, status=hostile, value=1.0, seconds=0.0, versions={hostile: hostile})
    model = report(
        UPPER,
        subject=subject(hostile, (4, 6), loader=hostile, remarks=(hostile,)),
        given=Given(role="code", subject=subject(hostile, (6, 1), loader=hostile)),
        notes=(Notes(backends=(backend,), remarks=(hostile,)),),
        check_command=f"check {hostile}",
        certificate_path=hostile,
        versions={"x": hostile},
        relied_on=(hostile,),
    )
    page = render(model, ".html").decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert "\x1b" not in page + render(model, ".md").decode() + terminal(model) + render(model, ".json").decode()
    assert "\u202e" not in page
    assert terminal(model, encoding="ascii").isascii()


def test_problems_in_formulas() -> None:
    assert formula(PURSUIT) == "min |x|₁ over D x = y"
    assert formula({**PURSUIT, "scaling": "unit", "nonnegative": True}) == "min Σ N_i |x_i| over D x = y, x ≥ 0"
    assert formula({"name": "bpdn", "epsilon": "1/10", "nonnegative": False}) == "min |x|₁ over |y − D x|₂ ≤ 1/10"
    assert formula({"name": "lasso", "weight": "2", "nonnegative": False}) == "min ½ |y − D x|₂² + 2 |x|₁"
    assert (
        formula({"name": "sparsest", "epsilon": "0", "box": "3", "nonnegative": False})
        == "min |x|₀ over D x = y, |x_i| ≤ 3"
    )
    long = {"name": "k-sparse", "box": f"1/{3**40}", "sparsity": 4, "nonnegative": False}
    assert formula(long) == "min |y − D x|₂² over |x|₀ ≤ 4, |x_i| ≤ about 8.225e-20"
    five = report(problems=tuple({"name": "lasso", "weight": str(w), "nonnegative": False} for w in range(1, 6)))
    assert problems(five)[-1] == "and 2 more that differ in a number"


def test_numbers_are_exact_or_enclosed() -> None:
    assert exact_text(F(3)) == "3"
    assert exact_text(F(5, 2)) == "5/2 = 2.5"
    assert exact_text(F(1, 3)) == "1/3"
    assert exact_text(F(10**30 + 1, 3 * 10**30)) == "between 0.333333333333 and 0.333333333334"


def test_what_is_no_report() -> None:
    with pytest.raises(InputError, match=r"SolutionReport\.status is 'true'"):
        report(status="true")
    with pytest.raises(InputError, match="2 notes do not fit 1 problems"):
        report(notes=(Notes(), Notes()))
    with pytest.raises(InputError, match="2 signals do not fit 1 problems"):
        report(signals=(0, 1))
    with pytest.raises(InputError, match=r"Given\.role is 'codes'"):
        Given(role="codes", subject=subject("y", (4, 1)))
    with pytest.raises(InputError, match=r"a report is written to \.html, \.md or \.json, got '\.pdf'"):
        render(report(), ".pdf")
    for broken in ({}, {**fields([1], [1]), "divisor": "0"}, {**fields([1], [1]), "support": [1, 2]}):
        with pytest.raises(InputError, match="the fields of a claim spell no code"):
            code(broken)


def test_a_long_number_is_null_in_json() -> None:
    long = str(10**4200 + 1)
    huge = proof("unique-minimiser", "r", radius="0", **fields([1], [int(long[:4100])]))
    (result,) = solutions_as_json(report(huge))["results"]
    assert result["solution"]["exact"] == [None]
    assert result["solution"]["decimal"] == [None]
