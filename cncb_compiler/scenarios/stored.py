"""What a system holds: its rows and objects at one moment, and what has become of them since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.runtime.rows import is_gone, public
from cncb_compiler.scenarios.findings import FailedError, check_each, check_value
from cncb_compiler.scenarios.match import ABSENT, shown
from cncb_compiler.scenarios.pairing import Candidate
from cncb_compiler.scenarios.words import Bindings, is_matcher
from cncb_compiler.scenarios.world import World
from cncb_compiler.schema.types import TypeTable

Key = str
"""A row's key, as JSON: the values of its key attributes."""


@dataclass(slots=True)
class Holdings:
    """All rows by place and key, and all objects by place and key."""

    rows: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)


def key_of(store: LinkedStore, row: Mapping[str, Any]) -> Key:
    """The key of a row of a store."""
    return json.dumps([row.get(name) for name in store.key_names], default=str)


def held(world: World, stores: Mapping[str, LinkedStore]) -> Holdings:
    """What a system holds now."""
    holdings = Holdings()
    for place, store in stores.items():
        if store.kind == "s3":
            holdings.objects[place] = dict(world.objects(store))
        else:
            holdings.rows[place] = {key_of(store, row): row for row in world.rows(store)}
    return holdings


def own_fields(store: LinkedStore, row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A row as queries would give it: without what the runtime keeps; None where it is gone."""
    kept_by_runtime = store.purpose != "store"
    if row is None or is_gone(row, expires=kept_by_runtime):
        return None
    return public(row, expires=kept_by_runtime)


@dataclass(frozen=True, slots=True)
class Change:
    """The rows of one store that were written or removed, as candidates for what is expected."""

    written: tuple[Candidate, ...]
    removed: tuple[Candidate, ...]


def changes(
    store: LinkedStore,
    before: Mapping[Key, dict[str, Any]],
    after: Mapping[Key, dict[str, Any]],
    own: Mapping[Key, dict[str, Any] | None],
) -> Change:
    """What has become of the rows of a store. `own` is what the scenario itself wrote, or removed (None).

    Known, and so free to be named or not, is what only the scenario did, and what changed nothing that can be seen.
    """
    written: list[Candidate] = []
    removed: list[Candidate] = []
    for key in sorted({*before, *after}):
        was, now = own_fields(store, before.get(key)), own_fields(store, after.get(key))
        if before.get(key) == after.get(key) and key not in own:
            continue
        alone = key in own and (now == own[key] if own[key] is not None else now is None)
        if now is not None:
            written.append(Candidate(after[key], shown(now), alone or was == now, frozenset(now)))
        else:
            row = before.get(key) or after.get(key)
            if row is not None:
                seen = was if was is not None else {name: row[name] for name in store.key_names if name in row}
                removed.append(Candidate(row, shown(seen), alone or was is None, frozenset(seen)))
    return Change(tuple(written), tuple(removed))


def check_rows(
    place: str, expected: tuple[Sequence[Any], Sequence[Any]], change: Change, bindings: Bindings, types: TypeTable
) -> Bindings:
    """The rows of a store that were written, and those that were removed: the expected ones and no others."""
    written, removed = expected
    there, gone = _without_unnamed(change.written, written), _without_unnamed(change.removed, removed)
    bindings = check_each(f"then.rows {place}", "row", written, there, bindings, types)
    return check_each(f"then.rows {place} removed", "removed row", removed, gone, bindings, types)


def _without_unnamed(found: Sequence[Candidate], patterns: Sequence[Any]) -> list[Candidate]:
    """The rows without what the runtime keeps in them, except where a pattern names it."""
    named: set[str] = set()
    for pattern in patterns:
        fields = pattern["exactly"] if is_matcher(pattern) and "exactly" in pattern else pattern
        named.update(fields if isinstance(fields, dict) else ())
    return [
        replace(one, value={name: value for name, value in one.value.items() if name in one.own or name in named})
        for one in found
    ]


GONE = {"gone": True}


def check_objects(
    place: str,
    expected: Mapping[str, Any],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    own: Mapping[str, Any],
    bindings: Bindings,
    types: TypeTable,
) -> Bindings:
    """The objects of a bucket that were written or removed. `own` is what the scenario itself put there."""
    where = f"then.objects {place}"
    for key, pattern in expected.items():
        if key not in after and pattern != GONE:
            there = ", ".join(sorted({*after} - {*before})) or "none"
            raise FailedError(f"{where} {key}", f"expected this object, got none\nwritten since: {there}")
        bindings = check_value(f"{where} {key}", pattern, after.get(key, ABSENT), bindings, types)
    for key in sorted({*before, *after}):
        now = after.get(key, ABSENT)
        if key in expected or before.get(key, ABSENT) == now or (key in own and own[key] == now):
            continue
        what = "removed" if now is ABSENT else "written"
        raise FailedError(where, f"unexpected object {what}: {key} {shown(now)}")
    return bindings
