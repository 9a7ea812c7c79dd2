"""What stands above a declaration: how many publish and consume an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.lsp.symbols import Occurrence


def counts(occurrences: Iterable[Occurrence], system: LinkedSystem) -> Iterator[tuple[str, int, int]]:
    """For each event that is declared there: its counts in words, and the characters of its name."""
    for one in occurrences:
        event = system.events.get(one.symbol.name) if one.declares and one.symbol.kind == "event" else None
        if event is not None:
            makers = {str(each.construct) for each in system.emissions.get(event.name, ())}
            makers |= {str(each) for each in system.publishing_functions.get(event.name, ())}
            readers = {str(each) for each in system.consumers.get(event.name, ())}
            outside = ", published outside" if event.decl.external else ""
            title = f"{_counted(len(makers), 'producer')}{outside}, {_counted(len(readers), 'consumer')}"
            yield title, one.start, one.end


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
