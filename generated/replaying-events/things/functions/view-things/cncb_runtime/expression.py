"""Building the expressions of DynamoDB requests, with every name and value by placeholder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .errors import code_of
from .rows import encode_value


class Expression:
    """The placeholders of one request."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        """The placeholder of an attribute's name; no name is a reserved word then."""
        return self.names.setdefault(attribute, f"#n{len(self.names)}")

    def value(self, value: Any) -> str:
        """A placeholder of a value."""
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = encode_value(value)
        return placeholder

    def update(self, fields: Mapping[str, Any], remove: Iterable[str] = ()) -> str:
        """The update expression that sets `fields`, removes those set to null and `remove`."""
        sets = [f"{self.name(name)} = {self.value(value)}" for name, value in fields.items() if value is not None]
        removes = [self.name(name) for name, value in fields.items() if value is None]
        removes += [self.name(name) for name in remove if name not in fields]
        parts = ["SET " + ", ".join(sets)] if sets else []
        return " ".join(parts + (["REMOVE " + ", ".join(removes)] if removes else []))

    def not_behind(self, lock: str, value: int | str) -> str:
        """The condition that nothing newer has set the row: see `stamp`."""
        return self.unset_or_under(lock, self.value(value), isinstance(value, str))

    def unset_or_under(self, attribute: str, placeholder: str, strictly: bool) -> str:
        """The condition that an attribute is not there, or is at most the value of a placeholder, or under it."""
        name = self.name(attribute)
        return f"(attribute_not_exists({name}) OR {name} {'<' if strictly else '<='} {placeholder})"

    def parameters(self) -> dict[str, Any]:
        """The placeholders as parameters of a request."""
        parameters: dict[str, Any] = {"ExpressionAttributeNames": {at: name for name, at in self.names.items()}}
        if self.values:
            parameters["ExpressionAttributeValues"] = self.values
        return parameters


class Statement(NamedTuple):
    """An update whose values are yet to come.

    `parameters` of a request; `values` are the placeholders of what it sets, each with the attribute's name. It is
    `locked` where it has a condition, with `:at` for the time of the lock; then a refusal holds the row.
    """

    parameters: Mapping[str, Any]
    values: tuple[tuple[str, str], ...]
    locked: bool


@lru_cache(maxsize=1024)
def statement(names: tuple[str, ...], nulls: tuple[str, ...], locks: tuple[str, ...], strictly: bool) -> Statement:
    """The update that sets these attributes, and removes the `nulls` of them, where no lock is newer than `:at`.

    `strictly`: nor as new, as of sequence numbers.

    A view makes few different ones however many events come, so they are kept.
    """
    expression = Expression()
    sets = [name for name in names if name not in nulls]
    values = tuple((f":v{at}", name) for at, name in enumerate(sets))
    parts = ["SET " + ", ".join(f"{expression.name(name)} = {at}" for at, name in values)] if sets else []
    if nulls:
        parts.append("REMOVE " + ", ".join(expression.name(name) for name in nulls))
    conditions = [expression.unset_or_under(lock, ":at", strictly) for lock in locks]
    parameters = {"UpdateExpression": " ".join(parts), **expression.parameters()}
    if conditions:
        parameters["ConditionExpression"] = " AND ".join(conditions)
        parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return Statement(parameters, values, bool(conditions))


def is_refused(error: Exception) -> bool:
    """Whether a write was refused by its condition."""
    return code_of(error) == "ConditionalCheckFailedException"


def refused_row(error: Exception) -> dict[str, Any]:
    """The row, as DynamoDB encodes it, that refused the write; empty where there is none.

    The request has to ask for it: ReturnValuesOnConditionCheckFailure=ALL_OLD.
    """
    item: dict[str, Any] = getattr(error, "response", {}).get("Item") or {}
    return item
