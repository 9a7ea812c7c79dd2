"""Linking the publication of an event: its fields, its partition key, its guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.scopes import emitted_scope
from cncb_compiler.graph.system import Construct, Emission, LinkedEvent, LinkedMapping
from cncb_compiler.mapping.check import check
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Expression, Nested, Tree
from cncb_compiler.schema.types import ANYTHING, Field, Record
from cncb_compiler.source.location import Location


def link_emission(
    linking: Linking,
    construct: Construct,
    event: LinkedEvent,
    at: Location,
    said: Mapping[str, Any] | None,
    derived: Mapping[str, Tree],
    scopes: Sequence[Scope],
    *,
    name: str = "event",
    triggers: tuple[str, ...] = (),
    when: tuple[str, Location] | None = None,
) -> Emission:
    """Type the event's fields as `said`; where nothing is said, as `derived`. A derived context is always added."""
    target_name = f"event:{event.name}"
    target = _target(event)
    if said is None:
        fields: dict[str, Tree] = dict(derived)
        tree_at = at
    else:
        tree_at = at / "with"
        parsed, diagnostics = parse_mapping(dict(said), tree_at)
        linking.diagnostics.extend(diagnostics)
        fields = dict(parsed.fields) if isinstance(parsed, Nested) else {}
        if "context" in derived:
            fields.setdefault("context", derived["context"])
    mapping = linking.tree(
        construct,
        name,
        f"The fields of {event.name}.",
        Nested(fields),
        tree_at,
        scopes,
        target,
        target_name,
        related=(Related(event.at.key(), f"`{event.name}` is declared here"),),
    )
    guard = None
    if when is not None:
        guard = linking.mapping(
            construct, f"{name}_when", f"Whether {event.name} is published.", when, scopes, None, f"guard:{construct}"
        )
    return Emission(
        construct, event.name, at, triggers, mapping, _partition_key(linking, construct, event, name), guard
    )


def by_name(event: LinkedEvent, source: Record, *prefix: str) -> dict[str, Tree]:
    """The event's fields that the source has under the same names."""
    return {name: path(*prefix, name) for name in event.own.fields if name in source.fields}


@lru_cache(maxsize=4096)
def path(*segments: str) -> Expression:
    """The JMESPath of a field; names that JMESPath would not take bare are quoted."""
    return Expression(".".join(name if name.isidentifier() and name.isascii() else f'"{name}"' for name in segments))


def check_partition_key(linking: Linking, event: LinkedEvent) -> None:
    """Report a partition key that cannot be, of an event that nothing declared here publishes."""
    if event.decl.partition_key is not None:
        at = event.at / "partitionKey"
        tree, diagnostics = parse_mapping(event.decl.partition_key, at)
        linking.diagnostics.extend(diagnostics)
        linking.diagnostics.extend(check(tree, emitted_scope(event), None, linking.table, at).diagnostics)


def _target(event: LinkedEvent) -> Record:
    if not event.decl.context:
        return event.own
    fields = {**event.own.fields, "context": Field(ANYTHING, optional=True)}
    return Record(fields, event.own.open)


def _partition_key(linking: Linking, construct: Construct, event: LinkedEvent, name: str) -> LinkedMapping | None:
    scope = emitted_scope(event)
    doc = f"The partition key of {event.name}."
    target_name = f"event:{event.name}"
    if event.decl.partition_key is not None:
        raw = (event.decl.partition_key, event.at / "partitionKey")
        return linking.mapping(
            construct, f"{name}_partition_key", doc, raw, [scope], None, f"{target_name}#partitionKey"
        )
    entity = event.decl.entity
    if entity is None or entity not in event.own.fields:
        return None
    record = linking.table.resolve(event.own.fields[entity].type)
    if not isinstance(record, Record) or "id" not in record.fields:
        return None
    return linking.tree(
        construct,
        f"{name}_partition_key",
        doc,
        path(entity, "id"),
        event.at / "entity",
        [scope],
        None,
        f"{target_name}#partitionKey",
    )
