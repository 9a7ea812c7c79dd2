"""A check that does again only what an edit since the last one makes needful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from cncb_compiler.cache.findings import as_values, of_values
from cncb_compiler.cache.identity import compiler
from cncb_compiler.cache.inputs import digest_of
from cncb_compiler.cache.memory import Memory
from cncb_compiler.cache.store import Store
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.digests import digest
from cncb_compiler.source.discover import SystemSource

if TYPE_CHECKING:
    from cncb_compiler.passes import Analysis

FILES, ANSWERS = "files", "answers"


def findings(source: SystemSource) -> list[Diagnostic]:
    """What the user is to see of a system; as it was, where nothing has changed."""
    store = Store(source.root, compiler())
    memory, inputs = Memory(store.load()), digest_of(source)
    known = memory.recall(ANSWERS, source.only_file or "", inputs)
    if known is not None:
        return of_values(known)
    found = _analysed(source, memory).shown()
    # Hooks and settings are read on the way: one that was edited meanwhile belongs to no digest.
    if digest_of(source) == inputs:
        memory.keep(ANSWERS, source.only_file or "", inputs, as_values(found))
    _save(memory, store)
    return found


def analysed(source: SystemSource) -> Analysis:
    """The system, linked, with all that is found in it; its plans are left out."""
    store = Store(source.root, compiler())
    memory = Memory(store.load())
    analysis = _analysed(source, memory)
    _save(memory, store)
    return analysis


def _save(memory: Memory, store: Store) -> None:
    if memory.kept != memory.known:
        store.save(memory.kept)


def _analysed(source: SystemSource, memory: Memory) -> Analysis:
    from cncb_compiler.cache.mappings import FittingServices
    from cncb_compiler.cache.services import check_remembering, keys, plan_remembering
    from cncb_compiler.passes import PASSES, Analysis, check_services, load_file, plan_services
    from cncb_compiler.source.sources import Sources

    def load(text: str, name: str) -> tuple[Any, list[Diagnostic]]:
        key = digest([text])
        known = memory.recall(FILES, name, key)
        if known is not None:
            return orjson.loads(known), []
        value, found = load_file(text, name)
        if not found:
            memory.keep(FILES, name, key, orjson.dumps(value).decode())
        return value, found

    fitting = FittingServices(source, memory)
    analysis = Analysis(source, Sources(source.files), load=load, fitting=fitting.known)
    for one in PASSES:
        if one not in (check_services, plan_services):
            one(analysis)
    fitting.keep(analysis.linked)
    by_service = keys(analysis)
    check_remembering(analysis, memory, by_service)
    plan_remembering(analysis, memory, by_service)
    return analysis
