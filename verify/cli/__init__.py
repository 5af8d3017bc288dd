"""The command line: one file a subcommand, no mathematics, exit codes.

0 guaranteed, proved optimal or completed, 1 refuted or proved infeasible, 3 undecided or unchecked, 2 bad input or
usage, 4 a certificate was rejected, 70 a bug in verify, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from ..errors import CheckerDisagreementError, ContradictionError, VerifyError
from . import (
    build_network,
    certify_network,
    check_certificate,
    check_codes,
    check_dictionary,
    compare,
    explain,
    export_dictionary,
    export_network,
    forward_pass,
    improve_dictionary,
    list_builtins,
    recover,
    report,
    solve,
    theorems,
)
from .exit_codes import BAD_INPUT, BUG, INTERRUPTED, REJECTED, fail

app = typer.Typer(
    name="verify",
    help="Prove what a dictionary guarantees about its sparse codes, and check the certificates.",
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)
app.command("check-dictionary")(check_dictionary.check_dictionary)
app.command("compare")(compare.compare)
app.command("solve")(solve.solve)
app.command("check-codes")(check_codes.check_codes)
app.command("check-certificate")(check_certificate.check_certificate)
app.command("build-network")(build_network.build_network)
app.command("certify-network")(certify_network.certify_network)
app.command("forward-pass")(forward_pass.forward_pass)
app.command("recover")(recover.recover)
app.command("explain")(explain.explain)
app.command("report")(report.report)
app.command("export-network")(export_network.export_network)
app.command("import-network")(export_network.import_network)
app.command("export-dictionary")(export_dictionary.export_dictionary)
app.command("improve-dictionary")(improve_dictionary.improve_dictionary)
app.command("list-builtins")(list_builtins.list_builtins)
app.add_typer(theorems.app, name="theorems")


@app.callback()
def _options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the versions that matter and stop."),
) -> None:
    if version:
        from ..versions import versions

        typer.echo("\n".join(f"{name} {number}" for name, number in versions().items()))
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.BadParameter("no command given", param_hint="COMMAND")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every error is one line on stderr."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - open until the process ends
    try:
        result = app(args=None if arguments is None else list(arguments), standalone_mode=False, prog_name="verify")
    except typer.TyperException as error:
        return fail(f"{error.format_message()} (see verify --help)", BAD_INPUT)
    except (CheckerDisagreementError, ContradictionError) as error:
        return fail(str(error), REJECTED)
    except VerifyError as error:
        return fail(str(error), BAD_INPUT)
    except MemoryError:
        return fail("this needs more memory than there is", BAD_INPUT)
    except (BrokenPipeError, SystemExit):  # typer turns a closed pipe into an exit with 1, which would mean refuted
        return _no_output()
    except OSError as error:
        return _no_output(str(error))
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except Exception as error:  # a bug of ours: one line, and never an exit code that means a verdict
        return fail(f"internal error, please report it: {type(error).__name__}: {error}", BUG)
    if result == INTERRUPTED:
        return fail("interrupted", INTERRUPTED)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _no_output()
    except OSError as error:
        return _no_output(str(error))
    return result if isinstance(result, int) else 0


def _no_output(why: str | None = None) -> int:
    """Give up on an output that cannot be written; what is left in its buffer goes nowhere.

    A closed pipe (no `why`) is no news to whoever closed it.
    """
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open until the process ends
    return BAD_INPUT if why is None else fail(f"the output cannot be written: {why}", BAD_INPUT)
