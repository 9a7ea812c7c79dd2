"""Linking stores: their rows' type, their keys and indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cncb_compiler.diagnostics.mend import Mend, Remove, chosen, did_you_mean
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.system import Construct, LinkedStore
from cncb_compiler.model.declared import Declared
from cncb_compiler.model.service import Service
from cncb_compiler.model.store import Index, Store
from cncb_compiler.model.view import View
from cncb_compiler.rules.cncb105_reserved_field import RULE as RESERVED_FIELD
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb207_unknown_key_field import RULE as UNKNOWN_KEY_FIELD
from cncb_compiler.schema.types import Anything, Enum, Record, Scalar
from cncb_compiler.source.location import Location

RESERVED = ("asOf", "latched", "deletedAt", "expires")
"""Attributes that cncb stamps on rows."""


def link_stores(linking: Linking, service: Declared[Service]) -> dict[str, LinkedStore]:
    """The stores of a service, by name."""
    stores: dict[str, LinkedStore] = {}
    for name in sorted(service.value.stores):
        decl = service.value.stores[name]
        at = service.at / "stores" / name
        record = linking.record(decl.of, at / "of", "a store's `of`")
        refuse_reserved(linking, record, at / "of")
        refuse_table_keys(linking, decl, at)
        key_names = (decl.key, decl.sort_key) if decl.sort_key else (decl.key,)
        construct = Construct(service.name, "stores", name, at)
        stores[name] = LinkedStore(
            construct, name, "store", decl.kind, record, key_names, decl.indexes, decl.ttl, decl.capacity
        )
        _check_key(linking, record, decl.key, at / "key" if "key" in decl.model_fields_set else at)
        if decl.sort_key:
            _check_key(linking, record, decl.sort_key, at / "sortKey")
        if decl.ttl:
            check_field(linking, record, decl.ttl, at / "ttl", number=True)
        check_indexes(linking, record, decl.indexes, at)
    return stores


def refuse_table_keys(linking: Linking, decl: Store | View, at: Location) -> None:
    """Report what only tables have, said of what is none: a bucket is read by the whole key, an index by any field."""
    if decl.kind == "dynamodb":
        return
    noun = "a bucket" if decl.kind == "s3" else "a search index"
    for field, key in (("sort_key", "sortKey"), ("indexes", "indexes"), ("ttl", "ttl"), ("capacity", "capacity")):
        if field in decl.model_fields_set:
            linking.diagnostics.append(
                INCOMPLETE(
                    (at / key).key(),
                    f"{noun} has no `{key}`",
                    mend=chosen("Remove it, or say `kind: dynamodb`.", Remove(at / key)),
                )
            )


def refuse_reserved(linking: Linking, record: Record, at: Location) -> None:
    """Report fields that cncb stamps itself."""
    for name in RESERVED:
        if name in record.fields:
            linking.diagnostics.append(
                RESERVED_FIELD(at, f"`{name}` is an attribute that cncb stamps on rows", mend="Rename the field.")
            )


def check_indexes(linking: Linking, record: Record, indexes: Mapping[str, Index], at: Location) -> None:
    """Report index keys that rows do not have. An optional field is fine: rows without it are not in the index."""
    for name, index in indexes.items():
        check_field(linking, record, index.key, at / "indexes" / name / "key")
        if index.sort_key:
            check_field(linking, record, index.sort_key, at / "indexes" / name / "sortKey")


def _check_key(linking: Linking, record: Record, name: str, at: Location) -> None:
    if not check_field(linking, record, name, at):
        return
    field = record.fields.get(name)
    if field is not None and field.optional:
        linking.diagnostics.append(
            UNKNOWN_KEY_FIELD(
                at, f"`{name}` may be absent, but each row needs its key", mend="Make the field required."
            )
        )


def check_field(linking: Linking, record: Record, name: str, at: Location, *, number: bool = False) -> bool:
    """Report a key field that is not there, or that DynamoDB cannot index; whether it is fine."""
    field = record.fields.get(name)
    if field is None:
        if not record.open:
            linking.diagnostics.append(
                UNKNOWN_KEY_FIELD(at, f"`{name}` is not a field of the rows", mend=_near(name, record.fields, at))
            )
        return record.open
    type_ = linking.table.resolve(field.type)
    if isinstance(type_, Anything):
        return True
    fits = isinstance(type_, (Scalar, Enum)) and not (isinstance(type_, Scalar) and type_.base == "boolean")
    if number:
        fits = isinstance(type_, Scalar) and type_.base in ("integer", "number")
    if not fits:
        kind = "a number of seconds" if number else "text or a number"
        linking.diagnostics.append(
            UNKNOWN_KEY_FIELD(at, f"`{name}` must be {kind} to be used here", mend="Name another field.")
        )
    return fits


def _near(name: str, known: Iterable[str], at: Location) -> Mend | str:
    return did_you_mean(name, known, at) or f"Fields: {', '.join(f'`{field}`' for field in known)}."
