"""The topology that an import makes: plain values of the language, each with what it was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_SHOWN = 3


@dataclass(slots=True)
class Said:
    """A declaration, and in words what it was taken from; `at` is the place, file and line."""

    value: dict[str, Any]
    origin: tuple[str, ...] = ()
    at: tuple[str, int] = ("", 0)


@dataclass(slots=True)
class Draft:
    """A system in the making: declarations by name. `types` are in the notation of the language."""

    system: str
    description: str = ""
    owner: str = ""
    origin: tuple[str, ...] = ()
    streams: dict[str, Said] = field(default_factory=dict)
    types: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Said] = field(default_factory=dict)
    services: dict[str, ServiceDraft] = field(default_factory=dict)


def from_files(files: Sequence[str]) -> str:
    """What a system was taken from."""
    more = f" and {len(files) - _SHOWN} more files" if len(files) > _SHOWN else ""
    return f"From {', '.join(files[:_SHOWN])}{more}."


SECTIONS = ("stores", "queues", "buses", "functions", "resources")


@dataclass(slots=True)
class ServiceDraft:
    """A service in the making."""

    name: str
    origin: tuple[str, ...] = ()
    head: dict[str, Any] = field(default_factory=dict)
    stores: dict[str, Said] = field(default_factory=dict)
    queues: dict[str, Said] = field(default_factory=dict)
    buses: dict[str, Said] = field(default_factory=dict)
    functions: dict[str, Said] = field(default_factory=dict)
    resources: dict[str, Said] = field(default_factory=dict)
