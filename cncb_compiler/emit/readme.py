"""A service's README: what it is, its functions, and its part of the system as a picture."""

from __future__ import annotations

from cncb_compiler.emit.templates import rendered
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import (
    BucketTrigger,
    DeliveryTrigger,
    FunctionPlan,
    RouteTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
)
from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CommandHandler,
    Handler,
    JoinHandler,
    Publish,
    TransitionsHandler,
)
from cncb_compiler.plan.service import ServicePlan

_SHAPES = {
    "table": '[("{}")]',
    "bucket": '[["{}"]]',
    "index": '{{{{"{}"}}}}',
    "stream": '>"{}"]',
    "queue": '>"{}"]',
    "bus": '>"{}"]',
    "function": '["{}"]',
    "caller": '(["{}"])',
}


def readme(plan: ServicePlan) -> bytes:
    """The text of README.md."""
    rows = [
        {
            "name": function.name,
            "pattern": function.pattern,
            "called_by": ", ".join(_callers(function)) or "its name",
            "description": function.description,
        }
        for function in plan.functions
    ]
    return rendered("readme.md.j2", plan=plan, rows=rows, picture=_picture(plan))


def published(handler: Handler) -> tuple[str, ...]:
    """The types of events that a handler publishes, each once, sorted."""
    publications: list[Publish] = []
    match handler:
        case CommandHandler(effect=Publish() as effect):
            publications.append(effect)
        case TransitionsHandler():
            publications += [step.publish for step in handler.steps]
        case JoinHandler():
            publications.append(handler.publish)
        case ChangesHandler():
            publications += [change.publish for change in handler.captured]
        case _:
            pass
    return tuple(sorted({one.event for one in publications}))


def _callers(function: FunctionPlan) -> list[str]:
    callers: list[str] = []
    for trigger in function.triggers:
        match trigger:
            case RouteTrigger():
                callers.append(f"{trigger.method} {trigger.path}")
            case ScheduleTrigger():
                callers.append(trigger.expression)
            case StreamTrigger():
                callers += trigger.types or [f"every event of {trigger.stream.name}"]
            case TableTrigger():
                callers.append(f"changes of {trigger.table.name}")
            case DeliveryTrigger():
                callers.append(f"delivery of {trigger.stream.name}")
            case BucketTrigger():
                callers.append(f"objects of {trigger.bucket.name}")
    return callers


def _picture(plan: ServicePlan) -> list[str]:
    """The lines of a Mermaid flowchart: what comes in, the functions, what they keep and publish."""
    nodes: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    arrows: dict[str, None] = {}

    def node(kind: str, name: str) -> str:
        found = names.get((kind, name))
        if found is None:
            found = names[kind, name] = f"n{len(names)}"
            nodes[found] = _SHAPES[kind].format(_label(name))
        return found

    def asset(one: Asset) -> str:
        return node(one.kind, one.name)

    for function in plan.functions:
        here = node("function", function.name)
        for trigger in function.triggers:
            match trigger:
                case RouteTrigger():
                    arrows[f"{node('caller', f'{trigger.method} {trigger.path}')} --> {here}"] = None
                case ScheduleTrigger():
                    arrows[f"{node('caller', trigger.expression)} --> {here}"] = None
                case StreamTrigger():
                    for type_ in trigger.types or (f"every event of {trigger.stream.name}",):
                        arrows[f"{node('stream', type_)} --> {here}"] = None
                case TableTrigger():
                    arrows[f"{asset(trigger.table)} -. changes .-> {here}"] = None
                case DeliveryTrigger():
                    arrows[f"{asset(trigger.stream)} --> {here}"] = None
                case BucketTrigger():
                    arrows[f"{asset(trigger.bucket)} -. objects .-> {here}"] = None
        for grant in function.grants:
            if grant.asset.kind in ("stream", "claims"):
                continue
            reads = grant.verb in ("get", "query", "scan")
            arrows[f"{asset(grant.asset)} --> {here}" if reads else f"{here} --> {asset(grant.asset)}"] = None
        for type_ in published(function.handler):
            arrows[f"{here} --> {node('stream', type_)}"] = None
    for delivery in plan.deliveries:
        arrows[f"{node('function', delivery.function)} --> {asset(delivery.bucket)}"] = None
    return [f"{name}{shape}" for name, shape in nodes.items()] + list(arrows)


def _label(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("#", "&#35;")
