"""The handler module of a function: which builder, and the header that says what it reads, writes and publishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cncb_compiler.emit.handlers import captures, keeping, listeners, requests
from cncb_compiler.emit.handlers.parts import Context, Module, call, dictionary, strings
from cncb_compiler.emit.mappings import operators_of
from cncb_compiler.emit.templates import rendered
from cncb_compiler.mapping.layout import Block, Code, join, render, text
from cncb_compiler.plan.function import (
    BucketTrigger,
    DeliveryTrigger,
    FunctionPlan,
    RouteTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
    Trigger,
    environment_name,
)
from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    EventIndexHandler,
    JoinHandler,
    LakeHandler,
    MonitorHandler,
    ObjectIndexHandler,
    OwnHandler,
    QueryHandler,
    ReactionHandler,
    TransitionsHandler,
    ViewHandler,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import TypeTable

_BUILDERS: dict[type, Callable[[Context, Any], Module]] = {
    CommandHandler: requests.command,
    QueryHandler: requests.query,
    OwnHandler: requests.own,
    ViewHandler: listeners.view,
    ObjectIndexHandler: listeners.object_index,
    CollectHandler: listeners.collect,
    ReactionHandler: listeners.reaction,
    TransitionsHandler: listeners.transitions,
    EvaluateHandler: captures.evaluate,
    JoinHandler: captures.joined,
    ChangesHandler: captures.changes,
    LakeHandler: keeping.lake,
    EventIndexHandler: keeping.event_index,
    MonitorHandler: keeping.monitor,
}
_PIPELINE = "PIPELINE = "


@dataclass(frozen=True, slots=True)
class HandlerModule:
    """The text of `handler.py`, and the runtime modules that it imports."""

    source: bytes
    modules: frozenset[str]


def handler_module(function: FunctionPlan, plan: ServicePlan, table: TypeTable) -> HandlerModule:
    """The handler module of a function."""
    module = _BUILDERS[type(function.handler)](Context(function, plan, table), function.handler)
    if any(isinstance(trigger, StreamTrigger) and trigger.packed for trigger in function.triggers):
        module.decode_with("packing", "from_packed")
    values = dict(module.values)
    if module.steps:
        values["pipeline"] = _PIPELINE + _steps(module.steps)
        values["redaction"] = _redaction(module, function)
        values["faults_to"] = text(environment_name(function.faults_to)) if function.faults_to else ""
    source = rendered(
        module.template,
        title=f"{function.pattern[:1].upper()}{function.pattern[1:]} `{function.name}` of {plan.service}.",
        description=function.description,
        contract=contract(function),
        imports=module.import_lines(),
        constants=module.constants,
        **values,
    )
    return HandlerModule(source, module.runtime_modules())


def _steps(steps: list[Code]) -> str:
    """The tuple of a pipeline's steps."""
    if len(steps) == 1:
        return f"{render(join('(', steps[0]), 0, len(_PIPELINE))},)"
    return render(Block("(", tuple(steps), ")"), 0, len(_PIPELINE))


def _redaction(module: Module, function: FunctionPlan) -> str:
    """The constant with what faults must not show; empty where that is nothing."""
    if not function.sensitive:
        return ""
    module.use("redaction", "Redaction")
    paths = dictionary((name, strings(function.sensitive[name])) for name in sorted(function.sensitive))
    return module.constant("REDACTION", call("Redaction", paths))


def contract(function: FunctionPlan) -> list[tuple[str, str]]:
    """What the function is called by, what it uses, and where it is declared, as pairs of a word and a line."""
    lines = [("called by", "; ".join(map(_trigger, function.triggers)) or "its name")]
    uses: dict[str, list[str]] = {}
    for grant in function.grants:
        uses.setdefault(f"{grant.asset.kind} {grant.asset.name}", []).append(grant.verb)
    if uses:
        lines.append(("may", "; ".join(f"{', '.join(sorted(set(uses[one])))} {one}" for one in sorted(uses))))
    if function.faults_to is not None:
        lines.append(("faults to", f"stream {function.faults_to.name}"))
    flow = operators_of(function.handler).words
    lines += [("works on", flow)] if flow else []
    return [*lines, ("declared", str(function.at))]


def _trigger(trigger: Trigger) -> str:
    match trigger:
        case RouteTrigger():
            return f"{trigger.method} {trigger.path}"
        case ScheduleTrigger():
            return trigger.expression
        case StreamTrigger():
            return f"{', '.join(trigger.types) or 'every event'} of stream {trigger.stream.name}"
        case TableTrigger():
            return f"{', '.join(trigger.operations)} of table {trigger.table.name}"
        case DeliveryTrigger():
            return f"the delivery of stream {trigger.stream.name}"
        case BucketTrigger():
            return f"objects of bucket {trigger.bucket.name}, written or removed"
