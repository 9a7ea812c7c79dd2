"""Linking micro event stores: which events are kept, by what they are correlated, what is computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from cncb_compiler.graph.linking import Linking, Raw, identifier, mend_name
from cncb_compiler.graph.scopes import event_scope
from cncb_compiler.graph.system import Construct, LinkedCollect, LinkedMapping, LinkedStore
from cncb_compiler.mapping.aggregate import Aggregate, check_aggregate, parse_aggregate
from cncb_compiler.mapping.tree import Expression
from cncb_compiler.rules.cncb201_unknown_event import RULE as UNKNOWN_EVENT
from cncb_compiler.schema.types import ANYTHING, INTEGER, STRING, Field, MapOf, Record
from cncb_compiler.source.location import Location

COLLECTED = Record(
    {
        "correlation": Field(STRING, description="The correlation key."),
        "sequence": Field(STRING, description="Timestamp and id: sorts by time, and a duplicate is one row."),
        "event": Field(MapOf(ANYTHING), description="The event as it came."),
        "expires": Field(INTEGER, optional=True, description="The second (epoch) after which it may be removed."),
    }
)
"""A row of a micro event store."""


def per_event(raw: Any, events: tuple[str, ...], event: str) -> Any:
    """A notation that may differ by event type: a map whose keys are all collected events gives that of `event`."""
    if isinstance(raw, dict) and raw and set(raw) <= set(events):
        return raw.get(event)
    return raw


def link_collect(
    linking: Linking,
    construct: Construct,
    store: str,
    names: tuple[str, ...],
    names_at: Location,
    by: Raw,
    keep: int | None,
) -> LinkedCollect | None:
    """A micro event store of a view or a join; None where none of its events exists."""
    events = linking.known_events(names, names_at)
    if not events:
        return None
    keys: dict[str, LinkedMapping] = {}
    raw, at = by
    mapped = isinstance(raw, dict) and not set(raw) & {"const", "hook"}
    if mapped:
        for name in raw:
            if name not in names:
                mend = mend_name(name, names, "collect.on", (at / name).key())
                linking.diagnostics.append(
                    UNKNOWN_EVENT((at / name).key(), f"`{name}` is not collected here", mend=mend)
                )
    for name in events:
        said = raw.get(name) if mapped else raw
        if said is None:
            _missing_correlation(linking, name, at)
            continue
        keys[name] = linking.mapping(
            construct,
            f"{identifier(name)}_correlation",
            f"What {name} is correlated by.",
            (said, at / name if mapped else at),
            [event_scope(linking.events[name])],
            None,
            f"collected:{construct.service}.{store}#correlation",
        )
    if len(keys) < len(events):
        return None
    linked = LinkedStore(
        Construct(construct.service, construct.section, construct.name, construct.at),
        store,
        "collected",
        "dynamodb",
        COLLECTED,
        ("correlation", "sequence"),
        {},
        "expires" if keep else None,
        "on-demand",
    )
    return LinkedCollect(linked, events, keys, keep)


def _missing_correlation(linking: Linking, name: str, at: Location) -> None:
    from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE

    linking.diagnostics.append(
        INCOMPLETE(at.key(), f"`by` does not say what `{name}` is correlated by", mend=f"Add `{name}:`.")
    )


def link_aggregates(
    linking: Linking,
    construct: Construct,
    fields: Mapping[str, Any],
    at: Location,
    events: tuple[str, ...],
    origin: str,
) -> tuple[dict[str, tuple[Aggregate, LinkedMapping | None]], dict[str, Field]]:
    """The computed fields of a collected view, each an aggregate over one of its event types, and their types."""
    linked: dict[str, tuple[Aggregate, LinkedMapping | None]] = {}
    types: dict[str, Field] = {}
    for name, raw in fields.items():
        aggregate, diagnostics = parse_aggregate(raw, at / name)
        linking.diagnostics.extend(diagnostics)
        if aggregate is None:
            continue
        if aggregate.event not in events:
            mend = mend_name(aggregate.event, events, "collect.on", at / name)
            linking.diagnostics.append(
                UNKNOWN_EVENT(at / name, f"`{aggregate.event}` is not collected here", mend=mend)
            )
            continue
        scope = event_scope(linking.events[aggregate.event])
        checked = check_aggregate(aggregate, scope, linking.table, at / name)
        linking.diagnostics.extend(checked.diagnostics)
        mapping = LinkedMapping(
            name=f"{identifier(name)}_of",
            doc=f"What {name} takes from each {aggregate.event}.",
            at=at / name,
            tree=aggregate.expression or Expression("id"),
            scopes=(scope,),
            target=None,
            target_name=f"{origin}#{name}",
            check=partial(tuple, (checked,)),
        )
        linking.mappings.append((construct, mapping))
        linked[name] = (aggregate, mapping if aggregate.expression is not None else None)
        types[name] = Field(checked.type, optional=checked.optional and aggregate.function != "count")
    return linked, types
