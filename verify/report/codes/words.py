"""A report on codes in words: every format shows the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from ..claims import Level, levels
from ..escaping import shortened, visible
from ..model import TheoremText
from ..numbers import decimals, rational
from ..sentences import NAMES, Sentence
from .model import CodesReport

MOST_SHOWN = 20
HEADER = ("code", "nonzeros", "covered", "|y − Dc|₂ ≤", "error ≤", "from codes of at most", "by")
NOTE = (
    "The error is |z|₂, z_i = N_i (x_i − c_i) with the norms N_i of the atoms: how far the code c is from every code x "
    "with at most so many nonzeros and |y − Dx|₂ at most the noise."
)


@dataclass(frozen=True, slots=True)
class Bound:
    """An accepted bound of the distance of a code from every sparse one."""

    upper: Fraction
    sparsity: int
    theorem: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many codes have so many nonzeros, and whether they are covered."""

    nonzeros: int
    count: int
    covered: bool


def level(report: CodesReport) -> Level | None:
    """Return the accepted levels of the question, None if they were not checked."""
    return None if report.level_claims is None else levels(report.level_claims, "unit")[report.question]


def covered(report: CodesReport) -> tuple[bool, ...]:
    """Return for every code whether the accepted level covers it; none is if nothing was checked."""
    found = level(report)
    return tuple(found is not None and code.nonzeros <= found.guaranteed for code in report.codes)


def bounds(report: CodesReport) -> dict[int, Bound]:
    """Return the least accepted bound of every code that has one."""
    found: dict[int, Bound] = {}
    for claim in report.claims or ():
        if claim["kind"] == "code-error":
            bound, at = Bound(rational(claim["upper"]), claim["sparsity"], claim["theorem"]), claim["signal"]
            if at not in found or bound.upper < found[at].upper:
                found[at] = bound
    return found


def histogram(report: CodesReport) -> tuple[Bar, ...]:
    """Return how many codes have how many nonzeros, in order."""
    counted = Counter(code.nonzeros for code in report.codes)
    found = level(report)
    return tuple(Bar(k, counted[k], found is not None and k <= found.guaranteed) for k in sorted(counted))


def sentences(report: CodesReport) -> tuple[Sentence, ...]:
    """Return what is covered, and what is only claimed."""
    found, good, count = level(report), sum(covered(report)), len(report.codes)
    if found is None:
        rest = ": the check of the level takes too long and was not run, so no code counts as covered."
        said = [Sentence("unchecked", f": {good} of {count} codes are covered{rest[1:]}" if good else rest)]
    else:
        by = f", by {found.guaranteed_by}" if found.guaranteed else ""
        text = f"{good} of {count} codes are covered: {NAMES[report.question]} ({report.question}) is guaranteed up to "
        text += f"{found.guaranteed} nonzeros{by}."
        said = [Sentence("guaranteed" if good == count else "undecided", f": {text}")]
    if report.claims is None:
        rest = ": the check of the bounds takes too long and was not run: they are claimed, not checked."
        said.append(Sentence("unchecked", rest))
    return tuple(said)


def rows(report: CodesReport, most: int | None = MOST_SHOWN) -> tuple[tuple[str, ...], ...]:
    """Return one row a code, the first ones or all."""
    known, good = bounds(report), covered(report)
    found: list[tuple[str, ...]] = []
    for at, code in enumerate(report.codes[:most]):
        bound = known.get(at)
        found.append(
            (
                str(at),
                str(code.nonzeros),
                "yes" if good[at] else "no",
                decimals(code.residual, 4).upper,
                "no bound" if bound is None else decimals(bound.upper, 4).upper,
                "" if bound is None else str(bound.sparsity),
                "" if bound is None else visible(bound.theorem),
            )
        )
    return tuple(found)


def left_out(report: CodesReport) -> str | None:
    """Return how many codes the rows do not show."""
    more = len(report.codes) - MOST_SHOWN
    return f"... and {more} more (--format json has all)" if more > 0 else None


def setting(report: CodesReport) -> tuple[tuple[str, str], ...]:
    """Return what the report is about."""
    subject = report.subject
    signal = "D c, exactly" if report.signal_source is None else shortened(report.signal_source, 200)
    return (
        ("codes", shortened(report.codes_source, 200)),
        ("signals", signal),
        ("noise", report.noise),
        ("dictionary", f"{shortened(subject.source, 200)} ({subject.shape[0]} × {subject.shape[1]}, {subject.field})"),
        ("sha256", subject.sha256),
        ("read by", subject.loader),
        *(("remark", remark) for remark in subject.remarks),
        ("certificate of the bounds", report.certificate_path or "not written"),
    )


def theorems(report: CodesReport) -> tuple[TheoremText, ...]:
    """Return the theorems that accepted bounds and the level name."""
    found = level(report)
    named = {bound.theorem for bound in bounds(report).values()}
    named |= {found.guaranteed_by} if found is not None and found.guaranteed_by else set()
    return tuple(text for name, text in report.theorems.items() if name in named)
