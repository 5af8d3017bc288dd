"""`verify theorems`: what is printed, and one line with exit code 2 for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.cli import main
from verify.theorems import THEOREMS

LISTA = ["theorems", "show", "lista-linf"]
VALUES = ["--set", "s=3", "--set", "mu=0.0773", "--set", "B=1", "--set", "sigma=0.01"]


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorems", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [entry.id for entry in THEOREMS]
    assert main(["theorems", "list", "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["schema"] == 1 and len(read["theorems"]) == len(THEOREMS)
    assert read["theorems"][0] == {
        "id": "independence-by-rank", "title": "Independent atoms", "section": "dictionary", "status": "proved"
    }  # fmt: skip


def test_show_evaluates_constants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*LISTA, *VALUES]) == 0
    out = capsys.readouterr().out
    assert "  q = 773/2000 = 0.3865\n" in out
    assert "  C_2 = 4000/1227, about 3.25998370008\n" in out
    assert "  c = about 0.950623410955\n" in out  # -log(0.3865)
    assert "  error_linf needs a value for K\n" in out
    assert main([*LISTA, *VALUES, "--set", "K=2", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"]["q"]["exact"] == "773/2000"
    assert main(LISTA) == 0
    assert "0.3865" not in capsys.readouterr().out
    assert main(["theorems", "show", "dsc-uniqueness", "--set", "lam=1,2", "--set", "mu=sqrt(1/50)"]) == 0
    assert "For lam = 1,2, mu = sqrt(1/50)" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["mermaid", "dot", "svg"])
def test_graph(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorems", "graph", "--format", form]) == 0
    assert "lista-linf" in capsys.readouterr().out


def test_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["theorems", "pages", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    assert {path.name for path in tmp_path.iterdir()} >= {"README.md", "graph.svg", "networks.md"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["theorems"], "Missing command"),
        (["theorems", "show"], "Missing argument 'ID'"),
        (["theorems", "show", "lista-l"], "no theorem has the id 'lista-l'; the nearest: lista-l2, lista-l1"),
        (["theorems", "show", "\x1b[31m"], "no theorem has the id '\\x1b[31m'"),
        ([*LISTA, "--set", "s"], "--set: expected NAME=VALUE, got 's'"),
        ([*LISTA, "--set", "=3"], "--set: expected NAME=VALUE, got '=3'"),
        ([*LISTA, "--set", "s=3", "--set", "s=4"], "--set: 's' is set twice"),
        ([*LISTA, "--set", "s=three"], "--set s: expected a decimal number, a fraction p/q or sqrt(p/q), got 'three'"),
        ([*LISTA, "--set", "s=1,2"], "lista-linf needs a value for mu"),
        ([*LISTA, "--set", "s=3"], "lista-linf needs a value for mu (the largest"),
        ([*LISTA, *VALUES, "--set", "q=1"], "lista-linf has no variable 'q'; its variables: s, mu, B, sigma, K"),
        ([*LISTA, *VALUES, "--set", "K=1.5"], "lista-linf: K is outside integer K >= 0: 3/2 is no integer"),
        (
            [*LISTA, *VALUES[2:], "--set", "s=7"],
            "the hypothesis (2s - 1) mu < 1 fails: 10049/10000 against 1, by 49/10000",
        ),
        (["theorems", "graph", "--format", "png"], "--format: expected mermaid, dot, svg, got 'png'"),
        (["theorems", "pages", "no-such-folder"], "no-such-folder: expected an existing folder"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1 and message in captured.err
