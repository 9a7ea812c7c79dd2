"""One of the two revisions, as it is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.graph.link import link
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.model.read import read
from cncb_compiler.passes import load_file
from cncb_compiler.patterns.lower import lower
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.sources import Sources

Values = Sequence[tuple[str, object]]
"""The value of each file by its name, keys in canonical order: what the passes after reading see."""


@dataclass(frozen=True, slots=True)
class Side:
    """A revision: linked and planned. `sources` has the texts, where there are any, for lines.

    `found` is what was found in reading and linking it, `source` and `values` what it was read from, where that were
    files, and what they hold.
    """

    label: str
    system: LinkedSystem
    plans: dict[str, ServicePlan]
    sources: Sources
    found: tuple[Diagnostic, ...] = ()
    source: SystemSource | None = None
    values: Values = ()

    @property
    def wrong(self) -> int:
        """How many errors kept parts of it from being understood."""
        return sum(one.severity is Severity.ERROR for one in self.found)

    @property
    def broken(self) -> frozenset[str]:
        """Names of declarations that could not be understood: they are there, whatever they say."""
        return self.system.declared.broken


def side_of(label: str, source: SystemSource, name: str | None = None, like: Side | None = None) -> Side:
    """Understand a system's files. `name` is that of a system whose files do not say it.

    `like` is another revision of it: what is the same in both is not read again, nor linked where all is the same.
    """
    named = name or source.root.resolve().name
    sources = Sources(source.files)
    if like is not None and like.source is not None and _same(source, named, like.source):
        return replace(like, label=label, sources=sources, source=source)
    known = _read(like)
    found = list(source.diagnostics)
    values = []
    for file in source.files:
        if file in known:
            values.append((file.name, known[file]))
        else:
            value, wrong = load_file(file.text, file.name)
            found += wrong
            values.append((file.name, value))
    return replace(side_of_values(label, values, named, sources, found), source=source, values=values)


def _same(source: SystemSource, named: str, other: SystemSource) -> bool:
    return (source.files, source.diagnostics, named) == (other.files, other.diagnostics, other.root.resolve().name)


def _read(side: Side | None) -> dict[SourceFile, object]:
    """The values of a side's files in which nothing is found wrong."""
    if side is None or side.source is None:
        return {}
    wrong = {one.at.file for one in side.found}
    read = zip(side.source.files, side.values, strict=True)
    return {file: value for file, (_, value) in read if file.name not in wrong}


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
