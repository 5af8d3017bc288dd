"""Verdicts about a chain in plain words, and its tables as texts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..claims import array, first, levels
from ..escaping import shortened
from ..model import Claim, TheoremText
from ..numbers import above, decimals, rational, root_decimals
from ..sentences import Sentence, atoms
from .model import DeepReport

NAMES = {"l0": "uniqueness", "l1": "basis pursuit", "stability": "stability"}
MEANINGS = {
    "l0": "Do any two different deep codes with at most these nonzeros have different signals?",
    "l1": "Does basis pursuit layer by layer find every deep code with at most these nonzeros?",
    "stability": "How far apart can two deep codes of one signal within the tolerances be, at most?",
}
_YES = {
    "l0": "any two different deep codes have different signals",
    "l1": "basis pursuit layer by layer recovers every deep code",
    "stability": "deep codes of one signal within the tolerances lie near each other",
}
_NO = {
    "l0": "two different deep codes have the same signal",
    "l1": "basis pursuit misses some deep code in some layer",
    "stability": "no tolerance bounds the distance of two deep codes of one signal",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question: `guaranteed`, `refuted` or `undecided`, with the claim that gives it."""

    question: str
    answer: str
    claim: Claim | None

    @property
    def theorem(self) -> str | None:
        """The id of the theorem, or None."""
        return None if self.claim is None else str(self.claim["theorem"])


def verdicts(report: DeepReport) -> tuple[Verdict, ...]:
    """Return the answers to the questions asked, from accepted claims; none for an unchecked report."""
    return () if report.status == "unchecked" else tuple(_verdict(report, question) for question in report.questions)


def _verdict(report: DeepReport, question: str) -> Verdict:
    for claim in report.accepted:
        if claim["kind"] not in ("deep-guaranteed", "deep-stability", "deep-refuted"):
            continue
        same = claim["levels"] == list(report.levels) and claim["slopes"] == list(report.slopes)
        if not same or (question == "l1" and claim["scaling"] != report.scaling):
            continue
        if claim["kind"] == "deep-stability":
            if question == "stability" and claim["tolerances"] == list(report.tolerances):
                return Verdict(question, "guaranteed", claim)
        elif claim["question"] == question:
            return Verdict(question, "refuted" if claim["kind"] == "deep-refuted" else "guaranteed", claim)
    return Verdict(question, "undecided", None)


def title(report: DeepReport) -> str:
    """Return what the report is about."""
    return ", ".join(shortened(subject.source, 60) for subject in report.subjects)


def setting(report: DeepReport) -> str:
    """Return shapes, levels, slopes and scaling in one line."""
    shapes = ", ".join(f"{s.shape[0]} × {s.shape[1]}" for s in report.subjects)
    parts = [f"{shapes}, {report.subjects[0].field}", f"at most {', '.join(map(str, report.levels))} nonzeros"]
    if set(report.slopes) != {"1"}:
        parts.append(f"leaky ReLUs of slopes {', '.join(report.slopes)}")
    return "; ".join([*parts, atoms(report.scaling)])


def sentences(report: DeepReport) -> tuple[Sentence, ...]:
    """Return one sentence for each question; one in all for an unchecked report."""
    if report.status == "unchecked":
        return (Sentence("unchecked", ": the checker has not read the certificate; this is only claimed."),)
    found: list[Sentence] = []
    for verdict in verdicts(report):
        by = "" if verdict.theorem is None else f", by {verdict.theorem}"
        match verdict.answer:
            case "guaranteed":
                bounds = _errors(verdict.claim) if verdict.question == "stability" else ""
                found.append(Sentence("guaranteed", f": {_YES[verdict.question]}{bounds}{by}."))
            case "refuted":
                found.append(Sentence("refuted", f": {_NO[verdict.question]}{by}."))
            case _:
                reason = report.reasons.get(verdict.question, "neither is proved")
                found.append(Sentence("undecided", f" ({NAMES[verdict.question]}): {reason}."))
    return tuple(found)


