"""What to try next with a system that runs: commands that can be pasted, with example data of the right types."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from typing import Any

from cncb_compiler.graph.system import LinkedEvent, LinkedSystem
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.function import RouteTrigger
from cncb_compiler.schema.sample import sample


def suggestions(analysis: Analysis, folder: str, url: Callable[[str], str]) -> Iterator[str]:
    """A call of the first command that anybody may call, an event, logs and trace.

    `folder` is the system's as the user would name it; `url` gives where a service's API answers.
    """
    place = f" {shlex.quote(folder)}" if folder else ""
    called = _called(analysis)
    if called is not None:
        service, path, given = called
        header = "-H 'content-type: application/json'"
        yield f"curl -i -X POST {url(service)}{path} {header} -d {_quoted(given)}"
    event = _first_event(analysis.linked)
    if event is not None:
        given = sample(event.own, analysis.linked.types, event.name)
        yield f"cncb publish {event.name}{place} --data {_quoted(given)}"
    for name in [plan.service for plan in analysis.plans if plan.functions][:1]:
        option = f" --system{place}" if place else ""
        yield f"cncb logs {name} --follow{option}"
    if analysis.linked.events:
        yield f"cncb trace EVENT_ID{place}"


def _first_event(system: LinkedSystem) -> LinkedEvent | None:
    """An event that no other event causes and that somebody reads; else the first."""
    begins = (
        event
        for name, event in system.events.items()
        if system.consumers.get(name) and not any(one.triggers for one in system.emissions.get(name, ()))
    )
    return next(begins, next(iter(system.events.values()), None))


def _called(analysis: Analysis) -> tuple[str, str, Any] | None:
    """The first open route of a command without parameters in its path: its service, path, and an example input."""
    open_routes = {
        (plan.service, function.name): trigger.path
        for plan in analysis.plans
        for function in plan.functions
        for trigger in function.triggers
        if isinstance(trigger, RouteTrigger) and trigger.auth == "none" and trigger.method == "POST"
    }
    commands = [command for service in analysis.linked.services.values() for command in service.commands]
    for command in commands:
        service, name = command.construct.service, command.construct.name
        path = open_routes.get((service, f"command-{name}"), "{")
        if command.input is not None and "{" not in path:
            return service, path, sample(command.input, analysis.linked.types, f"{service}.{name}")
    return None


def _quoted(value: Any) -> str:
    return shlex.quote(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
