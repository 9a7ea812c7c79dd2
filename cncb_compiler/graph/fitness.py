"""Which flow operators fit a consumer, and why others do not. A service's apply where they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from cncb_compiler.graph.system import LinkedReaction, LinkedService, LinkedView, Send, Write
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.model.idempotence import ROWS, idempotence, rows_of
from cncb_compiler.model.settings import Processing, Reduce

OPERATORS = ("compact", "group", "batch", "parallel", "rate")
"""The keys of `processing` that are operators."""


LOCKED = ("oplock", "sequence")
"""The kinds of idempotence that compare a row before they write it."""

MESSAGES = 10
"""The most messages of one request (Amazon SQS: SendMessageBatch; Amazon EventBridge: PutEvents)."""


class Unfit(NamedTuple):
    """Why an operator does not fit, and what to say instead. `loses`: it would lose events that are needed."""

    why: str
    mend: str
    loses: bool = False


Misfits: TypeAlias = Mapping[str, Unfit]
"""By operator."""

_ROWS = Unfit(
    "a row holds facts, and what one batch happens to hold is none",
    "Say `group: last`; to count or sum events, keep them with `collect:`.",
)
_EVERY = Unfit(
    "it needs every event, and only the last of a group would come",
    "Say `group: all`, or `group: {reduce: {...}}`.",
    loses=True,
)


def resolved(shared: Processing, own: Processing) -> Processing:
    """What applies to a consumer: as it says itself, else as its service does."""
    said = {name: getattr(own, name) for name in own.model_fields_set}
    return shared.model_copy(update=said) if said else shared


def of_view(service: LinkedService, view: LinkedView, processing: Processing) -> Misfits:
    """What does not fit a view."""
    found: dict[str, Unfit] = {}
    if processing.group not in (None, "last"):
        found["group"] = _ROWS
    if view.collect is not None:
        found["compact"] = Unfit(
            "it collects every event, and compaction would leave some out",
            "Say `group: last`: each row is computed once a batch, from all of its events.",
            loses=True,
        )
    elif view.store.kind == "s3":
        found["batch"] = Unfit("S3 takes one object a request", "Say `parallel:`.")
    elif view.store.kind == "opensearch":
        return found
    elif idempotence(service.decl, view.decl.processing, ROWS) in LOCKED:
        found["batch"] = Unfit(
            "a lock is a condition, and BatchWriteItem knows none",
            "Say `group: last` and `parallel:`; or `idempotence: none`, if duplicates and disorder do no harm.",
        )
    elif len({_names(one.fields.tree) for one in view.projections if one.fields is not None}) > 1:
        found["batch"] = Unfit(
            "its events set different fields, and BatchWriteItem writes rows whole",
            "Say `group: last` and `parallel:`.",
        )
    return found


def of_reaction(service: LinkedService, reaction: LinkedReaction, processing: Processing) -> Misfits:
    """What does not fit a reaction."""
    effect = reaction.effect
    if isinstance(effect, Send):
        return _of_send(effect, processing)
    if not isinstance(effect, Write):
        found = {"batch": Unfit("a hook makes its own requests", "Say `group: all`: the hook gets a list.")}
        return {**found, "group": _EVERY} if processing.group == "last" else found
    found = {"group": _ROWS} if processing.group == "all" or isinstance(processing.group, Reduce) else {}
    change = service.decl.changes.get(effect.store.name)
    if effect.store.kind == "s3":
        found["batch"] = Unfit("S3 takes one object a request", "Say `parallel:`.")
    elif effect.verb == "update":
        found["batch"] = Unfit(
            "it changes rows that are there, and BatchWriteItem puts whole ones", "Say `group: last` and `parallel:`."
        )
    elif idempotence(service.decl, reaction.decl.processing, rows_of(service.decl, effect.store.name)) in LOCKED:
        found["batch"] = Unfit(
            "a lock is a condition, and BatchWriteItem knows none",
            "Say `group: last` and `parallel:`; or `idempotence: none`, if duplicates and disorder do no harm.",
        )
    elif effect.verb == "delete" and change is not None and change.latch:
        found["batch"] = Unfit("a latched row is marked before it goes", "Say `parallel:`.")
    return found


def _of_send(effect: Send, processing: Processing) -> Misfits:
    found: dict[str, Unfit] = {}
    if processing.group is not None:
        why = f"each event is a message of its own to the {effect.outlet.kind}"
        found["group"] = Unfit(why, "Leave it out; `compact:` leaves out what is out of date.", loses=True)
    if processing.batch is not None and processing.batch > MESSAGES:
        found["batch"] = Unfit(f"one request carries {MESSAGES} messages at most", "Leave it out: that is the default.")
    return found


def of_publisher() -> Misfits:
    """What does not fit what publishes: changes, transitions."""
    why = Unfit("each one is an event of its own", "Leave it out: PutRecords already carries 500 events.", loses=True)
    return {"compact": why, "group": why}


def of_function() -> Misfits:
    """What does not fit a function of the team's own."""
    why = Unfit("its handler is called with each event", "Write a reaction with `call: {hook: module.function}`.")
    return {"compact": why, "group": why, "batch": Unfit("a hook makes its own requests", "Leave it out.")}


def _names(tree: object) -> tuple[str, ...]:
    return tuple(sorted(tree.fields)) if isinstance(tree, Nested) else ()
