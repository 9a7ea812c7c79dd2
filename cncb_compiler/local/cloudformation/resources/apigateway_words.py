"""Properties of REST APIs between the template's words (`PathPart`) and those of API Gateway's API (`pathPart`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import NotHeldError

SERVICE = "apigateway"
GONE = "NotFoundException"
"""The error code of whatever is not there, or whose API is not there."""


def api_words(properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the named properties that are declared, as parameters."""
    return {_api_name(name): properties[name] for name in names if name in properties}


def template_words(held: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The named properties from an API's answer."""
    return {name: held[_api_name(name)] for name in names if held.get(_api_name(name)) is not None}


def all_known(what: str, words: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raise NotHeldError for a setting that is not among those that are held."""
    for name in sorted(set(words) - set(names)):
        raise NotHeldError(f"Setting {name} of {what} is not held")


def replaced(old: Mapping[str, Any], new: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, str]]:
    """The patch operations that bring changed properties to their new values; what is no more declared is emptied."""
    return [
        replacement(f"/{_api_name(name)}", new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def replacement(path: str, value: Any) -> dict[str, str]:
    """The patch operation that sets one value: all values are text."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"op": "replace", "path": path, "value": text}


def _api_name(name: str) -> str:
    return name[0].lower() + name[1:]
