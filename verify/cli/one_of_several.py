"""What `check-dictionary` does with one of several dictionaries, in whatever process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..budget import Effort
from ..errors import CheckerDisagreementError, ContradictionError, VerifyError
from ..files import shown
from ..verdict import Question, Scaling
from .exit_codes import BAD_INPUT, BUG, REJECTED

if TYPE_CHECKING:
    from ..certify.check import CheckResult
    from ..report import Report
    from ..report.requirements import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of every dictionary; with several efforts the later ones only where something stays undecided."""

    sparsity: int | None
    questions: tuple[Question, ...]
    scaling: Scaling
    efforts: tuple[Effort, ...]
    time_limit: float | None
    check_seconds: float | None
    device: str
    exact: bool
    atoms: str
    key: str | None
    required: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One dictionary, and where its certificate and report go."""

    source: str
    asked: Asked
    certificate: Path | None = None
    report: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A report's JSON and its exit code; or no report, one line that says why, and the exit code for that."""

    body: dict[str, Any] | None = None
    error: str | None = None
    code: int = 0


def check_one(task: Task) -> Checked:
    """Check one dictionary, write what is wanted of it, and return its report as JSON; it raises nothing."""
    try:
        return _checked(task)
    except (CheckerDisagreementError, ContradictionError) as error:
        return Checked(error=_naming(task.source, str(error)), code=REJECTED)
    except VerifyError as error:
        return Checked(error=_naming(task.source, str(error)), code=BAD_INPUT)
    except MemoryError:
        return Checked(error=_naming(task.source, "this needs more memory than there is"), code=BAD_INPUT)
    except Exception as error:  # a bug of ours is one line too, and costs no other dictionary
        why = f"internal error, please report it: {type(error).__name__}: {error}"
        return Checked(error=_naming(task.source, why), code=BUG)


def _naming(source: str, message: str) -> str:
    name = shown(source)
    return message if message.startswith(name) else f"{name}: {message}"


def _checked(task: Task) -> Checked:
    from ..dictionaries import load
    from ..report import as_json, write
    from ..report.requirements import answers_as_json
    from .output import dictionary_report, exit_code
    from .requirements import answers_of, required_code, worse

    asked = task.asked
    dictionary = load(task.source, atoms=asked.atoms, key=asked.key)
    result, model = _settled(dictionary, task)
    answers = answers_of(model, asked.required)
    code = worse(exit_code(result), required_code(answers))
    if task.certificate is not None:
        result.certificate.save(task.certificate)
    if task.report is not None:
        write(dictionary_report(result, asked.scaling, task.certificate), task.report)
    body = as_json(model)
    return Checked(body={**body, "requirements": answers_as_json(answers)} if answers else body, code=code)


def _settled(dictionary: Any, task: Task) -> tuple[CheckResult, Report]:
    """Check with one effort after the other, until what was asked is decided."""
    from ..certify import check_dictionary
    from .output import dictionary_report, exit_code
    from .requirements import answers_of, required_code

    asked = task.asked
    for at, effort in enumerate(asked.efforts):
        result = check_dictionary(
            dictionary,
            sparsity=asked.sparsity,
            questions=asked.questions,
            scaling=asked.scaling,
            effort=effort,
            time_limit=asked.time_limit,
            check_seconds=asked.check_seconds,
            device=asked.device,
            exact=asked.exact,
        )
        model = dictionary_report(result, asked.scaling, task.certificate, pictures=False)
        open_ = 3 in (exit_code(result), required_code(answers_of(model, asked.required)))
        if at + 1 == len(asked.efforts) or result.stopped or not open_:
            return result, model
    raise AssertionError("there is always an effort")


def tasks_of(sources: Sequence[str], asked: Asked, certificates: Path | None, reports: Path | None) -> list[Task]:
    """Return one task for each source, with files in the folders given, named after the source."""
    tasks: list[Task] = []
    used: set[str] = set()
    for source in sources:
        name = _file_name(source, used)
        task = Task(source=source, asked=asked)
        if certificates is not None:
            task = replace(task, certificate=certificates / f"{name}.json")
        if reports is not None:
            task = replace(task, report=reports / f"{name}.html")
        tasks.append(task)
    return tasks


def _file_name(source: str, used: set[str]) -> str:
    """Return a name for files about a source: letters, digits, - and . of its own name, and a number if it is taken."""
    is_builtin = source.startswith("builtin:")
    stem = source.removeprefix("builtin:") if is_builtin else Path(source).stem
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in stem)[:100].lstrip(".-")
    name, at = plain or "dictionary", 2
    while name.lower() in used:  # some file systems do not tell A from a
        name, at = f"{plain or 'dictionary'}-{at}", at + 1
    used.add(name.lower())
    return name
