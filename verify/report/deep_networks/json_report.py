"""The report of networks for deep codes as JSON, schema 1: `deep-network.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..json_report import json_bytes
from ..numbers import above
from .model import DeepNetworkReport, MethodBounds
from .words import OBSERVED


def as_json(report: DeepNetworkReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`deep-network.schema.json`).

    Guarantee: `error`, `constants` and `per_layer` come from accepted claims where `status` is `checked`, and are
    rounded up; `observed` are floats that nobody proved.
    """
    return {
        "schema": 1,
        "status": report.status,
        "promises": report.promises,
        "method": report.method,
        "subjects": [
            {"source": s.source, "shape": list(s.shape), "sha256": s.sha256, "remarks": list(s.remarks)}
            for s in report.subjects
        ],
        "networks": [
            {"source": source, "sha256": digest, "layers": layers} for source, digest, layers in report.networks
        ],
        "class": {
            "levels": list(report.levels),
            "bounds": list(map(str, report.bounds)),
            "tolerances": list(map(str, report.tolerances)),
            "arithmetic": report.arithmetic,
        },
        "methods": [_method(one) for one in report.methods],
        "per_layer": [
            [{"on": above(Fraction(on)), "off": above(Fraction(off))} for on, off in layers]
            for layers in report.per_layer
        ],
        "notes": list(report.notes),
        "certificate": report.certificate_path,
        "relied_on": list(report.relied_on),
        "check_command": report.check_command,
        "versions": dict(report.versions),
    }


def _method(one: MethodBounds) -> dict[str, Any]:
    seen = None
    if one.seen_l2:
        numbers = {"l2": list(one.seen_l2), "linf": list(one.seen_linf)}
        seen = {**numbers, "trials": one.trials, "device": one.device, "note": OBSERVED}
    return {
        "method": one.method,
        "error": {"l2": _upper(one.l2), "linf": _upper(one.linf)},
        "constants": {"C_1": _upper(one.c_1), "C_2": _upper(one.c_2), "rate": _upper(one.rate)},
        "observed": seen,
    }


def _upper(values: Sequence[Fraction]) -> list[float]:
    return list(map(above, values))


def render_json(report: DeepNetworkReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))
