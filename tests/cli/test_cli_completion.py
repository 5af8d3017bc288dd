"""Shell completion: subcommands, options and built-in dictionaries, without numerical libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify.cli.completion import NAMES, complete_source
from verify.dictionaries.families import FAMILIES

ROOT = Path(__file__).parent.parent.parent


def completed(line: str, word: int) -> list[str]:
    environment = {**os.environ, "_VERIFY_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
    code = "import sys; from verify.cli import main; code = main([]); assert not {'numpy', 'sympy', 'torch'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "word", "wanted"),
    [
        ("verify check-d", 1, "check-dictionary"),
        ("verify check-dictionary --spar", 2, "--sparsity"),
        ("verify check-dictionary --effort g", 3, "glance"),
        ("verify check-dictionary builtin:st", 2, "builtin:steiner"),
    ],
)
def test_bash_is_offered_what_fits(line: str, word: int, wanted: str) -> None:
    assert completed(line, word) == [wanted]


def test_all_families_are_offered_and_nothing_instead_of_files() -> None:
    assert set(NAMES) == {family.name for family in FAMILIES}
    assert len(complete_source("builtin:")) == len(FAMILIES)
    assert complete_source("builtin:dirac") == ["builtin:dirac-dct", "builtin:dirac-dft"]
    for word in ("", "b", "data/D", "xbuiltin:"):
        assert complete_source(word) == []
