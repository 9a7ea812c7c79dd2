"""The linked system: references resolved, mappings typed and traced. What rules, patterns and pictures read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, reduce
from typing import Literal, TypeAlias

from msgspec import Struct, field

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.mapping.aggregate import Aggregate
from cncb_compiler.mapping.check import Checked
from cncb_compiler.mapping.scope import Scope, merged_scope
from cncb_compiler.mapping.tree import HookCall, Tree, hook_calls
from cncb_compiler.model.change import Change
from cncb_compiler.model.command import Command
from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.model.event import Event
from cncb_compiler.model.function import Function
from cncb_compiler.model.lake import Lake
from cncb_compiler.model.monitor import Monitor
from cncb_compiler.model.query import Query
from cncb_compiler.model.reaction import Reaction
from cncb_compiler.model.service import Service
from cncb_compiler.model.store import Capacity, Index
from cncb_compiler.model.system import Stream
from cncb_compiler.model.transition import Transition
from cncb_compiler.model.view import View
from cncb_compiler.schema.indexing import IndexedField
from cncb_compiler.schema.merge import merged_type
from cncb_compiler.schema.types import Record, Type, TypeTable
from cncb_compiler.source.location import Location


class Construct(Struct, frozen=True):
    """A declaration of a service that does something: `section` is its key in the service (`commands`, `views`, ...).

    A transition is named after the event that it emits (`emit-2` and so on from the second on).
    """

    service: str
    section: str
    name: str
    at: Location

    def __str__(self) -> str:
        return f"{self.service}.{self.section}.{self.name}"


class LinkedMapping(Struct, frozen=True, eq=False, dict=True):
    """A mapping in its place, to be given any of its `scopes` (one for each event type).

    `target_name` names the target in lineage (`event:order-submitted`, `view:storefront.products`,
    `store:order-bff.orders`, `response:order-bff.order`). `check` tells what is known of it in each scope.
    """

    name: str
    doc: str
    at: Location
    tree: Tree
    scopes: tuple[Scope, ...]
    target: Type | None
    target_name: str
    check: Callable[[], tuple[Checked, ...]]

    @cached_property
    def checked(self) -> tuple[Checked, ...]:
        """What is known of it in each scope. It takes a while, and of most mappings nobody asks."""
        return self.check()

    @cached_property
    def scope(self) -> Scope:
        """The scope that holds whichever it is given."""
        return merged_scope(self.scopes)

    @property
    def type(self) -> Type:
        """Of the value that it gives."""
        return reduce(merged_type, [one.type for one in self.checked])

    @property
    def optional(self) -> bool:
        """Whether the value that it gives may be absent."""
        return any(one.optional for one in self.checked)

    @cached_property
    def lineage(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a field of the target and a field of a source.

        Such as `("event:make-reservation#reservation.lines", "event:order-submitted#order.lines")`.
        """
        pairs = [
            (_path(self.target_name, target), _path(scope.origin, source))
            for scope, checked in zip(self.scopes, self.checked, strict=True)
            for target, source in checked.lineage
        ]
        return tuple(dict.fromkeys(pairs))

    @property
    def hooks(self) -> tuple[HookCall, ...]:
        """The hooks that it calls."""
        return hook_calls(self.tree)


def _path(origin: str, path: str) -> str:
    return f"{origin}#{path}" if path else origin


class LinkedStream(Struct, frozen=True):
    """An event stream; `declared` is False for the implied `main`."""

    name: str
    decl: Stream
    at: Location
    declared: bool


class LinkedEvent(Struct, frozen=True):
    """An event type. `record` is the whole event: envelope, its own fields, context. `own` are its own fields."""

    name: str
    decl: Event
    at: Location
    stream: str
    own: Record
    record: Record


class LinkedStore(Struct, frozen=True):
    """A table, bucket or search index that a service owns.

    It is a store's, a view's, a micro event store (`collected`), or the search `index` of an s3 view's objects.
    """

    construct: Construct
    name: str
    purpose: Literal["store", "view", "collected", "index"]
    kind: Literal["dynamodb", "opensearch", "s3"]
    record: Record
    key_names: tuple[str, ...]
    indexes: Mapping[str, Index]
    ttl: str | None
    capacity: Capacity
    index: LinkedStore | None = None
    generation: int = 1

    @property
    def origin(self) -> str:
        """Its name in lineage: `view:storefront.products`."""
        return f"{self.purpose}:{self.construct.service}.{self.name}"


