"""What the report on a chain is made of: its dictionaries, what was asked, and accepted claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import InputError
from ..model import SCALINGS, Asked, Claim, Report, Search, Status, Subject, TheoremText

QUESTIONS = ("l0", "l1", "stability")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepReport:
    """Everything that the report on a chain shows, and nothing that it would have to compute.

    `subjects` are the dictionaries in order; `levels`, `slopes` and `tolerances` have one entry for each, and the
    latter two are exact numbers as p or p/q. `reasons` say why a question is open, by its name. `claims` and `status`
    are as in `verify.report.Report`. Raises InputError for unknown questions, scalings and lists that do not fit.
    """

    subjects: tuple[Subject, ...]
    levels: tuple[int, ...]
    slopes: tuple[str, ...]
    tolerances: tuple[str, ...]
    questions: tuple[str, ...]
    scaling: str
    status: Status
    claims: tuple[Claim, ...]
    check_command: str
    reasons: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    relied_on: tuple[str, ...] = ()
    check_seconds: float | None = None
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    search: Search | None = None

    def __post_init__(self) -> None:
        if not self.questions or not set(self.questions) <= set(QUESTIONS):
            raise InputError(f"DeepReport.questions is {self.questions!r}; wanted some of {', '.join(QUESTIONS)}")
        if self.scaling not in SCALINGS:
            raise InputError(f"DeepReport.scaling is {self.scaling!r}; wanted {' or '.join(map(repr, SCALINGS))}")
        lengths = {len(self.subjects), len(self.levels), len(self.slopes), len(self.tolerances)}
        if len(lengths) > 1 or len(self.subjects) < 2:
            raise InputError("a deep report has two or more dictionaries, and a level, slope and tolerance for each")

    @property
    def accepted(self) -> tuple[Claim, ...]:
        """The claims the checker accepted: all of them, or none if nothing was checked."""
        return self.claims if self.status == "checked" else ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The products D[i:j] that accepted claims are about, the dictionaries first."""
        found = {(start, end) for start, end in (c["about"] for c in self.accepted if "about" in c)}
        return tuple(sorted(found, key=lambda span: (span[1] - span[0], span)))

    def layer(self, start: int, end: int) -> Report:
        """Return the report on D[start:end] alone, as for one dictionary."""
        claims = tuple(claim for claim in self.accepted if claim.get("about") == [start, end])
        subject = self.subjects[start]
        if end > start + 1:
            product = next(claim for claim in claims if claim["kind"] == "product")
            subject = Subject(
                source=f"the product of dictionaries {start + 1} to {end}",
                loader="product",
                shape=(product["shape"][0], product["shape"][1]),
                field=subject.field,
                sha256=product["digest"],
            )
        asked = Asked(sparsity=self.levels[end - 1], questions=("l0", "l1"), scaling=self.scaling)
        return Report(subject=subject, asked=asked, status=self.status, claims=claims, check_command=self.check_command)
