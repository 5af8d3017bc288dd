"""A theorem in a file of its own: a module-level THEOREM and EXPERIMENT, no registration."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

from ..errors import InputError
from ..files import reason, shown
from ..theorems.language.statements import Statement
from .experiment import Experiment
from .trial import Trial


def load_trial(path: str | os.PathLike[str]) -> Trial:
    """Run a Python file and return its THEOREM with its EXPERIMENT.

    The file is a program, and is run: load only files that you would run. Raises InputError, one line, if it is not
    there, does not import (file, line and exception), lacks one of the two, or has a statement that cannot be attacked.
    """
    text = os.fspath(path)
    module = _run(Path(text))
    found: list[object] = []
    for name, kind, wanted in (
        ("THEOREM", Statement, "a QuantitativeTheorem"),
        ("EXPERIMENT", Experiment, "an Experiment"),
    ):
        value = getattr(module, name, None)
        if value is None:
            raise InputError(f"{shown(text)}: no {name}: expected {wanted} of this name at the top of the file")
        if not isinstance(value, kind):
            hint = ", without calling it?" if isinstance(value, type) else ""
            raise InputError(f"{shown(text)}: {name} is {wanted}, got {type(value).__name__}{hint}")
        found.append(value)
    statement, experiment = found
    assert isinstance(statement, Statement) and isinstance(experiment, Experiment)
    if not statement.hypotheses:
        raise InputError(f"{shown(text)}: {statement.id} has no hypotheses: nothing says what an instance is")
    try:
        return Trial(statement=statement, experiment=experiment)
    except InputError as error:
        raise InputError(f"{shown(text)}: {error}") from None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; raise InputError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read: {reason(error)}") from None


def _run(path: Path) -> ModuleType:
    if path.suffix != ".py":
        raise InputError(f"{shown(path)}: expected a theorem's id or a .py file")
    name = f"theorem_file_{hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]}_{digest(path)[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        sys.modules.pop(name)
        raise InputError(f"{shown(path)}:{error.lineno}: SyntaxError: {error.msg}") from None
    except (Exception, SystemExit) as error:
        sys.modules.pop(name)
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        where = f":{lines[-1]}" if lines else ""
        message = " ".join(str(error).split())[:200]
        raise InputError(f"{shown(path)}{where}: {type(error).__name__}: {message}") from None
    return module