def _errors(claim: Claim | None) -> str:
    if claim is None:
        return ""
    bounds = [f"{float_above(rational(e))} in layer {j}" for j, e in enumerate(claim["errors"], 1)]
    return f", within {', '.join(bounds)}"


def float_above(value: Fraction) -> str:
    """Return a short decimal that is at least `value`."""
    return "0" if not value else f"{decimals(value, 4).upper}"


def layer_table(report: DeepReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table of dictionaries and products, from accepted claims."""
    header = ["", "shape", "asked", "μ", "l0 up to", "l1 up to", "l0, l1 refuted from"]
    rows: list[list[str]] = []
    for start, end in report.spans:
        one = report.layer(start, end)
        found = levels(one.accepted, report.scaling)
        mu = first(one.accepted, "mutual-coherence")
        rows.append(
            [
                f"D{start + 1}" if end == start + 1 else f"D{start + 1}…D{end}",
                f"{one.subject.shape[0]} × {one.subject.shape[1]}",
                str(report.levels[end - 1]),
                "" if mu is None else str(root_decimals(rational(mu["squared"])).upper),
                _level(found["l0"].guaranteed, found["l0"].guaranteed_by),
                _level(found["l1"].guaranteed, found["l1"].guaranteed_by),
                ", ".join("none" if found[q].refuted is None else str(found[q].refuted) for q in ("l0", "l1")),
            ]
        )
    return header, rows


def _level(level: int, theorem: str | None) -> str:
    return str(level) if theorem is None else f"{level} ({theorem})"


def error_table(report: DeepReport) -> tuple[list[str], list[list[str]]] | None:
    """Return header and rows of the table of tolerances and error bounds, or None where stability is not proved."""
    claim = next((v.claim for v in verdicts(report) if v.question == "stability" and v.answer == "guaranteed"), None)
    if claim is None:
        return None
    rows = [
        [str(j), shortened(tolerance, 20), f"{above(rational(error)):.6g}"]
        for j, (tolerance, error) in enumerate(zip(claim["tolerances"], claim["errors"], strict=True), 1)
    ]
    return ["layer", "tolerance", "|x - x'|_2 at most"], rows


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A code of the last dictionary that a refutation names: entries (atom, value)."""

    name: str
    entries: tuple[tuple[int, str], ...]


def witness(report: DeepReport) -> tuple[str, tuple[WrittenCode, ...]] | None:
    """Return a sentence and the codes of the first refutation, or None."""
    claim = next((v.claim for v in verdicts(report) if v.answer == "refuted"), None)
    if claim is None:
        return None
    last = len(report.subjects)
    names = [("first", "x"), ("second", "x'")] if "second" in claim else [("first", "x")]
    codes = tuple(
        WrittenCode(
            shown,
            tuple(
                (i, shortened(str(value), 40))
                for i, value in zip(claim[name]["support"], array(claim[name]["real"]), strict=True)
            ),
        )
        for name, shown in names
    )
    if "second" in claim:
        return f"Two codes of dictionary {last} whose deep codes have the same signal.", codes
    return f"A code of dictionary {last} whose deep code basis pursuit misses in layer {claim['layer']}.", codes


def theorems(report: DeepReport) -> tuple[TheoremText, ...]:
    """Return the theorems that the verdicts name, each once."""
    named = dict.fromkeys(v.theorem for v in verdicts(report) if v.theorem is not None)
    return tuple(report.theorems[name] for name in named if name in report.theorems)


def search_text(report: DeepReport) -> str | None:
    """Return what the search left out, or None where nothing is undecided or nothing was left out."""
    search = report.search
    if search is None or not (search.stopped or search.unfinished):
        return None
    if all(verdict.answer != "undecided" for verdict in verdicts(report)):
        return None
    how = "The search was stopped early" if search.stopped else f"Too much work for the effort {search.effort}"
    left = f": {', '.join(search.unfinished)}" if search.unfinished else ""
    return f"{how}{left}. More time or effort may decide more."
