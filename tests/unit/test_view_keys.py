"""What the key attribute of a view is called."""

from __future__ import annotations

from typing import Any

import pytest

from cncb_compiler.graph.link import link
from cncb_compiler.graph.views import KEY_NAME_LIMIT, key_name
from cncb_compiler.mapping.tree import Constant, Expression, Tree
from cncb_compiler.model.read import read


@pytest.mark.parametrize(
    ("expression", "fields", "name"),
    [
        ("order.id", {}, "id"),
        ("partitionKey", {}, "partitionKey"),
        ("order.id", {"orderId": "order.id"}, "orderId"),
        ("order.id", {"other": "order.other", "orderId": "order.id"}, "orderId"),
        ("order.id", {"order.id ": "order.id "}, "id"),
        ("lines[0].sku", {}, "sku"),
        ("month(timestamp)", {}, "id"),
        ('order."the id"', {}, "id"),
        (f"order.{'x' * (KEY_NAME_LIMIT + 1)}", {}, "id"),
        (f"order.{'x' * KEY_NAME_LIMIT}", {}, "x" * KEY_NAME_LIMIT),
    ],
)
def test_the_field_of_the_same_mapping_else_the_last_word(expression: str, fields: dict[str, str], name: str) -> None:
    trees: dict[str, Tree] = {field: Expression(text) for field, text in fields.items()}
    assert key_name(Expression(expression), trees) == name


def test_a_key_that_is_no_expression() -> None:
    assert key_name(Constant("all"), {}) == "id"
    assert key_name(Constant("all"), {"scope": Constant("all")}) == "scope"


def keys(**view: Any) -> tuple[str, ...]:
    value = {
        "events": {"made": {"entity": "order", "with": {"order": {"id": "uuid", "user": "string"}}}},
        "services": {"a": {"views": {"v": view}}},
    }
    declared, found = read([("system.yaml", value)], "test")
    assert found == []
    (linked,) = link(declared).services["a"].views
    return linked.store.key_names


def test_the_key_of_a_view() -> None:
    assert keys(on="made") == ("id",)
    assert keys(on="made", key="order.user", fields={"who": "order.user"}) == ("who",)
    assert keys(on={"made": {"key": "order.user", "fields": {"who": "order.user"}}}) == ("who",)
    assert keys(on="made", key={"user": "order.user", "at": "timestamp"}, fields={"x": "id"}) == ("user", "at")


def test_the_key_of_a_computed_view() -> None:
    collect = {"on": "made", "by": "order.user"}
    fields = {"number": "count(made)"}
    assert keys(collect=collect, fields=fields) == ("user",)
    assert keys(collect=collect, key="order.id", fields=fields) == ("id",)
    assert keys(collect=collect, key={"a": "order.id", "b": {"made": "order.user"}}, fields=fields) == ("a", "b")
