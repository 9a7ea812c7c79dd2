"""A service calls another one and waits for its answer.

## What it does
Looks for what gives a synchronous call away:

- an environment variable that holds the address of an API Gateway API or of a Lambda function URL, or the name of a
  function of another service (`<system>-<service>-...`);
- a statement in raw `resources` or `overrides` that allows `lambda:InvokeFunction` or `execute-api:Invoke` on
  something that is not of the same stack.

## Why is this bad?
If the other service is slow or down, so is this one. Their capacities and their releases depend on each other, and
so do those of whoever calls this one.

## Example
```yaml
functions:
  price:
    handler: pricing.price
    function: {environment: {CATALOGUE_URL: https://a1b2c3.execute-api.us-east-1.amazonaws.com}}
```

## Mend
Keep a view of the events that the other service publishes, and read that. If it is an API of somebody outside the
system, ignore this with that reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.environment import environments
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB502", "synchronous-call", Severity.WARNING)

MEND = "Keep a view of the events that the other service publishes, and read that."

_ADDRESS = re.compile(r"\.(execute-api|lambda-url)\.")
_CALLS = re.compile(r"(lambda:invoke\w*\*?|execute-api:(invoke|\*))", re.IGNORECASE)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Environment variables, then raw resources and patches, of each service."""
    for name, service in system.services.items():
        for at, value in environments(service):
            other = _function_of(system, name, value)
            if other is not None:
                yield RULE(at, f"`{value}` names a function of `{other}`", mend=MEND)
            elif _ADDRESS.search(value):
                yield RULE(at, f"`{value}` is the address of an API of AWS", mend=MEND)
        for section, entries in (("resources", service.decl.resources), ("overrides", service.decl.overrides)):
            for at, statement in _statements(entries, service.at / section if entries else service.at):
                if _may_call(statement):
                    yield RULE(at, "this allows a synchronous call of something outside the service", mend=MEND)


def _function_of(system: LinkedSystem, service: str, value: str) -> str | None:
    """The other service whose function a value names: `<system>-<service>-<rest>`, as a name or at an ARN's end."""
    named = value.rpartition(":function:")[2] or value
    prefix = f"{system.name}-"
    if not named.startswith(prefix):
        return None
    words = named[len(prefix) :].split("-")
    for length in range(len(words) - 1, 0, -1):
        other = "-".join(words[:length])
        if other != service and other in system.services:
            return other
    return None


def _statements(value: Any, at: Location) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Each policy statement inside a value."""
    if isinstance(value, dict):
        if "Effect" in value and "Action" in value:
            yield at, value
        for key, inner in value.items():
            yield from _statements(inner, at / key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _statements(inner, at / index)


def _may_call(statement: dict[str, Any]) -> bool:
    if statement.get("Effect") != "Allow" or "Principal" in statement:
        return False
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    if not any(isinstance(action, str) and _CALLS.fullmatch(action) for action in actions):
        return False
    resources = statement.get("Resource")
    listed = resources if isinstance(resources, list) else [resources]
    return not all(isinstance(one, dict) and ("Fn::GetAtt" in one or "Ref" in one) for one in listed)
