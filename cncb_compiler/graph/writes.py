"""Linking the write of one row, by a command or a reaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.system import Construct, LinkedMapping, LinkedStore, Write
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Nested, Tree
from cncb_compiler.model.command import StoreWrite
from cncb_compiler.rules.cncb106_one_effect import RULE as ONE_EFFECT
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb207_unknown_key_field import RULE as UNKNOWN_KEY_FIELD
from cncb_compiler.schema.types import STRING, Enum, Field, Record, Scalar, Type
from cncb_compiler.source.location import Location


def verb_of(decl: StoreWrite) -> tuple[Literal["write", "update", "delete"], str] | None:
    """Which of `write`, `update`, `delete` a declaration says, and the store."""
    if decl.write:
        return "write", decl.write
    if decl.update:
        return "update", decl.update
    return ("delete", decl.delete) if decl.delete else None


def one_effect(linking: Linking, said: list[str], allowed: str, at: Location) -> bool:
    """Whether a declaration says exactly one thing that it does; anything else is reported."""
    if len(said) == 1:
        return True
    problem = f"says {' and '.join(f'`{key}`' for key in said)}" if said else "says nothing that it does"
    linking.diagnostics.append(ONE_EFFECT(at.key(), f"it {problem}", mend=f"Say exactly one of {allowed}."))
    return False


def link_write(
    linking: Linking,
    construct: Construct,
    decl: StoreWrite,
    stores: Mapping[str, LinkedStore],
    scopes: Sequence[Scope],
    derived_fields: Mapping[str, Tree],
    derived_key: Mapping[str, Tree],
) -> Write | None:
    """Type the fields and the key of a write. What is not said is taken from `derived_fields` and `derived_key`."""
    said = verb_of(decl)
    if said is None:
        return None
    verb, name = said
    at = construct.at
    store = linking.store(construct.service, stores, name, at / verb)
    if store is None:
        return None
    related = (Related(store.construct.at.key(), f"`{store.name}` is declared here"),)
    fields = None
    if verb == "delete":
        if decl.set is not None:
            linking.diagnostics.append(
                INCOMPLETE((at / "set").key(), "`delete` writes no fields", mend="Remove `set`, or say `update`.")
            )
    elif decl.set is not None:
        target = store.record if verb == "write" else _all_optional(store.record)
        fields = linking.mapping(
            construct,
            "fields",
            f"The row of {store.name} that is written.",
            (dict(decl.set), at / "set"),
            scopes,
            target,
            store.origin,
            related=related,
        )
    elif verb == "write" or any(name not in store.key_names for name in derived_fields):
        target = store.record if verb == "write" else _all_optional(store.record)
        kept = {name: tree for name, tree in derived_fields.items() if verb == "write" or name not in store.key_names}
        fields = linking.tree(
            construct,
            "fields",
            f"The row of {store.name} that is written.",
            Nested(kept),
            at / verb,
            scopes,
            target,
            store.origin,
            related=related,
        )
    else:
        linking.diagnostics.append(INCOMPLETE(at.key(), "`update` says no fields", mend="Add `set:`."))
    key = None
    if verb != "write":
        key = link_key(linking, construct, decl.key, at, store, store.key_names, scopes, derived_key, related)
    elif decl.key is not None:
        linking.diagnostics.append(
            INCOMPLETE(
                (at / "key").key(), "of a `write`, the key is among the fields in `set`", mend="Move it to `set`."
            )
        )
    return Write(construct, verb, store, at, key, fields)


def link_key(
    linking: Linking,
    construct: Construct,
    said: Any,
    at: Location,
    store: LinkedStore,
    key_names: tuple[str, ...],
    scopes: Sequence[Scope],
    derived: Mapping[str, Tree],
    related: tuple[Related, ...],
    *,
    partial: bool = False,
) -> LinkedMapping | None:
    """Type the mapping of a key: one expression for the partition key, or a map of key fields.

    With `partial`, the sort key may be left out.
    """
    key_at = at / "key"
    needed = key_names[:1] if partial else key_names
    if said is None:
        if not all(name in derived for name in needed):
            linking.diagnostics.append(
                INCOMPLETE(at.key(), f"nothing says which row of `{store.name}`", mend="Add `key:`.", related=related)
            )
            return None
        fields = {name: derived[name] for name in key_names if name in derived}
        key_at = at
    elif isinstance(said, dict) and not set(said) & {"const", "hook"}:
        parsed, diagnostics = parse_mapping(said, key_at)
        linking.diagnostics.extend(diagnostics)
        fields = dict(parsed.fields) if isinstance(parsed, Nested) else {}
    else:
        parsed, diagnostics = parse_mapping(said, key_at)
        linking.diagnostics.extend(diagnostics)
        return _checked_key(
            linking, construct, {key_names[0]: parsed}, key_at, store, key_names, needed, scopes, related, flat=True
        )
    return _checked_key(linking, construct, fields, key_at, store, key_names, needed, scopes, related)


def _checked_key(
    linking: Linking,
    construct: Construct,
    fields: dict[str, Tree],
    at: Location,
    store: LinkedStore,
    key_names: tuple[str, ...],
    needed: tuple[str, ...],
    scopes: Sequence[Scope],
    related: tuple[Related, ...],
    *,
    flat: bool = False,
) -> LinkedMapping | None:
    for name in fields:
        if name not in key_names:
            linking.diagnostics.append(
                UNKNOWN_KEY_FIELD(
                    (at / name).key(),
                    f"`{name}` is not part of the key here",
                    mend=f"The key is {' and '.join(f'`{key}`' for key in key_names)}.",
                    related=related,
                )
            )
    missing = [name for name in needed if name not in fields]
    if missing:
        linking.diagnostics.append(
            INCOMPLETE(
                at.key(), f"nothing says `{missing[0]}` of the key", mend=f"Add `{missing[0]}:`.", related=related
            )
        )
        return None
    target = Record({name: Field(key_type(linking, store.record, name)) for name in key_names if name in fields})
    kept = {name: fields[name] for name in key_names if name in fields}
    return linking.tree(
        construct,
        "key",
        f"The key of the row of {store.name}.",
        Nested(kept),
        at,
        scopes,
        target,
        f"key:{store.origin}",
        related=related,
    )


def key_type(linking: Linking, record: Record, name: str) -> Type:
    """The type of a key field without its format: any text may be looked for among uuids."""
    field = record.fields.get(name)
    if field is None:
        return STRING
    type_ = linking.table.resolve(field.type)
    if isinstance(type_, Scalar):
        return Scalar(type_.base)
    return STRING if isinstance(type_, Enum) else type_


def _all_optional(record: Record) -> Record:
    return Record(
        {name: Field(field.type, True, field.sensitive, field.description) for name, field in record.fields.items()},
        record.open,
    )
