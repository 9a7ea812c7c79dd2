"""`cncb lsp`, as an editor uses it: pygls' own client over standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

PATIENCE = 20

SERVE = "from cncb_compiler.cli.main import main; main()"

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
    """A client with one folder, the findings that it was told of, and what the server says of itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.client = LanguageClient("test", "1")
        self.found: dict[str, list[types.Diagnostic]] = {}
        self.logged: list[str] = []
        self.told = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = list(params.diagnostics)
            self.told.set()

        @self.client.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

    def uri(self, file: str) -> str:
        return (self.folder / file).as_uri()

    def document(self, file: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(file))

    def at(self, file: str, position: types.Position) -> dict[str, object]:
        return {"text_document": self.document(file), "position": position}

    def open(self, file: str, text: str) -> None:
        item = types.TextDocumentItem(self.uri(file), "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, file: str, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(file), version=2)
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def close(self, file: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(file)))

    def changed_on_disk(self, file: str) -> None:
        event = types.FileEvent(self.uri(file), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def until(self, file: str, holds: Callable[[list[types.Diagnostic]], bool]) -> list[types.Diagnostic]:
        """Wait until the findings of a file are as they should be."""
        async with asyncio.timeout(PATIENCE):
            while self.uri(file) not in self.found or not holds(self.found[self.uri(file)]):
                self.told.clear()
                await self.told.wait()
        return self.found[self.uri(file)]

    async def labels(self, file: str, position: types.Position) -> set[str]:
        """What is offered at a place."""
        params = types.CompletionParams(**self.at(file, position))
        return {one.label for one in await self.client.text_document_completion_async(params)}


def in_editor(
    folder: Path, session: Callable[[Editor], Awaitable[None]], before: str = "", *, shut_down: bool = True
) -> None:
    """Run a session with a server of its own; `before` is Python that it runs first. Shut down, it has to end well."""

    async def run() -> None:
        editor = Editor(folder)
        await editor.client.start_io(sys.executable, "-c", f"{before}{SERVE}", "lsp")
        capabilities = types.ClientCapabilities()
        await editor.client.initialize_async(types.InitializeParams(capabilities, root_uri=editor.folder.as_uri()))
        editor.client.initialized(types.InitializedParams())
        await asyncio.wait_for(session(editor), 3 * PATIENCE)
        if shut_down:
            await editor.client.shutdown_async(None)
        editor.client.exit(None)
        await asyncio.wait_for(editor.client._server.wait(), PATIENCE)
        assert editor.client._server.returncode == (0 if shut_down else 1)

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
        assert editor.logged == []

    in_editor(folder, session)


def codes(found: list[types.Diagnostic]) -> set[str]:
    return {one.code for one in found}


def test_findings_follow_buffers_and_the_disk(write):
    """Syntax errors while typing; closing without saving; files that come, go and move; several systems; CRLF."""
    other = "system: other\r\nevents: {thing-lost: {description: '\U0001f4a5', entity: thing, with: {thing: Nope}}}\r\n"
    folder = write(
        {
            "a/system.yaml": SYSTEM,
            "a/orders.yaml": ORDERS,
            "a/history.yaml": HISTORY,
            "a/scenarios/one.yaml": "scenario: x\nwhen: [{publish: order-submited}]\n",
            "b/system.yaml": "",
        }
    )
    (folder / "b/system.yaml").write_bytes(other.encode())

    async def session(editor: Editor) -> None:
        broken = HISTORY.replace("order.total", "order.totl")
        editor.open("a/history.yaml", broken)
        await editor.until("a/history.yaml", has("CNCB304"))

        # While the events cannot be read, what used them says what it said; the broken file says why.
        editor.open("a/system.yaml", SYSTEM.replace("}}}}", "}}"))
        assert codes(await editor.until("a/system.yaml", has("CNCB001"))) == {"CNCB001"}
        assert codes(editor.found[editor.uri("a/history.yaml")]) == {"CNCB304"}
        assert "order-submitted" in await editor.labels("a/history.yaml", after(HISTORY, ", on: "))

        # Closed without being saved, a file is what it is on disk.
        editor.close("a/system.yaml")
        await editor.until("a/system.yaml", lacks("CNCB001"))
        editor.close("a/history.yaml")
        assert await editor.until("a/history.yaml", lacks("CNCB304")) == []

        # Scenarios are checked with the system.
        (slip,) = await editor.until("a/scenarios/one.yaml", has("CNCB201"))
        assert slip.range.start == types.Position(1, 17)

        # A file is taken away, and comes back under another name.
        (editor.folder / "a/orders.yaml").rename(editor.folder / "a/bff.yaml.txt")
        editor.changed_on_disk("a/orders.yaml")
        await editor.until("a/system.yaml", has("CNCB401"))
        (editor.folder / "a/bff.yaml.txt").rename(editor.folder / "a/bff.yaml")
        editor.changed_on_disk("a/bff.yaml")
        await editor.until("a/system.yaml", lacks("CNCB401"))

        # Another system in the same editor; characters are counted in UTF-16, lines end with CRLF.
        editor.open("b/system.yaml", other)
        found = await editor.until("b/system.yaml", has("CNCB202"))
        (unknown,) = [one for one in found if one.code == "CNCB202"]
        assert unknown.range == types.Range(after(other, "{thing: "), after(other, "{thing: Nope"))
        assert unknown.range.start == types.Position(1, 70)
        editor.change("b/system.yaml", other.replace("Nope", "string"))
        await editor.until("b/system.yaml", lacks("CNCB202"))

        # What is not used is shown so.
        editor.change("b/system.yaml", "system: other\ntypes: {Unused: string}\n")
        (unused,) = await editor.until("b/system.yaml", has("CNCB212"))
        assert list(unused.tags) == [types.DiagnosticTag.Unnecessary]

        # A system that is gone has no findings.
        editor.change("b/system.yaml", other)
        await editor.until("b/system.yaml", has("CNCB202"))
        editor.close("b/system.yaml")
        (editor.folder / "b/system.yaml").unlink()
        editor.changed_on_disk("b/system.yaml")
        assert await editor.until("b/system.yaml", lacks("CNCB202")) == []
        assert editor.logged == []

    in_editor(folder, session)


def test_names_outlines_layout_and_bad_requests(write):
    scenario = "scenario: x\nwhen: [{publish: order-submitted}]\nthen: {rows: {history.orders: []}}\n"
    folder = write(
        {"system.yaml": SYSTEM, "orders.yaml": ORDERS, "history.yaml": HISTORY, "scenarios/one.yaml": scenario}
    )

    async def session(editor: Editor) -> None:
        client = editor.client
        editor.open("history.yaml", HISTORY)
        editor.open("scenarios/one.yaml", scenario)
        await editor.until("history.yaml", lacks("CNCB001"))

        # Names can be prepared, and are changed in scenarios too; what is no name, or cannot be one, is refused.
        view = editor.at("history.yaml", after(HISTORY, "views:\n  ord"))
        prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**view))
        assert prepared.placeholder == "orders"
        renamed = await client.text_document_rename_async(types.RenameParams(**view, new_name="purchases"))
        assert list(renamed.changes[editor.uri("scenarios/one.yaml")]) == [
            types.TextEdit(types.Range(after(scenario, "{history."), after(scenario, "{history.orders")), "purchases")
        ]
        for place, reason in (
            (after(HISTORY, "api: {au"), "no name of the system"),
            (after(HISTORY, "views:\n  ord"), "cannot be a name"),
        ):
            request = types.RenameParams(**editor.at("history.yaml", place), new_name="Not A Name")
            with pytest.raises(JsonRpcException, match=reason):
                await client.text_document_rename_async(request)
        with pytest.raises(JsonRpcException, match="no name of the system"):
            nothing = editor.at("history.yaml", after(HISTORY, "api: {au"))
            await client.text_document_prepare_rename_async(types.PrepareRenameParams(**nothing))

        outline = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(editor.document("history.yaml"))
        )
        assert [one.name for one in outline] == ["service: history", "api", "views", "queries"]
        assert [one.name for one in outline[2].children] == ["orders"]
        named = await client.workspace_symbol_async(types.WorkspaceSymbolParams("ordsub"))
        assert [(one.name, one.location.uri) for one in named] == [("order-submitted", editor.uri("system.yaml"))]
        (lens,) = await client.text_document_code_lens_async(types.CodeLensParams(editor.document("system.yaml")))
        assert lens.command.title == "1 producer, 1 consumer"

        untidy = HISTORY.replace("service: history", "service:   'history'")
        editor.change("history.yaml", untidy)
        (edit,) = await client.text_document_formatting_async(
            types.DocumentFormattingParams(editor.document("history.yaml"), types.FormattingOptions(2, True))
        )
        assert (edit.range, edit.new_text) == (
            types.Range(types.Position(0, 0), types.Position(1, 0)),
            "service: history\n",
        )

        # A question about a file of no system, or a place that is not there, is answered with nothing.
        for file in ("../elsewhere.yaml", "history.yaml", "hooks/a.py"):
            beyond = types.HoverParams(types.TextDocumentIdentifier(editor.uri(file)), types.Position(999, 999))
            assert await client.text_document_hover_async(beyond) is None
        # What is called off is answered with that, or with what was found.
        asked = client.protocol.send_request(types.TEXT_DOCUMENT_HOVER, types.HoverParams(**view), msg_id="called-off")
        client.protocol.notify("$/cancelRequest", types.CancelParams("called-off"))
        with contextlib.suppress(JsonRpcException):
            await asyncio.wait_for(asyncio.wrap_future(asked), PATIENCE)
        assert "orders" in (await client.text_document_hover_async(types.HoverParams(**view))).contents.value

    in_editor(folder, session)


def test_a_request_that_fails_is_one_answer_less(write):
    """The server is spoiled: what hover tells fails, after it has printed something. Then it ends without goodbye."""
    folder = write({"system.yaml": SYSTEM, "orders.yaml": ORDERS})
    spoil = "from cncb_compiler.lsp import hover; hover.about = lambda *_: print('noise') or 1 / 0\n"

    async def session(editor: Editor) -> None:
        client = editor.client
        editor.open("system.yaml", SYSTEM)
        await editor.until("system.yaml", has("CNCB402"))
        hover = types.HoverParams(**editor.at("system.yaml", after(SYSTEM, "events: {order")))
        with pytest.raises(JsonRpcException, match="division by zero"):
            await client.text_document_hover_async(hover)
        assert "external" in await editor.labels("system.yaml", after(SYSTEM, "{order-submitted: {"))

    in_editor(folder, session, spoil, shut_down=False)
