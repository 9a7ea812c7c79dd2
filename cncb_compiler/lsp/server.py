"""The language server: the protocol at the edge, the answers in the other modules of this room."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from cncb_compiler import __version__
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.lsp import completion, hover, keys, navigation
from cncb_compiler.lsp.cursor import cursors
from cncb_compiler.lsp.expressions import declared_at, field_at, mapping_at
from cncb_compiler.lsp.findings import FIX_ALL, View, actions, by_file
from cncb_compiler.lsp.symbols import Occurrence
from cncb_compiler.lsp.text import Point, offset
from cncb_compiler.lsp.workspace import System, Workspace
from cncb_compiler.source.location import Location
from cncb_compiler.source.positions import PositionIndex

PAUSE = 0.1
"""Seconds without a keystroke after which the system is checked."""

REST = 0.6
"""Seconds after that, until its templates are looked at too."""

WATCHED = "**/*.{yaml,yml,py,toml}"
"""The files of which some client tells when they change on disk: topologies, hooks, settings."""

ITEM_KINDS = {
    "key": types.CompletionItemKind.Property,
    "name": types.CompletionItemKind.Reference,
    "word": types.CompletionItemKind.EnumMember,
    "type": types.CompletionItemKind.Class,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
}


@dataclass(slots=True)
class Place:
    """Where a request points: a character of a file of a system, which is looked at through `view`."""

    system: System
    file: str
    index: PositionIndex
    offset: int
    view: View

    def occurrence(self) -> Occurrence | None:
        """The name that stands here."""
        return navigation.at(self.system.occurrences(self.file, self.index), self.offset)


class Server(LanguageServer):
    """The server with its workspace; `shown` is what the client shows now, by system and file."""

    def __init__(self) -> None:
        super().__init__("cncb", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.files = Workspace()
        self.shown: dict[Path, dict[str, list[types.Diagnostic]]] = {}
        self.waiting: dict[Path, asyncio.Task[None]] = {}

    def place(self, uri: str, position: types.Position) -> Place | None:
        """The place that a request points at; None in a file of no system."""
        path = path_of(uri)
        system = self.files.system(path)
        file = system.name(path) if system else None
        if system is None or file is None:
            return None
        view = self.view(system)
        index = view.sources.index(file)
        if index is None:
            return None
        at = offset(index.lines, Point(position.line, position.character), view.encoding)
        return Place(system, file, index, at, view)

    def view(self, system: System) -> View:
        """A system's files as they are now."""
        return View(system.root, system.sources(self.files.buffers), self.encoding)

    @property
    def encoding(self) -> str:
        """The units in which the client counts characters."""
        return types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value

    def changed(self, path: Path) -> None:
        """Check the system of a file as soon as there is a pause."""
        system = self.files.system(path)
        if system is None:
            return
        waiting = self.waiting.pop(system.root, None)
        if waiting is not None:
            waiting.cancel()
        self.waiting[system.root] = asyncio.get_running_loop().create_task(self.check(system))

    async def check(self, system: System) -> None:
        """Publish what is found; then look at templates, step by step, so that requests are answered in between."""
        await asyncio.sleep(PAUSE if system.analysis else 0)
        analysis = system.analyse(self.files.buffers)
        self.publish(system, system.shown(analysis))
        await asyncio.sleep(REST)
        for _ in system.finish(analysis):
            await asyncio.sleep(0)
        self.publish(system, system.shown(analysis))

    def publish(self, system: System, found: list[Diagnostic]) -> None:
        """Show the findings of every file where they are not what the client shows already."""
        assert system.analysis is not None
        view = View(system.root, system.analysis.sources, self.encoding)
        files = by_file(found, view)
        shown = self.shown.setdefault(system.root, {})
        for file in sorted({*shown, *files, *(file.name for file in system.analysis.source.files)}):
            now = files.get(file, [])
            if shown.get(file) != now:
                shown[file] = now
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(view.uri(file), now))

    def forget(self, path: Path) -> None:
        """Publish the findings of a file again, whatever the client shows: it has just been opened."""
        system = self.files.system(path)
        if system is not None:
            self.shown.get(system.root, {}).pop(system.name(path) or "", None)

    def found(self, system: System) -> list[Diagnostic]:
        """The findings of a system as it is now."""
        return system.shown(system.analyse(self.files.buffers))


def path_of(uri: str) -> Path:
    """The path of a file's address."""
    return Path(to_fs_path(uri) or uri).resolve()


