"""The mappings of `changes-things`."""

from typing import Any


def insert_thing_created(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-created."""
    return {"thing": change["new"]}


def insert_thing_created_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-created."""
    return event["thing"]["id"]


def modify_thing_updated(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-updated."""
    return {"thing": change["new"], "old": change["old"]}


def modify_thing_updated_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-updated."""
    return event["thing"]["id"]


def remove_thing_deleted(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-deleted."""
    return {"thing": change["old"]}


def remove_thing_deleted_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-deleted."""
    return event["thing"]["id"]
