"""`verify check-dictionary` of algebraic entries at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import verify
from verify.cli import main

SCHEMA = json.loads((Path(verify.__file__).parent / "report" / "check-algebraic.schema.json").read_text())
UNCHECKED = "Not independently checked"


def file_of(folder: Path, text: str, name: str = "D.json") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def mercedes(tmp_path: Path) -> str:
    rows = [[0, "sqrt(3)/2", "-sqrt(3)/2"], [1, "-1/2", "cos(2*pi/3)"]]
    return file_of(tmp_path, json.dumps({"expressions": rows}))


@pytest.mark.parametrize(("level", "code", "word"), [("1", 0, "Guaranteed"), ("2", 1, "Refuted"), (None, 0, "Proved")])
def test_verdicts_and_exit_codes(
    mercedes: str, level: str | None, code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-dictionary", mercedes, *([] if level is None else ["--sparsity", level])]) == code
    out = capsys.readouterr().out
    assert out.startswith(UNCHECKED)
    assert f"\n{word}" in out
    assert "μ = 1/2" in out
    assert "exactly the Welch bound" in " ".join(out.split())


def test_undecided_is_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", "exact:dct:4x5", "--sparsity", "2"]) == 3
    assert "Undecided: basis pursuit at level 2" in capsys.readouterr().out


def test_there_is_no_certificate(mercedes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certificate = tmp_path / "c.json"
    for source in (mercedes, "exact:mercedes-benz"):
        assert main(["check-dictionary", source, "--certificate", str(certificate)]) == 2
        captured = capsys.readouterr()
        assert "--certificate: algebraic dictionaries have none" in captured.err
        assert captured.err.count("\n") == 1
        assert captured.out == ""
    assert not certificate.exists()


def test_every_report_says_that_nothing_independent_checked_it(
    mercedes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / name for name in ("r.html", "r.md", "r.json")]
    options = [option for path in paths for option in ("--report", str(path))]
    assert main(["check-dictionary", mercedes, "--sparsity", "1", "--format", "json", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    assert json.loads(paths[2].read_text()) == found
    assert found["checked"] is False
    assert found["certificate"] is None
    assert found["facts"]["mutual_coherence"]["expression"] == "1/2"
    assert found["facts"]["mutual_coherence"]["squared"] == "1/4"
    assert found["facts"]["welch_bound"]["attained"] is True
    assert found["facts"]["spark"] == {
        "lower": 3, "upper": 3, "independent": False, "lower_by": "spark-by-coherence",
    }  # fmt: skip
    assert found["verdicts"] == [
        {"question": "l1", "level": 1, "scaling": "unit", "verdict": "guaranteed", "theorem": "recovery-by-coherence"}
    ]
    for path in paths:
        text = path.read_text()
        assert UNCHECKED in text
        assert "accepted by the checker" not in text
        if path.suffix != ".json":
            assert "recovery-by-coherence" in text.replace("\\", "")


def test_the_schema_refuses_a_report_that_claims_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", "exact:dct:3", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    assert found["facts"]["spark"]["independent"] is True
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "checked": True}, SCHEMA)


def test_rows_as_atoms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, '{"expressions": [["0", "1"], ["sqrt(3)/2", "-1/2"], ["-sqrt(3)/2", "-1/2"]]}')
    assert main(["check-dictionary", path, "--atoms", "rows"]) == 0
    out = capsys.readouterr().out
    assert "2 × 3" in out
    assert "transposed" in out


def test_names_with_markup_are_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = file_of(tmp_path, '{"expressions": [["1", "cos(pi/5)"]]}', "[red]<b>|x`.json")
    paths = [tmp_path / "r.html", tmp_path / "r.md"]
    assert main(["check-dictionary", source, *(o for path in paths for o in ("--report", str(path)))]) == 0
    assert "[red]<b>|x`" in "".join(capsys.readouterr().out.split("\n"))
    assert "<b>" not in paths[0].read_text()
    assert "&lt;b&gt;\\|x\\`" in paths[1].read_text()


HOSTILE = {
    "call": ('{"expressions": [["1", "__import__(\'os\').system(\'true\')"]]}', "row 0, column 1: expected integers"),
    "attribute": ('{"expressions": [["1", "().__class__"]]}', "got '.__class__'"),
    "brackets in an entry": (f'{{"expressions": [["1", "{"(" * 100_000}"]]}}', "an expression of 100000 characters"),
    "brackets in the file": (f'{{"expressions": {"[" * 100_000}', "nested more than 3 deep"),
    "tower": ('{"expressions": [["1", "9**9**9**9"]]}', "for an exponent"),
    "float": ('{"expressions": [[1, 0.5]]}', "got the decimal 0.5"),
    "float as a text": ('{"expressions": [[1, "0.5"]]}', "write it exactly, 0.5 as 1/2"),
    "true": ('{"expressions": [[1, true]]}', "column 1: expected a text with an expression, or an integer, got true or false"),
    "null": ('{"expressions": [[1, null]]}', "got null"),
    "list": ('{"expressions": [[1, []]]}', "nested more than 3 deep"),
    "flat": ('{"expressions": ["1", "2"]}', "something else for the rows"),
    "empty": ('{"expressions": []}', "something else for the rows"),
    "no list": ('{"expressions": 3}', "something else for the rows"),
    "another key": ('{"expressions": [["1", "2"]], "real": [[1, 2]]}', 'expected {"expressions": rows}'),
    "twice": ('{"expressions": [["1"]], "expressions": [["1"]]}', "a key that stands twice"),
    "ragged": ('{"expressions": [["1", "2"], ["1"]]}', "rows of one length"),
    "one atom": ('{"expressions": [["1"]]}', "at least one row and two atoms"),
    "zero atom": ('{"expressions": [["1", "sqrt(2)-2*cos(pi/4)"]]}', "zero column at index 1"),
    "too many": (f'{{"expressions": [{",".join(["[1,1]"] * 8193)}]}}', "more than 16384 algebraic entries"),
    "truncated": ('{"expressions": [["1", "2"', "not JSON"),
    "backslash": ('{"expressions": [["1", "\\u0031"]]}', "a backslash"),
    "non-ASCII": ('{"expressions": [["1", "\N{SQUARE ROOT}2"]]}', r"got '\u221a'"),
    "long integer": (f'{{"expressions": [[1, {"9" * 5000}]]}}', "at most 4000 digits"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, message = HOSTILE[name]
    assert main(["check-dictionary", file_of(tmp_path, text)]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert len(captured.err) < 500
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["exact:dtc:4"], "unknown exact dictionary 'dtc': did you mean dct?"),
        (["exact:zzzzz"], "there are dct, dirac-dct"),
        (["exact:dct:5x4"], "expected m from 1 to n"),
        (["exact:dct:x"], "expected n or mxn"),
        (["exact:dct:1"], "expected n >= 2, got 1"),
        (["exact:dct:1000"], "the limits are 16384 entries and 256 atoms"),
        (["exact:mercedes-benz:3"], "expected no argument"),
        (["exact:harmonic:residues:8"], "expected residues:p"),
        (["exact:alltop:6"], "expected a prime p from 5 on"),
        (["exact:dct:4", "--atoms", "rows"], "its columns, not its rows"),
        (["exact:dct:4", "--key", "a"], "--key and --exact are for dictionaries of rational numbers"),
        (["exact:dct:4", "--exact"], "--key and --exact are for dictionaries of rational numbers"),
        (["exact:dct:4", "--sparsity", "5"], "a sparsity level from 1 to 4"),
        (["exact:dct:4", "exact:dct:4", "--deep", "--sparsity", "1,1"], "only check-dictionary takes"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_other_commands_say_who_takes_expressions(mercedes: str, capsys: pytest.CaptureFixture[str]) -> None:
    for source in (mercedes, "exact:dct:4"):
        assert main(["export-dictionary", source, "-o", "D.npy"]) == 2
        assert "only check-dictionary takes" in capsys.readouterr().err
    with pytest.raises(verify.InputError, match="expected 'columns' or 'rows'"):
        verify.load_algebraic("exact:dct:4", atoms="both")


def test_list_builtins_lists_the_exact_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list-builtins"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    exact = {row[1]: row for row in rows if row[0].startswith("exact:")}
    assert exact["exact:simplex:8"][2:6] == ["7 x 8", "1/7", "1", "3"]
    assert exact["exact:harmonic:singer:3"][2:6] == ["4 x 13", "sqrt(3)/4", "1", "1"]
    assert exact["exact:dirac-dct:16"][3] == "sqrt(2)*cos(pi/32)/4"
