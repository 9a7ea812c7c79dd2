"""Backstage's catalogue (https://backstage.io/docs/features/software-catalog/descriptor-format): one file of entities.

The system, a component for each service, an API (its AsyncAPI document) for each that publishes, and what holds data or
carries events as resources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cncb_compiler.export import asyncapi
from cncb_compiler.export.naming import ids
from cncb_compiler.export.part import Part, of_service
from cncb_compiler.export.text import to_yaml
from cncb_compiler.graph.system import LinkedService

API_VERSION = "backstage.io/v1alpha1"
UNKNOWN = "unknown"
"""The owner of what says none; Backstage wants one."""

_RESOURCES = {
    "dynamodb": "dynamodb-table",
    "s3": "s3-bucket",
    "opensearch": "opensearch-index",
    "queue": "sqs-queue",
    "bus": "eventbridge-bus",
}

_OWN = ("store", "view")

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of the catalogue: version of documents, namespace, lifecycle, and whether groups are made."""

    version: str = "1.0.0"
    namespace: str = "default"
    lifecycle: str = "production"
    groups: bool = False


def entities(part: Part, wanted: Wanted) -> list[Entity]:
    """The entities of a part of a system: the system first, then components, APIs, resources, groups."""
    return list(_Entities(part, wanted).all())


class _Entities:
    def __init__(self, part: Part, wanted: Wanted) -> None:
        self.part = part
        self.wanted = wanted
        self.sending = sorted({flow.service for flow in part.flows if flow.action == "send"})
        self.owners = ids({service.owner or UNKNOWN for service in part.services} | {self.owner or UNKNOWN})
        self.components = ids(service.name for service in part.services)
        self.apis = ids(_api(name) for name in self.publishers)
        held = [f"{name}-{thing}" for name, thing, _ in self.held()]
        self.resources = ids([*(_stream(part, stream.name) for stream in part.streams), *held])
        (self.system,) = ids([part.system.name]).values()

    @property
    def owner(self) -> str:
        return self.part.system.declared.owner

    @property
    def publishers(self) -> list[str]:
        """The services that publish what the part receives, though they may not be a part of it."""
        emissions, functions = self.part.system.emissions, self.part.system.publishing_functions
        met = {flow.event for flow in self.part.flows if flow.action == "receive"}
        publishing = {one.construct.service for event in met for one in emissions.get(event, ())}
        publishing |= {construct.service for event in met for construct in functions.get(event, ())}
        return sorted(publishing | set(self.sending))

    def all(self) -> Iterator[Entity]:
        system = self.part.system.declared
        yield self.entity("System", self.system, system.name, system.description, {"owner": self.owned(self.owner)})
        for service in self.part.services:
            yield self.component(service)
        for name in self.sending:
            yield self.api(self.part.system.services[name])
        for stream in self.part.streams:
            name = _stream(self.part, stream.name)
            spec: dict[str, Any] = {"type": "kinesis-stream", "owner": self.owned(self.owner), "system": self.system}
            yield self.entity("Resource", self.resources[name], name, stream.decl.description, spec)
        for owner, thing, kind in self.held():
            name = f"{owner}-{thing}"
            spec = {
                "type": _RESOURCES[kind],
                "owner": self.owned(self.part.system.services[owner].owner),
                "system": self.system,
                "dependencyOf": [f"component:{self.components[owner]}"],
            }
            yield self.entity("Resource", self.resources[name], name, "", spec)
        if self.wanted.groups:
            for team, id_ in self.owners.items():
                spec = {"type": "team", "profile": {"displayName": team}, "children": []}
                yield {"apiVersion": API_VERSION, "kind": "Group", "metadata": {"name": id_}, "spec": spec}

    def component(self, service: LinkedService) -> Entity:
        flows = [flow for flow in self.part.flows if flow.service == service.name]
        spec: dict[str, Any] = {
            "type": "service",
            "lifecycle": self.wanted.lifecycle,
            "owner": self.owned(service.owner),
            "system": self.system,
        }
        if service.name in self.sending:
            spec["providesApis"] = [self.apis[_api(service.name)]]
        consumed = {name for flow in flows if flow.action == "receive" for name in self.publishing(flow.event)}
        if consumed:
            spec["consumesApis"] = sorted(self.apis[_api(name)] for name in consumed)
        streams = {self.part.system.events[flow.event].stream for flow in flows}
        streams |= {
            stream for pairs in (self.part.lakes, self.part.monitors) for name, stream in pairs if name == service.name
        }
        if streams:
            names = sorted(self.resources[_stream(self.part, stream)] for stream in streams)
            spec["dependsOn"] = [f"resource:{name}" for name in names]
        entity = self.entity("Component", self.components[service.name], service.name, service.decl.description, spec)
        entity["metadata"]["tags"] = [service.decl.kind]
        return entity

    def publishing(self, event: str) -> set[str]:
        emissions, functions = self.part.system.emissions, self.part.system.publishing_functions
        services = {one.construct.service for one in emissions.get(event, ())}
        return services | {construct.service for construct in functions.get(event, ())}

    def api(self, service: LinkedService) -> Entity:
        document = asyncapi.document(of_service(self.part, service.name), self.wanted.version)
        spec = {
            "type": "asyncapi",
            "lifecycle": self.wanted.lifecycle,
            "owner": self.owned(service.owner),
            "system": self.system,
            "definition": to_yaml(document),
        }
        description = f"The events that {service.name} sends and receives."
        return self.entity("API", self.apis[_api(service.name)], _api(service.name), description, spec)

    def held(self) -> list[tuple[str, str, str]]:
        """What each service owns: service, name, and what it is."""
        found: list[tuple[str, str, str]] = []
        for service in self.part.services:
            found += [(service.name, table.name, table.kind) for table in service.tables if table.purpose in _OWN]
            found += [(service.name, outlet.name, outlet.kind) for outlet in service.outlets.values()]
        return sorted(found)

    def owned(self, owner: str) -> str:
        return f"group:default/{self.owners[owner or UNKNOWN]}"

    def entity(self, kind: str, id_: str, title: str, description: str, spec: dict[str, Any]) -> Entity:
        metadata: dict[str, Any] = {"name": id_}
        if self.wanted.namespace != "default":
            metadata["namespace"] = self.wanted.namespace
        if title != id_:
            metadata["title"] = title
        if description:
            metadata["description"] = description
        return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}


def _api(service: str) -> str:
    return f"{service}-events"


def _stream(part: Part, stream: str) -> str:
    return f"{part.system.name}-{stream}"
