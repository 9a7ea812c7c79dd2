"""One client's session: the systems it works on, what it shows, and when they are looked at."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from cncb_compiler import __version__
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.lsp import navigation
from cncb_compiler.lsp.findings import View, by_file
from cncb_compiler.lsp.symbols import Occurrence, Symbol
from cncb_compiler.lsp.text import Point, offset
from cncb_compiler.lsp.workspace import System, Workspace
from cncb_compiler.source.positions import PositionIndex

PAUSE = (0.03, 0.3)
"""The fewest and most seconds without a keystroke after which a system is checked: as many as its last check took."""

REST = 0.6
"""Seconds after that, until its templates and scenarios are looked at too."""


@dataclass(slots=True)
class Place:
    """Where a request points: a character of a file of a system, which is looked at through `view`."""

    system: System
    file: str
    index: PositionIndex
    offset: int
    view: View
    buffers: Mapping[Path, str]

    def occurrence(self) -> Occurrence | None:
        """The name that stands here."""
        return navigation.at(self.system.occurrences(self.file, self.index), self.offset, self.symbols)

    def symbols(self) -> dict[Symbol, list[Occurrence]]:
        """Every name of the system."""
        return self.system.symbols(self.buffers)


class Server(LanguageServer):
    """The server with its workspace; `shown` is what the client shows now, by system and file.

    `ended`: the client has asked it to shut down, so that its exit is a good one.
    """

    def __init__(self) -> None:
        super().__init__("cncb", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.files = Workspace()
        self.shown: dict[Path, dict[str, list[types.Diagnostic]]] = {}
        self.waiting: dict[Path, asyncio.Task[None]] = {}
        self.ended = False

    @property
    def encoding(self) -> str:
        """The units in which the client counts characters."""
        return types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value

    def located(self, uri: str) -> tuple[System, str] | None:
        """The system that a file belongs to, and what it calls the file; None for a file of no system."""
        path = path_of(uri)
        system = self.files.system(path)
        file = system.name(path) if system else None
        return (system, file) if system and file else None

    def place(self, uri: str, position: types.Position) -> Place | None:
        """The place that a request points at; None in a file of no system."""
        located = self.located(uri)
        if located is None:
            return None
        system, file = located
        view = self.view(system)
        index = view.sources.index(file)
        if index is None:
            return None
        at = offset(index.lines, Point(position.line, position.character), view.encoding)
        return Place(system, file, index, at, view, self.files.buffers)

    def view(self, system: System) -> View:
        """A system's files as they are now."""
        return View(system.root, system.sources(self.files.buffers), self.encoding)

    def found(self, system: System) -> list[Diagnostic]:
        """The findings of a system as it is now."""
        return system.shown(system.analyse(self.files.buffers))

    def reread(self) -> None:
        """Read the disk again, check all systems, and show nothing more of those that are gone."""
        for system in self.files.reread():
            waiting = self.waiting.pop(system.root, None)
            if waiting is not None:
                waiting.cancel()
            for file in self.shown.pop(system.root, {}):
                self.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams((system.root / file).resolve().as_uri(), [])
                )
        for root in list(self.files.systems):
            self.changed(root / "system.yaml")

    def changed(self, path: Path) -> None:
        """Check the system of a file as soon as there is a pause."""
        system = self.files.system(path)
        if system is None:
            return
        waiting = self.waiting.pop(system.root, None)
        if waiting is not None:
            waiting.cancel()
        self.waiting[system.root] = asyncio.get_running_loop().create_task(self._checked(system))

    async def _checked(self, system: System) -> None:
        try:
            await self._check(system)
        except Exception:  # whatever it is: the next keystroke is a new chance, and the editor needs its server
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, traceback.format_exc()))

    async def _check(self, system: System) -> None:
        """Publish what is found; then look at templates, step by step, so that requests are answered in between."""
        fewest, most = PAUSE
        await asyncio.sleep(min(max(system.took, fewest), most) if system.analysis else 0)
        analysis = system.analyse(self.files.buffers)
        self.publish(system, system.shown(analysis))
        await asyncio.sleep(REST)
        for _ in system.finish(analysis, self.files.buffers):
            await asyncio.sleep(0)
        self.publish(system, system.shown(analysis))

    def publish(self, system: System, found: list[Diagnostic]) -> None:
        """Show the findings of every file where they are not what the client shows already."""
        view = self.view(system)
        files = by_file(found, view)
        shown = self.shown.setdefault(system.root, {})
        for file in sorted({*shown, *files, *(file for file, _ in view.sources.texts())}):
            now = files.get(file, [])
            if shown.get(file) != now:
                shown[file] = now
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(view.uri(file), now))

    def forget(self, path: Path) -> None:
        """Publish the findings of a file again, whatever the client shows: it has just been opened."""
        system = self.files.system(path)
        if system is not None:
            self.shown.get(system.root, {}).pop(system.name(path) or "", None)


def path_of(uri: str) -> Path:
    """The path of a file's address."""
    return Path(to_fs_path(uri) or uri).resolve()
