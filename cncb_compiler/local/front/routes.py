"""Which route answers a path (API Gateway Developer Guide: Create routes for HTTP APIs, Routing API requests)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cncb_compiler.local.front.api import Route

_LITERAL, _PARAMETER, _GREEDY, _ANYTHING = range(4)


@dataclass(frozen=True, slots=True)
class Match:
    """A route with the values of its path's parameters."""

    route: Route
    parameters: dict[str, str]


def fitting(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """The route for a request: exact segments over {parameters} over {proxy+}, its own method over ANY, $default."""
    matches = [
        Match(route, parameters)
        for route in routes
        if route.method in (method, "ANY") and (parameters := values(route.path, path)) is not None
    ]
    return min(matches, key=_precedence, default=None)


def at_path(routes: Sequence[Route], path: str) -> list[Route]:
    """The routes of the one resource that a path means, whatever their methods."""
    found = fitting([_of_any_method(route) for route in routes], "ANY", path)
    return [route for route in routes if found is not None and route.path == found.route.path]


def values(pattern: str | None, path: str) -> dict[str, str] | None:
    """The values of a pattern's {parameters} in a path; None where the path is another one. Pattern None fits all."""
    if pattern is None:
        return {}
    wanted, given = pattern.split("/"), path.split("/")
    found: dict[str, str] = {}
    for position, segment in enumerate(wanted):
        kind = _kind(segment)
        if kind == _GREEDY:
            rest = "/".join(given[position:])
            return {**found, segment[1:-2]: rest} if rest else None
        if position >= len(given) or (kind == _LITERAL and segment != given[position]):
            return None
        if kind == _PARAMETER:
            if not given[position]:
                return None
            found[segment[1:-1]] = given[position]
    return found if len(wanted) == len(given) else None


def _precedence(match: Match) -> tuple[tuple[int, ...], bool]:
    path = match.route.path
    kinds = (_ANYTHING,) if path is None else tuple(_kind(segment) for segment in path.split("/"))
    return kinds, match.route.method == "ANY"


def _kind(segment: str) -> int:
    if not (segment.startswith("{") and segment.endswith("}")):
        return _LITERAL
    return _GREEDY if segment.endswith("+}") else _PARAMETER


def _of_any_method(route: Route) -> Route:
    return Route("ANY", route.path, route.integration)