class Emission(Struct, frozen=True):
    """A place where an event is published. `triggers` are the event types that cause it (none: a command, a change)."""

    construct: Construct
    event: str
    at: Location
    triggers: tuple[str, ...]
    fields: LinkedMapping
    partition_key: LinkedMapping | None
    when: LinkedMapping | None


class Write(Struct, frozen=True):
    """A write of one row of a store."""

    construct: Construct
    verb: Literal["write", "update", "delete"]
    store: LinkedStore
    at: Location
    key: LinkedMapping | None
    fields: LinkedMapping | None


class LinkedOutlet(Struct, frozen=True):
    """A queue or bus, by which messages leave the system. `record` is what a message says.

    `ordered`: per partition key, and each event once (a FIFO queue). `source` and `detail_type` are a bus's; without a
    `detail_type` it is the type of the event that is sent on.
    """

    construct: Construct
    name: str
    kind: Literal["queue", "bus"]
    record: Record
    ordered: bool = False
    source: str = ""
    detail_type: str | None = None

    @property
    def origin(self) -> str:
        """Its name in lineage: `queue:order-bff.outbox`."""
        return f"{self.kind}:{self.construct.service}.{self.name}"


class Send(Struct, frozen=True):
    """A message that is sent to a queue or bus."""

    construct: Construct
    outlet: LinkedOutlet
    at: Location
    fields: LinkedMapping


class LinkedCommand(Struct, frozen=True):
    """A command: its input, and the one thing that it writes (None: what it names is unknown)."""

    construct: Construct
    decl: Command
    input: Record | None
    effect: Write | Emission | None


class LinkedSearch(Struct, frozen=True):
    """What a query searches by: fields by path, with how the index holds each (`schema/indexing.py`)."""

    text: tuple[str, ...] = ()
    filters: Mapping[str, IndexedField] = field(default_factory=dict)
    sort: Mapping[str, IndexedField] = field(default_factory=dict)


class LinkedQuery(Struct, frozen=True):
    """A query of one row, of a page of one partition, of a page of all rows, or by `search`."""

    construct: Construct
    decl: Query
    store: LinkedStore
    mode: Literal["one", "page", "all", "search"]
    key: LinkedMapping | None
    fields: LinkedMapping | None
    search: LinkedSearch | None = None


class LinkedProjection(Struct, frozen=True):
    """What one event type does to a view; `fields` None: it removes the row."""

    event: str
    at: Location
    key: LinkedMapping
    fields: LinkedMapping | None
    when: LinkedMapping | None


class LinkedProcessing(Struct, frozen=True):
    """What `processing` says over events: by event type what it is compacted by, by field what a group is reduced to.

    `group` is what the aggregates make together; None where a group is not reduced.
    """

    compact: Mapping[str, LinkedMapping] = field(default_factory=dict)
    reduced: Mapping[str, tuple[Aggregate, LinkedMapping | None]] = field(default_factory=dict)
    group: Record | None = None


class LinkedCollect(Struct, frozen=True):
    """A micro event store: the correlation key per event type. `keep` in seconds, None for ever."""

    store: LinkedStore
    events: tuple[str, ...]
    by: Mapping[str, LinkedMapping]
    keep: int | None


class LinkedView(Struct, frozen=True):
    """A view, kept from events one by one (`projections`) or computed from several (`collect`)."""

    construct: Construct
    decl: View
    store: LinkedStore
    projections: tuple[LinkedProjection, ...]
    collect: LinkedCollect | None
    keys: Mapping[str, LinkedMapping]
    aggregates: Mapping[str, tuple[Aggregate, LinkedMapping | None]]
    evaluate: LinkedMapping | None
    processing: LinkedProcessing = LinkedProcessing()


class LinkedReaction(Struct, frozen=True):
    """A reaction: a write, a hook that is called, or a message that is sent."""

    construct: Construct
    decl: Reaction
    events: tuple[str, ...]
    when: LinkedMapping | None
    effect: Write | LinkedMapping | Send | None
    processing: LinkedProcessing = LinkedProcessing()


class LinkedTransition(Struct, frozen=True):
    """A step of a process; with `collect` it waits for all of its events."""

    construct: Construct
    decl: Transition
    events: tuple[str, ...]
    collect: LinkedCollect | None
    emission: Emission


