"""What a report on solved problems is made of: two subjects, proofs, and what the backends claimed beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ..model import Claim, Status, Subject, TheoremText

ROLES = ("signal", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The signals, or codes that were handed in for them: `subject` with shape (rows, number)."""

    role: str
    subject: Subject

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise InputError(f"Given.role is {self.role!r}; wanted {' or '.join(ROLES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One claim of a certificate, the rule of its step, and the code in that step's evidence if there is one."""

    claim: Claim
    rule: str
    code: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """What a solver said: its own status, the value it claims and its time. Observed, not proved."""

    name: str
    status: str
    value: float | None
    seconds: float
    versions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was observed about the problem of one signal: `residual` is y - Dx of the best code, real and imaginary."""

    backends: tuple[Backend, ...] = ()
    remarks: tuple[str, ...] = ()
    stopped: bool = False
    residual: tuple[tuple[float, ...], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionReport:
    """Everything a report on solved problems shows, and nothing that it would have to compute.

    `problems` are the statements of the problems (certificates/SPEC.md section 6.8), `signals` the number of the signal
    of each (empty: one for each signal in order), `notes` likewise (or empty). `proofs` were accepted by the checker if
    `status` is `checked`; otherwise they are only claimed. `check_seconds` is an estimate. `grid` has the number of
    filters and the lengths of codes where the dictionary is the matrix of filters of one size. Raises InputError for
    another status, or for notes that do not fit.
    """

    subject: Subject
    given: Given
    status: Status
    problems: tuple[Mapping[str, Any], ...]
    proofs: tuple[Proof, ...]
    check_command: str | None
    signals: tuple[int, ...] = ()
    grid: tuple[int, ...] = ()
    notes: tuple[Notes, ...] = ()
    relied_on: tuple[str, ...] = ()
    check_seconds: float | None = None
    theorems: Mapping[str, TheoremText] = field(default_factory=dict)
    certificate_path: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in ("checked", "unchecked"):
            raise InputError(f"SolutionReport.status is {self.status!r}; wanted 'checked' or 'unchecked'")
        for name, values in (("notes", self.notes), ("signals", self.signals)):
            if values and len(values) != len(self.problems):
                raise InputError(f"{len(values)} {name} do not fit {len(self.problems)} problems")

    @property
    def accepted(self) -> tuple[Proof, ...]:
        """What the checker accepted: all proofs, or none if nothing was checked."""
        return self.proofs if self.status == "checked" else ()

    @property
    def atom_words(self) -> str:
        """What an entry of a code is named by."""
        return "filter@position" if self.grid else "atom"

    def place(self, atom: int) -> tuple[int, ...] | None:
        """Return (filter, position..) of an atom where the dictionary is the matrix of filters of one size."""
        if not self.grid:
            return None
        found: list[int] = []
        for length in reversed(self.grid):
            atom, at = divmod(atom, length)
            found.append(at)
        return tuple(reversed(found))

    def atom_name(self, atom: int) -> str:
        """Return an atom as `3`, or as `1@4` or `1@3,4`: filter 1 at this position."""
        place = self.place(atom)
        return str(atom) if place is None else f"{place[0]}@{','.join(map(str, place[1:]))}"

    def signal(self, at: int) -> int:
        """Return the number of the signal that one problem is about."""
        return self.signals[at] if self.signals else at

    def noted(self, at: int) -> Notes:
        """Return what was observed about one problem."""
        return self.notes[at] if self.notes else Notes()
