"""`cncb test`: the scenarios of systems, against real deployments on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cncb_compiler.cli.common import FINDINGS, USAGE, fail, found_systems, output_option, path_argument, report
from cncb_compiler.cli.selecting import select_options, selections

if TYPE_CHECKING:
    from cncb_compiler.diagnostics.diagnostic import Diagnostic
    from cncb_compiler.scenarios.run import Result
    from cncb_compiler.scenarios.suite import Suite, SuiteResult
    from cncb_compiler.select.selection import Selection
    from cncb_compiler.source.discover import SystemSource


@click.command()
@path_argument
@select_options
@click.option("-k", "wanted", metavar="NAME", help="Only scenarios whose name or sentence contains this.")
@click.option("--coverage", is_flag=True, help="List the declarations that no scenario reaches.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many systems side by side; by default the cores."
)
@click.option("--endpoint", envvar="AWS_ENDPOINT_URL", metavar="URL", help="An endpoint that is there already.")
@output_option
def command(
    path: Path | None,
    selected: tuple[str, ...],
    excluded: tuple[str, ...],
    wanted: str | None,
    coverage: bool,
    jobs: int | None,
    endpoint: str | None,
    output_format: str,
) -> None:
    """Run the scenarios of systems: `scenarios/*.yaml` beside their YAML. PATH may be one scenario's file.

    Each system is deployed from its own template to this machine, as `cncb run` does; its scenarios follow each other
    there. With `--select` only scenarios are run that name something selected.

    Exit code 0: all hold. 1: some do not. 2: wrong usage, findings in the YAML (what they are not about is run),
    or a system that cannot be deployed.
    """
    import time

    from cncb_compiler.scenarios import render
    from cncb_compiler.scenarios.coverage import Covered
    from cncb_compiler.scenarios.coverage import report as coverage_report
    from cncb_compiler.scenarios.suite import SuiteResult, covered, suite_of

    began = time.monotonic()
    only, path = _scenario_file(path)
    suites = [suite_of(source, wanted) for source in found_systems(path)]
    if only is not None:
        suites = [_with_only(suite, only) for suite in suites]
    found = _with_sources(suites)
    if found and output_format == "text":
        click.echo(f"{report(found, output_format)}\n", nl=False)
    chosen = selections([suite.analysis for suite in suites], selected, excluded)
    suites = [_about(suite, selection) for suite, selection in zip(suites, chosen, strict=True)]
    narrowed = bool(wanted or selected or excluded)
    empty = [suite for suite in suites if not suite.files and not suite.found and not narrowed]
    suites = [suite for suite in suites if suite.runnable]
    if not suites and not found:
        asked = " ".join((*selected, *(f"--exclude {one}" for one in excluded), *((wanted,) if wanted else ())))
        fail("there is no scenario here" + (f" that `{asked}` names." if asked else ". See `cncb new scenario`."))

    def told(system: str, result: Result) -> None:
        if output_format == "text":
            click.echo(render.line(system, result))

    outcomes = _run(suites, endpoint, 1 if endpoint else jobs or os.cpu_count() or 1, told)
    by_name = {suite.name: suite for suite in suites}
    seconds = time.monotonic() - began
    shown: dict[str, tuple[Covered, ...]] = {}
    if coverage:
        shown = {one.system: covered(by_name[one.system], one) for one in outcomes if not one.problem}
        shown |= {suite.name: covered(suite, SuiteResult(suite.name)) for suite in empty}
    if output_format == "json":
        import json

        diagnostics = json.loads(report(found, "json"))["diagnostics"]
        data = render.as_data(outcomes, seconds, shown or None, diagnostics)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif suites:
        for system, listed in shown.items():
            click.echo(f"\ncoverage of {system}\n{coverage_report(listed)}")
        failed = render.failures(outcomes)
        if failed:
            click.echo(f"\n{failed}")
        click.echo(f"\n{render.summary(outcomes, seconds)}")
    if found or any(one.problem for one in outcomes):
        raise SystemExit(USAGE)
    if not all(one.passed for one in outcomes):
        raise SystemExit(FINDINGS)


def _scenario_file(path: Path | None) -> tuple[str | None, Path | None]:
    """Where PATH is a scenario's file: its name, and the system's folder in place of the path."""
    from cncb_compiler.scenarios.read import FOLDER

    if path is not None and path.parent.name == FOLDER and path.is_file():
        return path.name.rpartition(".")[0], path.parent.parent
    if path is not None and path.name == FOLDER and path.is_dir():
        return None, path.parent
    return None, path


def _with_only(suite: Suite, name: str) -> Suite:
    from dataclasses import replace

    files = tuple(file for file in suite.files if file.name == name)
    names = {file.source.name for file in suite.files if file.name != name}
    return replace(suite, files=files, found=tuple(one for one in suite.found if one.at.file not in names))


def _about(suite: Suite, selection: Selection | None) -> Suite:
    """The suite with those scenarios that name something selected; one that cannot be read may be about anything."""
    from dataclasses import replace

    from cncb_compiler.scenarios.named import named_nodes

    if selection is None:
        return suite
    files = tuple(
        file
        for file in suite.files
        if file.scenario is None or named_nodes(file.scenario, suite.names, selection.flow) & selection.nodes
    )
    return replace(suite, files=files)


def _with_sources(suites: list[Suite]) -> list[tuple[SystemSource, list[Diagnostic]]]:
    """What is wrong with systems and scenarios, beside the files that it is in."""
    from dataclasses import replace

    return [
        (
            replace(
                suite.analysis.source, files=(*suite.analysis.source.files, *(file.source for file in suite.files))
            ),
            list(suite.found),
        )
        for suite in suites
        if suite.found
    ]


def _run(
    suites: list[Suite], endpoint: str | None, jobs: int, told: Callable[[str, Result], None]
) -> list[SuiteResult]:
    """Run the suites, in as many processes as jobs; what they tell comes as it happens."""
    import gc
    from functools import partial

    from cncb_compiler.parallel import run_forked
    from cncb_compiler.scenarios.suite import run_all, shared_out
    from cncb_compiler.target.problems import Problem

    # A run takes minutes, unlike other commands, which do without the collector.
    gc.enable()
    groups = shared_out(suites, jobs)
    tasks = [partial(run_all, group, endpoint, told) for group in groups]
    try:
        outcomes = [outcome for group in run_forked(tasks) for outcome in group]
    except Problem as problem:
        fail(str(problem))
    return sorted(outcomes, key=lambda one: one.system)
