"""The scenarios of systems: found, checked, and run one after the other against one deployment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.operate.names import Names
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.coverage import Covered, Evidence, coverage
from cncb_compiler.scenarios.model import Scenario
from cncb_compiler.scenarios.read import ScenarioFile, scenarios
from cncb_compiler.scenarios.run import Result, run
from cncb_compiler.scenarios.world import World
from cncb_compiler.source.discover import SystemSource

if TYPE_CHECKING:
    from cncb_compiler.local.session import Session


@dataclass(frozen=True, slots=True)
class Suite:
    """The scenarios of one system. `found` is what is wrong with the system, or with single scenarios."""

    analysis: Analysis
    names: Names
    files: tuple[ScenarioFile, ...]
    found: tuple[Diagnostic, ...]

    @property
    def name(self) -> str:
        """The system's name."""
        return self.analysis.linked.name

    @property
    def root(self) -> Path:
        """The system's folder."""
        return self.analysis.source.root

    @property
    def runnable(self) -> tuple[tuple[str, Scenario], ...]:
        """The scenarios that nothing is wrong with, by name; none where the system itself has findings."""
        wrong = {one.at.file for one in self.found}
        if wrong - {file.source.name for file in self.files}:
            return ()
        return tuple(
            (file.name, file.scenario)
            for file in self.files
            if file.scenario is not None and file.source.name not in wrong
        )


@dataclass(slots=True)
class SuiteResult:
    """How the scenarios of one system came out. `problem`: why they could not be run at all."""

    system: str
    results: list[Result] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether all were run, and hold."""
        return not self.problem and all(result.passed for result in self.results)


def suite_of(source: SystemSource, wanted: str | None = None) -> Suite:
    """Read and check the scenarios of a system; `wanted` keeps those whose name or sentence has this text in it."""
    analysis = analyse(source)
    files = [file for file in scenarios(source.root) if is_wanted(file, wanted)]
    found = [one for one in analysis.shown() if one.severity is Severity.ERROR]
    names = Names(analysis.linked, analysis.plans)
    if not found:
        found = [one for file in files for one in check(file, names)]
    return Suite(analysis, names, tuple(files), tuple(found))


def is_wanted(file: ScenarioFile, wanted: str | None) -> bool:
    """Whether a scenario's name or sentence contains a text, upper and lower case alike. What cannot be read is."""
    if not wanted or file.scenario is None:
        return not wanted or wanted.lower() in file.name.lower()
    return wanted.lower() in file.name.lower() or wanted.lower() in file.scenario.scenario.lower()


_ADDRESS = re.compile(r"https?://")


def external_variables(names: Names, scenarios: Iterable[Scenario]) -> frozenset[str]:
    """The environment variables behind which stand-ins are put: those that hold an address, or that are answered for.

    So a scenario never asks a real system, even where it forgets to say what that answers.
    """
    addresses = {
        name
        for plan in names.plans
        for function in plan.functions
        for name, value in function.settings.environment.items()
        if _ADDRESS.match(value)
    }
    said = {name for scenario in scenarios for name in (*scenario.given.answers, *scenario.then.requests)}
    return frozenset(addresses | said)


def run_scenarios(
    suite: Suite, world: World, report: Callable[[str, Result], None] = lambda system, result: None
) -> SuiteResult:
    """Run all scenarios of a suite against a system that stands."""
    outcome = SuiteResult(suite.name)
    for name, scenario in suite.runnable:
        result = run(name, scenario, suite.names, world)
        outcome.results.append(result)
        outcome.evidence.add(result.reached, world.invocations())
        report(suite.name, result)
    return outcome


@contextmanager
def deployed(session: Session, suite: Suite) -> Iterator[World]:
    """The suite's system, deployed for the time of the block. Raises Problem where it cannot be."""
    from cncb_compiler.scenarios.live import LiveWorld

    running = session.deploy(
        suite.analysis, external=external_variables(suite.names, [one for _, one in suite.runnable])
    )
    world = LiveWorld(running, suite.names)
    try:
        yield world
    finally:
        world.close()
        for stack in running.stacks:
            session.machine.forget(stack.name)


def run_all(suites: Sequence[Suite], endpoint: str | None, report: Callable[[str, Result], None]) -> list[SuiteResult]:
    """Run suites one after the other, in one session."""
    from cncb_compiler.local.session import Session
    from cncb_compiler.target.problems import Problem

    outcomes: list[SuiteResult] = []
    with Session(endpoint) as session:
        for suite in suites:
            try:
                with deployed(session, suite) as world:
                    outcomes.append(run_scenarios(suite, world, report))
            except Problem as problem:
                outcomes.append(SuiteResult(suite.name, problem=str(problem)))
    return outcomes


def covered(suite: Suite, outcome: SuiteResult) -> tuple[Covered, ...]:
    """The coverage of a suite's declarations."""
    return coverage(suite.names, outcome.evidence)


def shared_out(suites: Iterable[Suite], jobs: int) -> list[list[Suite]]:
    """Suites in as many groups as there are jobs, with about as many scenarios in each; none is empty."""
    groups: list[list[Suite]] = [[] for _ in range(max(1, jobs))]
    for suite in sorted(suites, key=lambda one: (-len(one.files), one.name)):
        # A deployment takes about as long as three scenarios.
        min(groups, key=lambda group: sum(len(one.files) + 3 for one in group)).append(suite)
    return [group for group in groups if group]
