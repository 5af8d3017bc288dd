"""What is asked besides, through the certificate and the independent checker, and on the command line."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import certificates
from certificates.format import Draft
from verify.certify.check import check_dictionary
from verify.certify.more_facts import Also
from verify.cli import main
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import InputError, VerifyError
from verify.report import MeasuredTable
from verify.report.more_tables import supports
from verify.verdict import Scaling

SCHEMA = json.loads((Path(__file__).parents[2] / "verify/report/check-dictionary.schema.json").read_text())


def claims(answer: object, kind: str) -> list[dict]:
    assert isinstance(answer, certificates.Accepted)
    return [dict(claim) for claim in answer.claims if claim["kind"] == kind]


def generic(is_complex: bool = False) -> Dictionary:
    random = np.random.default_rng(1)
    real = np.eye(8, 11) + 0.06 * random.standard_normal((8, 11))
    real *= 1 + np.arange(11) / 4
    return Dictionary.from_array(real + 0.05j * random.standard_normal((8, 11)) if is_complex else real)


@pytest.mark.parametrize(("scaling", "is_complex"), [(Scaling.unit, True), (Scaling.as_given, False)])
def test_supports_are_decided_as_the_pseudoinverse_says(scaling: Scaling, is_complex: bool) -> None:
    dictionary = generic(is_complex)
    matrix = dictionary.real if dictionary.imaginary is None else dictionary.real + 1j * dictionary.imaginary
    if scaling is Scaling.unit:
        matrix = matrix / np.linalg.norm(matrix, axis=0)
    wanted = ([0], [3, 1], [2, 4, 5, 7, 9])
    result = check_dictionary(dictionary, scaling=scaling, also=Also(supports=wanted))
    found = claims(result.answer, "exact-recovery-coefficient")
    assert [claim["support"] for claim in found] == [[0], [1, 3], [2, 4, 5, 7, 9]]
    for claim in found:
        s = claim["support"]
        rest = [j for j in range(11) if j not in s]
        near = np.abs(np.linalg.pinv(matrix[:, s]) @ matrix[:, rest]).sum(axis=0).max()
        assert float(Fraction(claim["upper"])) == pytest.approx(near, rel=1e-9)
        said = [c["question"] for c in claims(result.answer, "support-guaranteed") if c["support"] == s]
        assert said == (["l1", "omp"] if near < 1 else [])


@pytest.mark.parametrize("is_complex", [False, True])
def test_noise_bounds_hold_for_the_worst_pairs(is_complex: bool) -> None:
    """Any z with 2k nonzeros and |D^z| = 2 eps is the difference of two codes that miss one signal by eps."""
    dictionary = generic(is_complex)
    matrix = dictionary.real if dictionary.imaginary is None else dictionary.real + 1j * dictionary.imaginary
    matrix = matrix / np.linalg.norm(matrix, axis=0)
    result = check_dictionary(dictionary, also=Also(noise="1/4"))
    assert isinstance(result.answer, certificates.Accepted)
    assert result.more is not None
    bounds = {(b.problem, b.level, b.norm): b for b in result.more.stability}
    assert len(claims(result.answer, "l0-stability")) + len(claims(result.answer, "bpdn-stability")) == len(bounds) >= 5
    random = np.random.default_rng(0)
    for k in (1, 2):
        for _ in range(50):
            z = np.zeros(11, dtype=matrix.dtype)
            s = random.choice(11, 2 * k, replace=False)
            vectors = np.linalg.svd(matrix[:, s])[2]
            z[s] = vectors[-1].conj()
            z *= 0.5 / np.linalg.norm(matrix @ z)
            for norm, size in (("l2", np.linalg.norm(z)), ("linf", np.abs(z).max())):
                if ("l0", k, norm) in bounds:
                    assert size <= float(bounds["l0", k, norm].upper) * (1 + 1e-12)
    assert ("l0", 1, "l2") in bounds


def test_noise_at_one_level_and_no_noise() -> None:
    simplex = build("simplex", "6")
    at = check_dictionary(simplex, sparsity=2, also=Also(noise=Fraction(1, 10))).more
    assert at is not None
    found = {(b.problem, b.norm): b for b in at.stability}
    assert {b.level for b in at.stability} == {2}
    assert float(found["l0", "l2"].upper) == pytest.approx(0.2 / math.sqrt(1 - 3 / 5), rel=1e-9)
    assert float(found["bpdn", "linf"].upper) == pytest.approx(0.2 / (1 - 3 / 5), rel=1e-9)
    none = check_dictionary(simplex, also=Also(noise=0))
    assert {claim["upper"] for claim in claims(none.answer, "l0-stability")} == {"0"}
    beyond = check_dictionary(simplex, sparsity=4, also=Also(noise=1))
    assert beyond.more is not None
    assert beyond.more.stability == ()


def test_isometry_constants_where_they_are_better() -> None:
    """Spikes and waves, mu = 1/3: 3 mu = 1 at level 2, and delta_4 is at most 2/3."""
    result = check_dictionary(build("dirac-dft", "9"), sparsity=2, also=Also(noise="0.1"))
    (bound,) = claims(result.answer, "l0-stability")
    assert (bound["theorem"], bound["norm"]) == ("stability-l0-by-isometry", "l2")
    assert float(Fraction(bound["upper"])) <= 0.2 / math.sqrt(1 - 2 / 3) * (1 + 1e-9)


def test_weights_of_smaller_products_are_used() -> None:
    """One null vector of nearly equal entries, so mu~ is about 1/7; the first two atoms have a coherence of about 0.45."""
    shear = np.eye(7)
    shear[0, 1] = 0.5
    atoms = np.column_stack([np.eye(7) - 0.6 / 7, np.full(7, -0.4)])
    result = check_dictionary(Dictionary.from_array(shear @ atoms), also=Also(noise="0.1"))
    assert float(result.facts.coherence.squared) > 1 / 9
    assert 2 in {claim["level"] for claim in claims(result.answer, "bpdn-stability")}
    rules = {step["rule"] for step in json.loads(result.certificate.data)["steps"]}
    assert "generalized-weights" in rules


def test_bad_requests() -> None:
    simplex = build("simplex", "6")
    for also, message in (
        (Also(noise=-1), "a noise of at least 0, got -1"),
        (Also(noise=math.nan), "noise: expected a finite number, got 'nan'"),
        (Also(noise="much"), "noise: expected a finite number, got 'much'"),
        (Also(noise=True), "noise: expected a finite number, got 'True'"),
        (Also(noise="1/0"), "noise: expected a finite number"),
        (Also(supports=[0, 1]), "a support as a list of atoms"),  # type: ignore[list-item]
        (Also(confusable=2), "above 0 and at most 1, got 2"),
        (Also(confusable=0), "above 0 and at most 1, got 0"),
        (Also(supports=[[9]]), "atoms from 0 to 5"),
    ):
        with pytest.raises(InputError, match=message):
            check_dictionary(simplex, also=also)
    with pytest.raises(InputError, match="do not all have 2 cells"):
        MeasuredTable(key="k", title="", note="", header=("a", "b"), rows=(("1",),), data={})


def test_nothing_more_changes_nothing() -> None:
    simplex = build("simplex", "6")
    plain, asked = check_dictionary(simplex), check_dictionary(simplex, also=Also())
    assert plain.certificate == asked.certificate
    assert plain.more is None


def test_contradicting_claims_about_a_support(monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.cli.output import dictionary_report

    dictionary = build("simplex", "6")
    report = dictionary_report(check_dictionary(dictionary, also=Also(supports=[[0]])), Scaling.unit, None)
    again = {"kind": "support-refuted", "question": "l1", "scaling": "unit", "support": [0], "theorem": "x"}
    from dataclasses import replace

    with pytest.raises(VerifyError, match="contradict one another about the codes on one support"):
        supports(replace(report, claims=(*report.claims, again)))


ASKED = ["--support", "0", "--support", "0,1", "--noise", "0.1", "--confusable", "1/3", "--more-facts"]


def test_command_line_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "D.npy", np.array([[1.0, 1, 0, 0.5], [0, 0, 1, 0.5], [0, 0, 0, 1]]))
    files = [str(tmp_path / name) for name in ("r.html", "r.md", "r.json")]
    options = [x for name in files for x in ("--report", name)]
    certificate = str(tmp_path / "c.json")
    assert main(["check-dictionary", str(tmp_path / "D.npy"), *ASKED, *options, "--certificate", certificate]) == 1
    out = capsys.readouterr().out
    for text in (
        "Refuted: the atoms of the support {0, 1} (unit atoms) are dependent",
        "Undecided: codes on the support {0} (unit atoms)",
        "Noise of at most 0.1 (unit atoms)",
        "No bound is proved",
        "0, 1    1",
        "l2 Babel function",
        "Frame bounds (unit atoms)",
    ):
        assert text in out
    found = json.loads((tmp_path / "r.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert [one["verdict"] for one in found["supports"]] == ["undecided", "refuted"]
    assert found["stability"] == []
    assert found["measured"]["worst_pairs"]["worst"][0] == {"atoms": [0, 1], "squared": "1"}
    page, text = (Path(name).read_text() for name in files[:2])
    for title in ("Supports (unit atoms)", "Groups of confusable atoms", "Proved by verify itself; in no certificate."):
        assert title in page
        assert title in text
    assert main(["check-certificate", certificate, "--dictionary", str(tmp_path / "D.npy")]) == 0
    capsys.readouterr()


def test_command_line_of_a_good_dictionary(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    simplex = ["check-dictionary", "builtin:simplex:6", "--format", "json"]
    assert main([*simplex, "--support", "0,4", "--noise", "1/3"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["supports"][0]["coefficient"]["value"] == "1/2"
    assert {(b["problem"], b["norm"]) for b in found["stability"]} == {
        ("l0", "l2"), ("l0", "linf"), ("bpdn", "l1"), ("bpdn", "l2"), ("bpdn", "linf")
    }  # fmt: skip
    assert main([*simplex, "--support", "0,1,2"]) == 3  # the coefficient is 1
    capsys.readouterr()
    assert main([*simplex, "--support", "0", "--noise", "0.1", "--check-seconds", "0"]) == 3
    unchecked = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SCHEMA).validate(unchecked)
    assert (unchecked["supports"], unchecked["stability"]) == (None, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--noise", "-1"], "expected a noise of at least 0, got -1"),
        (["--noise", "nan"], "--noise: expected a number"),
        (["--noise", "inf"], "--noise: expected a number"),
        (["--support", "0,x"], "--support: expected atoms counted from 0"),
        (["--support", "7"], "expected atoms from 0 to 5"),
        (["--confusable", "0"], "above 0 and at most 1"),
        (["--deep", "--sparsity", "1", "--more-facts"], "are for one dictionary: leave out --deep"),
    ],
)
def test_bad_options(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", "builtin:simplex:6", *options]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out


@pytest.mark.parametrize("change", ["upper", "support", "tolerance"])
def test_a_lying_producer_is_found_out(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Draft.step

    def lying(draft: Draft, rule: str, uses: tuple[int, ...] = (), **evidence: object) -> int:
        if rule == "exact-recovery-coefficient" and change in ("upper", "support"):
            evidence[change] = "1/3" if change == "upper" else [0, 1]
        if rule.startswith("bpdn") and change == "tolerance":
            evidence["tolerance"] = "1"
        return honest(draft, rule, uses, **evidence)  # type: ignore[arg-type]

    monkeypatch.setattr(Draft, "step", lying)
    from verify.errors import CheckerDisagreementError

    with pytest.raises(CheckerDisagreementError):
        check_dictionary(build("simplex", "6"), also=Also(supports=[[0, 4]], noise="0.1"))
