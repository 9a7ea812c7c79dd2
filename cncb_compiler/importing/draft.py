"""The topology that an import makes: plain values of the language, each with what it was taken from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Said:
    """A declaration, and in words what it was taken from."""

    value: dict[str, Any]
    origin: tuple[str, ...] = ()


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
