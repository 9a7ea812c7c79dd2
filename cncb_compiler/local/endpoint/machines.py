"""Which machine runs which function: the endpoint itself runs none."""

from __future__ import annotations

from collections.abc import Iterable

_URLS: dict[str, str] = {}


def register(url: str, functions: Iterable[str]) -> None:
    """From now on, invocations of these functions (and of no others) go to the machine at `url`."""
    for name in [name for name, owner in _URLS.items() if owner == url]:
        del _URLS[name]
    _URLS.update(dict.fromkeys(functions, url))


def url_of(function: str) -> str | None:
    """The machine that runs a function, given by name or ARN; None where nobody does."""
    return _URLS.get(name_of(function))


def name_of(function: str) -> str:
    """The name in a function's name, partial ARN or ARN, without version or alias."""
    parts = function.split(":")
    if "function" in parts[:-1]:
        return parts[parts.index("function") + 1]
    return parts[0]
