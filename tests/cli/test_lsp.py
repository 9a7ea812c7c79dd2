"""`cncb lsp`, as an editor uses it: pygls' own client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60

SYSTEM = """\
system: shop
events: {order-submitted: {entity: order, with: {order: {id: uuid, total: number}}}}
"""
ORDERS = """\
service: order-bff
api: {auth: none}
commands:
  submit: {route: POST /orders, input: {order: {id: uuid, total: number}}, publish: order-submitted}
"""
HISTORY = """\
service: history
api: {auth: none}
views:
  orders: {description: "\U0001f4e6 packed", on: order-submitted, key: order.id, fields: {total: order.total}}
queries: {order: {route: "GET /orders/{id}", from: orders}}
"""


class Editor:
    """A client with one folder, and the findings that it was told of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.client = LanguageClient("test", "1")
        self.found: dict[str, list[types.Diagnostic]] = {}
        self.told = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = list(params.diagnostics)
            self.told.set()

    def uri(self, file: str) -> str:
        return (self.folder / file).as_uri()

    def document(self, file: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(file))

    def open(self, file: str, text: str) -> None:
        item = types.TextDocumentItem(self.uri(file), "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, file: str, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(file), version=2)
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    async def until(self, file: str, holds: Callable[[list[types.Diagnostic]], bool]) -> list[types.Diagnostic]:
        """Wait until the findings of a file are as they should be."""
        async with asyncio.timeout(PATIENCE):
            while self.uri(file) not in self.found or not holds(self.found[self.uri(file)]):
                self.told.clear()
                await self.told.wait()
        return self.found[self.uri(file)]


def in_editor(folder: Path, session: Callable[[Editor], Awaitable[None]]) -> None:
    """Run a session with a server of its own, which has to end well."""

    async def run() -> None:
        editor = Editor(folder)
        command = "from cncb_compiler.cli.main import main; main()"
        await editor.client.start_io(sys.executable, "-c", command, "lsp")
        capabilities = types.ClientCapabilities()
        await editor.client.initialize_async(types.InitializeParams(capabilities, root_uri=editor.folder.as_uri()))
        editor.client.initialized(types.InitializedParams())
        await session(editor)
        await editor.client.shutdown_async(None)
        editor.client.exit(None)
        await asyncio.wait_for(editor.client._server.wait(), PATIENCE)
        assert editor.client._server.returncode == 0

    asyncio.run(run())


def has(code: str) -> Callable[[list[types.Diagnostic]], bool]:
    return lambda found: code in {one.code for one in found}


def lacks(code: str) -> Callable[[list[types.Diagnostic]], bool]:
    return lambda found: code not in {one.code for one in found}


def after(text: str, part: str, encoding: str = "utf-16-le") -> types.Position:
    """Where a part of a text ends, as the protocol counts."""
    before = text[: text.index(part) + len(part)]
    line = before.rpartition("\n")[2]
    return types.Position(before.count("\n"), len(line.encode(encoding)) // 2)


def test_a_session(write):
    history = HISTORY
    folder = write({"system.yaml": SYSTEM, "orders.yaml": ORDERS, "history.yaml": history})

    async def session(editor: Editor) -> None:
        client = editor.client
        # An unsaved change in one file breaks another, which is not open.
        editor.open("system.yaml", SYSTEM.replace("total: number", "sum: number"))
        (broken,) = [one for one in await editor.until("history.yaml", has("CNCB304")) if one.code == "CNCB304"]
        start = after(history, "fields: {total: ")
        assert broken.range == types.Range(start, after(history, "fields: {total: order.total"))
        assert broken.related_information[0].location.uri == editor.uri("system.yaml")
        editor.change("system.yaml", SYSTEM)
        await editor.until("history.yaml", lacks("CNCB304"))

        # A slip is offered its mend, which a client applies.
        slipped = history.replace("order.total", "order.totl")
        editor.open("history.yaml", slipped)
        await editor.until("history.yaml", has("CNCB304"))
        where = after(slipped, "order.to")
        context = types.CodeActionContext([])
        mends = await client.text_document_code_action_async(
            types.CodeActionParams(editor.document("history.yaml"), types.Range(where, where), context)
        )
        assert [one.title for one in mends] == ["Change `totl` to `total`", "Make all sure mends of cncb in this file"]
        (edit,) = mends[0].edit.changes[editor.uri("history.yaml")]
        assert edit.new_text == "total"
        assert edit.range == types.Range(after(slipped, "total: order."), after(slipped, "total: order.totl"))
        editor.change("history.yaml", history)
        await editor.until("history.yaml", lacks("CNCB304"))

        at = after(history, "on: order-s")
        (target,) = await client.text_document_definition_async(
            types.DefinitionParams(editor.document("history.yaml"), at)
        )
        assert (target.uri, target.range.start) == (editor.uri("system.yaml"), after(SYSTEM, "events: {"))
        uses = await client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(False), editor.document("history.yaml"), at)
        )
        assert {one.uri for one in uses} == {editor.uri("history.yaml"), editor.uri("orders.yaml")}
        renamed = await client.text_document_rename_async(
            types.RenameParams(editor.document("history.yaml"), at, "order-placed")
        )
        assert {uri: len(edits) for uri, edits in renamed.changes.items()} == {
            editor.uri(file): 1 for file in ("system.yaml", "orders.yaml", "history.yaml")
        }
        told = await client.text_document_hover_async(types.HoverParams(editor.document("history.yaml"), at))
        assert "producers: `order-bff.commands.submit`" in told.contents.value
        field = await client.text_document_hover_async(
            types.HoverParams(editor.document("history.yaml"), after(history, "order.tot"))
        )
        assert "field **order.total**: `number`" in field.contents.value
        offered = await client.text_document_completion_async(
            types.CompletionParams(editor.document("history.yaml"), after(history, "total: order."))
        )
        assert [one.label for one in offered] == ["id", "total"]

        # A file that is new, and what only finished templates show.
        more = "service: more\noverrides: {Nothing: {Properties: {}}}\n"
        editor.open("more.yaml", more)
        await editor.until("more.yaml", has("CNCB902"))

    in_editor(folder, session)
