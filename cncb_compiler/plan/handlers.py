"""What the code of a function does, as values: one class a pattern. `emit` lays each out as Python.

`operators` are those that the handler applies before and around its sink.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from cncb_compiler.mapping.aggregate import Aggregate
from cncb_compiler.model.settings import Idempotence
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.mapped import Mapped as Mapped
from cncb_compiler.plan.operators import NONE, Operators
from cncb_compiler.schema.indexing import IndexedField
from cncb_compiler.schema.types import Record


class Packing(Struct, frozen=True):
    """How the events of a stream travel: fields of more than `compress` bytes compressed, too large ones claimed."""

    compress: int | None
    claim: bool


class Publish(Struct, frozen=True):
    """Publish one event.

    `fields` gives everything beside the envelope, context included. `partition_key` is over the new event
    (variable `event`); None carries the trigger's. `step` makes the id the same on each retry: id = uuid5(trigger
    id, step); None (a command) makes a random one, a change takes the stream record's. `packing` is the stream's.
    """

    stream: Asset
    event: str
    fields: Mapped
    partition_key: Mapped | None
    step: str | None
    when: Mapped | None = None
    packing: Packing | None = None


class WriteRow(Struct, frozen=True):
    """Write one row of a table, or object of a bucket, that the service owns.

    `verb`: `write` puts `fields` whole (the key is among them), `update` sets `fields` of the existing row at `key`,
    `delete` removes it. `key_names` are the store's key attributes, partition key first. `idempotence` is of reactions;
    None: the service's own write. `latched`: mark the row as written by a reaction (True), or as the service's
    own (False), where the store's change capture is latched; None where it is not. `ttl` is the store's own attribute
    of the time to live.
    """

    verb: Literal["write", "update", "delete"]
    store: Asset
    key_names: tuple[str, ...]
    key: Mapped | None
    fields: Mapped | None
    idempotence: Idempotence | None = None
    latched: bool | None = None
    ttl: str | None = None

    @property
    def leaves_tombstone(self) -> bool:
        """Whether a deleted row is remembered, so that an older event cannot bring it back."""
        compared = self.idempotence in ("oplock", "sequence")
        return self.verb == "delete" and self.store.kind == "table" and (compared or self.latched is not None)


class SendMessage(Struct, frozen=True):
    """Send a message to a queue or bus: `fields` of the event, as JSON.

    `ordered`: to a FIFO queue. `source` and `detail_type` (None: the event's type) are of messages to a bus.
    """

    outlet: Asset
    fields: Mapped
    ordered: bool = False
    source: str = ""
    detail_type: str | None = None


class Once(Struct, frozen=True):
    """Handle each event once, by a conditional put on its id in `table`.

    A claim holds for `lease` seconds; an event is remembered for `keep` seconds.
    """

    table: Asset
    lease: int
    keep: int


class CommandHandler(Struct, frozen=True):
    """Check the input, then write one thing. `variable` of its mappings is `command`: input, path, query.

    `input` is None where the command takes none. `routed`: it answers HTTP (201/200/204/202, 400 on bad input).
    """

    input: Record | None
    routed: bool
    effect: WriteRow | Publish


class SearchBy(Struct, frozen=True):
    """What a caller may search by: words in the fields `text`, a value of one of `filters`, the order of `sort`."""

    text: tuple[str, ...]
    filters: tuple[IndexedField, ...]
    sort: tuple[IndexedField, ...]


class QueryHandler(Struct, frozen=True):
    """Read one row (`one`: by the whole key), a page of one partition (`page`) or of all (`all`), or search.

    `key` is over `request` (path, query, input) and gives the key attributes; `fields` is over `row`.
    `bucket` holds the objects that are searched.
    Rows that a view has marked deleted are left out; attributes that cncb keeps for itself never leave.
    """

    source: Asset
    mode: Literal["one", "page", "all", "search"]
    key_names: tuple[str, ...]
    index: str | None
    key: Mapped | None
    fields: Mapped | None
    limit: int
    routed: bool
    search: SearchBy | None = None
    bucket: Asset | None = None


class ViewProjection(Struct, frozen=True):
    """What one event type does to a view. `fields` None: the event deletes the row.

    `lock` is the attribute of the inverse oplock; projections that set the same fields share one.
    """

    event: str
    key: Mapped
    fields: Mapped | None
    when: Mapped | None
    lock: str


class ViewHandler(Struct, frozen=True):
    """Keep a view from a stream. `keep` in seconds. `cache_control` only for buckets. `once` for `id`."""

    store: Asset
    key_names: tuple[str, ...]
    projections: tuple[ViewProjection, ...]
    idempotence: Idempotence
    keep: int | None
    cache_control: str | None
    operators: Operators = NONE
    once: Once | None = None


class ObjectIndexHandler(Struct, frozen=True):
    """Keep the search index of a bucket: each object that was written or removed, as it is now."""

    bucket: Asset
    index: Asset


class CollectHandler(Struct, frozen=True):
    """Keep events of interest per correlation key in a micro event store. `keep` in seconds, None for ever.

    Rows: `correlation` (S), `sequence` (S: timestamp and id, so they sort by time and a duplicate is one row),
    `event`, `expires` (epoch seconds). Events older than `keep` are not collected: the rest of their time has expired.
    """

    collected: Asset
    correlations: tuple[tuple[str, Mapped], ...]
    keep: int | None
    operators: Operators = NONE


class EvaluateHandler(Struct, frozen=True):
    """On a collected event, read all of its correlation in order and write the view's row that they make.

    Only the events with the trigger's view key count. `aggregates` (field, aggregate, argument over `event`) or
    `evaluate` (over `events`, a list) gives the fields. `keys` by event type. A REMOVE (expiry) is ignored.
    """

    collected: Asset
    store: Asset
    key_names: tuple[str, ...]
    keys: tuple[tuple[str, Mapped], ...]
    aggregates: tuple[tuple[str, Aggregate, Mapped | None], ...]
    evaluate: Mapped | None
    keep: int | None
    operators: Operators = NONE


class ReactionHandler(Struct, frozen=True):
    """On an event, write a row, call a hook, or send a message."""

    events: tuple[str, ...]
    when: Mapped | None
    effect: WriteRow | Mapped | SendMessage
    operators: Operators = NONE
    once: Once | None = None


class TransitionStep(Struct, frozen=True):
    """On any of `events`, publish."""

    events: tuple[str, ...]
    publish: Publish


class TransitionsHandler(Struct, frozen=True):
    """The steps of a process that one event triggers; several steps may fire for one event."""

    steps: tuple[TransitionStep, ...]
    operators: Operators = NONE


class JoinHandler(Struct, frozen=True):
    """On a collected event, publish once all `events` of its correlation are there; mappings are over them by type."""

    collected: Asset
    events: tuple[str, ...]
    publish: Publish
    operators: Operators = NONE


class CapturedChange(Struct, frozen=True):
    """An operation on the table and what it publishes; mappings are over `change`: old, new, timestamp."""

    operation: Literal["INSERT", "MODIFY", "REMOVE"]
    publish: Publish


class ChangesHandler(Struct, frozen=True):
    """Change data capture of one table. `latch`: leave out changes that a reaction made."""

    captured: tuple[CapturedChange, ...]
    latch: bool
    operators: Operators = NONE


class OwnHandler(Struct, frozen=True):
    """The team's own handler, `hooks/<service>/<module>.py`; with `events`, called once for each event."""

    module: str
    function: str
    events: tuple[str, ...]
    operators: Operators = NONE
    once: Once | None = None


class LakeHandler(Struct, frozen=True):
    """Make a line of the data lake of each record of a stream."""

    stream: str


class EventIndexHandler(Struct, frozen=True):
    """Index every event for search."""

    index: Asset


class MonitorHandler(Struct, frozen=True):
    """Keep each fault as an object."""

    faults: Asset


Handler: TypeAlias = (
    CommandHandler
    | QueryHandler
    | ViewHandler
    | ObjectIndexHandler
    | CollectHandler
    | EvaluateHandler
    | ReactionHandler
    | TransitionsHandler
    | JoinHandler
    | ChangesHandler
    | OwnHandler
    | LakeHandler
    | EventIndexHandler
    | MonitorHandler
)
