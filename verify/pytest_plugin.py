"""Assertions for pytest: a dictionary is guaranteed a level, a constant is what a paper says, a theorem stands.

Import them, or take the fixtures of the same names (the plugin is found by pytest by itself where sparse-verify is
installed; else `-p verify.pytest_plugin`):

    from verify.pytest_plugin import assert_constant, assert_guaranteed, assert_never_violated

Importing this module loads pytest and nothing else.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .attack import Examined, Experiment, Trial
    from .certify.check import CheckResult
    from .theorems.language.statements import Statement


def assert_guaranteed(
    dictionary: Any, level: int = 1, question: str = "l1", *, scaling: str = "unit", effort: str = "quick"
) -> None:
    """Fail unless a dictionary is proved to guarantee a level, and the independent checker has accepted the proof.

    `dictionary` is a path, a `builtin:` name, an array or a Dictionary; `question` is l0, l1, network or omp. The
    failure shows what is proved instead: the counterexample, or between which levels nothing is decided.
    """
    __tracebackhide__ = True
    from .certify.check import Unchecked, check_dictionary
    from .dictionaries import load
    from .verdict import Guaranteed

    source = dictionary if isinstance(dictionary, str | Path) else None
    subject: Any = dictionary if source is None else load(source)
    result = check_dictionary(subject, sparsity=level, questions=(question,), scaling=scaling, effort=effort)
    (verdict,) = result.verdicts
    if isinstance(verdict, Guaranteed) and not isinstance(result.answer, Unchecked):
        return
    pytest.fail(_dictionary_failure(result, source), pytrace=False)


def assert_constant(theorem: str, name: str, expression: Any) -> None:
    """Fail unless a constant of a theorem is the given expression, as SymPy proves it.

    `expression` is SymPy's, with symbols named as the theorem's variables, or a text in its variables and constants;
    `C2` is taken for `C_2`. Raises InputError for a theorem, a constant or a variable that is not there.
    """
    __tracebackhide__ = True
    from .theorems import theorem as registered
    from .theorems.language.algebra import equal_to

    statement = registered(theorem)
    constant = _constant_name(statement, name)
    expected, difference = equal_to(statement, constant, expression)
    if difference == 0:
        return
    lines = (
        f"{theorem}: the constant {constant} is not {expression}",
        f"  {constant} = {statement.constant(constant)}",
        f"  expected {expected}",
        f"  the difference is {difference}",
        f"  verify theorems show {shlex.quote(theorem)}",
    )
    pytest.fail("\n".join(lines), pytrace=False)


def assert_never_violated(theorem: Any, instances: int = 1000, *, seed: int = 0, folder: Path | None = None) -> None:
    """Fail if an attack proves that a theorem is violated.

    `theorem` is an id of the registry, the path of a file with THEOREM and EXPERIMENT, or a `verify.attack.Trial`. The
    failure shows the instance and both sides, and how to replay it; the counterexample is written to `folder`
    (default: a new temporary one). Raises InputError for a theorem that cannot be attacked.
    """
    __tracebackhide__ = True
    from .attack import attack

    trial, file = _trial(theorem)
    outcome = attack(trial, instances=instances, seed=seed)
    if outcome.counterexample is not None:
        pytest.fail(_attack_failure(trial, outcome.counterexample, file, folder), pytrace=False)


@pytest.fixture(name="assert_guaranteed")
def _assert_guaranteed() -> Callable[..., None]:
    """Return `assert_guaranteed(dictionary, level, question)`: fails unless a proof is accepted by the checker."""
    return assert_guaranteed


@pytest.fixture(name="assert_constant")
def _assert_constant() -> Callable[..., None]:
    """Return `assert_constant(theorem, name, expression)`: fails unless SymPy proves them equal."""
    return assert_constant


@pytest.fixture(name="assert_never_violated")
def _assert_never_violated(tmp_path: Path) -> Callable[..., None]:
    """Return `assert_never_violated(theorem, instances)`: fails on a proved violation, written to `tmp_path`."""

    def check(theorem: Any, instances: int = 1000, *, seed: int = 0, folder: Path | None = None) -> None:
        __tracebackhide__ = True
        assert_never_violated(theorem, instances, seed=seed, folder=tmp_path if folder is None else folder)

    return check


def _dictionary_failure(result: CheckResult, source: str | Path | None) -> str:
    import io

    from rich.console import Console

    from .cli.output import dictionary_report
    from .report import render_terminal

    question, scaling = result.questions[0], result.judgement.levels.l0.case.scaling
    text = io.StringIO()
    render_terminal(dictionary_report(result, scaling, None), Console(file=text, width=100, color_system=None))
    what = "D.npy" if source is None else str(source)
    command = ["verify", "check-dictionary", what, "--sparsity", str(result.sparsity), "--question", question.value]
    command += ["--scaling", scaling.value, "--effort", result.effort.value]
    again = shlex.join(command) if source is not None else f"numpy.save('D.npy', ...), then {shlex.join(command)}"
    return f"not guaranteed: level {result.sparsity}, question {question.value}\n{text.getvalue()}\n  {again}"


def _attack_failure(trial: Trial, found: Examined, file: str | None, folder: Path | None) -> str:
    from .attack.counterexample import document, write_counterexample
    from .attack.words import both_sides, told

    assert found.violation is not None
    place = Path(tempfile.mkdtemp(prefix="verify-")) if folder is None else folder
    path = place / "counterexample.json"
    write_counterexample(path, document(trial, found, file))
    command = shlex.join(["verify", "theorems", "replay", str(path), *([] if file is None else ["--theorem", file])])
    if file is None and not _is_registered(trial):
        command = f"verify.attack.replayed(trial, verify.attack.read_counterexample({str(path)!r}).instance)"
    lines = (f"{trial.statement.id} is violated, proved exactly:", f"  {both_sides(found.violation)}")
    return "\n".join((*lines, *(f"  {line}" for line in told(found)), f"  {command}"))


def _trial(theorem: Any) -> tuple[Trial, str | None]:
    from .attack import Trial, load_trial, trial_of
    from .errors import InputError

    if isinstance(theorem, Trial):
        return theorem, None
    if isinstance(theorem, Path) or (isinstance(theorem, str) and theorem.endswith(".py")):
        return load_trial(theorem), str(theorem)
    if isinstance(theorem, str):
        return trial_of(theorem), None
    raise InputError(f"theorem: expected an id, a .py file or a verify.attack.Trial, got {type(theorem).__name__}")


def _is_registered(trial: Trial) -> bool:
    from .attack.experiments import EXPERIMENTS
    from .theorems import THEOREMS

    known: Experiment | None = EXPERIMENTS.get(trial.statement.id)
    return trial.experiment is known and any(trial.statement is entry for entry in THEOREMS)


def _constant_name(statement: Statement, name: str) -> str:
    from difflib import get_close_matches

    from .errors import InputError

    bare = [own for own in statement.constants if own.replace("_", "") == name.replace("_", "")]
    if name in statement.constants or len(bare) == 1:
        return name if name in statement.constants else bare[0]
    near = get_close_matches(name, list(statement.constants), n=3, cutoff=0.3) or list(statement.constants)
    raise InputError(f"{statement.id} has no constant {name[:40]!r}; the nearest: {', '.join(near) or 'it has none'}")
