"""Collecting what a tree is made of: the streams' events, and what the functions left of those that matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cncb_compiler.passes import Analysis
from cncb_compiler.plan.assets import index_name
from cncb_compiler.runtime.errors import InvalidInputError, code_of
from cncb_compiler.runtime.names import MARKERS, object_name
from cncb_compiler.runtime.objects import ABSENT
from cncb_compiler.runtime.rows import DELETED_AT, FLOOR, TRIGGER, decode, encode, trigger_of
from cncb_compiler.target.problems import translated
from cncb_compiler.target.search import SearchDomain
from cncb_compiler.target.target import Target
from cncb_compiler.trace.facts import Arrived, Effect, Facts, State
from cncb_compiler.trace.journal import ended
from cncb_compiler.trace.places import Places
from cncb_compiler.trace.reach import Place, Reach
from cncb_compiler.trace.streams import Held, held


def read_streams(analysis: Analysis, target: Target, places: Places) -> Held:
    """Everything that the system's own streams hold."""
    return held(target, {name: places.stream(name) for name in analysis.linked.streams})


def collect(
    analysis: Analysis,
    target: Target,
    roots: Sequence[str],
    events: Mapping[str, Arrived],
    places: Places,
    invocations: Iterable[Any] = (),
) -> Facts:
    """The facts below some events. `invocations` are those of a local machine's journal, where there is one."""
    reach = Reach(analysis.linked.types, analysis.plans)
    known = Facts(events, sources=reach.sources)
    looked: dict[str, tuple[Effect, ...]] = {}
    for one in below(known, roots):
        looked[one.id] = tuple(_looked(target, places, place, one) for place in reach.places(one.event))
    return Facts(events, looked, reach.sources, ended(analysis.plans, target.stage, invocations))


def below(facts: Facts, roots: Iterable[str]) -> Iterator[Arrived]:
    """The events of these ids and all that they caused, each once."""
    caused = facts.caused()
    waiting = list(roots)
    seen: set[str] = set()
    while waiting:
        event_id = waiting.pop()
        if event_id in seen:
            continue
        seen.add(event_id)
        if event_id in facts.events:
            yield facts.events[event_id]
        waiting += [one.id for one in caused.get(event_id, ())]


def _looked(target: Target, places: Places, place: Place, one: Arrived) -> Effect:
    """How a place stands now."""
    if place.asset is None:
        return Effect(place.function, None, None, "unseen", note=place.note)
    name = places.physical(place.function[0], place.asset)
    if name is None:
        return Effect(place.function, place.asset, place.key, "unseen", note="its stack is not deployed")
    with translated(f"looking into {name}"):
        if place.key is None:
            return _of_any_row(target, name, place, one.id)
        if place.asset.kind == "bucket":
            return _of_object(target, name, place, one.id)
        if place.asset.kind == "index":
            return _of_document(target, name, place, one.id)
        return _of_row(target, name, place, one.id)


def _of_row(target: Target, table: str, place: Place, event_id: str) -> Effect:
    assert place.key is not None
    client = target.client("dynamodb")
    try:
        item = client.get_item(TableName=table, Key=encode(place.key), ConsistentRead=True).get("Item")
    except client.exceptions.ClientError as error:
        if code_of(error) != "ValidationException":
            raise
        return Effect(place.function, place.asset, place.key, "unseen", note="its key does not fit the table")
    row = decode(item or {})
    if place.verb == "collect":
        return Effect(place.function, place.asset, place.key, "collected" if row else "absent")
    lock = FLOOR if place.verb == "delete" and DELETED_AT in row else place.lock
    last = row.get(trigger_of(lock))
    if last is None and DELETED_AT in row:
        last = row.get(trigger_of(FLOOR))
    return _stands(place, place.key, bool(row), None if last is None else str(last), event_id)


def _of_any_row(target: Target, table: str, place: Place, event_id: str) -> Effect:
    """Look through all rows where the key is not known: only at a local endpoint, where that costs nothing."""
    assert place.asset is not None
    if target.local and place.asset.kind == "table" and place.verb == "set":
        pages = target.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for item in (item for page in pages for item in page["Items"]):
            row = decode(item)
            if row.get(trigger_of(place.lock)) == event_id:
                key = {name: row[name] for name in place.key_names}
                return Effect(place.function, place.asset, key, "written")
    return Effect(place.function, place.asset, None, "unseen", note=place.note)


def _of_object(target: Target, bucket: str, place: Place, event_id: str) -> Effect:
    assert place.key is not None
    try:
        name = object_name(place.key_names, place.key)
    except InvalidInputError:
        return Effect(place.function, place.asset, None, "unseen", note="the event gives it no key")
    metadata = _metadata(target, bucket, name)
    tag = f"{place.lock.lower().replace(':', '-')}-trigger"
    marker = None
    if metadata is None:
        marker = _metadata(target, bucket, MARKERS + name)
        last = None if marker is None else marker.get("asof-trigger")
    else:
        last = metadata.get(tag)
    return _stands(place, name, metadata is not None or marker is not None, last, event_id)


def _of_document(target: Target, domain: str, place: Place, event_id: str) -> Effect:
    assert place.key is not None and place.asset is not None
    try:
        name = object_name(place.key_names, place.key)
    except InvalidInputError:
        return Effect(place.function, place.asset, None, "unseen", note="the event gives it no key")
    row = SearchDomain(target, domain).document(index_name(place.asset), name)
    last = None if row is None else row.get(TRIGGER)
    return _stands(place, place.key, row is not None, last, event_id)


def _stands(place: Place, key: Mapping[str, Any] | str, there: bool, last: str | None, event_id: str) -> Effect:
    """An event that wrote last has left what it was to; one of which nothing is left has, where it was to delete."""
    deletes = place.verb == "delete"
    done: State = "deleted" if deletes else "written"
    if last == event_id or (deletes and not there):
        return Effect(place.function, place.asset, key, done)
    if not there:
        return Effect(place.function, place.asset, key, "absent")
    return Effect(place.function, place.asset, key, "overwritten", last)


def _metadata(target: Target, bucket: str, name: str) -> Mapping[str, str] | None:
    """An object's metadata; None where there is no such object."""
    client = target.client("s3")
    try:
        found: Mapping[str, str] = client.head_object(Bucket=bucket, Key=name).get("Metadata", {})
    except client.exceptions.ClientError as error:
        if code_of(error) in ABSENT:
            return None
        raise
    return found
