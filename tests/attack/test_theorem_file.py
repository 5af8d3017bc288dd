"""Theorems in files of their own: loaded by path, and what is wrong with one is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

import verify.attack
import verify.theorems
from verify.attack import load_trial
from verify.errors import InputError

GOOD = """
from __future__ import annotations
from dataclasses import dataclass
from verify.attack import Experiment
from verify.theorems import *
from toy import THEOREM, Codes

@dataclass(frozen=True)
class Mine(Codes):
    size: int = 4

EXPERIMENT = Mine()
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "mine.py"
    path.write_text(text)
    return load_trial(path)


def test_a_theorem_file(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).statement.id == "toy"
    assert load(tmp_path, GOOD + "EXPERIMENT = Mine(size=5)\n").experiment.size == 5  # the file as it is now


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n\n1/0\n", r"mine.py:3: ZeroDivisionError: division by zero$"),
        ("x = (\n", r"mine.py:1: SyntaxError: '\(' was never closed$"),
        ("import nothing_of_this_name\n", r"mine.py:1: ModuleNotFoundError: No module named 'nothing_of_this_name'$"),
        ("raise ValueError('a\\nb')\n", r"mine.py:1: ValueError: a b$"),
        ("import sys\nsys.exit('no')\n", r"mine.py:2: SystemExit: no$"),
        ("def f():\n    raise KeyError('k')\nf()\n", r"mine.py:2: KeyError: 'k'$"),
        ("x = '\0'\n", r"mine.py.*SyntaxError: source code (string )?cannot contain null bytes"),
        ("EXPERIMENT = 1\n", "no THEOREM: expected a QuantitativeTheorem of this name at the top of the file"),
        ("THEOREM = 'lista-linf'\n", "THEOREM is a QuantitativeTheorem, got str$"),
        ("from toy import THEOREM\n", "no EXPERIMENT: expected an Experiment of this name"),
        ("from toy import THEOREM, Codes as EXPERIMENT\n", r"EXPERIMENT is an Experiment, got .*, without calling it\?$"),
        (GOOD + "from dataclasses import replace\nTHEOREM = replace(THEOREM, hypotheses=())\n", "mine.py: toy has no hypotheses"),
        (GOOD + "from dataclasses import replace\nTHEOREM = replace(THEOREM, observables=())\n", "mine.py: toy has no observables"),
        (GOOD + "from dataclasses import replace\nTHEOREM = replace(THEOREM, constants={})\n", "mine.py: toy: the bound of sum_squared names 'bound'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        load(tmp_path, text)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_of_python(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.py: cannot be read: no such file"):
        load_trial(tmp_path / "none.py")
    with pytest.raises(InputError, match=r"expected a theorem's id or a .py file"):
        load_trial(tmp_path / "theorem.txt")


def test_the_names_an_author_needs_are_there() -> None:
    for module in (verify.attack, verify.theorems):
        for name in module.__all__:
            assert getattr(module, name) is not None
    assert set(dir(verify.attack)) == set(verify.attack.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = verify.attack.nothing
