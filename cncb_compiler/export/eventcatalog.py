"""EventCatalog (https://www.eventcatalog.dev/docs/api): pages of a domain with its services, events and channels.

The files lie below `domains/SYSTEM/` of a catalogue, those of `teams` below `teams/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cncb_compiler.export import asyncapi, json_schema
from cncb_compiler.export.channels import PROTOCOLS, outlet_channel, outlet_name
from cncb_compiler.export.mdx import page, text
from cncb_compiler.export.naming import ids
from cncb_compiler.export.part import Part, communicating, of_service
from cncb_compiler.export.text import to_json, to_yaml
from cncb_compiler.graph.system import LinkedEvent, LinkedOutlet, LinkedService, LinkedStream

SCHEMA = "schema.json"
SPECIFICATION = "asyncapi.yaml"
GRAPH = "## Architecture\n\n<NodeGraph />"

_STABILITY: dict[str, dict[str, Any]] = {
    "stable": {},
    "deprecated": {"deprecated": True},
    "experimental": {
        "badges": [{"content": "experimental", "backgroundColor": "yellow", "textColor": "yellow"}],
    },
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The pages of a part of a system: by name below `domains/SYSTEM/`, and below `teams/`."""

    domain: dict[str, bytes]
    teams: dict[str, bytes]


def catalogue(part: Part, version: str) -> Catalogue:
    """All pages, each of this version."""
    pages = _Pages(part, version)
    domain = {name: content.encode() for name, content in pages.domain()}
    teams = {f"{id_}.mdx": page({"id": id_, "name": owner}).encode() for owner, id_ in pages.teams.items()}
    return Catalogue(dict(sorted(domain.items())), dict(sorted(teams.items())))


class _Pages:
    def __init__(self, part: Part, version: str) -> None:
        self.part = part
        self.version = version
        owners = {service.owner for service in part.services} | {part.system.declared.owner}
        owners.update(owner for event in part.events for owner in part.owners_of(event.name))
        self.teams = ids(owner for owner in owners if owner)
        self.outlets = {outlet_name(send.outlet): send.outlet for send in part.sends}

    def domain(self) -> Iterator[tuple[str, str]]:
        system = self.part.system.declared
        services = [self.pointer(service.name) for service in self.part.services]
        head = self.head(system.name, system.name, system.description, [system.owner])
        yield "index.mdx", page({**head, "services": services}, text(system.description), GRAPH)
        for service in self.part.services:
            yield from self.service(service)
        for event in self.part.events:
            folder = f"events/{event.name}"
            yield f"{folder}/index.mdx", self.event(event)
            yield f"{folder}/{SCHEMA}", self.schema(event)
        for stream in self.part.streams:
            yield f"channels/{stream.name}/index.mdx", self.stream(stream)
        for name, outlet in sorted(self.outlets.items()):
            yield f"channels/{name}/index.mdx", self.outlet(outlet)

    def service(self, service: LinkedService) -> Iterator[tuple[str, str]]:
        flows = [flow for flow in self.part.flows if flow.service == service.name]
        folder = f"services/{service.name}"
        said: dict[str, Any] = self.head(service.name, service.name, service.decl.description, [service.owner])
        for key, action, way in (("sends", "send", "to"), ("receives", "receive", "from")):
            events = [self.part.system.events[flow.event] for flow in flows if flow.action == action]
            if events:
                said[key] = [
                    {**self.pointer(event.name), way: [self.pointer(self.channel_id(event.stream))]} for event in events
                ]
        if service.name in communicating(self.part):
            said["specifications"] = [{"type": "asyncapi", "path": SPECIFICATION}]
            document = asyncapi.document(of_service(self.part, service.name), self.version)
            yield f"{folder}/{SPECIFICATION}", to_yaml(document)
        kept = [
            stream for pairs in (self.part.lakes, self.part.monitors) for name, stream in pairs if name == service.name
        ]
        keeps = f"Keeps {'every event' if service.lake else 'the faults'} of {', '.join(sorted(kept))}." if kept else ""
        yield f"{folder}/index.mdx", page(said, text(service.decl.description), text(keeps), GRAPH)

    def event(self, event: LinkedEvent) -> str:
        decl = event.decl
        owners = self.part.owners_of(event.name)
        head = self.head(event.name, event.name, decl.description, owners)
        said = {**head, **_STABILITY[decl.stability], "schemaPath": SCHEMA}
        outside = "It is published by somebody outside the system." if decl.external else ""
        return page(said, text(decl.description), outside, GRAPH, f'<SchemaViewer file="{SCHEMA}" />')

    def schema(self, event: LinkedEvent) -> str:
        base = json_schema.base_uri(self.part.system.name)
        return to_json(json_schema.event_document(self.part, event, base)).decode()

    def stream(self, stream: LinkedStream) -> str:
        said = self.head(self.channel_id(stream.name), stream.name, stream.decl.description, [])
        more = {"protocols": [PROTOCOLS["stream"]], "deliveryGuarantee": "at-least-once"}
        return page({**said, **more}, text(stream.decl.description), GRAPH)

    def outlet(self, outlet: LinkedOutlet) -> str:
        channel = outlet_channel(self.part, outlet, asyncapi.description_of(self.part, outlet))
        description = channel.get("description", "")
        said = self.head(self.channel_id(outlet_name(outlet)), outlet.name, description, [])
        said["protocols"] = [PROTOCOLS[outlet.kind]]
        said |= {key: channel[key] for key in ("address", "parameters") if channel.get(key)}
        return page(said, text(description), GRAPH)

    def channel_id(self, channel: str) -> str:
        """Unique in a catalogue of several systems, each of which has a stream `main`."""
        return f"{self.part.system.name}.{channel}"

    def pointer(self, id_: str) -> dict[str, Any]:
        return {"id": id_, "version": self.version}

    def head(self, id_: str, name: str, description: str, owners: list[str]) -> dict[str, Any]:
        said: dict[str, Any] = {"id": id_, "name": name, "version": self.version}
        if description:
            said["summary"] = description
        teams = [self.teams[owner] for owner in owners if owner]
        return {**said, "owners": teams} if teams else said
