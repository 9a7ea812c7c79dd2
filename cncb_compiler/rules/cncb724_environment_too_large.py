"""The environment variables of a function take more than 4 KB.

## What it does
Adds up names and values of each function's variables, those that are derived (names of tables, buckets and
streams) included. Names that AWS chooses at deployment are estimated.

## Why is this bad?
Lambda refuses the function, and the deployment is rolled back.

## Example
```yaml
function:
  environment:
    RULES: "five thousand characters of JSON"
```

## Mend
Keep large settings in a file beside the hook that reads them, or in an SSM parameter. Where many stores
make the environment large, split the function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.naming import function_id
from cncb_compiler.aws.places import place, properties_of, type_of
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB724", "environment-too-large", Severity.ERROR)

LIMIT = 4096
"""The most bytes of a function's environment (AWS Lambda: Lambda quotas)."""

_PHYSICAL_NAME = 64
"""An estimate of a name that is known only when the stack is deployed, in characters."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Functions whose environment has more than `LIMIT` bytes."""
    declared = {function_id(function.name): function.at for function in plan.functions}
    for logical_id, resource in template["Resources"].items():
        if type_of(resource) != "AWS::Lambda::Function":
            continue
        environment = properties_of(resource).get("Environment")
        variables = environment.get("Variables") if isinstance(environment, dict) else None
        if not isinstance(variables, dict):
            continue
        sizes = {name: len(str(name)) + _size(value) for name, value in variables.items()}
        total = sum(sizes.values())
        if total > LIMIT:
            largest = max(sorted(sizes), key=lambda name: sizes[name])
            path = ("Properties", "Environment", "Variables")
            yield RULE(
                declared.get(logical_id) or place(plan, logical_id, path),
                f"the environment of `{logical_id}` takes about {total:,} bytes, "
                f"{sizes[largest]:,} of them `{largest}`; Lambda accepts {LIMIT:,}",
                mend=f"Keep what `{largest}` says in a file beside the hooks, or in an SSM parameter.",
            )


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    text = value.get("Fn::Sub") if isinstance(value, dict) else None
    text = text[0] if isinstance(text, list) and text else text
    return max(len(text), _PHYSICAL_NAME) if isinstance(text, str) else _PHYSICAL_NAME
