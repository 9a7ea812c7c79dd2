"""A resource type that the local CloudFormation really holds: how it is made, read back, changed and removed.

Each is driven through the service's own API, so that what stands afterwards is what that API says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Properties = Mapping[str, Any]
"""The properties of a resource, intrinsic functions resolved."""


class Clients(Protocol):
    """Where a resource gets the boto3 clients of this stack's region from."""

    def __call__(self, service: str) -> Any:
        """The client of a service: `dynamodb`, `kinesis`, ..."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource is made: what AWS knows of the stack, and the name it would give the resource.

    `generated_name` is unique and as CloudFormation makes it: `<stack>-<logical id>-<random>`.
    """

    stack: str
    logical_id: str
    region: str
    account: str
    generated_name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A resource that stands: what `Ref` gives, and what `Fn::GetAtt` gives by attribute."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


class NotHeldError(Exception):
    """The endpoint cannot really hold this."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """How resources of one type are held.

    `properties` are those that are really held. `template_only` gives, by property, why it is accepted though nothing
    here holds it. `create_only` are those whose change replaces the resource (as AWS documents "Update requires:
    Replacement"). `update` gets the old and the new properties. `read` gives what the service's own API holds now,
    in the template's words, for the properties that were declared; `delete` is given them too.
    """

    name: str
    properties: frozenset[str]
    create: Callable[[Clients, Place, Properties], Held]
    read: Callable[[Clients, Held, Properties], Mapping[str, Any]]
    update: Callable[[Clients, Held, Properties, Properties], Held]
    delete: Callable[[Clients, Held, Properties], None]
    create_only: frozenset[str] = frozenset()
    template_only: Mapping[str, str] = field(default_factory=dict)
