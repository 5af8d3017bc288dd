"""The notebook among the examples shows what its cells show now, is small, and says nothing of this machine."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np

import verify

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "examples" / "first_look.py"


def test_the_notebook_shows_what_its_cells_show_now() -> None:
    spec = importlib.util.spec_from_file_location("first_look", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = SCRIPT.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert json.loads(text) == module.notebook()
    assert len(text) < 200_000
    assert not any(word in text for word in ("/home", "/root", "/tmp", "<script"))


def test_cards_escape_names_and_say_what_was_not_checked() -> None:
    dictionary = verify.load(np.eye(2))
    named = verify.check_dictionary(dictionary, check_seconds=0)._repr_html_()
    assert "Not checked: nothing is said to be proved." in named
    assert "<td" not in named
    from verify.certify.cards import recovery_card

    assert "&lt;b&gt;" in recovery_card("<b>", [(2, 3, 4), (1, 4, 4)])
    assert "4 of 4" in recovery_card("x", [(1, 4, 4)])
