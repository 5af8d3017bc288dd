"""The report of a network as JSON, schema 1: `certify-network.schema.json` describes it."""

from __future__ import annotations

from typing import Any

from ..json_report import json_bytes
from ..numbers import above
from .model import NetworkReport, Seen
from .words import OBSERVED


def as_json(report: NetworkReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`certify-network.schema.json`).

    Guarantee: `error` and the bounds under `per_layer` come from an accepted claim where `status` is `checked`, and are
    rounded up; `observed` and `floor` are floats that nobody proved.
    """
    subject, network, codes, seen = report.subject, report.network, report.codes, report.seen
    linf, l2 = report.linf, report.l2
    return {
        "schema": 1,
        "status": report.status,
        "promises": report.broken is None and report.status != "nothing",
        "broken_layer": report.broken,
        "subject": {
            "source": subject.source,
            "shape": list(subject.shape),
            "field": subject.field,
            "sha256": subject.sha256,
            "loader": subject.loader,
            "remarks": list(subject.remarks),
        },
        "network": {
            "source": network.source,
            "sha256": network.sha256,
            "dtype": network.dtype,
            "code": network.code,
            "activation": network.activation,
            "layers": network.layers,
        },
        "class": {
            "sparsity": codes.sparsity,
            "bound": str(codes.bound),
            "noise": str(codes.noise),
            "arithmetic": codes.arithmetic,
            "searched": report.searched,
        },
        "error": {
            "linf": None if linf is None else {"upper": above(linf)},
            "l2": None if l2 is None else {"upper": above(l2)},
        },
        "per_layer": [
            {"layer": at + 1, "on": {"upper": above(on)}, "off": {"upper": above(off)}, "observed": _layer(seen, at)}
            for at, (on, off) in enumerate(zip(report.on, report.off, strict=True))
        ],
        "observed": None
        if seen is None
        else {
            "linf": seen.linf,
            "l2": seen.l2,
            "ratio": None if not linf else seen.linf / above(linf),
            "trials": seen.trials,
            "device": seen.device,
            "note": OBSERVED,
        },
        "floor": dict(report.floor),
        "certificate": report.certificate_path,
        "relied_on": list(report.relied_on),
        "check_command": report.check_command,
        "versions": dict(report.versions),
    }


def _layer(seen: Seen | None, at: int) -> dict[str, float] | None:
    return None if seen is None else {"on": seen.on[at], "off": seen.off[at]}


def render_json(report: NetworkReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))
