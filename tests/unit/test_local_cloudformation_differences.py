"""Declared beside held: what means the same, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from local_cloudformation_fakes import Cloud, things

from cncb_compiler.local.cloudformation.comparison import unlike

STATEMENT = {"Effect": "Allow", "Action": ["a", "b"], "Resource": "*"}


@pytest.mark.parametrize(
    ("declared", "held"),
    [
        (1, "1"),
        ("1", 1),
        (1, 1.0),
        (True, "true"),
        ("True", True),
        ([], None),
        ({}, None),
        ({"a": 1}, {"a": 1, "default": 2}),
        ([{"Key": "a"}, {"Key": "b"}], [{"Key": "b"}, {"Key": "a"}]),
        ([{"Key": "a"}], [{"Key": "aws:cloudformation:stack-name"}, {"Key": "a"}]),
        ({"Action": "a"}, {"Action": ["a"]}),
        ({"Action": ["a"]}, {"Action": "a"}),
        ({"Statement": [STATEMENT]}, '{"Statement": [{"Action": ["b", "a"], "Effect": "Allow", "Resource": "*"}]}'),
        ('{"a": [1]}', '{ "a":[1] }'),
    ],
)
def test_alike(declared: Any, held: Any) -> None:
    assert list(unlike(declared, held, "P")) == []


@pytest.mark.parametrize(
    ("declared", "held", "path"),
    [
        (1, 2, "P"),
        (1, None, "P"),
        (False, None, "P"),
        ("a", ["a", "b"], "P"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "P.a.b"),
        ({"a": 1}, None, "P"),
        ([1, 2], [1], "P[1]"),
        ([1], [1, 2], "P"),
        ([{"Name": "x", "Type": "ALL"}], [{"Name": "x", "Type": "KEYS"}], "P[0].Type"),
        ('{"a": 1}', '{"a": 2}', "P"),
    ],
)
def test_unlike(declared: Any, held: Any, path: str) -> None:
    assert [found for found, _, _ in unlike(declared, held, "P")] == [path]


def test_a_stack_is_read_back() -> None:
    cloud = Cloud()
    cloud.create(things(A={"Size": 1, "Tags": [{"Key": "a", "Value": "b"}], "Decor": "tall"}, B={"Size": 2}))
    assert cloud.app.differences("s") == []
    cloud.memory.things[cloud.physical("A")]["Size"] = 3
    cloud.memory.things.pop(cloud.physical("B"))
    [changed, gone] = cloud.app.differences("s")
    assert (changed["logical_id"], changed["path"], changed["declared"], changed["held"]) == ("A", "Size", 1, 3)
    assert (gone["logical_id"], gone["path"], gone["declared"]) == ("B", "", {"Size": 2})
    assert "KeyError" in gone["held"]
