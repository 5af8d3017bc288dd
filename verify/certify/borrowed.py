"""Steps taken over from another certificate of the same dictionary: what a claim in it needs, and nothing else."""

from __future__ import annotations

from typing import cast

from certificates.checker import Certificate, read_certificate
from certificates.format import Draft, Json
from certificates.rules.values import Reject

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError


def read_guarantee(data: bytes, dictionary: Dictionary) -> Certificate:
    """Read a certificate of a dictionary; nothing in X

    Raises InputError unless it is in the form of a certificate and about this dictionary alone.
    """
    try:
        certificate = read_certificate(data)
    except Reject as reason:
        raise InputError(f"the certificate of the dictionary cannot be used: {reason}") from None
    wanted = {
        "digest": dictionary.digest,
        "field": dictionary.field,
        "role": "dictionary",
        "shape": list(dictionary.shape),
    }
    if list(certificate.subjects) != [wanted]:
        raise InputError("the certificate handed in is not about this dictionary alone")
    steps = certificate.steps
    if any(used >= at for at, step in enumerate(steps) for used in step.uses) or any(
        at >= len(steps) for at, _ in certificate.claims
    ):
        raise InputError("the certificate of the dictionary cannot be used: it refers to steps that are not there")
    return certificate


class BorrowedSteps:
    """Copies the steps behind claims of other certificates into a draft, each once, and renumbers what they use."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._read: dict[bytes, Certificate] = {}
        self._copied: dict[tuple[bytes, int], int] = {}

    def claim(self, data: bytes, claim: int) -> int:
        """Return the step in the draft that derives this claim of a certificate that `read_guarantee` took."""
        if data not in self._read:
            self._read[data] = read_certificate(data)
        certificate = self._read[data]
        wanted = {certificate.claims[claim][0]}
        for at in range(max(wanted), -1, -1):
            if at in wanted:
                wanted.update(certificate.steps[at].uses)
        for at in sorted(wanted):
            if (data, at) not in self._copied:
                step = certificate.steps[at]
                uses = [self._copied[data, used] for used in step.uses]
                self._draft.steps.append({"evidence": cast("Json", step.evidence), "rule": step.rule, "uses": uses})
                self._copied[data, at] = len(self._draft.steps) - 1
        return self._copied[data, certificate.claims[claim][0]]
