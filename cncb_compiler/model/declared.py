"""The declarations of a system, merged from its files: each with its name and its place, nothing linked yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from cncb_compiler.model.acceptance import Acceptance
from cncb_compiler.model.event import Event
from cncb_compiler.model.service import Service
from cncb_compiler.model.system import Defaults, Stage, Stream
from cncb_compiler.source.location import Location

T = TypeVar("T")


class Declared(Struct, Generic[T], frozen=True):
    """A declaration: its name, what it says, and where (`at / key` is the place of a key inside it)."""

    name: str
    value: T
    at: Location


class DeclaredSystem(Struct, frozen=True):
    """A whole system as its teams wrote it.

    `broken` holds the names of declarations that could not be understood; they are known to exist, so nothing is
    said about references to them.
    """

    name: str
    at: Location
    owner: str
    description: str
    defaults: Defaults
    tags: Mapping[str, str]
    stages: Mapping[str, Declared[Stage]]
    streams: Mapping[str, Declared[Stream]]
    types: Mapping[str, Declared[Any]]
    events: Mapping[str, Declared[Event]]
    services: Mapping[str, Declared[Service]]
    accepted: tuple[Declared[Acceptance], ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)
