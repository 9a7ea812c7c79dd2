"""Reading back: each declared property of a stack beside what the service's own API says now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.cloudformation import template_only
from cncb_compiler.local.cloudformation.comparison import unlike
from cncb_compiler.local.cloudformation.failures import reason_of
from cncb_compiler.local.cloudformation.resource import Clients, ResourceType
from cncb_compiler.local.cloudformation.stacks import Stack, Standing


@dataclass(frozen=True, slots=True)
class Difference:
    """A declared value that is not what the API says. `held` is None where it says nothing of it."""

    logical_id: str
    type: str
    path: str
    declared: Any
    held: Any


def differences(stack: Stack, types: Mapping[str, ResourceType], clients: Clients) -> list[Difference]:
    """All differences of a stack's resources; what is on the template-only list is not compared."""
    return [
        difference
        for _, standing in sorted(stack.resources.items())
        if standing.held is not None and standing.declared.type not in template_only.REASONS
        for difference in _of(standing, types[standing.declared.type], clients)
    ]


def _of(standing: Standing, kind: ResourceType, clients: Clients) -> Iterator[Difference]:
    assert standing.held is not None
    name = standing.declared.logical_id
    try:
        found = kind.read(clients, standing.held, standing.properties)
    except Exception as error:
        # Whatever keeps a resource from being read, the others still are.
        yield Difference(name, kind.name, "", dict(standing.properties), reason_of(error))
        return
    for property_name, declared in standing.properties.items():
        for path, left, right in unlike(declared, found.get(property_name), property_name):
            if _plain(path) not in kind.template_only:
                yield Difference(name, kind.name, path, left, right)


def _plain(path: str) -> str:
    return ".".join(part.split("[", 1)[0] for part in path.split("."))
