"""The mappings of `changes-returns`."""

from typing import Any


def insert_return_requested(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of return-requested."""
    return {"return": change["new"]}


def insert_return_requested_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of return-requested."""
    return event["return"]["orderId"]


def modify_return_approved(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of return-approved."""
    return {"return": change["new"]}


def modify_return_approved_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of return-approved."""
    return event["return"]["orderId"]


def modify_return_approved_when(change: dict[str, Any]) -> bool:
    """Whether return-approved is published."""
    return bool(change["new"]["status"] == "approved" and change["old"]["status"] != "approved")


def modify_return_refused(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of return-refused."""
    return {"return": change["new"]}


def modify_return_refused_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of return-refused."""
    return event["return"]["orderId"]


def modify_return_refused_when(change: dict[str, Any]) -> bool:
    """Whether return-refused is published."""
    return bool(change["new"]["status"] == "refused" and change["old"]["status"] != "refused")
