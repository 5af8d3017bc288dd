"""Certificates of every release stay accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

import certificates

FOLDER = Path(__file__).parent.parent / "data" / "certificates"
CERTIFICATES = sorted(FOLDER.glob("*.certificate.json"))


@pytest.mark.parametrize("path", CERTIFICATES, ids=lambda path: path.name.removesuffix(".certificate.json"))
def test_old_certificates_stay_accepted(path: Path) -> None:
    name = path.name.removesuffix(".certificate.json")
    (dictionary,) = (
        FOLDER / f"{name}{suffix}" for suffix in (".npy", ".json") if (FOLDER / f"{name}{suffix}").exists()
    )
    answer = certificates.check(path, dictionary=dictionary)
    assert isinstance(answer, certificates.Accepted), answer
    assert {claim["kind"] for claim in answer.claims} >= {"mutual-coherence", "babel", "guaranteed"}


def test_every_release_left_some() -> None:
    assert {path.name.split("-")[0] for path in CERTIFICATES} == {"0.1.0"}
