"""`--convolutional` with a chain of filters: its facts (`--deep`), and networks for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import InputError
from ..verdict import Question
from .convolutional import Filtering, Options
from .convolutional_report import chain_command, report_on
from .levels import levels_of
from .numbers import exact_number
from .options import Format

if TYPE_CHECKING:
    from certificates import Accepted

    from ..certify.check_convolutional_chain import ChainResult
    from ..certify.convolutional_chain import ChainCertificate
    from ..dictionaries.convolutional_chain import ConvolutionalChain
    from ..networks.convolutional.build_chain import BuiltChain
    from ..report.convolutional.chain import ChainFilterReport
    from ..report.networks.convolutional_chain import ChainNetworkReport


def chain_of(sources: Sequence[str], filtering: Filtering, tolerances: str | None) -> ConvolutionalChain:
    """Return the chain of the sources; options with colons have a part for each, one tolerance serves for all."""
    from ..dictionaries.convolutional_chain import ConvolutionalChain

    count = len(sources)
    dictionaries = [filtering.for_layer(at, count).load(source, None) for at, source in enumerate(sources)]
    known = (
        None if tolerances is None else [exact_number(part.strip(), "--tolerances") for part in tolerances.split(",")]
    )
    return ConvolutionalChain.of(dictionaries, tolerances=known)


def check_filter_chain(sources: Sequence[str], filtering: Filtering, levels: Sequence[int], asked: Options) -> int:
    """Check a chain of filters, write certificate and reports, print, and return the exit code."""
    from ..certify.check_convolutional_chain import check_convolutional_chain
    from ..report.convolutional.chain import chain_json, chain_terminal, write_chain_report
    from .progress import progress_bar

    chain = chain_of(sources, filtering, None)
    with progress_bar() as progress:
        result = check_convolutional_chain(
            chain,
            sparsity=levels or None,
            scaling=asked.scaling,
            effort=asked.effort,
            time_limit=asked.time_limit,
            check_seconds=asked.check_seconds,
            progress=progress,
        )
    if asked.certificate is not None:
        result.certificate.save(asked.certificate)
    report = _chain_report(result, [filtering.for_layer(at, len(sources)) for at in range(len(sources))], levels, asked)
    for path in asked.reports:
        write_chain_report(report, path)
    if result.stopped:
        typer.echo("verify: the search was stopped; this is what was proved so far", err=True)
    if asked.output is Format.json:
        sys.stdout.write(chain_json(report).decode())
    else:
        from rich.console import Console

        chain_terminal(report, Console(soft_wrap=False))
    return _exit_code(report, asked.questions) if levels else 0


def _chain_report(
    result: ChainResult, filtering: Sequence[Filtering], levels: Sequence[int], asked: Options
) -> ChainFilterReport:
    from certificates import Accepted

    answer = result.answer
    known = {
        "scaling": result.scaling.value,
        "status": "checked" if isinstance(answer, Accepted) else "unchecked",
        "relied_on": answer.relied_on if isinstance(answer, Accepted) else (),
        "check_command": chain_command(result.chain.dictionaries, [one.typed for one in filtering], asked.certificate),
        "certificate_path": None if asked.certificate is None else str(asked.certificate),
    }
    questions = tuple(question.value for question in asked.questions or [Question.l1])
    accepted = answer.claims if isinstance(answer, Accepted) else ()
    return _report_of(result.chain, (list(result.facts), accepted), known, (levels, questions))


def accepted_chain_report(
    sources: Sequence[str], filtering: Filtering, answer: Accepted, certificate: Path
) -> ChainFilterReport:
    """Return the report of an accepted certificate about a chain; raise InputError if it has no claim about filters."""
    chain = chain_of(sources, filtering, None)
    claims: tuple[Any, ...] = answer.claims
    spans = [(int(claim["about"][0]), int(claim["about"][1])) for claim in claims if "about" in claim]
    if not spans:
        raise InputError("the certificate claims nothing about filters, so there is no report on them")
    scalings = sorted({str(claim["scaling"]) for claim in answer.claims if "scaling" in claim}, reverse=True)
    options = [filtering.for_layer(at, chain.depth).typed for at in range(chain.depth)]
    known = {
        "scaling": scalings[0] if scalings else "unit",
        "status": "checked",
        "relied_on": answer.relied_on,
        "check_command": chain_command(chain.dictionaries, options, certificate),
        "certificate_path": str(certificate),
    }
    return _report_of(chain, (list(dict.fromkeys(spans)), answer.claims), known, ((), ()))


def _report_of(
    chain: ConvolutionalChain,
    found: tuple[Sequence[tuple[int, int]], Sequence[Any]],
    known: Mapping[str, Any],
    asked: tuple[Sequence[int], tuple[str, ...]],
) -> ChainFilterReport:
    """Return the report on the dictionaries and products of a chain that there are claims about."""
    from ..report.convolutional.chain import ChainFilterReport

    (spans, claims), (levels, questions) = found, asked
    parts: list[Any] = []
    for span in spans:
        mine = list(span)
        level = levels[span[0]] if levels and span[1] == span[0] + 1 else None
        part = report_on(
            chain.product(*span),
            sparsity=level,
            questions=() if level is None else questions,
            claims=tuple(claim for claim in claims if claim.get("about") == mine),
            **known,
        )
        parts.append((span, part))
    others = [(i, j) for i in range(chain.depth) for j in range(i + 2, chain.depth + 1)]
    reasons = [(span, chain.no_product(*span)) for span in others]
    return ChainFilterReport(
        parts=tuple(parts),
        no_products=tuple((span, reason) for span, reason in reasons if reason is not None),
        deep=tuple(claim for claim in claims if claim["kind"] == "convolutional-deep-guaranteed"),
    )


def _exit_code(report: ChainFilterReport, questions: Sequence[Question]) -> int:
    """Return 1 if a question is refuted for stripes in a layer, else 3 if one is undecided or unchecked, else 0."""
    from ..report.convolutional.levels import level_rows

    wanted = [question.value for question in questions] or ["l1"]
    found = {
        row["verdict"]
        for (start, end), part in report.parts
        if end == start + 1
        for row in level_rows(part)
        if row["sparsity"] == "stripe" and row["question"] in wanted
    }
    return 1 if "refuted" in found else 0 if found == {"guaranteed"} else 3


def build_filter_chain(
    sources: Sequence[str],
    output: Path,
    filtering: Filtering,
    numbers: tuple[str, str, str | None],
    options: Any,
) -> int:
    """Build the networks for a chain of filters, write them and say what is planned."""
    from ..networks.convolutional.build_chain import build_chain
    from ..networks.stored import save_network
    from .build_network import refuse_no_network
    from .deep_networks import network_paths
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    sparsity, bound, tolerances = numbers
    refuse_no_network(output)
    paths = network_paths(output, 1 if options["method"] == "deepest-first" else len(sources))
    for path in paths:
        refuse_bad_outputs([], path, list(sources))
        refuse_bad_outputs([], path.with_suffix(".json"), list(sources))
    chain = chain_of(sources, filtering, tolerances)
    with progress_bar() as progress:
        built = build_chain(chain, levels_of(sparsity), _parts(bound), progress=progress, **options)
    for network, path in zip(built.network.networks, paths, strict=True):
        save_network(network, path)
    typer.echo(_summary(built, paths))
    return 0


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _summary(built: BuiltChain, paths: Sequence[Path]) -> str:
    from ..certify.check_convolutional import SIZES
    from ..report.convolutional.claim_words import sizes_in_words
    from .convolutional_networks import network_summary

    lines: list[str] = []
    for one, path in zip(built.built, paths, strict=True):
        lines.append(f"{path.name}: network {one.network.digest}")
        lines += [f"  {line}" for line in network_summary(one).splitlines()]
        lines[-1] += f"; the error changes by {one.rate:.4g} a layer at most"
    errors = ", ".join(f"x_{j} {error:.4g}" for j, error in enumerate(built.errors.linf, 1))
    sizes = dict.fromkeys(sizes_in_words(SIZES[one.network.boundary]) for one in built.built)
    lines.append(
        f"Planned errors, largest entry, for signals of {' and '.join(sizes)}: {errors} "
        "(verify certify-network --convolutional proves them)"
    )
    return "\n".join(lines)


def certify_filter_chain(
    paths: Sequence[str],
    sources: Sequence[str],
    filtering: Filtering,
    numbers: tuple[str | None, str, str | None],
    options: Any,
    observed: tuple[int, int, str],
    outputs: tuple[Path | None, list[Path], Format],
) -> int:
    """Certify networks for a chain of filters, write and print the report, and return the exit code."""
    from ..certify.convolutional_chain import certify_chain_network
    from ..networks.convolutional.chain_network import ChainClass, ChainNetwork
    from ..networks.convolutional.stored import load_convolutional_network
    from ..report.networks.convolutional_chain import render_chain_json, render_chain_text, write_chain_networks
    from .output import refuse_bad_outputs
    from .progress import progress_bar

    (sparsity, bound, tolerances), (certificate, reports, output) = numbers, outputs
    beside = [str(Path(path).with_suffix(".json")) for path in paths]
    refuse_bad_outputs(reports, certificate, [*paths, *beside, *sources])
    if sparsity is None:
        raise InputError("--sparsity: expected a level for each network of the chain, as 3,2; got none")
    chain = chain_of(sources, filtering, tolerances)
    network = ChainNetwork.of(chain, [load_convolutional_network(path) for path in paths])
    members = ChainClass.of(network.dictionaries, levels_of(sparsity), _parts(bound))
    with progress_bar() as progress:
        result = certify_chain_network(network, members, progress=progress, **options)
        trials, seed, device = observed
        seen = result.observe(trials=trials, seed=seed, device=device) if trials else None
    if certificate is not None and result.certificate is not None:
        result.certificate.save(certificate)
    given = [filtering.for_layer(at, len(sources)) for at in range(len(sources))]
    model = _report(result, seen, (paths, sources, given), certificate)
    for path in reports:
        write_chain_networks(model, path)
    sys.stdout.write(render_chain_json(model).decode() if output is Format.json else render_chain_text(model))
    if certificate is not None and result.certificate is None:
        typer.echo("verify: nothing is promised, so no certificate was written", err=True)
    return 0 if model.status == "checked" and model.promises else 3


def _report(
    result: ChainCertificate,
    seen: Any,
    named: tuple[Sequence[str], Sequence[str], Sequence[Filtering]],
    certificate: Path | None,
) -> ChainNetworkReport:
    from certificates import Accepted
    from certificates.checker import WORK_LIMIT

    from ..report.networks.convolutional_chain import ChainNetworkReport
    from ..versions import versions
    from .output import typed

    paths, sources, filtering = named
    answer, network = result.answer, result.network
    limit = "" if result.work <= WORK_LIMIT else f" --work-limit {2 * result.work}"
    command = chain_command(network.chain.dictionaries, [one.typed for one in filtering], certificate)
    command += "".join(f" --network {typed(path)}" for path in paths) + limit
    fields = ("linf", "trials", "device", "lengths", "nonzeros")
    return ChainNetworkReport(
        sources=tuple(sources),
        networks=tuple(paths),
        shapes=tuple(one.shape for one in network.networks),
        method=network.method.value,
        status="nothing" if result.certificate is None else "checked" if isinstance(answer, Accepted) else "unchecked",
        claim=result.claim,
        promises=result.promises,
        seen=None if seen is None else {name: getattr(seen, name) for name in fields},
        relied_on=answer.relied_on if isinstance(answer, Accepted) else (),
        check_command=command,
        versions=versions(),
    )
