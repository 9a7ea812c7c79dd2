"""Tables and buckets as stores. Of a table only the attributes are known that are part of a key."""

from __future__ import annotations

from typing import Any

from cncb_compiler.graph.stores import RESERVED
from cncb_compiler.importing.intrinsics import properties, text_of
from cncb_compiler.importing.names import field_name_of, name_of
from cncb_compiler.importing.values import Map, Notes, as_items, as_map

TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable")
BUCKETS = ("AWS::S3::Bucket",)
_SHORTEST_INDEX = 3
_TYPES = {"S": "string", "N": "number", "B": "string"}


def table(resource: Map, notes: Notes) -> dict[str, Any]:
    """The store that a table is."""
    said = properties(resource)
    types = {
        text_of(as_map(one).get("AttributeName")): _TYPES.get(text_of(as_map(one).get("AttributeType")), "string")
        for one in as_items(said.get("AttributeDefinitions"))
    }
    primary = as_map(said.get("PrimaryKey"))
    if resource.get("Type") == "AWS::Serverless::SimpleTable":
        name = text_of(primary.get("Name")) or "id"
        types[name] = "number" if primary.get("Type") == "Number" else "string"
        keys = [name]
    else:
        keys = _keys(said) or ["id"]
    fields: dict[str, Any] = {}

    def attribute(name: str, optional: bool) -> str:
        field = field_name_of(name)
        if field in RESERVED or field != name:
            field = f"{field}_" if field in RESERVED else field
            notes.add(resource, None, f"the attribute `{name}` becomes `{field}`.")
        fields.setdefault(field, f"{types.get(name, 'string')}{'?' if optional else ''}")
        return field

    named = [attribute(name, False) for name in keys]
    value: dict[str, Any] = {"of": fields, "key": named[0]}
    if len(named) > 1 and named[1] != named[0]:
        value["sortKey"] = named[1]
    indexes: dict[str, Any] = {}
    for index in as_items(said.get("GlobalSecondaryIndexes")):
        by = [attribute(name, name not in keys) for name in _keys(as_map(index))]
        called = name_of(text_of(as_map(index).get("IndexName")), "index")
        if by and len(called) >= _SHORTEST_INDEX:
            indexes[called] = {"key": by[0], **({"sortKey": by[1]} if len(by) > 1 else {})}
        else:
            notes.add(index, None, "an index without a key, or with a name that cannot be one, is left out.")
    if said.get("LocalSecondaryIndexes"):
        notes.add(said, "LocalSecondaryIndexes", "local secondary indexes are left out.")
    if indexes:
        value["indexes"] = indexes
    ttl = text_of(as_map(said.get("TimeToLiveSpecification")).get("AttributeName"))
    if ttl:
        field = field_name_of(ttl)
        if field in fields or field in RESERVED:
            notes.add(said, "TimeToLiveSpecification", f"the time to live by `{ttl}` is left out.")
        else:
            fields[field] = "integer?"
            value["ttl"] = field
    return value


def _keys(said: Map) -> list[str]:
    """The attributes of a key: the partition key first."""
    parts = [
        (text_of(as_map(one).get("KeyType")), text_of(as_map(one).get("AttributeName")))
        for one in as_items(said.get("KeySchema"))
    ]
    return [name for _, name in sorted(parts, key=lambda part: part[0] != "HASH") if name][:2]


def bucket() -> dict[str, Any]:
    """The store that a bucket is."""
    return {"kind": "s3", "of": {"id": "string"}}
