"""Reports of experiments: rounded outward, escaped, the same bytes, and no number that nobody handed in."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from report_samples import THEOREMS, subject
from rich.console import Console

import verify.report
from verify.errors import InputError
from verify.report.recovery import (
    Proved,
    Rate,
    RecoveryReport,
    as_json,
    render_html,
    render_json,
    render_markdown,
    render_terminal,
    write,
)
from verify.report.recovery.words import interval, rate, spoken

SCHEMA = json.loads((Path(verify.report.__file__).parent / "recover.schema.json").read_text())


def rates(*counts: tuple[int, int, int]) -> tuple[Rate, ...]:
    return tuple(
        Rate(level=k, recovered=r, missed=f, undecided=u, lower=Fraction(123456, 10**6), upper=Fraction(7, 8))
        for k, (r, f, u) in enumerate(counts, 1)
    )


def one(**changes) -> RecoveryReport:
    given = {
        "subject": subject("a.npy", (10, 20)),
        "atoms": 20,
        "method": "l1",
        "scaling": "unit",
        "magnitudes": "sign",
        "seed": 3,
        "drawn_with": "PCG64",
        "trials": 4,
        "confidence": Fraction(19, 20),
        "rates": rates((4, 0, 0), (4, 0, 0), (2, 2, 0), (0, 4, 0), (0, 4, 0)),
        "proved": Proved(
            guaranteed=1, guaranteed_by="recovery-by-coherence", refuted=3, refuted_by="failure-by-dimension"
        ),
        "command": "verify recover a.npy",
        "theorems": THEOREMS,
        "versions": {"numpy": "2"},
        **changes,
    }
    return RecoveryReport(**given)


def family(**changes) -> RecoveryReport:
    cells = tuple(replace(r, dimension=5) for r in rates((4, 0, 0), (1, 3, 0)))
    return one(subject=None, family="gaussian", proved=None, rates=cells, picture=((1.0, None), (0.25, 0.0)), **changes)


def printed(report: RecoveryReport, encoding: str = "utf-8", width: int = 80) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    render_terminal(report, Console(file=stream, width=width))
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("report", [one(), family(), one(rates=()), one(proved=None, stopped=True)])
def test_every_format_is_made_twice_the_same(report: RecoveryReport) -> None:
    for render in (render_html, render_markdown, render_json, printed):
        assert render(report) == render(report)
    found = json.loads(render_json(report))
    jsonschema.validate(found, SCHEMA)
    assert found == as_json(report)


def test_sentences() -> None:
    proved, observed = spoken(one())
    assert proved.rest == (
        " for unit atoms: basis pursuit recovers every code with one nonzero, by recovery-by-coherence; "
        "it misses some code from level 3 on, by failure-by-dimension."
    )
    assert observed.rest == (
        ": basis pursuit recovered every code drawn up to level 2, at least half of them up to level 3, "
        "none from level 4 on (levels 1 to 5)."
    )
    nothing = Proved(guaranteed=0, guaranteed_by=None, refuted=None, refuted_by=None)
    proved, observed = spoken(one(proved=nothing, method="omp", scaling="as-given", rates=rates((0, 2, 2))))
    assert proved.rest == " for atoms as given: no level is guaranteed; no level is refuted."
    assert observed.rest.endswith("none from level 1 on (level 1). 2 of 4 trials are undecided.")
    assert (
        spoken(one(rates=rates((4, 0, 0))))[1].rest
        == ": basis pursuit recovered every code drawn up to level 1 (level 1)."
    )
    assert spoken(family())[0].rest == ": 8 trials in 2 cells, 5 recovered by basis pursuit."
    assert spoken(one(rates=()))[1].rest == ": 0 trials in 0 levels, 0 recovered by basis pursuit."


def test_short_numbers_are_rounded_outward_and_never_to_certainty() -> None:
    of = Rate(
        level=1, recovered=9999, missed=1, undecided=0, lower=Fraction(1234567, 10**7), upper=Fraction(1999, 10**4)
    )
    assert rate(of) == "0.999"
    assert interval(of) == "0.123–0.200"
    assert rate(replace(of, recovered=1, missed=9999)) == "0.001"
    assert rate(replace(of, missed=0)) == "1"
    assert rate(replace(of, recovered=0)) == "0"


def test_json_bounds_are_rounded_outward() -> None:
    found = as_json(one())["rates"][0]
    assert Fraction(found["lower"]) <= Fraction(123456, 10**6)
    assert Fraction(found["upper"]) >= Fraction(7, 8)


def test_what_is_proved_is_named_level_by_level() -> None:
    lines = [line for line in render_markdown(one()).splitlines() if line.startswith("| ") and "1–" not in line]
    words = [word for line in lines for word in ("guaranteed", "open", "refuted") if line.endswith(f"| {word} |")]
    assert words == ["guaranteed", "open", "refuted", "refuted", "refuted"]
    assert "Tropp" in render_html(one())
    assert "Tropp" not in render_html(one(proved=None))


def test_hostile_text_is_harmless() -> None:
    evil = "<script>alert(1)</script>|`[x](http://y)\x1b[31m"
    report = one(subject=subject(evil, (3, 4), remarks=(evil,)), command=f"verify recover {evil}")
    page = render_html(report)
    assert "<script" not in page
    assert "\x1b" not in page
    assert "<script" not in render_markdown(report).replace("```text\nverify recover <script>", "")
    assert "\x1b" not in printed(report)
    assert b"<" not in render_json(report)


def test_undecided_trials_have_a_column_only_if_there_are_any() -> None:
    assert "undecided |" not in render_markdown(one())
    assert "undecided |" in render_markdown(one(rates=rates((1, 1, 2))))
    assert "Undecided</th>" in render_html(one(rates=rates((1, 1, 2))))


def test_an_ascii_terminal_and_a_narrow_one() -> None:
    assert printed(one(), "ascii").isascii()
    assert max(map(len, printed(one(), width=60).splitlines())) <= 60


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method": "lasso"}, "RecoveryReport.method is 'lasso'"),
        ({"scaling": "x"}, "RecoveryReport.scaling is 'x'"),
        ({"magnitudes": "x"}, "RecoveryReport.magnitudes is 'x'"),
        ({"family": "gaussian"}, "about one dictionary or about one family"),
        ({"subject": None}, "about one dictionary or about one family"),
    ],
)
def test_bad_reports_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        one(**changes)


def test_rates_without_trials_are_refused() -> None:
    for counts in ((0, 0, 0), (-1, 2, 0)):
        with pytest.raises(InputError, match="at least one trial"):
            rates(counts)


def test_reports_are_written_by_suffix(tmp_path: Path) -> None:
    for name in ("r.html", "r.md", "r.JSON"):
        write(one(), tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100
    with pytest.raises(InputError, match=r"written to \.html, \.md or \.json, got '\.pdf'"):
        write(one(), tmp_path / "r.pdf")
