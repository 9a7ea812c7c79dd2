"""The systems that an editor works on: unsaved buffers over the files on disk; what did not change is reused."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.cache.mappings import FittingServices
from cncb_compiler.cache.memory import Memory
from cncb_compiler.cache.services import check_remembering, keys
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.lsp import scenarios
from cncb_compiler.lsp.symbols import Occurrence, Symbol, occurrences, repeats_services
from cncb_compiler.passes import PASSES, Analysis, check_services, load_file, plan_services
from cncb_compiler.patterns.lower import lower
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rules import registry
from cncb_compiler.rules.cncb017_nested_system import RULE as NESTED_SYSTEM
from cncb_compiler.source.discover import SystemSource, is_system_folder, read_whole
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.read import declares_system, is_source_file, is_source_folder
from cncb_compiler.source.sources import Sources


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a text was read as. `broken`: its syntax is; then `value` is what the file last said."""

    text: str
    value: Any
    found: list[Diagnostic]
    broken: bool


@dataclass(slots=True, eq=False)
class System:
    """One system: what is on disk, and what was last found in it.

    `late` is what planned and finished services, and scenarios, were last found wrong in: it takes longest, and is
    looked at again when the user pauses. `stale`: files that the analysis read beside the YAML may be other ones now.
    `took`: the seconds that the last analysis took. `inner`: folders that are systems of their own.
    """

    root: Path
    disk: SystemSource
    scenarios: tuple[SourceFile, ...] = ()
    analysis: Analysis | None = None
    late: list[Diagnostic] = field(default_factory=list)
    stale: bool = False
    took: float = 0.0
    inner: tuple[str, ...] = ()
    _memory: Memory = field(default_factory=Memory)
    _loaded: dict[str, Loaded] = field(default_factory=dict)
    _indexes: dict[str, PositionIndex] = field(default_factory=dict)
    _occurrences: dict[str, tuple[PositionIndex, tuple[Occurrence, ...]]] = field(default_factory=dict)
    _planned: dict[str, tuple[ServicePlan, list[Diagnostic]]] = field(default_factory=dict)

    @property
    def linked(self) -> LinkedSystem | None:
        """The system as it was last linked."""
        return self.analysis.system if self.analysis else None

    def reread(self) -> None:
        """Read what is on disk again."""
        self.disk, self.stale = read_whole(self.root), True
        nested = (one.at.file for one in self.disk.diagnostics if one.code == NESTED_SYSTEM.code)
        self.inner = tuple(name.rpartition("/")[0] + "/" for name in nested)
        self.scenarios = scenarios.on_disk(self.root)

    def source(self, buffers: Mapping[Path, str]) -> SystemSource:
        """The files, unsaved buffers in place of those on disk."""
        files = self._over(self.disk.files, buffers, scenario=False)
        names = {file.name for file in files}
        unreadable = tuple(one for one in self.disk.diagnostics if one.at.file not in names)
        return replace(self.disk, files=files, diagnostics=unreadable)

    def scenario_files(self, buffers: Mapping[Path, str]) -> tuple[SourceFile, ...]:
        """The scenarios, unsaved buffers in place of those on disk."""
        return self._over(self.scenarios, buffers, scenario=True)

    def _over(
        self, files: Iterable[SourceFile], buffers: Mapping[Path, str], *, scenario: bool
    ) -> tuple[SourceFile, ...]:
        texts = {file.name: file.text for file in files}
        for path, text in buffers.items():
            name = self.name(path)
            if name is not None and scenarios.is_scenario(name) is scenario:
                texts[name] = text
        return tuple(SourceFile(name, texts[name]) for name in sorted(texts))

    def name(self, path: Path) -> str | None:
        """What the system calls a file, or a scenario of its own; None where the file is neither."""
        if not path.is_relative_to(self.root):
            return None
        relative = path.relative_to(self.root)
        name = relative.as_posix()
        if any(name.startswith(folder) for folder in self.inner):
            return None
        own = is_source_file(relative.name) and all(is_source_folder(folder) for folder in relative.parts[:-1])
        return name if own or scenarios.is_scenario(name) else None

    def sources(self, buffers: Mapping[Path, str]) -> Sources:
        """The files and scenarios as they are now, with the outlines of those that did not change."""
        files = (*self.source(buffers).files, *self.scenario_files(buffers))
        settings = self.analysis.config.file if self.analysis else None
        return Sources(files, settings=settings, index=self.index)

    def index(self, file: str, text: str) -> PositionIndex:
        """The places of a file's text."""
        known = self._indexes.get(file)
        if known is None or known.text != text:
            known = self._indexes[file] = PositionIndex(text)
        return known

    def symbols(self, buffers: Mapping[Path, str]) -> dict[Symbol, list[Occurrence]]:
        """Every name of the system, with all its occurrences."""
        found: dict[Symbol, list[Occurrence]] = {}
        for file in (*self.source(buffers).files, *self.scenario_files(buffers)):
            for one in self.occurrences(file.name, self.index(file.name, file.text)):
                found.setdefault(one.symbol, []).append(one)
        return found

    def repeats_services(self, buffers: Mapping[Path, str]) -> bool:
        """Whether a service is an alias of another one."""
        return any(repeats_services(self.index(file.name, file.text)) for file in self.source(buffers).files)

    def occurrences(self, file: str, index: PositionIndex) -> tuple[Occurrence, ...]:
        """The names of one file."""
        known = self._occurrences.get(file)
        if known is None or known[0] is not index:
            read = scenarios.occurrences if scenarios.is_scenario(file) else occurrences
            known = self._occurrences[file] = index, read(file, index)
        return known[1]

    def analyse(self, buffers: Mapping[Path, str]) -> Analysis:
        """Run the passes up to the rules; planned and finished services are looked at by `finish`."""
        source = self.source(buffers)
        if self.analysis is not None and self.analysis.source == source and not self.stale:
            return self.analysis
        began = time.monotonic()
        fitting = FittingServices(source, self._memory)
        analysis = Analysis(source, Sources(source.files), load=self._load, index=self.index, fitting=fitting.known)
        for one in PASSES:
            if one not in (check_services, plan_services):
                one(analysis)
        fitting.keep(analysis.linked)
        check_remembering(analysis, self._memory, keys(analysis))
        self._memory = Memory(self._memory.kept)
        self.analysis, self.stale, self.took = analysis, False, time.monotonic() - began
        return analysis

    def finish(self, analysis: Analysis, buffers: Mapping[Path, str]) -> Iterator[None]:
        """Plan the services and look at their templates, one at each step, and at scenarios; then `late` is known."""
        planned: dict[str, tuple[ServicePlan, list[Diagnostic]]] = {}
        for name, service in analysis.linked.services.items():
            plan = lower(analysis.linked, service)
            known = self._planned.get(name)
            if known is None or known[0] != plan:
                known = plan, [*registry.run_planned((plan,)), *checked_template(plan)[1]]
            planned[name] = known
            yield
        self._planned = planned
        found = [one for _, wrong in planned.values() for one in wrong]
        plans = [plan for plan, _ in planned.values()]
        self.late = found + scenarios.findings(self.scenario_files(buffers), analysis.linked, plans)

    def shown(self, analysis: Analysis) -> list[Diagnostic]:
        """What the user is to see; of a file that cannot be read, why."""
        broken = self.broken
        found = [one for one in (*analysis.found, *self.late) if one.code[4] == "0" or one.at.file not in broken]
        return replace(analysis, found=found).shown()

    @property
    def broken(self) -> set[str]:
        """The files that could not be read when the system was last analysed."""
        return {name for name, loaded in self._loaded.items() if loaded.broken}

    def _load(self, text: str, file: str) -> tuple[Any, list[Diagnostic]]:
        known = self._loaded.get(file)
        if known is None or known.text != text:
            value, found = load_file(text, file)
            broken = value is None and any(one.severity is Severity.ERROR for one in found)
            said = known.value if broken and known is not None else value
            known = self._loaded[file] = Loaded(text, said, found, broken)
        return known.value, known.found


