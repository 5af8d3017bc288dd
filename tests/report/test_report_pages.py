"""HTML, Markdown and terminal: escaping, structure, what an unchecked report must not say."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report_samples import COMMAND, HOSTILE, SAMPLES, claim, hostile, identity_hadamard, independent, unchecked
from rich.console import Console

from verify.errors import InputError
from verify.report import Asked, Report, render, render_html, render_markdown, render_terminal, write
from verify.report.claim_text import claim_text

VOID = {"meta", "link", "img", "br", "hr", "input", "wbr"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def terminal(report: Report, width: int = 80, encoding: str = "utf-8", **options: object) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    render_terminal(report, Console(file=stream, width=width, **options))  # type: ignore[arg-type]
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("name", SAMPLES)
def test_html_is_well_formed_and_loads_nothing(name: str):
    page = Page(render_html(SAMPLES[name]()))
    assert page.open == []
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form"}
        for key, value in attributes.items():
            assert not key.startswith("on")
            if key in {"src", "href", "xlink:href", "action", "data"}:
                assert value is not None and value.startswith(("#", "data:image/png;base64,"))
    assert not re.search(r"@import|url\((?!#)", render_html(SAMPLES[name]()))


@pytest.mark.parametrize("name", SAMPLES)
def test_html_is_accessible(name: str):
    page = Page(render_html(SAMPLES[name]()))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for tag, a in page.tags if tag == "a"]
    assert {link[1:] for link in links if link} <= set(ids)
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(headings))
    assert all(a.get("aria-label") and a.get("role") == "img" for tag, a in page.tags if tag == "svg")
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("status", ["checked", "unchecked"])
@pytest.mark.sampled(2)
def test_foreign_text_is_only_text_in_html(name: str, status: str):
    hurt, plain = Page(render_html(hostile(HOSTILE[name], status))), Page(render_html(hostile("plain", status)))
    assert [(tag, sorted(a)) for tag, a in hurt.tags] == [(tag, sorted(a)) for tag, a in plain.tags]
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", render_html(hostile(HOSTILE[name]))
    )


def test_foreign_text_is_shown_as_it_is_written():
    assert HOSTILE["script"] in Page(render_html(hostile(HOSTILE["script"]))).text
    assert HOSTILE["markup"] in terminal(hostile(HOSTILE["markup"]))
    assert r"a\x1b[31mred\x07" in terminal(hostile(HOSTILE["controls"]))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("status", ["checked", "unchecked"])
def test_foreign_text_is_only_text_in_markdown(name: str, status: str):
    text = render_markdown(hostile(HOSTILE[name], status))
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?\n\1$", "", text)
    assert outside.count("\n# ") == 0 and outside.startswith("# ")
    assert "<" not in outside
    assert not re.search(r"(?<!\\)`|(?<!\\)\[|://", outside)
    plain = render_markdown(hostile("plain", status))
    assert len(text.splitlines()) == len(plain.splitlines())
    for line, other in zip(text.splitlines(), plain.splitlines(), strict=True):
        if other.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"(?<!\\)\|", other))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("status", ["checked", "unchecked"])
def test_foreign_text_has_no_effect_on_a_terminal(name: str, status: str):
    text = terminal(hostile(HOSTILE[name], status))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    coloured = terminal(hostile(HOSTILE[name], status), force_terminal=True, color_system="truecolor")
    assert set(re.findall(r"\x1b\[[0-9;]*m", coloured)) <= set(
        re.findall(r"\x1b\[[0-9;]*m", terminal(hostile("plain", status), force_terminal=True, color_system="truecolor"))
    )


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.sampled(3)
def test_terminal_fits_its_width(name: str, width: int):
    lines = terminal(SAMPLES[name](), width).splitlines()
    assert all(len(line) <= width for line in lines if COMMAND not in line)
    assert f"  {COMMAND}" in lines


@pytest.mark.parametrize("name", SAMPLES)
def test_terminal_without_unicode(name: str):
    text = terminal(SAMPLES[name](), encoding="ascii")
    assert "mu" in text and "\\u" not in text


def test_terminal_shows_two_codes():
    text = terminal(SAMPLES["null-vector"]())
    assert "x  0: 2, 3: -1\n" in text and "x′ 4: 1\n" in text
    assert "x  0: 1, 1: i\n  x′ 2: -1/2 + (3/2)i\n" in terminal(SAMPLES["complex"]())
    assert "and 9 more" in terminal(SAMPLES["long-rationals"]())


def test_the_verdict_comes_first():
    assert terminal(identity_hadamard()).startswith("Guaranteed: any two different codes with at most 4 nonzeros")
    assert render_markdown(identity_hadamard()).split("\n\n")[1].startswith("- **Guaranteed**: any two")


@pytest.mark.parametrize("kind", ["html", "md", "terminal"])
def test_an_unchecked_report_gives_no_verdict_and_no_level(kind: str):
    report = unchecked()
    raw = {"html": render_html, "md": render_markdown, "terminal": terminal}[kind](report)
    text = Page(raw).text if kind == "html" else raw
    before, after = text.split("Claimed, not checked")
    assert "Unchecked" in before
    assert COMMAND in text and "about 5 minutes (estimated)" in " ".join(text.split())
    for word in ("Guaranteed", "Refuted", "Undecided", "Proved", "Levels", "Facts", "accepted"):
        assert word not in text
    assert "guaranteed up to level 7" in " ".join(after.split())
    assert not re.search(r"level \d", before)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("suffix", [".html", ".md", ".json", ".HTML"])
@pytest.mark.sampled(4)
def test_output_is_deterministic(name: str, suffix: str):
    first, second = render(SAMPLES[name](), suffix), render(SAMPLES[name](), suffix)
    assert first == second
    assert first.decode("utf-8").endswith("\n")


def test_only_the_questions_asked_are_answered():
    text = render_markdown(identity_hadamard(asked=Asked(sparsity=4, questions=("l1",))))
    assert "**Guaranteed**: basis pursuit recovers every code with at most 4 nonzeros (level 4, unit atoms)" in text
    assert "OMP (omp)" not in text


def test_unknown_claims_are_shown_field_by_field():
    assert claim_text(claim("new-kind", size=3)) == "new-kind: size = 3"
    assert claim_text(claim("bare")) == "bare"
    assert claim_text(claim("rank", other=3)) == "rank: other = 3"


def test_only_theorems_that_claims_name_are_stated():
    text = render_markdown(identity_hadamard())
    assert "**uniqueness-by-spark**" in text
    assert "**failure-by-dimension**" in text
    assert "**uniqueness-by-spark**" not in render_markdown(identity_hadamard(claims=()))
    assert "Theorems" not in Page(render_html(unchecked())).text


def test_independent_atoms():
    text = Page(render_html(independent())).text
    assert (
        "Proved for unit atoms: uniqueness at every level, basis pursuit at every level, "
        "unrolled network at every level, OMP up to level 2."
    ) in text
    assert "infinite" in text


def test_written_files_are_whole(tmp_path: Path):
    for suffix in (".html", ".md", ".json"):
        path = tmp_path / f"report{suffix}"
        path.write_bytes(b"old")
        assert write(identity_hadamard(), path) == path.read_bytes() == render(identity_hadamard(), suffix)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.html", "report.json", "report.md"]


@pytest.mark.parametrize("name", ["report.pdf", "report", "x" * 300 + ".md", "missing/report.md", "folder.md"])
def test_paths_that_cannot_be_written_are_one_line(tmp_path: Path, name: str):
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(InputError, match=r"^[^\n]+$"):
        write(identity_hadamard(), tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.md"]


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, verify.report; "
        "print(sorted({'matplotlib', 'jinja2', 'rich', 'numpy', 'torch', 'cvxpy', 'sympy', 'flint'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
