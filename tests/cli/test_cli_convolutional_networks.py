"""`build-network` and `certify-network` with --convolutional, from filters to a certificate that the checker accepts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from certificates.checker import main as check
from verify.cli import main


@pytest.fixture
def filters(tmp_path: Path) -> Path:
    F = np.random.default_rng(0).standard_normal((2, 2, 3)) / 30
    F[0, 0, 1] += 1
    F[1, 1, 0] += 1
    np.save(tmp_path / "F.npy", F)
    return tmp_path / "F.npy"


def test_a_network_is_built_certified_and_checked(filters, tmp_path, capsys):
    net, certificate = tmp_path / "n.safetensors", tmp_path / "c.json"
    source = [str(filters), "--convolutional", "--axes", "cmt", "--boundary", "circular"]
    size = ["--sparsity", "2", "--bound", "1", "--noise", "0.01"]
    assert main(["build-network", *source, *size, "--layers", "4", "--weights", "dictionary", "-o", str(net)]) == 0
    assert "signals of every size" in capsys.readouterr().out
    reports = [tmp_path / "r.md", tmp_path / "r.json", tmp_path / "r.html"]
    certify = ["certify-network", str(net), "--dictionary", *source, *size, "--certificate", str(certificate)]
    certify += ["--trials", "4"]
    assert main([*certify, *(part for r in reports for part in ("--report", str(r)))]) == 0
    assert "Proved: for signals of every size with a period" in capsys.readouterr().out
    assert "| 4 |" in reports[0].read_text()
    assert json.loads(reports[1].read_text())["status"] == "checked"
    assert "<svg" in reports[2].read_text()
    arguments = ["--filters", str(filters), "--stride", "1", "--boundary", "circular", "--network", str(net)]
    assert check([str(certificate), *arguments]) == 0
    for extra, words in (
        (["--report", str(tmp_path / "r.txt")], "expected a report named .html, .md or .json"),
        (["--boundary", "full"], "the network is for boundary circular, these have full"),
        (["--atoms", "rows"], "--atoms is for matrices"),
    ):
        assert main([*certify, *extra]) == 2
        assert words in capsys.readouterr().err
    assert main(["certify-network", str(net), "--dictionary", str(filters)]) == 2
    assert "takes it with --convolutional; it is not written as ONNX" in capsys.readouterr().err
    assert main(["export-network", str(net), "-o", str(tmp_path / "n.onnx")]) == 2
    build = ["build-network", *source, *size, "--layers", "4", "-o", str(net)]
    assert main([*build, "--atoms", "rows"]) == 2
    assert main([*build[:-4], "--layers", "4", "--sparsity", "99", "-o", str(net)]) == 2
    assert "from 1 to 10, the size of a stripe, got 99" in capsys.readouterr().err
    assert main(["build-network", *source, *size, "--layers", "4", "--form", "state", "-o", str(net)]) == 2
    assert "--activation, --tau and --form" in capsys.readouterr().err
    assert main(["build-network", *source[:4], "--boundary", "odd", *size, "--layers", "4", "-o", str(net)]) == 2
    assert "full, circular or same" in capsys.readouterr().err
