"""The text of a template, JSON or YAML with CloudFormation's short forms of functions, as plain values."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid

_FULL_NAMES = {"Ref": "Ref", "Condition": "Condition"}
"""The short forms whose long ones do not begin with `Fn::`."""


def parsed(body: str) -> dict[str, Any]:
    """Read a template. Raises RefusedError where it is neither JSON nor YAML, or no mapping."""
    content = _json(body) if body.lstrip().startswith("{") else _yaml(body)
    if not isinstance(content, dict):
        raise invalid("Template format error: unsupported structure.")
    return content


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        # A YAML template in flow style begins with a brace too.
        try:
            return _yaml(body)
        except Exception:
            raise invalid("Template format error: JSON not well-formed.") from None


def _yaml(body: str) -> Any:
    import yaml

    try:
        return yaml.load(body, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise invalid(f"Template format error: YAML not well-formed.{place}") from None
    except (yaml.YAMLError, ValueError):
        raise invalid("Template format error: YAML not well-formed.") from None


@cache
def _loader() -> Any:
    import yaml

    # Where PyYAML comes without libyaml there is no CSafeLoader; a base chosen so has no type.
    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """YAML as CloudFormation reads it: keys and dates are text, `!Name` is a function."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
            """A mapping whose keys are text, such as the account ids of a map."""
            return {str(key): value for key, value in super().construct_mapping(node, deep=deep).items()}

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }
    Loader.add_multi_constructor("!", _function)
    return Loader


def _function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    construct = {
        "scalar": loader.construct_scalar,
        "sequence": lambda node: loader.construct_sequence(node, deep=True),
        "mapping": lambda node: loader.construct_mapping(node, deep=True),
    }
    argument = construct[node.id](node)
    if suffix == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {_FULL_NAMES.get(suffix, f"Fn::{suffix}"): argument}
