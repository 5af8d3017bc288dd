"""Sentences, bars and the reach of the imports."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import answer, identity_hadamard, null_vector_refutes_two, subject, unchecked

from verify import report as package
from verify.report import Asked, Report
from verify.report.bars import bars
from verify.report.escaping import short_rational, shortened, visible
from verify.report.sentences import duration, sentences


def said(report: Report) -> list[str]:
    return [str(s) for s in sentences(report)]


def test_guaranteed_in_words():
    assert said(identity_hadamard(asked=Asked(sparsity=4, questions=("l1",)))) == [
        "Guaranteed: basis pursuit recovers every code with at most 4 nonzeros (level 4, unit atoms), "
        "by recovery-by-coherence."
    ]
    assert "at most 1 nonzero have" in said(identity_hadamard(1))[0]


def test_refuted_in_words():
    assert said(null_vector_refutes_two())[0] == (
        "Refuted: two different codes with at most 2 nonzeros have the same signal (level 2, unit atoms), "
        "by failure-by-two-codes."
    )


def test_undecided_in_words():
    claims = (answer("guaranteed", "l1", 2, "a"), answer("refuted", "l1", 9, "b"))
    report = identity_hadamard(claims=claims, asked=Asked(sparsity=5, questions=("l1", "omp")))
    assert said(report) == [
        "Undecided: basis pursuit at level 5 (unit atoms): levels up to 2 are guaranteed, "
        "level 9 and above are refuted; level 5 lies in the gap.",
        "Undecided: OMP at level 5 (unit atoms): no level is guaranteed, no level is refuted.",
    ]


def test_the_worst_comes_first():
    claims = (
        answer("guaranteed", "l0", 5, "a"),
        answer("refuted", "omp", 3, "b"),
        answer("guaranteed", "l1", 2, "c"),
        answer("guaranteed", "network", 3, "d"),
    )
    assert [s.tone for s in sentences(identity_hadamard(3, claims=claims))] == [
        "refuted",
        "undecided",
        "guaranteed",
        "guaranteed",
    ]


def test_without_a_level():
    assert said(identity_hadamard(None)) == [
        "Proved for unit atoms: uniqueness up to level 7, basis pursuit up to level 4, unrolled network up to level 4, "
        "OMP up to level 4; all refuted from level 33 on."
    ]
    mixed = (answer("guaranteed", "l1", 2, "a"), answer("refuted", "l0", 9, "b"))
    assert said(identity_hadamard(None, claims=mixed)) == [
        "Proved for unit atoms: uniqueness at no level, basis pursuit up to level 2, unrolled network at no level, "
        "OMP at no level; "
        "refuted: uniqueness from level 9."
    ]
    one = identity_hadamard(asked=Asked(sparsity=None, questions=("omp",), scaling="as-given"))
    assert said(one) == ["Undecided: no level is guaranteed or refuted for atoms as given (OMP)."]
    one = identity_hadamard(asked=Asked(sparsity=None, questions=("omp",)))
    assert said(one) == ["Proved for unit atoms: OMP up to level 4; refuted from level 33 on."]


def test_unchecked_in_words():
    assert [s.tone for s in sentences(unchecked())] == ["unchecked"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "less than a second"),
        (1, "about 1 second"),
        (45, "about 45 seconds"),
        (89, "about 89 seconds"),
        (271, "about 5 minutes"),
        (7300, "about 2 hours"),
        (200_000, "about 2 days"),
    ],
)
def test_durations(seconds: float, text: str):
    assert duration(seconds) == text


@given(st.data(), st.integers(2, 500))
def test_bars_cover_the_axis_in_order(data: st.DataObject, n: int):
    guaranteed = data.draw(st.integers(0, n))
    refuted = data.draw(st.none() | st.integers(guaranteed + 1, n)) if guaranteed < n else None
    asked = data.draw(st.none() | st.integers(1, n))
    claims = [answer("guaranteed", "l1", guaranteed, "a")] if guaranteed else []
    claims += [answer("refuted", "l1", refuted, "b")] if refuted else []
    report = identity_hadamard(
        subject=subject("x", (n, n)), claims=tuple(claims), asked=Asked(sparsity=asked, questions=("l1",))
    )
    drawn = bars(report)
    assert drawn is not None
    segments = drawn.bars[0].segments
    assert segments[0].left == 0 and segments[0].first == 1
    assert segments[-1].left + segments[-1].width == pytest.approx(100)
    for a, b in itertools.pairwise(segments):
        assert a.left + a.width == pytest.approx(b.left)
        assert a.last + 1 == b.first
    assert all(s.width > 0 for s in segments)
    assert segments[-1].last == n
    assert drawn.asked == asked
    ticks = drawn.axis.ticks()
    assert list(ticks) == sorted(set(ticks)) and ticks[-1] == drawn.axis.last <= n
    middles = [drawn.axis.middle(t) for t in ticks]
    assert all(b - a > 3.5 for a, b in itertools.pairwise(middles))


def test_an_unchecked_report_has_no_bars():
    assert bars(unchecked()) is None


@given(st.text(), st.integers(3, 50))
def test_shortened_text_fits(text: str, limit: int):
    assert len(shortened(text, limit)) <= max(limit, 0)
    assert visible(visible(text)) == visible(text)
    assert visible(text).isprintable()


def test_short_rationals_keep_both_parts():
    assert short_rational("1/8") == "1/8"
    assert short_rational("1" * 40 + "/" + "2" * 30) == "11111111…11111111/22222222…22222222"


def test_the_report_imports_no_mathematics():
    folder = Path(package.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level >= 2:
                assert (node.module or "") in {"errors", "files", "verdict"}, path
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("verify")), path
