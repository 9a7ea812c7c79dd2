"""An environment variable that is set already.

## What it does
Compares the names under `environment` with those that Lambda sets itself, and those that cncb sets: `STAGE`,
`SYSTEM`, `SERVICE`, `FUNCTION`, the client's patience, and the names of the service's stores and of the streams
(`ORDERS_TABLE`, `MAIN_STREAM`).

## Why is this bad?
Lambda refuses the first when the stack is deployed. The second would take the place of what the handler needs: it
would read or write something else than its permissions allow.

## Example
```yaml
service: order-bff
stores: {orders: {of: Order}}
function:
  environment: {AWS_REGION: us-east-1, ORDERS_TABLE: my-orders}
```

## Mend
Give the variable another name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.aws.environment import DERIVED_NAMES, LAMBDA_NAMES
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.assets import CLAIMS, Asset, asset_of
from cncb_compiler.plan.function import environment_name
from cncb_compiler.rules.environment import environments

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB222", "reserved-variable", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each declared variable whose name is taken."""
    assets: dict[str, str] | None = None
    for at, _ in environments(service):
        name = str(at.path[-1])
        if assets is None:
            assets = _assets(system, service)
        if name in LAMBDA_NAMES:
            yield RULE(at.key(), f"`{name}` is set by Lambda, which refuses another value", mend="Rename it.")
        elif name in DERIVED_NAMES:
            yield RULE(at.key(), f"`{name}` is set by cncb for every function", mend="Rename it.")
        elif name in assets:
            yield RULE(at.key(), f"`{name}` holds the name of {assets[name]}", mend="Rename it.")


def _assets(system: LinkedSystem, service: LinkedService) -> dict[str, str]:
    """The variables that hold the names of what the service's functions use, and what that is."""
    named = {environment_name(Asset("stream", name)): f"the stream `{name}`" for name in system.streams}
    named[environment_name(CLAIMS)] = "the claim-check bucket"
    for store in service.tables:
        asset = asset_of(store.kind, store.name)
        named[environment_name(asset)] = f"the {asset.kind} `{store.name}`"
    return named
