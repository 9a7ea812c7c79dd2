"""Matching a value against a pattern: the first difference, or what the pattern's names are bound to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cncb_compiler.scenarios.conform import Path, fits
from cncb_compiler.scenarios.words import Bindings, UnboundError, is_matcher, literal, reference, resolved
from cncb_compiler.schema.notation import parse_type
from cncb_compiler.schema.types import Type, TypeTable
from cncb_compiler.source.location import Location

ABSENT = object()
"""What stands where there is no field."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a value is not what it should be, and both in words. `depth` counts what fitted before."""

    path: Path
    expected: str
    actual: str
    depth: int = 0

    def __str__(self) -> str:
        where = f"{shown_path(self.path)}: " if self.path else ""
        return f"{where}expected {self.expected}, got {self.actual}"


@dataclass(frozen=True, slots=True)
class Matched:
    """The outcome of a match: the names as they are bound now, or the first difference."""

    bindings: Bindings
    difference: Difference | None = None

    @property
    def fits(self) -> bool:
        """Whether there is no difference."""
        return self.difference is None


def match(pattern: Any, actual: Any, bindings: Bindings, types: TypeTable) -> Matched:
    """Match a value: maps as subsets, lists whole, scalars by equality, matchers as they say."""
    matching = _Matching(dict(bindings), types)
    difference = matching.value(pattern, actual, ())
    return Matched(bindings, difference) if difference else Matched(matching.bindings)


def shown(value: Any) -> str:
    """A value in a message, as short JSON."""
    import json

    if value is ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else f"{text[:297]}..."


def shown_path(path: Path) -> str:
    """A path in a message.

    >>> shown_path(("order", "lines", 0, "sku"))
    'order.lines[0].sku'
    """
    text = "".join(f"[{segment}]" if isinstance(segment, int) else f".{segment}" for segment in path)
    return text.removeprefix(".")


@lru_cache(maxsize=256)
def _named_type(notation: str) -> Type:
    return parse_type(notation, Location("")).type


class _Matching:
    """One match; `bindings` grows on the way."""

    def __init__(self, bindings: dict[str, Any], types: TypeTable) -> None:
        self.bindings = bindings
        self.types = types
        self.fitted = 0

    def value(self, pattern: Any, actual: Any, path: Path) -> Difference | None:
        if is_matcher(pattern):
            return self._matcher(pattern, actual, path)
        if actual is ABSENT:
            return self._differs(path, pattern, actual)
        if isinstance(pattern, str):
            return self._text(pattern, actual, path)
        if isinstance(pattern, dict):
            return self._map(pattern, actual, path, whole=False)
        if isinstance(pattern, (list, tuple)):
            return self._list(pattern, actual, path)
        return self._equal(pattern, actual, path)

    def _text(self, pattern: str, actual: Any, path: Path) -> Difference | None:
        found = reference(pattern)
        if found is None:
            return self._equal(literal(pattern), actual, path)
        try:
            expected = resolved(*found, self.bindings)
        except UnboundError as error:
            return Difference(path, f"`{pattern}`", f"{shown(actual)}; {error}", self.fitted)
        return self._equal(expected, actual, path, f" ({pattern})")

    def _equal(self, expected: Any, actual: Any, path: Path, remark: str = "") -> Difference | None:
        same_kind = isinstance(expected, bool) == isinstance(actual, bool)
        if same_kind and expected == actual:
            self.fitted += 1
            return None
        return Difference(path, f"{shown(expected)}{remark}", shown(actual), self.fitted)

    def _map(self, pattern: dict[str, Any], actual: Any, path: Path, *, whole: bool) -> Difference | None:
        if not isinstance(actual, dict):
            return self._differs(path, pattern, actual)
        for key, inner in pattern.items():
            difference = self.value(inner, actual.get(key, ABSENT), (*path, key))
            if difference:
                return difference
        for key in actual if whole else ():
            if key not in pattern:
                return Difference((*path, key), "nothing", shown(actual[key]), self.fitted)
        return None

    def _list(self, pattern: list[Any] | tuple[Any, ...], actual: Any, path: Path) -> Difference | None:
        if not isinstance(actual, list):
            return self._differs(path, pattern, actual)
        for index, (inner, item) in enumerate(zip(pattern, actual, strict=False)):
            difference = self.value(inner, item, (*path, index))
            if difference:
                return difference
        if len(pattern) < len(actual):
            extra = len(pattern)
            return Difference((*path, extra), "the end of the list", shown(actual[extra]), self.fitted)
        if len(pattern) > len(actual):
            missing = len(actual)
            return Difference((*path, missing), shown(pattern[missing]), "the end of the list", self.fitted)
        return None

    def _matcher(self, matcher: dict[str, Any], actual: Any, path: Path) -> Difference | None:
        if "gone" in matcher:
            gone = actual is ABSENT or actual is None
            if gone == matcher["gone"]:
                return None
            return Difference(path, "nothing" if matcher["gone"] else "something", shown(actual), self.fitted)
        if actual is ABSENT:
            return Difference(path, shown(matcher), "nothing", self.fitted)
        if "is" in matcher and not fits(actual, _named_type(str(matcher["is"])), self.types):
            return Difference(path, f"is {matcher['is']}", shown(actual), self.fitted)
        if "matches" in matcher and not (
            isinstance(actual, str) and re.fullmatch(str(matcher["matches"]), actual, re.DOTALL)
        ):
            return Difference(path, f"matches {matcher['matches']}", shown(actual), self.fitted)
        if "exactly" in matcher:
            difference = self._exactly(matcher["exactly"], actual, path)
            if difference:
                return difference
        self.fitted += 1
        return self._bind(matcher["as"], actual, path) if "as" in matcher else None

    def _exactly(self, pattern: Any, actual: Any, path: Path) -> Difference | None:
        """As `value`, where nothing may be left out, at any depth, and no map is a matcher at the top."""
        if isinstance(pattern, dict):
            wholes = {key: self._whole(inner) for key, inner in pattern.items()}
            return self._map(wholes, actual, path, whole=True)
        if isinstance(pattern, list):
            return self._list([self._whole(inner) for inner in pattern], actual, path)
        return self.value(pattern, actual, path)

    def _whole(self, pattern: Any) -> Any:
        nested = isinstance(pattern, (dict, list)) and not is_matcher(pattern)
        return {"exactly": pattern} if nested else pattern

    def _bind(self, name: str, actual: Any, path: Path) -> Difference | None:
        if name in self.bindings and self.bindings[name] != actual:
            return Difference(path, f"{shown(self.bindings[name])} (${name})", shown(actual), self.fitted)
        self.bindings[name] = actual
        return None

    def _differs(self, path: Path, pattern: Any, actual: Any) -> Difference:
        return Difference(path, shown(pattern), shown(actual), self.fitted)
