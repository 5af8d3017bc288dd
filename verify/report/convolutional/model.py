"""What a report on filters shows; verdicts and levels are read from claims, pictures are observations."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from ...errors import InputError

Claim = dict[str, Any]
Picture = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterReport:
    """A report on filters: `status` is `checked` (claims are what the checker accepted) or `unchecked`.

    `questions` are those asked at level `sparsity`, if one was. `tiles` are the filters, one picture each (first signal
    channel), `pair` the two that attain mu (None where no claim names them), `correlation` their normalised
    cross-correlation over all shifts, `reach` the stripe's half width on each axis: observed, not proved.
    `check_seconds` is an estimate. Raises InputError for another status.
    """

    source: str
    remarks: tuple[str, ...]
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    boundary: str
    digest: str
    sparsity: int | None
    questions: tuple[str, ...]
    scaling: str
    status: str
    claims: tuple[Claim, ...]
    relied_on: tuple[str, ...]
    check_command: str
    check_seconds: float | None = None
    certificate_path: str | None = None
    tiles: tuple[Picture, ...]
    pair: tuple[int, int] | None
    correlation: Picture
    reach: tuple[int, ...]
    versions: dict[str, str]

    def __post_init__(self) -> None:
        if self.status not in ("checked", "unchecked"):
            raise InputError(f"FilterReport.status is {self.status!r}; wanted 'checked' or 'unchecked'")

    @property
    def checked(self) -> bool:
        """Whether the claims are what the checker accepted."""
        return self.status == "checked"

    @property
    def stripe(self) -> int:
        """The number of atoms of a stripe."""
        return self.shape[0] * prod(2 * reach + 1 for reach in self.reach)

    def counted(self, level: int, sparsity: str) -> str:
        """Return a guaranteed level as a text: a stripe has no more nonzeros than atoms."""
        return "every code" if sparsity == "stripe" and level >= self.stripe else str(level)

    def of(self, kind: str) -> Claim | None:
        """Return the first claim of a kind, if there is one."""
        return next((claim for claim in self.claims if claim["kind"] == kind), None)
