"""What is known of a system, found out once for all of its pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice

from cncb_compiler.catalogue.examples import Examples
from cncb_compiler.catalogue.history import History, Release, by_node
from cncb_compiler.catalogue.paths import Paths, anchor
from cncb_compiler.catalogue.pictures import Whole
from cncb_compiler.compare.change import Change
from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.side import Side
from cncb_compiler.draw import services
from cncb_compiler.draw.picture import collapsed
from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.processes import Process, processes
from cncb_compiler.graph.system import Construct
from cncb_compiler.lineage.fields import known_fields
from cncb_compiler.lineage.walk import Ways
from cncb_compiler.schema.types import Field, ListOf, MapOf, OneOf, Record, Ref, Type
from cncb_compiler.schema.walk import fields
from cncb_compiler.source.location import Location

FIELDS = 300
"""How many fields of one thing are told of."""


class Facts:
    """A system with everything that pages ask about it."""

    def __init__(self, side: Side, examples: Examples, history: History) -> None:
        self.side = side
        self.examples = examples
        self.history = history
        self.system = side.system
        self.processes: tuple[Process, ...] = processes(side.system)
        self.owners = _owners(side)
        self.paths = Paths(side.system, self.owners, [process.name for process in self.processes])

    def prepare(self) -> None:
        """Find out now what most pages ask for."""
        _ = self.whole, self.map, self.ways, self.changed, self.processes_of, self.type_users, self._rows
        _ = self.published_by, self.heard_by

    def place(self, at: Location) -> str:
        """Where a declaration stands, `services/orders.yaml:12`, from the system's folder."""
        return f"{at.file}:{self.side.sources.range(at.key()).line}"

    @cached_property
    def whole(self) -> Whole:
        """Everything that services do and hold, and the events between them."""
        return Whole(services.picture(self.system))

    @cached_property
    def map(self) -> Whole:
        """The services and the events between them."""
        return Whole(collapsed(self.whole.picture))

    @cached_property
    def ways(self) -> Ways:
        """The lineage of every field."""
        return Ways(self.system, Readers(self.side, "after"), known_fields(self.system))

    @cached_property
    def changed(self) -> Mapping[str, list[tuple[Release, list[Change]]]]:
        """By node, the releases that changed it, newest first."""
        return by_node(self.history)

    @cached_property
    def processes_of(self) -> Mapping[str, tuple[Process, ...]]:
        """By event, the processes that it belongs to."""
        found: dict[str, list[Process]] = defaultdict(list)
        for process in self.processes:
            for moment in process.moments:
                found[moment.event].append(process)
        return {event: tuple(held) for event, held in found.items()}

    def producers(self, event: str) -> tuple[Construct, ...]:
        """Who publishes an event, each once, in the order of their names."""
        emitting = [emission.construct for emission in self.system.emissions.get(event, ())]
        return tuple(sorted({*emitting, *self.system.publishing_functions.get(event, ())}, key=str))

    @cached_property
    def published_by(self) -> Mapping[str, set[str]]:
        """By service, the events that it publishes."""
        found: dict[str, set[str]] = defaultdict(set)
        for event in self.system.events:
            for construct in self.producers(event):
                found[construct.service].add(event)
        return found

    @cached_property
    def heard_by(self) -> Mapping[str, set[str]]:
        """By service, the events that it listens to."""
        found: dict[str, set[str]] = defaultdict(set)
        for event, consumers in self.system.consumers.items():
            for construct in consumers:
                found[construct.service].add(event)
        return found

    def owners_of(self, event: str) -> tuple[str, ...]:
        """The services that own an event: those that are named, else those that publish it."""
        named = self.system.events[event].decl.owner
        return tuple(sorted(named or {producer.service for producer in self.producers(event)}))

    def page(self, node: str) -> str:
        """Where a node is told of; `` where the system has no such node (any more)."""
        kind, _, name = node.partition(":")
        there = self.paths.page(kind, name) or node in self.whole.boxes
        return self.paths.of(node) if there else ""

    def field(self, field: str) -> str:
        """Where a field, named as in lineage, is told of: its row in a schema, else what has it."""
        carrier, _, path = field.partition("#")
        page = self.paths.of(carrier)
        has_row = anchor(path) in self._rows.get(carrier, ())
        return f"{page}#field-{anchor(path)}" if page and has_row else page

    @cached_property
    def _rows(self) -> Mapping[str, frozenset[str]]:
        """The anchors of fields on the pages of events and views."""
        records = {f"event:{name}": event.record for name, event in self.system.events.items()}
        for service in self.system.services.values():
            records |= {f"view:{service.name}.{view.construct.name}": view.store.record for view in service.views}
        return {
            node: frozenset(anchor(path) for path, _ in islice(fields(record, self.system.types), FIELDS))
            for node, record in records.items()
        }

    @cached_property
    def type_users(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By named type, the nodes that have fields of it (types too: `type:NAME`), sorted, with the fields' paths."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for node, type_ in self._typed():
            # Of a type only its own fields count; what these are made of is told on their pages.
            below = _own_fields(type_) if node.startswith("type:") else fields(type_, self.system.types)
            for path, field in below:
                for name in named_types(field.type):
                    found[name][node].append(path)
        return {name: {node: tuple(paths) for node, paths in sorted(users.items())} for name, users in found.items()}

    def _typed(self) -> Iterator[tuple[str, Type]]:
        for name, type_ in self.system.types.named.items():
            yield f"type:{name}", type_
        for event in self.system.events.values():
            yield f"event:{event.name}", event.own
        for service in self.system.services.values():
            for store in (*service.stores.values(), *(view.store for view in service.views)):
                yield store.origin, store.record
            for outlet in service.outlets.values():
                yield outlet.origin, outlet.record
            for command in service.commands:
                if command.input is not None:
                    yield f"command:{service.name}.{command.construct.name}", command.input
            for query in service.queries:
                if query.fields is not None:
                    yield f"query:{service.name}.{query.construct.name}", query.fields.type


def node_of(construct: Construct) -> str:
    """The name of a construct in pictures: `command:orders.submit`."""
    return f"{KINDS[construct.section]}:{construct.service}.{construct.name}"


def named_types(type_: Type) -> Iterator[str]:
    """The named types that a type mentions itself; what these are made of is not looked into."""
    match type_:
        case Ref():
            yield type_.name
        case ListOf():
            yield from named_types(type_.item)
        case MapOf():
            yield from named_types(type_.value)
        case OneOf():
            for option in type_.options:
                yield from named_types(option)
        case Record():
            for field in type_.fields.values():
                yield from named_types(field.type)


def _own_fields(type_: Type) -> Iterator[tuple[str, Field]]:
    if isinstance(type_, Record):
        yield from type_.fields.items()


def _owners(side: Side) -> tuple[str, ...]:
    found = {service.owner for service in side.system.services.values()} | {side.system.declared.owner}
    return tuple(sorted(found - {""}))
