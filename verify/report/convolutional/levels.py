"""The levels that accepted claims prove about filters, for each question and each way to count nonzeros."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ...errors import VerifyError
from ..sentences import NAMES
from .model import FilterReport

QUESTIONS = {
    "l0": "the sparsest code is unique",
    "l1": "basis pursuit finds every code",
    "network": "an unrolled network converges to every code",
    "omp": "orthogonal matching pursuit finds every code",
}
SPARSITIES = ("stripe", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLevels:
    """One question for one kind of sparsity: yes up to `guaranteed` (0: no level), no from `refuted` on (or None).

    `every_code`: yes for all codes, as the level in a stripe is that of all its atoms.
    """

    question: str
    sparsity: str
    guaranteed: int
    guaranteed_by: str | None
    refuted: int | None
    refuted_by: str | None
    refuted_at: tuple[int, ...] | None
    every_code: bool

    def verdict(self, k: int) -> str:
        """Return the answer at level k."""
        if self.every_code or k <= self.guaranteed:
            return "guaranteed"
        return "refuted" if self.refuted is not None and k >= self.refuted else "undecided"


def filter_levels(report: FilterReport, question: str, sparsity: str) -> FilterLevels:
    """Return what the claims of the report's scaling prove; raise VerifyError if they contradict one another."""
    wanted = {"question": question, "scaling": report.scaling}
    claims = report.claims if report.checked else ()
    both = [c for c in claims if "sparsity" in c and all(c.get(name) == value for name, value in wanted.items())]
    about = [c for c in both if c["sparsity"] == sparsity]
    yes = max((c for c in about if c["kind"].endswith("-guaranteed")), key=lambda c: c["level"], default=None)
    no = min((c for c in about if c["kind"].endswith("-refuted")), key=lambda c: c["level"], default=None)
    every_code = any(
        c["kind"].endswith("-guaranteed") and c["sparsity"] == "stripe" and c["level"] >= report.stripe for c in both
    )
    if yes is not None and no is not None and (every_code or yes["level"] >= no["level"]):
        raise VerifyError(
            f"the claims contradict one another: {question} is guaranteed at level {yes['level']} and refuted at level "
            f"{no['level']} ({sparsity})"
        )
    return FilterLevels(
        question=question,
        sparsity=sparsity,
        guaranteed=0 if yes is None else yes["level"],
        guaranteed_by=None if yes is None else yes["theorem"],
        refuted=None if no is None else no["level"],
        refuted_by=None if no is None else no["theorem"],
        refuted_at=None if no is None else tuple(no["lengths"]),
        every_code=every_code,
    )


def asked_levels(report: FilterReport) -> list[FilterLevels]:
    """Return the levels of the questions that were asked."""
    return [filter_levels(report, question, sparsity) for question in report.questions for sparsity in SPARSITIES]


def level_rows(report: FilterReport) -> list[dict[str, Any]]:
    """Return, for every question and kind of sparsity, the levels that the claims prove, and the verdict asked for."""
    k = report.sparsity
    rows: list[dict[str, Any]] = []
    for question in NAMES:
        for sparsity in SPARSITIES:
            level = filter_levels(report, question, sparsity)
            lengths = None if level.refuted_at is None else list(level.refuted_at)
            verdict = None if k is None else level.verdict(k)
            rows.append(
                {**asdict(level), "meaning": QUESTIONS[question], "refuted_at": lengths, "verdict": verdict},
            )
    return rows
