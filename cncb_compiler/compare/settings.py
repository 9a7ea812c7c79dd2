"""What a declaration says beyond what other kinds of change tell apart: value by value, so that nothing goes unsaid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.model.base import Node


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that differs: its path of keys, and both values as text; `` where one is not there."""

    path: tuple[str, ...]
    old: str
    new: str

    def __str__(self) -> str:
        """``processing.batchSize` is 500 instead of 100``."""
        name = ".".join(self.path)
        if not self.old:
            return f"`{name}` is {self.new} now"
        return f"`{name}` is {self.new} instead of {self.old}" if self.new else f"`{name}` is {self.old} no longer"


def settings(old: Node, new: Node, without: Collection[str] = ()) -> Iterator[Setting]:
    """The values that differ between two declarations, outside of the keys `without` and of descriptions."""
    if old == new:
        return
    ones, others = (one.model_dump(by_alias=True, mode="json") for one in (old, new))
    yield from _maps(ones, others, (), {*without, "description"})


def _maps(
    old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...], without: Collection[str]
) -> Iterator[Setting]:
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was == now or (not path and key in without):
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _maps(was, now, (*path, key), ())
        else:
            yield Setting((*path, key), _text(was), _text(now))


def _text(value: Any) -> str:
    if value is None or value in ([], {}, ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_text(one) for one in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in value.items() if _text(one)) + "}"
    return str(value)


def said(found: Collection[Setting]) -> str:
    """Settings as one message."""
    return "; ".join(str(one) for one in found)
