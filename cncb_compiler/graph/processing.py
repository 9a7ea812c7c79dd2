"""Linking what `processing` says over events: what they are compacted by, what a group of them is reduced to."""

from __future__ import annotations

from cncb_compiler.graph.collecting import link_aggregates, per_event
from cncb_compiler.graph.linking import Linking, identifier
from cncb_compiler.graph.scopes import collected_scope, event_scope
from cncb_compiler.graph.system import Construct, LinkedMapping, LinkedProcessing
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.model.settings import Processing, Reduce
from cncb_compiler.schema.types import Record


def link_processing(
    linking: Linking, construct: Construct, decl: Processing, events: tuple[str, ...]
) -> LinkedProcessing:
    """The mappings of a consumer's `processing`."""
    at = construct.at / "processing"
    compact: dict[str, LinkedMapping] = {}
    if decl.compact is not None:
        for event in events:
            raw = per_event(decl.compact, events, event)
            if raw is None:
                continue
            place = at / "compact" if raw is decl.compact else at / "compact" / event
            doc = f"What {event} is about: of two with one value the newer one counts."
            name = f"{identifier(event)}_compact"
            scopes = [event_scope(linking.events[event])]
            compact[event] = linking.mapping(construct, name, doc, (raw, place), scopes, None, f"guard:{construct}")
    if not isinstance(decl.group, Reduce):
        return LinkedProcessing(compact)
    said = decl.group.reduce
    reduced, fields = link_aggregates(linking, construct, said, at / "group" / "reduce", events, f"call:{construct}")
    return LinkedProcessing(compact, reduced, Record(fields))


def called_scopes(linking: Linking, decl: Processing, linked: LinkedProcessing, events: tuple[str, ...]) -> list[Scope]:
    """What a hook is given: each event, or what its group makes of several."""
    if linked.group is not None:
        return [Scope(linked.group, "group", "group")]
    types = [linking.events[event] for event in events]
    return [collected_scope(types)] if decl.group == "all" else [event_scope(event) for event in types]
