"""Certificates with any steps under a right envelope and a right seal."""

from __future__ import annotations

from pathlib import Path

from certificate_dictionaries import SIMPLEX
from certificate_samples import sample
from certificate_writer import resealed

from certificates.checker import dictionary_from_values

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20  # only a guard against hanging: all of these take far less
HANDED_IN = dictionary_from_values(SIMPLEX)


def content() -> dict:
    return sample("simplex").content()


def with_steps(steps: list, claims: list | None = None) -> bytes:
    claims = claims or [{"statement": {"kind": "x"}, "step": at} for at in range(len(steps))]
    return resealed({**content(), "claims": claims, "steps": steps})


def step(rule: str, uses: list | None = None, **evidence: object) -> dict:
    return {"evidence": evidence, "rule": rule, "uses": uses or []}


def null(real: object, support: object = (0, 1, 2, 3)) -> dict:
    return step("null-vector", imaginary=None, real=real, support=list(support))


def asked(level: object = 1) -> dict:
    return {"level": level, "question": "l1", "scaling": "unit"}
