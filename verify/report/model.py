"""What a report is made of: the subject, what was asked, accepted claims, and observations beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import InputError

Claim = Mapping[str, Any]
Status = Literal["checked", "unchecked"]

QUESTIONS = ("l0", "l1", "network", "omp")
SCALINGS = ("unit", "as-given")
FIELDS = ("real", "complex")
KINDS = ("heat-map", "histogram", "text")


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InputError(f"{name} is {value!r}; wanted {' or '.join(repr(a) for a in allowed)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The dictionary a report is about: where it came from, its shape (m, n), its field and its digest.

    `source`, `loader` and `remarks` are free text and are escaped wherever they are shown. Raises InputError for an
    unknown field.
    """

    source: str
    loader: str
    shape: tuple[int, int]
    field: str
    sha256: str
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("Subject.field", self.field, FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Plain numbers computed by the caller for a picture; always captioned "observed, not proved".

    `kind` is `heat-map` (data `{"values": rows of floats in [0, 1], "atoms": n}`), `histogram` (data `{"edges": [...],
    "counts": [...]}`) or `text` (data: a string). Raises InputError for another kind, or for numbers that do not fit
    it.
    """

    title: str
    kind: str
    data: Any

    def __post_init__(self) -> None:
        _one_of("Observation.kind", self.kind, KINDS)
        wanted = {"heat-map": ("values", "atoms"), "histogram": ("edges", "counts"), "text": ()}[self.kind]
        if wanted and not (isinstance(self.data, Mapping) and all(key in self.data for key in wanted)):
            raise InputError(f"the data of a {self.kind} is a mapping with {' and '.join(wanted)}")
        if self.kind == "histogram" and len(self.data["edges"]) != len(self.data["counts"]) + 1:
            raise InputError(
                f"a histogram with {len(self.data['counts'])} counts has {len(self.data['counts']) + 1} edges, "
                f"got {len(self.data['edges'])}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question put: a sparsity level (None: which levels are there?), the questions and the scaling.

    Raises InputError for unknown questions or scalings, for no question, and for a level below 1.
    """

    sparsity: int | None
    questions: tuple[str, ...] = QUESTIONS
    scaling: str = "unit"

    def __post_init__(self) -> None:
        if not self.questions:
            raise InputError(f"Asked.questions is empty; wanted at least one of {', '.join(QUESTIONS)}")
        for question in self.questions:
            _one_of("Asked.questions", question, QUESTIONS)
        _one_of("Asked.scaling", self.scaling, SCALINGS)
        if self.sparsity is not None and self.sparsity < 1:
            raise InputError(f"Asked.sparsity is {self.sparsity}; wanted a level from 1, or None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How hard was looked before levels were left undecided; it proves nothing.

    `stopped` says that the search ended early; `unfinished` names the work that it left out, in words; `not_exact` says
    why the generalized coherence stays enclosed, where an exact number was asked for.
    """

    effort: str
    stopped: bool = False
    unfinished: tuple[str, ...] = ()
    not_exact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTable:
    """Facts that the caller proved itself and that are in no certificate: a table in words, and as JSON under `key`.

    Raises InputError for a row that does not fit the header.
    """

    key: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise InputError(f"the rows of {self.key!r} do not all have {len(self.header)} cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoremText:
    """A theorem as a report shows it: its permanent id, its statement in words, and where it is proved."""

    id: str
    statement: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a report shows, and nothing that it would have to compute.

    `claims` are statements of certificates/SPEC.md section 5. With `status` `checked` they were accepted by the checker
    and give the verdicts, levels and bounds; with `unchecked` they are listed as claimed and give none. `check_seconds`
    is an estimate of what the check will take; `search` is None where nobody searched, as for a certificate that was
    handed in. `noise` is the bound of the noise asked about, as a rational number; `measured` what was asked besides
    and is in no certificate. Raises InputError for another status.
    """

    subject: Subject
    asked: Asked
    status: Status
    claims: tuple[Claim, ...]
    check_command: str
    relied_on: tuple[str, ...] = ()
    check_seconds: float | None = None
    observations: tuple[Observation, ...] = ()
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    search: Search | None = None
    noise: str | None = None
    measured: tuple[MeasuredTable, ...] = ()

    def __post_init__(self) -> None:
        _one_of("Report.status", self.status, ("checked", "unchecked"))

    @property
    def accepted(self) -> tuple[Claim, ...]:
        """The claims the checker accepted: all of them, or none if nothing was checked."""
        return self.claims if self.status == "checked" else ()
