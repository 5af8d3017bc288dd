"""Atomic writing: the old file or the new one, never a part, and one clear line when it cannot be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from verify.errors import InputError
from verify.files import reason, shown, write_atomically


def one_line(error: pytest.ExceptionInfo[InputError]) -> str:
    text = str(error.value)
    assert text.isprintable(), text
    return text


def test_writes_a_new_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new.bin", b"abc\x00")
    assert (tmp_path / "new.bin").read_bytes() == b"abc\x00"
    assert [entry.name for entry in tmp_path.iterdir()] == ["new.bin"]


def test_replaces_an_existing_file_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old.bin"
    path.write_bytes(b"old and longer")
    path.chmod(0o640)
    write_atomically(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_atomically(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_writes_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "real").read_bytes() == b"new"


def test_writes_a_path_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomically("here", b"x")
    assert (tmp_path / "here").read_bytes() == b"x"


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_keeps_the_old_file_and_removes_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    if step == "replace":  # whichever of the two this Python's pathlib calls
        monkeypatch.setattr(Path, "replace", fail)
    if step == "chmod":
        monkeypatch.setattr(Path, "chmod", fail)
    with pytest.raises((InputError, KeyboardInterrupt)) as error:
        write_atomically(path, b"new")
    if isinstance(failure, OSError):
        assert str(error.value) == f"{path}: cannot be written: no space left on device"
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]


def test_refuses_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its folder does not exist") as error:
        write_atomically(tmp_path / "missing" / "x", b"")
    assert one_line(error).startswith(str(tmp_path / "missing"))


def test_refuses_a_file_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(InputError, match="cannot be written") as error:
        write_atomically(tmp_path / "file" / "x", b"")
    one_line(error)
    assert (tmp_path / "file").read_bytes() == b"old"


def test_refuses_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is a directory") as error:
        write_atomically(tmp_path, b"")
    one_line(error)


def test_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file") as error:
        write_atomically(tmp_path / "pipe", b"")
    one_line(error)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_refuses_a_read_only_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked"
    path.write_bytes(b"old")
    path.chmod(0o400)
    monkeypatch.setattr(os, "access", lambda *_: False)  # for a superuser, everything is writable
    with pytest.raises(InputError, match="read-only") as error:
        write_atomically(path, b"new")
    one_line(error)
    assert path.read_bytes() == b"old"


def test_refuses_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(InputError, match="permission denied") as error:
        write_atomically(tmp_path / "x", b"")
    one_line(error)


def test_refuses_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name too long") as error:
        write_atomically(tmp_path / ("x" * 300), b"")
    assert len(one_line(error)) < 400
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["nul\0", "surrogate\ud800"])
def test_refuses_what_is_not_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="not a valid path") as error:
        write_atomically(f"{tmp_path}/{name}", b"")
    one_line(error)


def test_a_folder_that_cannot_be_flushed_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def only_files(path: str, flags: int, mode: int = 0o777) -> int:
        if Path(path).is_dir():
            raise OSError(22, "Invalid argument")
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", only_files)
    write_atomically(tmp_path / "x", b"data")
    assert (tmp_path / "x").read_bytes() == b"data"


def test_shown_is_one_printable_line() -> None:
    assert shown("a/b c.npy") == "a/b c.npy"
    assert shown("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    assert shown("\u202eevil") == "\\u202eevil"
    assert shown("\udc80") == "\\udc80"
    assert shown(Path("x")) == "x"
    long = shown("a" * 1000 + "z")
    assert len(long) == 303
    assert long.endswith("z")


def test_reason_of_an_error_without_a_text() -> None:
    assert reason(OSError()) == "oserror"
    assert reason(PermissionError(13, "Permission denied")) == "permission denied"