def make_server() -> Server:
    """The server with all that it answers."""
    server = Server()

    @server.feature(types.INITIALIZED)
    async def initialized(ls: Server, _: types.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
            registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        ls.files.buffers[path] = params.text_document.text.removeprefix("\ufeff")
        ls.forget(path)
        ls.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def edited(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        ls.files.buffers[path] = params.content_changes[-1].text.removeprefix("\ufeff")
        ls.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        ls.files.reread()
        ls.changed(path_of(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        ls.files.buffers.pop(path, None)
        ls.files.reread()
        ls.changed(path)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
        ls.files.reread()
        for root in list(ls.files.systems):
            ls.changed(root / "system.yaml")

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
        return list(_definitions(ls, ls.place(params.text_document.uri, params.position)))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
        place = ls.place(params.text_document.uri, params.position)
        one = place.occurrence() if place else None
        if place is None or one is None:
            return []
        found = navigation.references(
            one.symbol, place.system.symbols(ls.files.buffers), declaration=params.context.include_declaration
        )
        return [place.view.location(each.file, each.start, each.end) for each in found]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(ls: Server, params: types.PrepareRenameParams) -> types.Range | None:
        place = ls.place(params.text_document.uri, params.position)
        one = place.occurrence() if place else None
        return place.view.range(one.file, one.start, one.end) if place and one else None

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
        place = ls.place(params.text_document.uri, params.position)
        one = place.occurrence() if place else None
        if place is None or one is None:
            return None
        try:
            return place.view.edit(
                navigation.renamed(one.symbol, params.new_name, place.system.symbols(ls.files.buffers))
            )
        except navigation.RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
        place = ls.place(params.text_document.uri, params.position)
        said = list(filter(None, _told(place))) if place else []
        if not said:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(said)))

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", " ", "[", ":"]))
    async def complete(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
        place = ls.place(params.text_document.uri, params.position)
        if place is None:
            return []
        offered = completion.offers(
            place.index.text, place.offset, place.file, place.system.symbols(ls.files.buffers), place.system.linked
        )
        return [
            types.CompletionItem(
                one.label, kind=ITEM_KINDS[one.kind], detail=one.detail or None, documentation=one.documentation or None
            )
            for one in offered
        ]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    async def mends(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        start = ls.place(params.text_document.uri, params.range.start)
        end = ls.place(params.text_document.uri, params.range.end)
        if start is None or end is None:
            return []
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        return actions(ls.found(start.system), start.file, start.offset, end.offset, start.view, only)

    return server


def _definitions(ls: Server, place: Place | None) -> Iterator[types.Location]:
    if place is None:
        return
    one = place.occurrence()
    if one is not None:
        for each in navigation.definitions(one.symbol, place.system.symbols(ls.files.buffers)):
            yield place.view.location(each.file, each.start, each.end)
        return
    at = _field_declared(place)
    index = place.view.sources.index(at.file) if at else None
    span = index.span(at) if index and at else None
    if at and span:
        yield place.view.location(at.file, *span)


def _field_declared(place: Place) -> Location | None:
    """Where the field that an expression names here is declared."""
    linked = place.system.linked
    for cursor in cursors(place.index.text, place.offset)[:1]:
        mapping = mapping_at(linked, place.file, cursor.path) if linked and not cursor.on_key else None
        if linked and mapping:
            known = field_at(cursor.before + cursor.after, len(cursor.before), mapping, linked.types)
            return declared_at(known[0], mapping, linked) if known else None
    return None


def _told(place: Place) -> Iterator[str | None]:
    """The name, field or key that stands at a place, and the rules of what is found there."""
    system, one = place.system, place.occurrence()
    analysis = system.analysis
    if one is not None and system.linked is not None:
        yield hover.about(one.symbol, system.linked)
    for cursor in cursors(place.index.text, place.offset)[:1]:
        if cursor.on_key:
            path = (*cursor.path, cursor.before + cursor.after)
            yield keys.documentation(path, service_file=cursor.service is not None)
        elif one is None and system.linked is not None:
            mapping = mapping_at(system.linked, place.file, cursor.path)
            text = cursor.before + cursor.after
            known = field_at(text, len(cursor.before), mapping, system.linked.types) if mapping else None
            yield hover.field(*known) if known else None
    if analysis is not None:
        here = [
            found
            for found in [*analysis.found, *system.late]
            if found.at.file == place.file and _covers(place.view.span(found), place.offset)
        ]
        yield hover.of_findings(here)


def _covers(span: tuple[int, int], offset_: int) -> bool:
    return span[0] <= offset_ <= span[1] and span != (0, 0)
