"""The writer's half of SPEC.md: canonical bytes, numbers, arrays and the seal. It proves nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

FORMAT = "sparse-verify certificate"
VERSION = 1


class FormatError(ValueError):
    """Something cannot be spelled in a certificate; the text says what."""


def canonical(value: Json) -> bytes:
    """Return the one spelling of a JSON value that certificates use."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def rational(value: Fraction | int) -> str:
    """Return `p` or `p/q` in lowest terms; raise FormatError above 4000 digits."""
    value = Fraction(value)
    if max(abs(value.numerator), value.denominator) >= 10**4000:
        raise FormatError("a rational number with more than 4000 digits does not fit into a certificate")
    return str(value)


def integers(values: Sequence[int], exponent: int = 0) -> dict[str, Json]:
    """Return the array of the numbers value * 2^exponent."""
    return {"exponent": exponent, "integers": [f"{value:x}" for value in values]}


def packed(data: bytes, width: int, exponent: int = 0) -> dict[str, Json]:
    """Return the array of the numbers h * 2^exponent, h little-endian integers of `width` bytes in two's complement."""
    return {"bytes": width, "exponent": exponent, "packed": base64.b64encode(data).decode("ascii")}


def plain_text(text: str) -> str:
    """Return free text as certificates allow it: printable ASCII, no quote or backslash, at most 200 characters."""
    return re.sub(r'[^ -~]|["\\]', "?", text)[:200]


@dataclass(slots=True)
class Draft:
    """A certificate being written: steps in order, claims of some of them.

    `subject` is the dictionary: digest, field and shape; or filters, with the role `filters` too.
    `signal` is the second subject where there is one: digest, field, role (`signal` or `code`) and shape. `network` is
    the last one where there is one, likewise. `chain` has the dictionaries that come after the first one in a chain,
    `networks` the networks of one.
    """

    subject: Mapping[str, Json]
    loader: str
    producer: str
    steps: list[Json] = field(default_factory=list)
    claims: list[Json] = field(default_factory=list)
    signal: Mapping[str, Json] | None = None
    network: Mapping[str, Json] | None = None
    chain: Sequence[Mapping[str, Json]] = ()
    networks: Sequence[Mapping[str, Json]] = ()

    def step(self, rule: str, uses: Sequence[int] = (), **evidence: Json) -> int:
        """Add a step and return its number."""
        self.steps.append({"evidence": evidence, "rule": rule, "uses": list(uses)})
        return len(self.steps) - 1

    def about(self, start: int, end: int, written: Draft) -> list[int]:
        """Add the steps and claims of a draft for the product of dictionaries `start` .. `end` - 1 of the chain.

        Returns the new number of each of its steps.
        """
        first, span = len(self.steps), [start, end]
        for step in map(_object, written.steps):
            uses = [first + used for used in cast("list[int]", step["uses"])]
            self.steps.append({**step, "about": span, "uses": uses})
        for claim in map(_object, written.claims):
            statement = {**_object(claim["statement"]), "about": span}
            self.claims.append({"statement": statement, "step": first + cast("int", claim["step"])})
        return list(range(first, len(self.steps)))

    def claim(self, step: int, kind: str, **fields: Json) -> None:
        """Claim that `step` derives the statement of this kind with these fields."""
        self.claims.append({"statement": {"kind": kind, **fields}, "step": step})

    def sealed(self) -> bytes:
        """Return the certificate's bytes; raise FormatError if nothing is claimed."""
        if not self.claims:
            raise FormatError("a certificate claims something")
        content: dict[str, Json] = {
            "claims": self.claims,
            "format": FORMAT,
            "origin": {"loader": plain_text(self.loader), "producer": plain_text(self.producer)},
            "steps": self.steps,
            "subjects": [
                *({"role": "dictionary", **subject} for subject in (self.subject, *self.chain)),
                *filter(None, (self.signal, self.network)),
                *self.networks,
            ],
            "version": VERSION,
        }
        return canonical({**content, "seal": seal(content)})


def _object(value: Json) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", value)


def seal(content: Mapping[str, Json]) -> str:
    """Return the SHA-256 of the canonical bytes of a certificate without its seal."""
    return hashlib.sha256(canonical({k: v for k, v in content.items() if k != "seal"})).hexdigest()
