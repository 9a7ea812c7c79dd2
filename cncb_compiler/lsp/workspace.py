"""The systems that an editor works on: unsaved buffers over the files on disk; what did not change is reused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cncb_compiler.compilation import checked_template
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.lsp.symbols import Occurrence, Symbol, occurrences
from cncb_compiler.passes import PASSES, Analysis, load_file, plan_services
from cncb_compiler.patterns.lower import lower
from cncb_compiler.rules import registry
from cncb_compiler.source.discover import SystemSource, is_system_folder, read_whole
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.read import declares_system, is_source_file, is_source_folder
from cncb_compiler.source.sources import Sources


@dataclass(slots=True, eq=False)
class System:
    """One system: what is on disk, and what was last found in it.

    `late` is what the planned and finished services were last found wrong in: it takes longest, and is looked at
    again when the user pauses. `stale`: files that the analysis read beside the YAML may be other ones now.
    """

    root: Path
    disk: SystemSource
    analysis: Analysis | None = None
    late: list[Diagnostic] = field(default_factory=list)
    stale: bool = False
    _loaded: dict[str, tuple[str, tuple[Any, list[Diagnostic]]]] = field(default_factory=dict)
    _indexes: dict[str, PositionIndex] = field(default_factory=dict)
    _occurrences: dict[str, tuple[PositionIndex, tuple[Occurrence, ...]]] = field(default_factory=dict)

    @property
    def linked(self) -> LinkedSystem | None:
        """The system as it was last linked."""
        return self.analysis.system if self.analysis else None

    def source(self, buffers: Mapping[Path, str]) -> SystemSource:
        """The files, unsaved buffers in place of those on disk."""
        texts = {file.name: file.text for file in self.disk.files}
        for path, text in buffers.items():
            name = self.name(path)
            if name is not None:
                texts[name] = text
        unreadable = tuple(one for one in self.disk.diagnostics if one.at.file not in texts)
        files = tuple(SourceFile(name, texts[name]) for name in sorted(texts))
        return replace(self.disk, files=files, diagnostics=unreadable)

    def name(self, path: Path) -> str | None:
        """What the system calls a file; None where the file is none of its own."""
        if not path.is_relative_to(self.root):
            return None
        relative = path.relative_to(self.root)
        own = is_source_file(relative.name) and all(is_source_folder(folder) for folder in relative.parts[:-1])
        return relative.as_posix() if own else None

    def sources(self, buffers: Mapping[Path, str]) -> Sources:
        """The files as they are now, with the outlines of those that did not change."""
        return Sources(self.source(buffers).files, index=self.index)

    def index(self, file: str, text: str) -> PositionIndex:
        """The places of a file's text."""
        known = self._indexes.get(file)
        if known is None or known.text != text:
            known = self._indexes[file] = PositionIndex(text)
        return known

    def symbols(self, buffers: Mapping[Path, str]) -> dict[Symbol, list[Occurrence]]:
        """Every name of the system, with all its occurrences."""
        found: dict[Symbol, list[Occurrence]] = {}
        for file in self.source(buffers).files:
            for one in self.occurrences(file.name, self.index(file.name, file.text)):
                found.setdefault(one.symbol, []).append(one)
        return found

    def occurrences(self, file: str, index: PositionIndex) -> tuple[Occurrence, ...]:
        """The names of one file."""
        known = self._occurrences.get(file)
        if known is None or known[0] is not index:
            known = self._occurrences[file] = index, occurrences(file, index)
        return known[1]

    def analyse(self, buffers: Mapping[Path, str]) -> Analysis:
        """Run the passes up to the rules; planned and finished services are looked at by `finish`."""
        source = self.source(buffers)
        if self.analysis is not None and self.analysis.source == source and not self.stale:
            return self.analysis
        analysis = Analysis(source, Sources(source.files), load=self._load, index=self.index)
        for one in PASSES:
            if one is not plan_services:
                one(analysis)
        self.analysis, self.stale = analysis, False
        return analysis

    def finish(self, analysis: Analysis) -> Iterator[None]:
        """Plan the services and look at their templates, one at each step; then `late` is what was found."""
        found: list[Diagnostic] = []
        for service in analysis.linked.services.values():
            plan = lower(analysis.linked, service)
            found += registry.run_planned((plan,))
            found += checked_template(plan)[1]
            yield
        self.late = found

    def shown(self, analysis: Analysis) -> list[Diagnostic]:
        """What the user is to see."""
        return replace(analysis, found=[*analysis.found, *self.late]).shown()

    def _load(self, text: str, file: str) -> tuple[Any, list[Diagnostic]]:
        known = self._loaded.get(file)
        if known is None or known[0] != text:
            known = self._loaded[file] = text, load_file(text, file)
        return known[1]


class Workspace:
    """The open buffers by path, and the systems that they belong to."""

    def __init__(self) -> None:
        self.buffers: dict[Path, str] = {}
        self.systems: dict[Path, System] = {}

    def system(self, path: Path) -> System | None:
        """The system that a file belongs to, read at the first question; None where there is none."""
        root = self._root(path)
        if root is None:
            return None
        if root not in self.systems:
            self.systems[root] = System(root, read_whole(root))
        return self.systems[root]

    def reread(self) -> None:
        """Read what is on disk again: some file was saved, made, or removed."""
        for root, system in list(self.systems.items()):
            if root.is_dir():
                system.disk, system.stale = read_whole(root), True
            else:
                del self.systems[root]

    def _root(self, path: Path) -> Path | None:
        """The nearest folder around a file that declares a system, on disk or in a buffer."""
        for folder in path.parents:
            declared = (text for open_, text in self.buffers.items() if open_.parent == folder)
            if is_system_folder(folder) or any(declares_system(text) for text in declared):
                return folder
            if (folder / ".git").exists():
                return None
        return None
