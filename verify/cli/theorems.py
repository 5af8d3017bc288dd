"""`verify theorems`: list the statements, show one with its constants, attack them, draw the graph, write the pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from . import theorem_tests
from .options import Format, FormatOption

if TYPE_CHECKING:
    from ..theorems.language.values import Value

app = typer.Typer(help="The theorems: statements, constants for given numbers, what rests on what.")
app.command("test")(theorem_tests.attack_theorems)
app.command("replay")(theorem_tests.replay)
_WIDEST = 100


@app.command("list")
def list_(output: FormatOption = Format.terminal) -> int:
    """List every statement: its id, status and title."""
    from ..theorems import THEOREMS

    if output is Format.json:
        rows = [{"id": t.id, "title": t.title, "section": t.section, "status": t.status} for t in THEOREMS]
        typer.echo(json.dumps({"schema": 1, "theorems": rows}, indent=2))
        return 0
    for entry in THEOREMS:
        typer.echo(f"{entry.id}\t{entry.status}\t{entry.title}")
    return 0


@app.command()
def show(
    theorem_id: Annotated[str, typer.Argument(metavar="ID", help="The permanent id; `list` shows all.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A variable's value: a decimal, p/q or sqrt(p/q), taken exactly; with commas between, one for each "
            "layer or atom. Repeatable.",
            show_default=False,
        ),
    ] = None,
    output: FormatOption = Format.terminal,
) -> int:
    """Show one statement: hypotheses, constants, conclusion, proof and source; with --set, its constants as numbers."""
    from ..theorems import theorem
    from ..theorems.pages.text import as_json, as_text

    entry = theorem(theorem_id)
    values = _values(settings) if settings else None
    if output is Format.json:
        typer.echo(json.dumps(as_json(entry, values), indent=2))
    else:
        width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        typer.echo(as_text(entry, width, values), nl=False)
    return 0


@app.command()
def graph(
    output: Annotated[
        str, typer.Option("--format", metavar="mermaid|dot|svg", help="How the graph is written.")
    ] = "mermaid",
) -> int:
    """Print the graph of what rests on what."""
    from ..theorems.pages.graph import GraphFormat, drawn

    if output not in list(GraphFormat):
        raise InputError(f"--format: expected {', '.join(GraphFormat)}, got {output[:40]!r}")
    typer.echo(drawn(GraphFormat(output)), nl=False)
    return 0


@app.command()
def pages(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the pages go.")] = Path("docs/theorems"),
) -> int:
    """Write the pages of documentation from the registry."""
    from ..files import shown, write_atomically
    from ..theorems.pages.markdown import pages as written

    if not folder.is_dir():
        raise InputError(f"{shown(folder)}: expected an existing folder")
    for name, text in written().items():
        write_atomically(folder / name, text.encode())
    return 0


def _values(settings: list[str]) -> dict[str, Value | tuple[Value, ...]]:
    """Return what NAME=VALUE settings say; raise InputError, one line, for what they do not."""
    from ..theorems.language.values import read_value

    found: dict[str, Value | tuple[Value, ...]] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not (equals and name.isidentifier()):
            raise InputError(f"--set: expected NAME=VALUE, got {setting[:60]!r}")
        if name in found:
            raise InputError(f"--set: {name[:40]!r} is set twice")
        try:
            values = [read_value(part) for part in text.split(",")]
        except InputError as error:
            raise InputError(f"--set {name[:40]}: {error}") from None
        found[name] = tuple(values) if len(values) > 1 else values[0]
    return found
