"""`verify report`: a report from a certificate, once the checker has accepted it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .atom_shape import AtomShapeOption, atom_shape, refuse_other_shape
from .convolutional import (
    AxesOption,
    BoundaryOption,
    ConvolutionalOption,
    DilationOption,
    Filtering,
    GroupsOption,
    StrideOption,
)
from .handed_in import AboutOption, FiltersOption, HandedIn, SizeOption
from .options import Atoms, AtomsOption, CodeOption, KeyOption, NetworkOption, SignalOption

if TYPE_CHECKING:
    from certificates import Accepted


_CHAINS = (
    "a report of a certificate about a network is for one network and one dictionary; for chains, verify "
    "certify-network --report writes it"
)


def report(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE", help="The certificate.")],
    output: Annotated[
        list[Path], typer.Option("--output", "-o", metavar="FILE", help="The report: .html, .md or .json; repeatable.")
    ],
    dictionary: AboutOption = None,
    signal: SignalOption = None,
    code: CodeOption = None,
    network: NetworkOption = None,
    atoms: AtomsOption = Atoms.columns,
    key: KeyOption = None,
    shape: AtomShapeOption = None,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", metavar="N", min=1, help="Units of work allowed; see the checker.")
    ] = None,
    filters: FiltersOption = None,
    convolutional: ConvolutionalOption = False,
    axes: AxesOption = None,
    stride: StrideOption = None,
    dilation: DilationOption = None,
    groups: GroupsOption = None,
    boundary: BoundaryOption = None,
    size: SizeOption = None,
) -> int:
    """Check a certificate and write a report of what was accepted; exit 4 and write nothing if it is rejected."""
    from certificates import Accepted

    from .certificates import run_checker
    from .output import refuse_bad_outputs

    filtering = Filtering(axes=axes, stride=stride, dilation=dilation, groups=groups, boundary=boundary)
    about = HandedIn.of(dictionary, filters, filtering, convolutional=convolutional, size=size, read=(atoms, key))
    about = about.sized(signal, code)
    given = [name for name in (signal, code) if name is not None]
    networks = network or []
    files = [str(name) for path in networks for name in (path, path.with_suffix(".json"))]
    refuse_bad_outputs(output, None, [str(certificate), *about.sources, *given, *files])
    one = about.is_matrix and not (given or networks) and len(about.sources) == 1
    sides = atom_shape(shape, output, one_dictionary=one)
    answer = run_checker(certificate, about, work_limit, signal=signal, code=code, network=networks)
    if not isinstance(answer, Accepted):
        typer.echo(f"rejected: {answer.step}: {answer.why}")
        return 4
    if not about.is_matrix:
        _filters(about, answer, certificate, networks, output)
    elif given:
        from .output import write_reports
        from .solution_output import certificate_solution_report
        from .solve_input import read_subjects

        subjects = read_subjects(about, signal, code)
        write_reports(certificate_solution_report(*subjects, answer, certificate, about), output)
    else:
        _dictionaries(about, answer, certificate, networks, (output, sides))
    return 0


def _filters(about: HandedIn, answer: Accepted, certificate: Path, networks: list[Path], output: list[Path]) -> None:
    if len(about.sources) > 1:
        _chain_of_filters(about, answer, certificate, networks, output)
        return
    dictionary, options = about.filters(), about.filtering.typed
    if networks:
        from ..report.networks.convolutional_render import write_filter_network_report
        from .convolutional_networks import accepted_filter_network_report

        model = accepted_filter_network_report(dictionary, answer, str(networks[0]), certificate, options)
        for path in output:
            write_filter_network_report(model, path)
        return
    from ..report.convolutional.render import write_filter_report
    from .convolutional_report import accepted_filter_report

    found = accepted_filter_report(dictionary, answer, certificate, options)
    for path in output:
        write_filter_report(found, path)


def _chain_of_filters(
    about: HandedIn, answer: Accepted, certificate: Path, networks: list[Path], output: list[Path]
) -> None:
    from ..errors import InputError
    from ..report.convolutional.chain import write_chain_report
    from .convolutional_chains import accepted_chain_report

    if networks:
        raise InputError(_CHAINS)
    model = accepted_chain_report(about.sources, about.filtering, answer, certificate)
    for path in output:
        write_chain_report(model, path)


def _dictionaries(
    about: HandedIn,
    answer: Accepted,
    certificate: Path,
    networks: list[Path],
    written: tuple[list[Path], tuple[int, ...] | None],
) -> None:
    from ..errors import InputError
    from .observations import with_tiles
    from .output import certificate_report, write_reports

    output, sides = written
    dictionaries = about.dictionaries()
    if networks and len(networks) + len(dictionaries) > 2:
        raise InputError(_CHAINS)
    if len(dictionaries) > 1:
        from .deep_output import accepted_report, write_deep

        write_deep(accepted_report(dictionaries, answer, certificate), output)
        return
    if networks:
        from ..networks.stored import load_network
        from .network_output import accepted_network_report, write_network_reports

        name = str(networks[0])
        write_network_reports(
            accepted_network_report(load_network(name), dictionaries[0], answer, name, certificate), output
        )
        return
    refuse_other_shape(sides, dictionaries[0].shape[0])
    model = certificate_report(dictionaries[0], answer, certificate)
    write_reports(with_tiles(model, dictionaries[0], sides), output)
