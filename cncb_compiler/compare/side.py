"""One of the two revisions, as it is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.graph.link import link
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.model.read import read
from cncb_compiler.patterns.lower import lower
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.canonical import canonical
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.sources import Sources
from cncb_compiler.source.yaml12 import load

Values = Sequence[tuple[str, object]]
"""The value of each file by its name, keys in canonical order: what the passes after reading see."""


@dataclass(frozen=True, slots=True)
class Side:
    """A revision: linked and planned. `sources` has the texts, where there are any, for lines.

    `found` is what was found in reading and linking it, `source` what it was read from, where that were files.
    """

    label: str
    system: LinkedSystem
    plans: dict[str, ServicePlan]
    sources: Sources
    found: tuple[Diagnostic, ...] = ()
    source: SystemSource | None = None

    @property
    def wrong(self) -> int:
        """How many errors kept parts of it from being understood."""
        return sum(one.severity is Severity.ERROR for one in self.found)

    @property
    def broken(self) -> frozenset[str]:
        """Names of declarations that could not be understood: they are there, whatever they say."""
        return self.system.declared.broken


def side_of(label: str, source: SystemSource, name: str | None = None) -> Side:
    """Understand a system's files. `name` is that of a system whose files do not say it."""
    found = list(source.diagnostics)
    values = []
    for file in source.files:
        value, wrong = load(file.text, file.name)
        found += wrong
        values.append((file.name, canonical(value)))
    made = side_of_values(label, values, name or source.root.resolve().name, Sources(source.files), found)
    return replace(made, source=source)


def side_of_values(
    label: str, values: Values, name: str, sources: Sources | None = None, found: Sequence[Diagnostic] = ()
) -> Side:
    """Understand a system by the values of its files, as a manifest keeps them."""
    declared, wrong = read(values, name)
    system = link(declared)
    plans = {service.name: lower(system, service) for service in system.services.values()}
    return Side(label, system, plans, sources or Sources(()), (*found, *wrong, *system.diagnostics))


def nothing(label: str, name: str) -> Side:
    """A revision in which there is no such system yet, or no longer."""
    return side_of_values(label, [("system.yaml", {"system": name})], name)
