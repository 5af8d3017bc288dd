"""What a certificate of the dictionary, handed in from outside, says of its levels."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..verdict import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedLevel:
    """Claim number `claim` of a certificate says that the answer is yes up to `level`."""

    claim: int
    level: int


def guaranteed_level(
    certificate: bytes, dictionary: Dictionary, question: Question, scaling: str | None = None
) -> GuaranteedLevel | None:
    """Return the claim with the greatest guaranteed level of a question (of one scaling, if given), None without one.

    Reads what the certificate claims and proves nothing: the checker decides whether it holds. Raises InputError if it
    is no certificate, or one of another dictionary.
    """
    try:
        content = json.loads(certificate)
        statements = [(claim["statement"]["kind"], claim["statement"]) for claim in content["claims"]]
        subjects = [subject["digest"] for subject in content["subjects"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("expected a certificate of the dictionary as guarantee, got something else") from None
    if subjects != [dictionary.digest]:
        raise InputError(
            f"expected a certificate of this dictionary (digest {dictionary.digest}) as guarantee, got one of another"
        )
    best: GuaranteedLevel | None = None
    for at, (kind, statement) in enumerate(statements):
        level = statement.get("level")
        fits = kind == "guaranteed" and statement.get("question") == question.value
        if not fits or not isinstance(level, int) or (scaling is not None and statement.get("scaling") != scaling):
            continue
        if best is None or level > best.level:
            best = GuaranteedLevel(claim=at, level=level)
    return best
