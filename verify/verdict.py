"""Verdicts: three values, never two (docs/adr/0002)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn


class Question(StrEnum):
    """What is asked of a dictionary at a level (docs/notation.md, certificates/SPEC.md section 4)."""

    l0 = "l0"
    l1 = "l1"
    network = "network"
    omp = "omp"


class Scaling(StrEnum):
    """Which atoms are meant: normalised ones, or the atoms as given."""

    unit = "unit"
    as_given = "as-given"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    question: Question
    level: int
    scaling: Scaling

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict has three values and no truth value: ask isinstance(verdict, Guaranteed), not bool() of {self}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guaranteed(_Answer):
    """Proved: the answer is yes, by `theorem` (its id); `evidence` is what its hypotheses were proved from."""

    theorem: str
    evidence: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted(_Answer):
    """Proved: the answer is no; `theorem` is the id of the statement that turns `witness` into a refutation."""

    theorem: str
    witness: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided(_Answer):
    """Neither is proved. `reason` says what is known, `remedy` what could decide it."""

    reason: str
    remedy: str


Verdict = Guaranteed | Refuted | Undecided


class DeepQuestion(StrEnum):
    """What is asked of a chain of dictionaries at its levels (certificates/SPEC.md section 4)."""

    l0 = "l0"
    l1 = "l1"
    stability = "stability"


@dataclass(frozen=True, slots=True, kw_only=True)
class _DeepAnswer:
    question: DeepQuestion

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict has three values, no truth value: ask isinstance(verdict, DeepGuaranteed), not bool() of {self}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepGuaranteed(_DeepAnswer):
    """Proved for a chain, by `theorem` (its id); `evidence` is what it rests on."""

    theorem: str
    evidence: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepRefuted(_DeepAnswer):
    """Proved for a chain: the answer is no, as the deep codes of `witness` show by `theorem` (its id)."""

    theorem: str
    witness: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepUndecided(_DeepAnswer):
    """Neither is proved. `reason` says which dictionary is open, `remedy` what could decide it."""

    reason: str
    remedy: str


DeepVerdict = DeepGuaranteed | DeepRefuted | DeepUndecided
