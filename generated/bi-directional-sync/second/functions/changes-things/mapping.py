"""The mappings of `changes-things`."""

from typing import Any


def insert_thing_saved(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-saved."""
    return {"thing": change["new"]}


def insert_thing_saved_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-saved."""
    return event["thing"]["id"]


def modify_thing_saved(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-saved."""
    return {"thing": change["new"]}


def modify_thing_saved_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-saved."""
    return event["thing"]["id"]


def remove_thing_deleted(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-deleted."""
    return {"thing": change["old"]}


def remove_thing_deleted_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-deleted."""
    return event["thing"]["id"]
