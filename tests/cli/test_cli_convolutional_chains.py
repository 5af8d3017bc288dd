"""Chains of filters at the command line: facts of every product, networks, certificates that the checker accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import verify.report
from certificates.checker import main as check
from verify.cli import main


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """Two filters of four taps, strided, and one with two taps in each of two channels."""
    first = np.random.default_rng(0).integers(-4, 5, (2, 2, 4)) / 512
    first[0, 0, 0] += 1
    first[1, 1, 1] += 1
    np.save(tmp_path / "A.npy", first)
    np.save(tmp_path / "B.npy", np.array([[[1.0, 0.0], [0.0, 0.5]]]))
    return [str(tmp_path / "A.npy"), str(tmp_path / "B.npy")]


def schema(name: str) -> jsonschema.Draft202012Validator:
    path = Path(verify.report.__file__).parent / f"{name}.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text()))


def handed(sources: list[str], *networks: Path) -> list[str]:
    parts = [
        ["--filters", source, "--stride", s, "--boundary", "full"] for source, s in zip(sources, "21", strict=True)
    ]
    return [*(one for part in parts for one in part), *(part for path in networks for part in ("--network", str(path)))]


def test_every_dictionary_and_product_is_checked(sources, tmp_path, capsys):
    certificate, reports = tmp_path / "c.json", [tmp_path / "r.md", tmp_path / "r.json", tmp_path / "r.html"]
    command = ["check-dictionary", *sources, "--convolutional", "--deep", "--stride", "2:1"]
    outputs = ["--certificate", str(certificate), *(part for r in reports for part in ("--report", str(r)))]
    assert main([*command, "--sparsity", "1,2", *outputs, "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert [part["about"] for part in body["dictionaries"]] == [[0, 1], [1, 2], [0, 2]]
    assert [part["asked"]["sparsity"] for part in body["dictionaries"]] == [1, 2, None]
    deep = [(claim["question"], claim["levels"], claim["sizes"]) for claim in body["deep"]]
    assert deep == [("l0", [1, 2], ["every"] * 2), ("l1", [1, 2], ["every"] * 2)]
    assert "at most 1, 2 nonzeros in the stripes of D\\_1, D\\_2, ..: without model errors" in reports[0].read_text()
    whole = body["dictionaries"][2]
    assert whole["subject"]["stride"] == [2]
    assert {"about": [0, 2], "kind": "filter-product", "boundary": "full", "digest": whole["subject"]["sha256"],
            "shape": [1, 2, 6], "stride": [2]} in whole["claims"]  # fmt: skip
    assert body == json.loads(reports[1].read_text())
    assert "D\\[0:2\\]" in reports[0].read_text()
    assert "--filters F.2.npy --stride 1 --boundary full" in whole["check_command"]
    schema("check-convolutional-chain").validate(body)
    page = reports[2].read_text()
    assert page.count("<h2>D") == 3 and page.count("<svg") == 9 and "D_2, ..: without model errors" in page
    assert check([str(certificate), *handed(sources)]) == 0
    given = [str(certificate), "--filters", sources[0], "--filters", sources[1]]
    assert main(["check-certificate", *given, "--stride", "2:1"]) == 0
    assert main(["check-certificate", *given]) == 4  # another stride
    named = ["--dictionary", sources[0], "--dictionary", sources[1], "--convolutional", "--stride", "2:1"]
    assert main(["explain", str(certificate), *named]) == 0
    again = tmp_path / "again.json"
    assert main(["report", *given, "--stride", "2:1", "-o", str(again)]) == 0
    found = json.loads(again.read_text())
    schema("check-convolutional-chain").validate(found)
    assert [part["claims"] for part in found["dictionaries"]] == [part["claims"] for part in body["dictionaries"]]
    assert (found["deep"], found["no_products"]) == (body["deep"], body["no_products"])
    assert check([str(certificate), *handed(sources[::-1])]) == 2  # channels do not fit
    capsys.readouterr()
    mixed = ["--boundary", "full:circular", "--sparsity", "9,9", "--question", "omp", "--time-limit", "9"]
    assert main(["check-dictionary", *sources, "--convolutional", "--deep", *mixed, "--check-seconds", "0"]) == 3
    assert "nobody has checked" in " ".join(capsys.readouterr().out.split())
    assert main(["check-dictionary", *sources, "--convolutional", "--deep", *mixed]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "at most 9 nonzeros in each stripe" in told
    assert "Deep codes with at most 9, 3 nonzeros in the stripes of D_1, D_2, ..: without model errors basis" in told
    assert "D[0:2] = D_1 D_2: no convolutional dictionary: the product of" in told


def test_networks_are_built_certified_and_checked(sources, tmp_path, capsys):
    common = ["--convolutional", "--stride", "2:1", "--bound", "1", "--tolerances", "1/100,0"]
    build = ["build-network", *sources, "--deep", *common, "--layers", "3"]
    certify = ["certify-network", "--dictionary", sources[0], "--dictionary", sources[1], *common]
    certificate, report, page = tmp_path / "c.json", tmp_path / "r.md", tmp_path / "r.html"
    for method, sparsity, names in (
        ("layer-by-layer", "3,1", ["n.1.safetensors", "n.2.safetensors"]),
        ("deepest-first", "2", ["n.safetensors"]),
    ):
        paths = [tmp_path / name for name in names]
        size = ["--sparsity", sparsity]
        assert main([*build, *size, "--method", method, "-o", str(tmp_path / "n.safetensors")]) == 0
        assert "Planned errors, largest entry, for signals of every size: x_1" in capsys.readouterr().out
        found = [*certify, *map(str, paths), *size, "--certificate", str(certificate), "--trials", "2"]
        assert main([*found, "--report", str(report), "--report", str(page)]) == 0
        assert f"Proved, for signals of every size, {method}" in capsys.readouterr().out
        assert "| x_2 | 0.0" in report.read_text()
        assert "Proved, for signals of every size" in page.read_text() and "<td>0.0" in page.read_text()
        given = ["--filters", sources[0], "--filters", sources[1], "--stride", "2:1"]
        given += [part for path in paths for part in ("--network", str(path))]
        assert main(["check-certificate", str(certificate), *given]) == 0
        assert main(["report", str(certificate), *given, "-o", str(tmp_path / "x.md")]) == 2
        assert "for chains, verify certify-network --report writes it" in capsys.readouterr().err
        assert check([str(certificate), *handed(sources, *paths)]) == 0
        capsys.readouterr()
        assert main([*found, "--trials", "0", "--format", "json", "--check-seconds", "0"]) == 3
        body = json.loads(capsys.readouterr().out)
        schema("certify-network-convolutional-chain").validate(body)
        assert (body["status"], body["seen"], body["method"]) == ("unchecked", None, method)


def test_bad_input_is_refused_in_one_line(sources, tmp_path, capsys):
    net, a, b = str(tmp_path / "n.safetensors"), *sources
    build = [
        "build-network",
        "--convolutional",
        "--deep",
        "--sparsity",
        "1,1",
        "--bound",
        "1",
        "--layers",
        "1",
        "-o",
        net,
    ]
    certify = ["certify-network", net, "--dictionary", a, "--dictionary", b, "--convolutional"]
    facts = ["check-dictionary", "--convolutional", "--deep"]
    for command, words in (
        ([*build, b, a], "dictionary 2 to have 1 signal channels, one for each filter of dictionary 1, got 2"),
        ([*build, a, b, "--method", "refit"], "for a chain of filters, got refit"),
        ([*build, a, b, "--activation", "silu"], "which have ReLUs"),
        ([*build, a, b, "--atoms", "rows"], "--atoms is for matrices"),
        ([*build, a, b, "--layers", "0"], "the network for D_1: layers"),
        ([*certify, "--sparsity", "1", "--atoms", "rows"], "--atoms is for matrices"),
        ([*build, a, b, "--stride", "1:1:1"], "--stride: expected one part, or 2 with colons between"),
        ([*build, a, b, "--stride", "2:x"], "expected one whole number"),
        ([*build[:2], *build[3:], a, b], "say --deep"),
        (["build-network", *build[2:], a, b, "--boundary", "full"], "add --convolutional"),
        ([*certify, "--smallest", "1", "--sparsity", "1"], "--smallest is for a chain of matrices"),
        (certify, "--sparsity: expected a level for each network"),
        ([*certify, "--sparsity", "1"], "no file n.safetensors"),
        ([*certify[:-1], "--boundary", "full"], "add --convolutional"),
        ([*certify, "--sparsity", "1", "--report", str(tmp_path / "r.txt")], "expected a report named .html, .md"),
        ([*facts, a, b, "--sparsity", "1"], "expected 2 levels of at least 1"),
        ([*facts, a, b, "--report", str(tmp_path / "r.txt")], "expected a report named .html, .md or .json"),
        ([*facts, a, b, "--boundary", "full:"], "expected the boundary full, circular or same, got ''"),
        ([*facts, a, b, "--tolerances", "1"], "not for a chain of filters"),
        ([*facts, a], "at least two dictionaries for a chain, got 1"),
    ):  # fmt: skip
        assert main(command) == 2, command
        error = capsys.readouterr().err
        assert words in error
        assert "Traceback" not in error
    for arguments, words in (
        (["c.json", "--filters", a, "--filters", b, "--stride", "1", "--boundary", "full"], "once for each --filters"),
        (["c.json", "--filters", a, "--network", net, "--network", net], "filters have one network"),
    ):  # fmt: skip
        with pytest.raises(SystemExit):
            check(arguments)
        assert words in capsys.readouterr().err
