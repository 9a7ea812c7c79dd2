"""Files of the Serverless Framework (serverless.yml) as stacks: its functions, and the resources beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cncb_compiler.importing import policies
from cncb_compiler.importing.functions import settle
from cncb_compiler.importing.intrinsics import reference, text_of
from cncb_compiler.importing.names import LONGEST_FUNCTION, LONGEST_SERVICE, name_of, unique
from cncb_compiler.importing.read import UnfitError
from cncb_compiler.importing.schemas import one_line
from cncb_compiler.importing.stack import Lambda, Stack, Trigger
from cncb_compiler.importing.template import add_outputs, add_resources, add_triggers
from cncb_compiler.importing.triggers import mapped, ruled
from cncb_compiler.importing.values import Items, Map, Notes, as_map, as_text
from cncb_compiler.importing.variables import resolved

_KNOWN = frozenset(
    {"service", "provider", "functions", "resources", "custom", "plugins", "package", "frameworkVersion"}
)
_HTTP = re.compile(r"\s*(\S+)\s+(\S+)\s*")


def stack(file: str, value: Any, notes: Notes) -> Stack:
    """The stack of a service. Raises UnfitError where the file is none."""
    if (
        not isinstance(value, Map)
        or "service" not in value
        or not ({"provider", "functions", "resources"} & set(value))
    ):
        raise UnfitError(
            f"{file}: this has no `service` with `provider`, `functions` or `resources`, as serverless.yml has."
        )
    root = resolved(value, notes)
    service = root["service"]
    called = as_text(as_map(service).get("name") if isinstance(service, Map) else service)
    made = Stack(name_of(called, "service", LONGEST_SERVICE), file)
    for key in root:
        if key not in _KNOWN:
            notes.add(root, key, f"`{key}` is left out.")
    for plugin in policies.listed(root.get("plugins")):
        if isinstance(plugin, str):
            notes.add(root, "plugins", f"what the plugin `{one_line(plugin)}` adds is not known.")
    for resources in policies.listed(root.get("resources")):
        found = as_map(resources).get("Resources")
        if isinstance(found, Map):
            add_resources(made, found, notes)
            add_outputs(made, as_map(as_map(resources).get("Outputs")))
        elif resources and "Resources" not in as_map(resources):
            notes.add(root, "resources", "a part of `resources` is no map with `Resources`, and is left out.")
    _add_functions(made, root, notes)
    add_triggers(made, notes)
    return made


def _add_functions(made: Stack, root: Map, notes: Notes) -> None:
    provider = as_map(root.get("provider"))
    role = as_map(as_map(provider.get("iam")).get("role"))
    shared = [*policies.listed(role.get("statements")), *policies.listed(provider.get("iamRoleStatements"))]
    for functions in policies.listed(root.get("functions")):
        for key, said in as_map(functions).items():
            logical_id = _logical_id(key)
            at = said if isinstance(said, Map) else Map(root.file, root.line)
            known = {function.name for function in made.functions.values()}
            function = Lambda(logical_id, unique(name_of(key, "function", LONGEST_FUNCTION), known), at)
            settle(function, _properties(at, provider))
            own = [*policies.listed(at.get("iamRoleStatements"))]
            function.shared = not own
            for statement in own or shared:
                function.grants += policies.grants(statement, made.resources)
            for event in policies.listed(at.get("events")):
                found = list(_triggers(made, event, at, notes))
                if not found:
                    kind = next(iter(event), "") if isinstance(event, Map) else text_of(event)
                    notes.add(
                        event if isinstance(event, Map) else at,
                        None,
                        f"a trigger of the kind `{one_line(kind)}` is left out.",
                    )
                function.triggers += found
            made.functions[logical_id] = function


def _logical_id(key: str) -> str:
    """What the framework calls the function `my-key`: `MyDashkeyLambdaFunction`."""
    named = key.replace("-", "Dash").replace("_", "Underscore")
    return f"{named[:1].upper()}{named[1:]}LambdaFunction"


def _properties(said: Map, provider: Map) -> Map:
    """The settings of a function in CloudFormation's words, the provider's where it says none."""
    made = Map(said.file, said.line)
    for name, key in (
        ("Handler", "handler"),
        ("Runtime", "runtime"),
        ("MemorySize", "memorySize"),
        ("Timeout", "timeout"),
    ):
        made[name] = said.get(key, provider.get(key))
    made["ReservedConcurrentExecutions"] = said.get("reservedConcurrency")
    variables = Map(said.file, said.line)
    variables.update(as_map(said.get("environment")))
    made["Environment"] = Map(said.file, said.line)
    made["Environment"]["Variables"] = variables
    return made


def _triggers(made: Stack, event: Any, at: Map, notes: Notes) -> Iterator[Trigger]:
    if not isinstance(event, Map):
        return
    for kind, said in event.items():
        inner = as_map(said)
        arn = inner.get("arn", inner.get("bucket", inner.get("topicName"))) if isinstance(said, Map) else said
        arn = arn if arn is not None else said
        if kind == "stream":
            filters = Map(at.file, at.line)
            filters["Filters"] = Items(at.file, at.line)
            for pattern in policies.listed(inner.get("filterPatterns")):
                one = Map(at.file, at.line)
                one["Pattern"] = pattern
                filters["Filters"].append(one)
            trigger = mapped(made, arn, filters, event, notes)
            trigger.kind = (
                "table"
                if inner.get("type") == "dynamodb"
                else "stream"
                if inner.get("type") == "kinesis"
                else trigger.kind
            )
            yield trigger
        elif kind == "sqs":
            yield Trigger("queue", reference(arn, made.resources), at=event)
        elif kind == "sns":
            yield Trigger("topic", reference(arn, made.resources), at=event)
        elif kind == "s3":
            yield Trigger("bucket", reference(arn, made.resources), at=event)
        elif kind in ("http", "httpApi"):
            yield Trigger("route", said=_route(said, inner), auth=_auth(inner.get("authorizer")), at=event)
        elif kind == "schedule":
            rates = inner.get("rate") if isinstance(said, Map) else said
            yield from (Trigger("schedule", said=text_of(rate), at=event) for rate in policies.listed(rates))
        elif kind == "eventBridge":
            rule = Map(at.file, at.line)
            rule.update({"EventPattern": inner.get("pattern"), "ScheduleExpression": inner.get("schedule")})
            rule["EventBusName"] = inner.get("eventBus")
            yield from ruled(made, rule, event, notes)


def _route(said: Any, inner: Map) -> str:
    found = _HTTP.fullmatch(said) if isinstance(said, str) else None
    method, path = found.groups() if found else (text_of(inner.get("method")), text_of(inner.get("path")))
    return f"{(method or 'ANY').upper()} /{path.lstrip('/')}"


def _auth(authorizer: Any) -> str:
    named = text_of(as_map(authorizer).get("type")) if isinstance(authorizer, Map) else text_of(authorizer)
    return "none" if not authorizer else "iam" if named.lower() == "aws_iam" else "authorizer"
