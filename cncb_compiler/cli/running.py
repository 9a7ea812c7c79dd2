"""Running one system for a person: start, tell what there is, follow what happens, end cleanly."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from cncb_compiler.aws.naming import asset_id
from cncb_compiler.cli.common import prefix_of, report
from cncb_compiler.cli.progress import Lines
from cncb_compiler.deploy.text import outcome_lines
from cncb_compiler.local.follow import event_line, failure_line, request_line
from cncb_compiler.local.session import Running, Session, UndeployedError
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.plan.function import RouteTrigger
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.sources import Sources


def run(source: SystemSource, endpoint: str | None, stage: str, port: int, answers: str | None) -> bool:
    """Run a system until Ctrl-C (or SIGTERM); whether all went well."""
    with (
        ended_by_signals() as ended,
        ThreadPoolExecutor(1) as beside,
        begun(beside.submit(analyse, source), Session(endpoint, stage=stage, port=port)) as (analysis, session),
    ):
        shown = analysis.shown()
        if shown:
            click.echo(report([(source, shown)], "text"), nl=False)
        if has_errors(shown):
            return False
        click.echo(f"endpoint  {session.target.endpoint}")
        try:
            running = session.deploy(analysis, Lines().report)
        except UndeployedError as error:
            for line in outcome_lines(error.outcome, Sources(source.files, prefix_of(source))):
                click.echo(line)
            return False
        for line in routes(running):
            click.echo(line)
        with following(running):
            click.echo("\nRunning; Ctrl-C ends it.\n")
            ended.wait()
        click.echo("\nEnded.")
    return True


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
        machine.sources.subscribe(
            running.deployed[plan.service].physical[asset_id(stream.asset)], said_of(stream.asset.name)
        )
        for plan in running.analysis.plans
        for stream in plan.streams
    ]
    ends.append(machine.front.subscribe(lambda request: say(request_line(request))))
    machine.functions.subscribe(lambda invocation: say(failure_line(invocation)) if invocation.error else None)
    try:
        yield
    finally:
        for end in ends:
            end()
