"""The update of a product's row as it is written by hand: what the peers of `handlers.py` have in common.

The request's constant parts are constants, so that nothing but the work of a record is measured. The variable VALUES
says how the values are written.
"""

from __future__ import annotations

import os
from typing import Any

import boto3
from boto3.dynamodb.types import TypeSerializer

DYNAMODB = boto3.client("dynamodb")
SERIALIZER = TypeSerializer()
TABLE = os.environ["PRODUCTS_TABLE"]
NAMES = {
    "#n0": "category",
    "#n1": "description",
    "#n2": "name",
    "#n3": "price",
    "#n4": "asOf:product-created",
    "#n5": "asOf:product-created:trigger",
    "#n6": "expires",
    "#n7": "deletedAt",
    "#n8": "asOf:deleted",
}
UPDATE = "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3, #n4 = :v4, #n5 = :v5 REMOVE #n6, #n7"
CONDITION = "(attribute_not_exists(#n4) OR #n4 <= :at) AND (attribute_not_exists(#n8) OR #n8 <= :at)"


def by_boto3(event: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """The values of the update, as boto3's own serializer makes them: what is usually written."""
    at, serialize = event["timestamp"], SERIALIZER.serialize
    found = {
        ":v0": product["category"],
        ":v1": product["description"],
        ":v2": product["name"],
        ":v3": product["price"],
        ":v4": at,
        ":v5": event["id"],
        ":at": at,
    }
    return {name: serialize(value) for name, value in found.items()}


def by_hand(event: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """The same, each value's type written down: the least that it can cost."""
    at = {"N": str(event["timestamp"])}
    price = {"amount": {"N": str(product["price"]["amount"])}, "currency": {"S": product["price"]["currency"]}}
    return {
        ":v0": {"S": product["category"]},
        ":v1": {"S": product["description"]},
        ":v2": {"S": product["name"]},
        ":v3": {"M": price},
        ":v4": at,
        ":v5": {"S": event["id"]},
        ":at": at,
    }


VALUES = by_hand if os.environ.get("VALUES") == "by hand" else by_boto3


def product_created(event: dict[str, Any]) -> None:
    """Set the row of one event's product, if nothing newer has set it."""
    product = event["product"]
    try:
        DYNAMODB.update_item(
            TableName=TABLE,
            Key={"id": {"S": product["id"]}},
            UpdateExpression=UPDATE,
            ExpressionAttributeNames=NAMES,
            ConditionExpression=CONDITION,
            ExpressionAttributeValues=VALUES(event, product),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except DYNAMODB.exceptions.ConditionalCheckFailedException:
        return


WORKS = {"product-created": product_created}
"""What to do with an event, by its type."""
