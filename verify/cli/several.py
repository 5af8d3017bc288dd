"""`verify check-dictionary A B C ..`: several dictionaries in one table, or as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..budget import Effort
from ..errors import InputError
from ..files import shown
from ..verdict import Question
from .exit_codes import BAD_INPUT, INTERRUPTED, fail
from .one_of_several import Asked, Checked, Task, check_one, tasks_of
from .options import Format
from .processes import Lost, NotBegun, Work
from .requirements import worse

if TYPE_CHECKING:
    from ..report.several import Row

_NOTE = (
    "Effort glance: coherence, Babel function and dimensions, without any search. --effort quick finds more, and takes "
    "about ten times as long."
)


class Sort(StrEnum):
    """What several dictionaries are sorted by."""

    source = "name"
    shape = "shape"
    mu = "mu"
    welch = "welch"
    level = "level"
    l0 = "l0"
    l1 = "l1"
    network = "network"
    omp = "omp"


SortOption = Annotated[
    Sort | None,
    typer.Option(
        "--sort",
        help="The order of several dictionaries: least mu or mu/Welch first, or highest guaranteed level (level: that "
        "of the first question asked). Default: as given.",
        show_default=False,
    ),
]


def check_several(
    sources: Sequence[str],
    asked: Asked,
    folders: tuple[Path | None, Sequence[Path]],
    output: Format,
    sort: Sort | None,
) -> int:
    """Check every source, print one table or one JSON object a line, and return the worst exit code.

    A source that is no dictionary costs one line on stderr; the others are shown, and the exit code is then 2.
    """
    from .progress import progress_bar

    tasks = tasks_of(sources, asked, *_made(folders))
    _refuse_overwriting(tasks)
    printed = _Printed(output, sort, asked, len(tasks))
    with progress_bar() as progress:
        for done, (at, result) in enumerate(Work(check_one, sources, tasks).results(), 1):
            printed.add(at, tasks[at], result)
            progress("dictionaries", done, len(tasks))
    return printed.end()


class _Printed:
    """Keeps a row of each result, prints JSON lines as soon as their turn has come, and the table at the end."""

    def __init__(self, output: Format, sort: Sort | None, asked: Asked, count: int) -> None:
        self.output, self.sort, self.asked = output, sort, asked
        self.questions = [question.value for question in asked.questions]
        self.rows: dict[int, Row] = {}
        self.lines: dict[int, str] = {}
        self.settled: set[int] = set()
        self.next, self.count, self.prevented = 0, count, 0
        self.codes, self.worst = {0}, 0

    def add(self, at: int, task: Task, result: Checked | Lost | NotBegun) -> None:
        from ..report.several import row_of

        if isinstance(result, NotBegun):
            self.prevented += 1
        elif isinstance(result, Lost):
            why = "the process that checked it was ended from outside, most likely for lack of memory"
            self.codes.add(fail(f"{shown(task.source)}: {why}", BAD_INPUT))
        elif result.body is None:
            self.codes.add(fail(result.error or "", result.code))
        else:
            self.worst = worse(self.worst, result.code)
            self.rows[at] = row_of(result.body)
            if self.output is Format.json:
                self.lines[at] = _line(result.body)
        self.settled.add(at)
        while self.output is Format.json and self.sort is None and self.next in self.settled:
            sys.stdout.write(self.lines.pop(self.next, ""))
            self.next += 1

    def end(self) -> int:
        """Print what is left and return the exit code."""
        order = self._order()
        if self.output is Format.json:
            sys.stdout.write("".join(self.lines.get(at, "") for at in order))
        elif self.rows:
            from rich.console import Console

            from ..report.several import render_table

            note = _NOTE if "glance" in [effort.value for effort in self.asked.efforts[-1:]] else None
            render_table([self.rows[at] for at in order], self.questions, note, Console(soft_wrap=False))
        if self.prevented:
            what = f"{self.prevented} of {self.count} dictionaries were not checked"
            self.codes.add(fail(what, INTERRUPTED))
        return max(self.codes) or self.worst

    def _order(self) -> list[int]:
        from ..report.several import sort_key

        if self.sort is None:
            return sorted(self.rows)
        by, first = self.sort.value, self.questions[0] if self.asked.sparsity or len(self.questions) == 1 else "l1"
        return sorted(self.rows, key=lambda at: (sort_key(self.rows[at], by, first), at))


def _line(body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text + "\n"


def _made(folders: tuple[Path | None, Sequence[Path]]) -> tuple[Path | None, Path | None]:
    """Return the folders for certificates and reports, made if they are missing; raise InputError for files."""
    certificate, reports = folders
    if len(reports) > 1:
        raise InputError("--report: expected one folder for several dictionaries, got several names")
    report = next(iter(reports), None)
    for name, folder in (("--certificate", certificate), ("--report", report)):
        if folder is None or folder.is_dir():
            continue
        if folder.exists() or folder.suffix or not folder.parent.is_dir():
            raise InputError(f"{name} {shown(folder)}: expected a folder, as out/, for several dictionaries")
        folder.mkdir(exist_ok=True)
    return certificate, report


def _refuse_overwriting(tasks: Iterable[Task]) -> None:
    from .output import refuse_bad_outputs

    tasks = list(tasks)
    written = [path for task in tasks for path in (task.certificate, task.report) if path is not None]
    refuse_bad_outputs(written, None, [task.source for task in tasks])


def efforts_of(chosen: Effort | None, *, asks: bool) -> tuple[Effort, ...]:
    """Return the efforts to try: by default a glance, and quick for what is asked and stays undecided."""
    if chosen is not None:
        return (chosen,)
    return (Effort.glance, Effort.quick) if asks else (Effort.glance,)


def asked_by_default(questions: Sequence[Question] | None, level: int | None) -> tuple[Question, ...]:
    """Return the questions: at a level basis pursuit is the one people mean, without one every question counts."""
    return tuple(dict.fromkeys(questions or ([Question.l1] if level is not None else list(Question))))
