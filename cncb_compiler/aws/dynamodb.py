"""Tables: encrypted, recoverable to any second of 35 days, captured only where their changes are read."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, resource
from cncb_compiler.plan.assets import Attribute, Table

_SKIPS = (
    (
        "CKV_AWS_119",
        "Encrypted with the key that AWS manages for DynamoDB, which no reader has to be given.",
    ),
)
_PROJECTIONS = {"all": "ALL", "keys": "KEYS_ONLY"}


def table_resources(stack: Stack, table: Table) -> dict[str, Resource]:
    """The table, by logical id. It has no name of its own, so that it can be replaced beside the old one."""
    throughput = _throughput(table)
    properties: dict[str, Any] = {
        "AttributeDefinitions": [
            {"AttributeName": attribute.name, "AttributeType": attribute.type} for attribute in _attributes(table)
        ],
        "KeySchema": _key_schema(table.key, table.sort_key),
        "BillingMode": "PROVISIONED" if throughput else "PAY_PER_REQUEST",
        **throughput,
    }
    if table.indexes:
        properties["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _key_schema(index.key, index.sort_key),
                "Projection": {"ProjectionType": _PROJECTIONS[index.projection]},
                **throughput,
            }
            for index in sorted(table.indexes, key=lambda index: index.name)
        ]
    if table.captured:
        properties["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    if table.ttl:
        properties["TimeToLiveSpecification"] = {"AttributeName": table.ttl, "Enabled": True}
    properties["SSESpecification"] = {"SSEEnabled": True, "SSEType": "KMS"}
    properties["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": True}
    properties["Tags"] = stack.tags
    kind = "AWS::DynamoDB::Table"
    made = resource(kind, properties, table.at, table.purpose, _SKIPS, retain=not table.rebuildable)
    return {naming.asset_id(table.asset): made}


def _throughput(table: Table) -> dict[str, Any]:
    if table.capacity == "on-demand":
        return {}
    units = {"ReadCapacityUnits": table.capacity.read_units, "WriteCapacityUnits": table.capacity.write_units}
    return {"ProvisionedThroughput": units}


def _key_schema(key: Attribute, sort_key: Attribute | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": key.name, "KeyType": "HASH"}]
    if sort_key:
        schema.append({"AttributeName": sort_key.name, "KeyType": "RANGE"})
    return schema


def _attributes(table: Table) -> list[Attribute]:
    used = {table.key.name: table.key}
    for attribute in (
        table.sort_key,
        *(key for index in table.indexes for key in (index.key, index.sort_key)),
    ):
        if attribute:
            used.setdefault(attribute.name, attribute)
    return [used[name] for name in sorted(used)]
