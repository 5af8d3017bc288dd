"""Reports of networks: rounded up, escaped, the same bytes, and only what was handed in."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from report_samples import subject
from rich.console import Console

import verify.report
from verify.errors import InputError
from verify.report.networks import (
    Class,
    Network,
    NetworkReport,
    Seen,
    as_json,
    render_html,
    render_json,
    render_markdown,
    render_terminal,
    write,
)
from verify.report.networks.words import rows, upper

SCHEMA = json.loads((Path(verify.report.__file__).parent / "certify-network.schema.json").read_text())
CLAIM = {
    "kind": "network-error",
    "arithmetic": "ieee",
    "bound": "1",
    "l2": "1/3",
    "linf": "1/3",
    "noise": "0",
    "nonnegative": False,
    "off": ["0", "1/7"],
    "on": ["2/3", "1/3"],
    "sparsity": 2,
}


def one(**changes: object) -> NetworkReport:
    return replace(
        NetworkReport(
            subject=subject("D.npy", (2, 3)),
            network=Network(
                source="net.safetensors", sha256="ab" * 32, dtype="float32", code="signed", activation="relu", layers=2
            ),
            codes=Class(sparsity=2, bound=Fraction(1), noise=Fraction(0), arithmetic="ieee"),
            status="checked",
            claim=CLAIM,
            floor={"noise": 0.0, "activation": 0.0, "rounding": 1e-6},
            seen=Seen(on=(0.5, 0.25), off=(0.0, 0.125), linf=0.25, l2=0.3, trials=7, device="cpu"),
            source_form=(2.0, 1.5),
            relied_on=("arithmetic",),
            check_command="python -m certificates c.json",
            versions={"numpy": "2"},
        ),
        **changes,
    )


def terminal(report: NetworkReport, width: int = 100) -> str:
    stream = io.StringIO()
    render_terminal(report, Console(file=stream, width=width))
    return stream.getvalue()


def test_bounds_are_rounded_up_and_set_beside_what_was_seen():
    found = as_json(one())
    jsonschema.validate(found, SCHEMA)
    assert Fraction(found["error"]["linf"]["upper"]) > Fraction(1, 3)
    assert found["observed"]["ratio"] == pytest.approx(0.75)
    assert rows(one())[1] == ["2", "0.3334", "0.1429", "0.25", "0.125", "0.750"]
    assert upper(Fraction(1, 3)) == "0.3334"


@pytest.mark.parametrize("render", [render_markdown, render_html, terminal])
def test_every_format_says_it(render):
    text = " ".join(render(one()).split())
    for part in ("every code of the class is found with an error of at most 0.3334", "7 trials on cpu", "net.safetensors", "arithmetic"):  # fmt: skip
        assert part in text
    assert text == " ".join(render(one()).split()), "the same report gives the same text"


def test_what_is_not_proved_is_not_called_so():
    unchecked = one(status="unchecked", check_seconds=3.0)
    assert terminal(unchecked).startswith("Unchecked")
    assert "Proved" not in render_markdown(unchecked)
    nothing = one(status="nothing", claim=None, seen=None, broken=1, source_form=())
    for text in (terminal(nothing), render_markdown(nothing), render_html(nothing)):
        assert "Nothing promised" in text
    jsonschema.validate(as_json(nothing), SCHEMA)
    unbounded = one(status="nothing", claim=None, seen=None)
    assert "no bound at all" in terminal(unbounded)
    broken = one(broken=2)
    assert "layer 2 breaks it" in terminal(broken, 200)


def test_the_picture_without_observations_and_with_every_share():
    page = render_html(one(seen=None, source_form=(), floor={"noise": 1e-3, "activation": 1e-4, "rounding": 1e-6}))
    assert "<svg" in page
    assert "share of activation" in page


def test_foreign_text_is_escaped():
    evil = one(
        network=replace(one().network, source="<script>x</script>.safetensors"), check_command="a <b> & [c]\x1b[31m"
    )
    assert "<script>" not in render_html(evil)
    assert "<" not in render_json(evil).decode()
    assert "\x1b[31m" not in terminal(evil)


def test_only_reports_that_fit_are_made():
    with pytest.raises(InputError, match="does not fit its claim"):
        one(status="nothing")
    with pytest.raises(InputError, match="one bound for every layer"):
        one(claim={**CLAIM, "on": ["1"]})


def test_writing(tmp_path: Path):
    for name in ("r.html", "r.md", "r.json"):
        write(one(), tmp_path / name)
        assert (tmp_path / name).stat().st_size > 500
    with pytest.raises(InputError, match=r"written to \.html, \.md or \.json, got '\.txt'"):
        write(one(), tmp_path / "r.txt")
