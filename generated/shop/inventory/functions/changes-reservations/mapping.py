"""The mappings of `changes-reservations`."""

from typing import Any


def insert_reservation_confirmed(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of reservation-confirmed."""
    return {
        "reservation": {"id": change["new"]["id"], "lines": change["new"]["lines"]},
        "context": change["new"]["context"],
    }


def insert_reservation_confirmed_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of reservation-confirmed."""
    return event["reservation"]["id"]


def insert_reservation_confirmed_when(change: dict[str, Any]) -> bool:
    """Whether reservation-confirmed is published."""
    return bool(change["new"]["hold"]["accepted"])


def insert_reservation_violation(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of reservation-violation."""
    return {
        "reason": change["new"]["hold"]["reason"],
        "reservation": {"id": change["new"]["id"], "lines": change["new"]["lines"]},
        "context": change["new"]["context"],
    }


def insert_reservation_violation_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of reservation-violation."""
    return event["reservation"]["id"]


def insert_reservation_violation_when(change: dict[str, Any]) -> bool:
    """Whether reservation-violation is published."""
    return bool(not change["new"]["hold"]["accepted"])


def modify_reservation_released(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of reservation-released."""
    return {
        "reservation": {"id": change["new"]["id"], "lines": change["new"]["lines"]},
        "context": change["new"]["context"],
    }


def modify_reservation_released_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of reservation-released."""
    return event["reservation"]["id"]


def modify_reservation_released_when(change: dict[str, Any]) -> bool:
    """Whether reservation-released is published."""
    return bool(change["new"].get("released") and not change["old"].get("released"))
