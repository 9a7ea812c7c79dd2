"""Whether a service's mappings fit what they read and fill: remembered where its surroundings are the same."""

from __future__ import annotations

from collections.abc import Container, Mapping

from cncb_compiler.cache.memory import Memory
from cncb_compiler.cache.surroundings import keys_of, texts_of
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.schema.types import Type
from cncb_compiler.source.discover import SystemSource

KIND = "mappings"


class FittingServices:
    """The services of a system whose mappings fit, as far as the memory knows."""

    def __init__(self, source: SystemSource, memory: Memory) -> None:
        self._source = source
        self._memory = memory
        self._keys: dict[str, str] = {}

    def known(self, declared: DeclaredSystem, contexts: Mapping[str, Type]) -> Container[str]:
        """Those that fitted when all that their mappings are checked against was the same."""
        shared = [declared.name, repr(sorted(declared.broken)), repr(sorted(contexts.items()))]
        services = {name: service.at for name, service in declared.services.items()}
        self._keys = keys_of(texts_of(self._source), services, shared)
        return {name for name, key in self._keys.items() if self._memory.recall(KIND, name, key) is not None}

    def keep(self, system: LinkedSystem) -> None:
        """Remember those that fit now."""
        for name, key in self._keys.items():
            if name not in system.unfitting:
                self._memory.keep(KIND, name, key, True)
