"""How each sink is kept right where events come twice or late: as said, where the sink can have it, else by default.

| sink | can have | default |
|---|---|---|
| rows and objects (views, reactions that write) | all | `oplock` |
| documents of a search index | `oplock`, `none` | `oplock` |
| rows of a latched store | `oplock`: both sides must agree on the last change | `oplock` |
| hooks (reactions that call one, functions that listen), messages to queues and buses | `id`, `none` | `id` |
| streams, micro event stores and what is computed from them | nothing: they are idempotent by construction | |
"""

from __future__ import annotations

from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import Idempotence, Processing
from cncb_compiler.model.view import View
from cncb_compiler.source.location import Location

ROWS: tuple[Idempotence, ...] = ("oplock", "sequence", "id", "none")
LATCHED: tuple[Idempotence, ...] = ("oplock",)
HOOKS: tuple[Idempotence, ...] = ("id", "none")
DOCUMENTS: tuple[Idempotence, ...] = ("oplock", "none")


def idempotence(service: Service, own: Processing, possible: tuple[Idempotence, ...]) -> Idempotence:
    """What a sink has: its own, else the service's, else the first that is possible."""
    for said in (own.idempotence, service.processing.idempotence):
        if said is not None and said in possible:
            return said
    return possible[0]


def rows_of(service: Service, store: str) -> tuple[Idempotence, ...]:
    """What writers of a store can have."""
    change = service.changes.get(store)
    return LATCHED if change is not None and change.latch else ROWS


def rows_of_view(view: View) -> tuple[Idempotence, ...]:
    """What a view can have that is kept from events one by one."""
    return DOCUMENTS if view.kind == "opensearch" else ROWS


def place(service: Location, construct: Location, own: Processing) -> Location:
    """Where it is said, if it is."""
    return (construct if own.idempotence is not None else service) / "processing" / "idempotence"
