"""The environment variables that a service's declarations set."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.system import LinkedService
from cncb_compiler.model.settings import FunctionSettings
from cncb_compiler.source.location import Location


def environments(service: LinkedService) -> Iterator[tuple[Location, str]]:
    """Each environment variable: its place (the last segment is its name) and its value."""
    if service.decl.function.environment:
        yield from _variables(service.decl.function, service.at)
    decl = service.decl
    for section, named in (
        ("commands", decl.commands),
        ("queries", decl.queries),
        ("views", decl.views),
        ("reactions", decl.reactions),
        ("changes", decl.changes),
        ("functions", decl.functions),
    ):
        for name, construct in named.items():
            if construct.function.environment:
                yield from _variables(construct.function, service.at / section / name)


def _variables(settings: FunctionSettings, at: Location) -> Iterator[tuple[Location, str]]:
    for name, value in settings.environment.items():
        yield at / "function" / "environment" / name, value