class LinkedChange(Struct, frozen=True):
    """Change data capture of one store: which operation publishes what."""

    construct: Construct
    decl: Change
    store: LinkedStore
    captured: tuple[tuple[Literal["INSERT", "MODIFY", "REMOVE"], Emission], ...]


class LinkedFunction(Struct, frozen=True):
    """A function of the team's own, with the events and stores of its that exist."""

    construct: Construct
    decl: Function
    events: tuple[str, ...]
    publishes: tuple[str, ...]
    reads: tuple[LinkedStore, ...]
    writes: LinkedStore | None


class LinkedLake(Struct, frozen=True):
    """The data lake that a service is, with the streams that it keeps, sorted."""

    decl: Lake
    at: Location
    streams: tuple[str, ...]


class LinkedMonitor(Struct, frozen=True):
    """The monitor that a service is, with the streams whose faults it keeps, sorted."""

    decl: Monitor
    at: Location
    streams: tuple[str, ...]


class LinkedService(Struct, frozen=True):
    """A service. `implied`: nobody declared it (the event hub of a system that has none). Names are sorted.

    `mappings` is every mapping, with the construct that it belongs to.
    """

    name: str
    decl: Service
    at: Location
    owner: str
    implied: bool
    stores: Mapping[str, LinkedStore]
    outlets: Mapping[str, LinkedOutlet]
    commands: tuple[LinkedCommand, ...]
    queries: tuple[LinkedQuery, ...]
    views: tuple[LinkedView, ...]
    reactions: tuple[LinkedReaction, ...]
    transitions: tuple[LinkedTransition, ...]
    changes: tuple[LinkedChange, ...]
    functions: tuple[LinkedFunction, ...]
    mappings: tuple[tuple[Construct, LinkedMapping], ...]
    lake: LinkedLake | None = None
    monitor: LinkedMonitor | None = None

    @property
    def tables(self) -> Iterator[LinkedStore]:
        """Everything that holds data: stores, views, micro event stores."""
        yield from self.stores.values()
        for view in self.views:
            yield view.store
            if view.store.index:
                yield view.store.index
            if view.collect:
                yield view.collect.store
        for transition in self.transitions:
            if transition.collect:
                yield transition.collect.store


Consumer: TypeAlias = Construct
"""A construct that reads an event from a stream."""


def prefixes(field: str) -> Iterator[str]:
    """A field and those that it is part of: `event:a#b.c` and `event:a#b`."""
    yield field
    origin, _, path = field.partition("#")
    while "." in path:
        path = path.rpartition(".")[0]
        yield f"{origin}#{path}"


class Sensitive(Struct, frozen=True):
    """The fields that hold what is personal or secret, by type or by lineage; named as in lineage."""

    fields: frozenset[str] = frozenset()
    by_origin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each event (`event:order-submitted`) and store, the paths of the outermost ones, sorted."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.fields)

    def __contains__(self, field: str) -> bool:
        """Whether a field, or one that it is part of, is sensitive."""
        return any(prefix in self.fields for prefix in prefixes(field))

    def of(self, origin: str) -> tuple[str, ...]:
        """The paths of the sensitive fields of an event or store."""
        return self.by_origin.get(origin, ())


class LinkedSystem(Struct, frozen=True):
    """A whole system. `diagnostics` is what linking found wrong; what is wrong is left out of the rest.

    `emissions` and `consumers` are by event type: who publishes it, who reads it. `unfitting` are the services that
    have a mapping which is not right.
    """

    declared: DeclaredSystem
    types: TypeTable
    streams: Mapping[str, LinkedStream]
    events: Mapping[str, LinkedEvent]
    services: Mapping[str, LinkedService]
    emissions: Mapping[str, tuple[Emission, ...]]
    publishing_functions: Mapping[str, tuple[Construct, ...]]
    consumers: Mapping[str, tuple[Consumer, ...]]
    used_types: frozenset[str] = frozenset()
    unfitting: frozenset[str] = frozenset()
    sensitive: Sensitive = field(default_factory=Sensitive)
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @property
    def name(self) -> str:
        """The system's name."""
        return self.declared.name

    @property
    def mappings(self) -> Iterator[tuple[Construct, LinkedMapping]]:
        """Every mapping, with the construct that it belongs to."""
        for service in self.services.values():
            yield from service.mappings
