"""A name that gets longer than AWS allows.

## What it does
Puts together the names that AWS will see and compares them with its limits, in the stage with the longest name
(`local`, that of a laptop, is always one of them):

- functions: `<system>-<service>-<stage>-<function>`, at most 64 characters, where the function is named after what
  it does (`command-submit`, `reaction-cancel`; a function of your own has its own name);
- stacks: `<system>-<service>-<stage>`, at most 128 characters.

## Why is this bad?
The stack cannot be deployed.

## Example
```yaml
system: international-order-management
services:
  order-back-office-for-frontend:
    commands:
      confirm-reservation: {route: POST /confirmations, write: confirmations}
```

## Mend
Shorten one of the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import FUNCTION_NAME_LIMIT, STACK_NAME_LIMIT
from cncb_compiler.model.system import LOCAL_STAGE
from cncb_compiler.rules.functions import made_functions
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB707", "name-too-long", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each stack, each function."""
    stage = max((*system.declared.stages, LOCAL_STAGE), key=len)
    stack = f"{system.name}-{service.name}-{stage}"
    if len(stack) > STACK_NAME_LIMIT:
        yield _finding(service.at.key(), "stack", stack, STACK_NAME_LIMIT)
        return
    left = FUNCTION_NAME_LIMIT - len(stack) - 1
    for function in made_functions(service):
        if len(function.name) > left:
            from cncb_compiler.aws.naming import function_name

            name = function_name(system.name, service.name, function.name, stage)
            yield _finding(function.at.key(), "function", name, FUNCTION_NAME_LIMIT)


def _finding(at: Location, noun: str, name: str, limit: int) -> Diagnostic:
    message = f"the {noun} `{name}` has a name of {len(name)} characters, {limit} are allowed"
    return RULE(at, message, mend=f"Shorten one of its parts by {len(name) - limit}.")
