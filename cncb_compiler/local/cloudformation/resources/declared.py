"""What a service holds, told in the words of the template that declared it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Tags = Mapping[str, str]


def only_declared(held: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties of all that is held; those that are not held at all are left out."""
    return {name: as_declared(held[name], value) for name, value in declared.items() if held.get(name) is not None}


def as_declared(held: Any, declared: Any) -> Any:
    """A held value without the settings that nobody declared, its lists in the declared order.

    CloudFormation takes `"24"` for 24 and `"true"` for true, so a held value that reads the same is the declared one.
    """
    if isinstance(held, Mapping) and isinstance(declared, Mapping):
        return {name: as_declared(held[name], value) for name, value in declared.items() if name in held}
    if isinstance(held, list | tuple) and isinstance(declared, list | tuple):
        return _in_order(list(held), declared)
    return declared if _text(held) == _text(declared) else held


def picked(properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the properties that are declared, by name."""
    return {name: properties[name] for name in names if name in properties}


def tag_map(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags from the list of `Key` and `Value` that most resource types declare."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def tag_list(tags: Tags) -> list[dict[str, str]]:
    """Tags as the list of `Key` and `Value` that most services take."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_changes(old: Tags, new: Tags) -> tuple[list[str], dict[str, str]]:
    """The keys of tags to remove, and the tags to put."""
    removed = [key for key in old if key not in new]
    return removed, {key: value for key, value in new.items() if old.get(key) != value}


@contextmanager
def already_gone(*codes: str) -> Iterator[None]:
    """Pass over a service's answer that what is to be deleted is not there: one of its error codes."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


def _in_order(held: list[Any], declared: Iterable[Any]) -> list[Any]:
    found = []
    for wanted in declared:
        match = next((index for index, value in enumerate(held) if as_declared(value, wanted) == wanted), None)
        if match is not None:
            held.pop(match)
            found.append(wanted)
    return found + held


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
