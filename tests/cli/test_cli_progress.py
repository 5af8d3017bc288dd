"""Progress is drawn on stderr, on a terminal only, and never on stdout."""

from __future__ import annotations

import io
import sys

import pytest

from verify.cli import main, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_the_work(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PATIENCE_SECONDS", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["check-dictionary", "builtin:gaussian:20x40:1", "--format", "json"]) == 0
    for work in ("coherence", "Babel function", "independent check"):
        assert work in terminal.getvalue()
    assert "independent check" not in capsys.readouterr().out


def test_short_work_draws_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PATIENCE_SECONDS", 1e9)
    with progress.progress_bar() as report:
        for done in range(10):
            report("half of it", done, 20)
    assert "half of it" not in terminal.getvalue()


def test_nobody_watches_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-dictionary", "builtin:gaussian:20x40:1"]) == 0
    assert capsys.readouterr().err == ""


def test_a_long_search_shows_its_last_works_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.progress import Progress

    shown: list[list[str]] = []
    remove = Progress.remove_task

    def removed(bars: Progress, task: object) -> None:
        remove(bars, task)  # type: ignore[arg-type]
        shown.append([task.description for task in bars.tasks])

    monkeypatch.setattr(Progress, "remove_task", removed)
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "_PATIENCE_SECONDS", 0.0)
    with progress.progress_bar() as report:
        for level in range(9, 0, -1):
            report(f"level {level}: open [supports]", 0, 1)
            report(f"level {level}: open [supports]", 1, 1)
    assert shown[-1] == [f"level {level}: open [supports]" for level in (4, 3, 2, 1)]
    assert len(shown) == 5
