"""The policy statements inside a resource, wherever its type keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws.places import Path, nodes, properties_of

IDENTITY_KINDS = frozenset(
    f"AWS::IAM::{kind}"
    for kind in (
        "Group",
        "GroupPolicy",
        "ManagedPolicy",
        "Policy",
        "Role",
        "RolePolicy",
        "User",
        "UserPolicy",
    )
)
"""The types whose policies say what an identity may do; others say who may use a resource."""


def allowed(resource: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The statements of a resource that allow something, each with its path. Trust policies are left out."""
    for path, value in nodes(properties_of(resource), ("Properties",)):
        if not isinstance(value, dict) or "Statement" not in value or "AssumeRolePolicyDocument" in path:
            continue
        statements = value["Statement"]
        listed = isinstance(statements, list)
        for index, statement in enumerate(statements if listed else [statements]):
            if isinstance(statement, dict) and statement.get("Effect") == "Allow":
                yield (*path, "Statement", index) if listed else (*path, "Statement"), statement


def texts(statement: dict[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    """The strings under a key of a statement (of Fn::Sub, its text), each with its path in the statement."""
    value = statement.get(key)
    listed = isinstance(value, list)
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(item, dict):
            item = item.get("Fn::Sub")
        if isinstance(item, str):
            yield (key, index) if listed else (key,), item
