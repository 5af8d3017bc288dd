"""`verify report`: a report from a certificate, once the checker has accepted it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .atom_shape import AtomShapeOption, atom_shape, refuse_other_shape
from .options import Atoms, AtomsOption, CodeOption, DictionariesOption, KeyOption, NetworkOption, SignalOption


def report(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE", help="The certificate.")],
    dictionary: DictionariesOption,
    output: Annotated[
        list[Path], typer.Option("--output", "-o", metavar="FILE", help="The report: .html, .md or .json; repeatable.")
    ],
    signal: SignalOption = None,
    code: CodeOption = None,
    network: NetworkOption = None,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    shape: AtomShapeOption = None,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", metavar="N", min=1, help="Units of work allowed; see the checker.")
    ] = None,
) -> int:
    """Check a certificate and write a report of what was accepted; exit 4 and write nothing if it is rejected."""
    from certificates import Accepted

    from ..errors import InputError
    from .certificates import run_checker
    from .observations import with_tiles
    from .output import certificate_report, refuse_bad_outputs, write_reports

    given = [name for name in (signal, code) if name is not None]
    networks = network or []
    files = [str(name) for path in networks for name in (path, path.with_suffix(".json"))]
    refuse_bad_outputs(output, None, [str(certificate), *dictionary, *given, *files])
    sides = atom_shape(shape, output, one_dictionary=not (given or networks) and len(dictionary) == 1)
    answer = run_checker(
        certificate, dictionary, atoms, work_limit, key=key, signal=signal, code=code, network=networks
    )
    if not isinstance(answer, Accepted):
        typer.echo(f"rejected: {answer.step}: {answer.why}")
        return 4
    if given:
        from .solution_output import certificate_solution_report
        from .solve_input import read_subjects

        subjects = read_subjects(dictionary[0], atoms, key, signal, code)
        write_reports(certificate_solution_report(*subjects, answer, certificate), output)
        return 0
    from ..dictionaries import load

    dictionaries = [load(source, atoms=atoms.value, key=key) for source in dictionary]
    if networks and len(networks) + len(dictionaries) > 2:
        raise InputError(
            "a report of a certificate about a network is for one network and one dictionary; for chains, "
            "verify certify-network --report writes it"
        )
    if len(dictionaries) > 1:
        from .deep_output import accepted_report, write_deep

        write_deep(accepted_report(dictionaries, answer, certificate), output)
        return 0
    if networks:
        from ..networks.stored import load_network
        from .network_output import accepted_network_report, write_network_reports

        name = str(networks[0])
        write_network_reports(
            accepted_network_report(load_network(name), dictionaries[0], answer, name, certificate), output
        )
        return 0
    refuse_other_shape(sides, dictionaries[0].shape[0])
    model = certificate_report(dictionaries[0], answer, certificate)
    write_reports(with_tiles(model, dictionaries[0], sides), output)
    return 0
