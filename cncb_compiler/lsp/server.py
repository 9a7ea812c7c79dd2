"""The language server: the protocol at the edge, the answers in the other modules of this room."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from cncb_compiler.lsp import answers
from cncb_compiler.lsp.findings import FIX_ALL
from cncb_compiler.lsp.navigation import RenameError
from cncb_compiler.lsp.session import Server, path_of

WATCHED = "**/*.{yaml,yml,py,toml}"
"""The files of which some client tells when they change on disk: topologies, scenarios, hooks, settings."""

P = TypeVar("P")
R = TypeVar("R")

REQUESTS: tuple[tuple[str, object, Callable[..., object]], ...] = (
    (types.TEXT_DOCUMENT_DEFINITION, None, answers.definition),
    (types.TEXT_DOCUMENT_REFERENCES, None, answers.references),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, None, answers.prepare_rename),
    (types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True), answers.rename),
    (types.TEXT_DOCUMENT_HOVER, None, answers.hovered),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=[".", " ", "[", ":"]),
        answers.completed,
    ),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
        answers.mends,
    ),
    (types.TEXT_DOCUMENT_FORMATTING, None, answers.laid_out),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, answers.outlined),
    (types.WORKSPACE_SYMBOL, None, answers.searched),
    (types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(), answers.counted),
)
"""What is answered, each request by one function of the server and its parameters."""


def make_server() -> Server:
    """The server with all that it answers."""
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)
    server = Server()
    for method, options, answer in REQUESTS:
        server.feature(method, options)(_request(answer))

    @server.feature(types.INITIALIZED)
    async def initialized(ls: Server, _: types.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
            registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    def ended(ls: Server, _: None) -> None:
        ls.ended = True

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        ls.files.buffers[path] = params.text_document.text.removeprefix("\ufeff")
        ls.forget(path)
        ls.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def edited(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        ls.files.buffers[path] = params.content_changes[-1].text.removeprefix("\ufeff")
        ls.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
        ls.reread()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.files.buffers.pop(path_of(params.text_document.uri), None)
        ls.reread()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
        ls.reread()

    return server


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether a message of the log is about something else than a request that was refused with a reason."""
    return not (record.exc_info and isinstance(record.exc_info[1], JsonRpcInvalidParams))


def _request(answer: Callable[[Server, P], R]) -> Callable[[Server, P], object]:
    async def handler(ls: Server, params: P) -> R:
        try:
            return answer(ls, params)
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None

    return handler
