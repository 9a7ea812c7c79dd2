"""Running one system for a person: start, tell what there is, follow what happens, end cleanly."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from types import FrameType
from typing import Any

import click

from cncb_compiler.aws.naming import asset_id
from cncb_compiler.cli.common import prefix_of, report
from cncb_compiler.cli.progress import Lines
from cncb_compiler.cli.run_control import control
from cncb_compiler.cli.suggestions import suggestions
from cncb_compiler.deploy.text import outcome_lines
from cncb_compiler.local.endpoint.process import EndpointProcess
from cncb_compiler.local.follow import event_line, failure_line, request_line
from cncb_compiler.local.session import Running, Session, UndeployedError
from cncb_compiler.operate.names import Names
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.plan.function import RouteTrigger
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.scenarios.read import scenarios
from cncb_compiler.scenarios.suite import external_variables
from cncb_compiler.scenarios.world import Stub
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.sources import Sources
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.running import Run, announced


def run(source: SystemSource, endpoint: str | EndpointProcess, stage: str, port: int, answers: str | None) -> bool:
    """Run a system until Ctrl-C (or SIGTERM); whether all went well. Raises Problem."""
    # Other commands end before the collector would pay; a run goes on for hours.
    gc.enable()
    with (
        ended_by_signals() as ended,
        ThreadPoolExecutor(1) as beside,
        begun(beside.submit(analyse, source), Session(endpoint, stage=stage, port=port)) as (analysis, session),
        ExitStack() as entered,
    ):
        shown = analysis.shown()
        if shown:
            click.echo(report([(source, shown)], "text"), nl=False)
        if has_errors(shown):
            return False
        click.echo(f"endpoint  {session.target.endpoint}")
        running = deployed(session, source, analysis, answers)
        if running is None:
            return False
        for line in routes(running):
            click.echo(line)
        system, machine = analysis.linked.name, running.machine
        tries = tuple(suggestions(analysis, prefix_of(source), lambda service: machine.url(system, service)))
        world = LiveWorld(running, Names(analysis.linked, analysis.plans))
        entered.callback(world.close)
        url = entered.enter_context(control(source.root, running, world))
        entered.enter_context(announced(announcement(running, url)))
        entered.enter_context(following(running))
        click.echo("\nRunning; Ctrl-C ends it." + (" In another terminal, in this folder:" if tries else ""))
        for line in tries:
            click.echo(f"  {line}")
        click.echo()
        is_held = beside.submit(read_back, running, ended)
        ended.wait()
        click.echo("\nEnded.")
        for line in not_held(running):
            click.echo(line)
        return is_held.result()


@contextmanager
def begun(analysed: Future[Analysis], session: Session) -> Iterator[tuple[Analysis, Session]]:
    """The session, which has started while the system was analysed."""
    with session:
        yield analysed.result(), session


@contextmanager
def ended_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, instead of what they do else."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def deployed(session: Session, source: SystemSource, analysis: Analysis, answers: str | None) -> Running | None:
    """The system, deployed; None where that failed, which has been told then. Raises Problem."""
    stubs = _answers(source, answers) if answers else {}
    known = [file.scenario for file in scenarios(source.root) if file.scenario is not None]
    external = external_variables(Names(analysis.linked, analysis.plans), known)
    if external and not answers:
        names = ", ".join(sorted(external))
        click.echo(f"external  {names}: the real ones (--answers SCENARIO puts stand-ins there)")
        external = frozenset()
    lines, begun_at = Lines(ends_only=True), time.monotonic()
    try:
        running = session.deploy(analysis, lines.report, external)
    except UndeployedError as error:
        for line in outcome_lines(error.outcome, Sources(source.files, prefix_of(source))):
            click.echo(line)
        return None
    click.echo(f"deployed  {lines.total} in {time.monotonic() - begun_at:.1f} s")
    if stubs:
        _answer(running, stubs)
    return running


def read_back(running: Running, ended: threading.Event) -> bool:
    """Compare what stands with what was declared; where it differs, that is told, and the run ends."""
    found = running.differences()
    for one in found:
        declared, held = json.dumps(one["declared"]), json.dumps(one["held"])
        click.echo(f"{one['stack']} {one['logical_id']} {one['path']}: declared {declared}, the endpoint holds {held}")
    if found:
        ended.set()
    return not found


def _answers(source: SystemSource, name: str) -> dict[str, list[Stub]]:
    """What external systems answer in a scenario, by their environment variables. Raises Problem."""
    known = {file.name: file.scenario for file in scenarios(source.root) if file.scenario is not None}
    if name not in known:
        close = get_close_matches(name, known, 1, 0.6)
        hint = f"Did you mean `{close[0]}`?" if close else f"There are: {', '.join(known) or 'none'}."
        raise Problem(f"There is no scenario `{name}`.", hint)
    return {
        variable: [Stub(one.on, one.status, one.body, one.headers, one.when, one.times) for one in given]
        for variable, given in known[name].given.answers.items()
    }


def _answer(running: Running, stubs: dict[str, list[Stub]]) -> None:
    world = LiveWorld(running, Names(running.analysis.linked, running.analysis.plans))
    for variable, given in stubs.items():
        world.answer(variable, given)
    world.close()


def routes(running: Running) -> Iterator[str]:
    """The routes of the system's APIs, each with the function that answers it."""
    rows = [
        (route.method, running.machine.url(plan.system, plan.service) + route.path, f"{plan.service} {function.name}")
        for plan in running.analysis.plans
        for function in plan.functions
        for route in function.triggers
        if isinstance(route, RouteTrigger)
    ]
    if rows:
        width = max(len(url) for _, url, _ in rows)
        yield ""
        yield from (f"{method:<7} {url:<{width}}  {name}" for method, url, name in sorted(rows, key=lambda row: row[1]))


def not_held(running: Running) -> Iterator[str]:
    """What was declared and nothing on this machine holds: for that, only the template speaks."""
    found = running.template_only()
    if found:
        yield "\nDeclared, but nothing on this machine holds it (on AWS it will):"
        for one in found:
            where = " ".join(part for part in (one["stack"], one["logical_id"], one["path"]) if part)
            yield f"  {where}: {one['reason']}"


@contextmanager
def following(running: Running) -> Iterator[None]:
    """Print a line for each event, request and failure for as long as the block lasts."""
    machine = running.machine
    lock = threading.Lock()

    def say(text: str) -> None:
        with lock:
            click.echo(text)

    def said_of(stream: str) -> Callable[[dict[str, Any]], None]:
        return lambda record: say(event_line(stream, record))

    ends = [
        machine.sources.subscribe(running.deployed[plan.service].physical[asset_id(one.asset)], said_of(one.asset.name))
        for plan in running.analysis.plans
        for one in plan.streams
    ]
    ends.append(machine.front.subscribe(lambda request: say(request_line(request))))
    machine.functions.subscribe(lambda invocation: say(failure_line(invocation)) if invocation.error else None)
    try:
        yield
    finally:
        for end in ends:
            end()


def announcement(running: Running, url: str) -> Run:
    """What other commands are to know of this run."""
    target = running.machine.target
    return Run(
        system=running.analysis.linked.name,
        stage=target.stage,
        region=target.region,
        endpoint=target.endpoint or "",
        front=f"http://127.0.0.1:{running.machine.front.port}",
        control=url,
        root=str(running.analysis.source.root.resolve()),
        pid=os.getpid(),
        started=time.time(),
    )
