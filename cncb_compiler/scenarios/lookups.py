"""Looking up what a scenario names; what there is not is reported, with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import LinkedOutlet, LinkedStore
from cncb_compiler.model.event import ENVELOPE
from cncb_compiler.operate.names import Names
from cncb_compiler.plan.function import StreamTrigger
from cncb_compiler.rules.cncb201_unknown_event import RULE as UNKNOWN_EVENT
from cncb_compiler.rules.cncb203_unknown_store import RULE as UNKNOWN_STORE
from cncb_compiler.rules.cncb204_unknown_stream import RULE as UNKNOWN_STREAM
from cncb_compiler.rules.cncb205_unknown_service import RULE as UNKNOWN_SERVICE
from cncb_compiler.rules.cncb208_unknown_outlet import RULE as UNKNOWN_OUTLET
from cncb_compiler.rules.cncb956_unknown_target import RULE as UNKNOWN_TARGET
from cncb_compiler.rules.cncb957_unfit_example import RULE as UNFIT_EXAMPLE
from cncb_compiler.rules.cncb959_unknown_variable import RULE as UNKNOWN_VARIABLE
from cncb_compiler.schema.types import Record
from cncb_compiler.source.location import Location


class Lookups:
    """Looks names up in a system, and adds to `found` what is wrong."""

    def __init__(self, names: Names, found: list[Diagnostic]) -> None:
        self.names = names
        self.found = found

    def event(self, name: str, at: Location) -> Record | None:
        """The own fields of an event, with its context; unknown ones are reported."""
        event = self.names.system.events.get(name)
        if event is None:
            self._unknown(UNKNOWN_EVENT, name, at, "a declared event", self.names.system.events)
            return None
        fields = {field: of for field, of in event.record.fields.items() if field not in ENVELOPE}
        return Record(fields, event.own.open)

    def store(self, place: str, at: Location, *kinds: str) -> LinkedStore | None:
        """The store or view of a place, of one of the kinds that are meant there; others are reported."""
        store = self.names.stores.get(place)
        if store is None:
            known = [name for name, one in self.names.stores.items() if one.kind in kinds]
            self._unknown(UNKNOWN_STORE, place, at, "a store or view of the system", known)
            return None
        if store.kind not in kinds:
            nouns = {"dynamodb": "a table", "opensearch": "a search index", "s3": "a bucket"}
            message = f"`{place}` is {nouns[store.kind]}"
            mend = "Say it under `objects`, or `upload`." if store.kind == "s3" else "Say it under `rows`, or `put`."
            self.found.append(UNKNOWN_STORE(at, message, mend=mend))
            return None
        return store

    def outlet(self, place: str, at: Location) -> LinkedOutlet | None:
        """The queue or bus of a place; unknown ones are reported."""
        outlet = self.names.outlets.get(place)
        if outlet is None:
            self._unknown(UNKNOWN_OUTLET, place, at, "a queue or bus of the system", self.names.outlets)
        return outlet

    def function(self, name: str, at: Location) -> None:
        """Report a name that means no function, or several."""
        found = self.names.functions.get(name, ())
        if len(found) > 1:
            listed = ", ".join(f"`{one}`" for one in found)
            self.found.append(UNKNOWN_TARGET(at, f"`{name}` could be {listed}", mend="Name one of them."))
        elif not found:
            self._unknown(UNKNOWN_TARGET, name, at, "a function of the system", self.names.functions)

    def listener(self, name: str, types: Sequence[str], at: Location) -> None:
        """Report a step's `replay` that means no function which listens to streams, or listens to none of `types`."""
        self.function(name, at / "replay")
        found = self.names.functions.get(name, ())
        if len(found) != 1:
            return
        plan = self.names.planned(found[0])
        triggers = [trigger for trigger in plan.triggers if isinstance(trigger, StreamTrigger)]
        heard = {one for trigger in triggers for one in trigger.types}
        if not triggers:
            self.found.append(UNKNOWN_TARGET(at / "replay", f"`{name}` listens to no stream"))
        for index, kind in enumerate(types):
            if heard and kind not in heard:
                self._unknown(UNKNOWN_EVENT, kind, at / "types" / index, f"an event that `{name}` listens to", heard)

    def lake(self, at: Location) -> None:
        """Report that the system has no data lake."""
        if not any(one.lake for one in self.names.system.services.values()):
            mend = "Add a service of `kind: data-lake`, or remove this."
            self.found.append(UNFIT_EXAMPLE(at, "nobody keeps the events", mend=mend))

    def event_index(self, at: Location) -> None:
        """Report that no data lake of the system has an index."""
        if not any(one.lake and one.lake.decl.index for one in self.names.system.services.values()):
            mend = "Say `lake: {index: true}` of the data lake, or remove this."
            self.found.append(UNFIT_EXAMPLE(at, "nobody indexes the events", mend=mend))

    def monitor(self, at: Location) -> None:
        """Report that the system has no monitor."""
        if not any(one.monitor for one in self.names.system.services.values()):
            mend = "Add a service of `kind: monitor`, or remove this."
            self.found.append(UNFIT_EXAMPLE(at, "nobody keeps the faults", mend=mend))

    def service(self, name: str, at: Location) -> bool:
        """Whether there is such a service; others are reported."""
        if name in self.names.system.services:
            return True
        self._unknown(UNKNOWN_SERVICE, name, at, "a service of the system", self.names.system.services)
        return False

    def stream(self, name: str, at: Location) -> None:
        """Report a stream that the system does not have."""
        if name not in self.names.system.streams:
            self._unknown(UNKNOWN_STREAM, name, at, "a stream of the system", self.names.system.streams)

    def variable(self, name: str, at: Location) -> None:
        """Report a variable that no function has."""
        if name not in self.names.variables:
            self._unknown(UNKNOWN_VARIABLE, name, at, "a variable of any function", self.names.variables)

    def _unknown(self, rule: Rule, name: str, at: Location, noun: str, known: Iterable[str]) -> None:
        listed = sorted(known)
        near = f"There is: {', '.join(f'`{one}`' for one in listed[:12])}." if listed else None
        self.found.append(rule(at, f"`{name}` is not {noun}", mend=mend_of(name, listed, near)))


def mend_of(name: str, known: Iterable[str], otherwise: str | None, sign: str = "") -> str | None:
    """What was probably meant, else `otherwise`; `sign` stands before the name."""
    close = get_close_matches(name, list(known), 1, 0.6)
    return f"Did you mean `{sign}{close[0]}`?" if close else otherwise