class Workspace:
    """The open buffers by path, and the systems that they belong to."""

    def __init__(self) -> None:
        self.buffers: dict[Path, str] = {}
        self.systems: dict[Path, System] = {}
        self._is_root: dict[Path, bool] = {}

    def system(self, path: Path) -> System | None:
        """The system that a file belongs to, read at the first question; None where there is none."""
        root = self._root(path)
        if root is None:
            return None
        if root not in self.systems:
            system = self.systems[root] = System(root, SystemSource(root, ()))
            system.reread()
        return self.systems[root]

    def reread(self) -> list[System]:
        """Read what is on disk again: some file was saved, made, or removed. Gives the systems that are none now."""
        self._is_root.clear()
        gone = []
        for root, system in list(self.systems.items()):
            if self._root(root / "system.yaml") == root:
                system.reread()
            else:
                gone.append(self.systems.pop(root))
        return gone

    def _root(self, path: Path) -> Path | None:
        """The nearest folder around a file that declares a system, on disk or in a buffer."""
        for folder in path.parents:
            declared = (text for open_, text in self.buffers.items() if open_.parent == folder)
            if self._declares(folder) or any(declares_system(text) for text in declared):
                return folder
            if (folder / ".git").exists():
                return None
        return None

    def _declares(self, folder: Path) -> bool:
        if folder not in self._is_root:
            self._is_root[folder] = is_system_folder(folder)
        return self._is_root[folder]
