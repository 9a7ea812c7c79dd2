"""`python -m benchmarks.editing [SERVICES]`: what a keystroke costs, beside a cold check of the same system.

A keystroke is an edit of an open file, sent to `cncb lsp`. Two answers are timed, from when it is sent: a completion,
and the findings (the pause that the server waits for more keystrokes included). Checks and keystrokes take turns.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import write
from benchmarks.measure import Measurement

SERVICES = 100
ROUNDS = 9
LIMIT = 0.25
"""What a keystroke may take of a cold check."""

CHECK_BESIDE = "cncb check, beside cncb lsp"
COMPLETION = "cncb lsp, keystroke to completion"
FINDINGS = "cncb lsp, keystroke to findings"

CNCB = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()"]
READ = "item.name"
"""The expression that is typed over, in the view of each service."""


async def measured(folder: Path, rounds: int) -> dict[str, list[float]]:
    """The seconds of cold checks, completions and findings, round by round."""
    # Not above: it takes room, and whoever measures memory must be small.
    from lsprotocol import types
    from pygls.lsp.client import LanguageClient

    file = folder / "services" / "service-0000.yaml"
    text, uri = file.read_text(encoding="utf-8"), file.as_uri()
    lines = text.split("\n")
    line = next(number for number, content in enumerate(lines) if READ in content)
    at = types.Position(line, lines[line].index(READ) + len("item."))
    client, told = LanguageClient("bench", "1"), asyncio.Event()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: types.PublishDiagnosticsParams) -> None:
        if params.uri == uri:
            told.set()

    await client.start_io(*CNCB, "lsp")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri()))
    client.initialized(types.InitializedParams())
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 0, text)))
    await told.wait()
    nothing_remembered = {**os.environ, "CNCB_CACHE": ""}
    seconds: dict[str, list[float]] = {CHECK_BESIDE: [], COMPLETION: [], FINDINGS: []}
    for number in range(rounds):
        start = time.perf_counter()
        subprocess.run([*CNCB, "check", str(folder)], stdout=subprocess.DEVNULL, check=False, env=nothing_remembered)
        seconds[CHECK_BESIDE].append(time.perf_counter() - start)
        told.clear()
        typed = text.replace(READ, f"item.nothing{number}")
        start = time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=uri, version=number + 1),
                [types.TextDocumentContentChangeWholeDocument(typed)],
            )
        )
        await client.text_document_completion_async(types.CompletionParams(types.TextDocumentIdentifier(uri), at))
        seconds[COMPLETION].append(time.perf_counter() - start)
        await told.wait()
        seconds[FINDINGS].append(time.perf_counter() - start)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return seconds


def measurements(folder: Path, rounds: int, services: int = SERVICES) -> list[Measurement]:
    """The same, of a system that is written into `folder`."""
    write(folder, services)
    seconds = asyncio.run(measured(folder, rounds))
    return [Measurement(name, services, tuple(runs), 0) for name, runs in seconds.items()]


def main() -> None:
    """Print the medians and their ratios; status 1 where a keystroke takes more than `LIMIT` of a check."""
    services = int(sys.argv[1]) if len(sys.argv) > 1 else SERVICES
    with tempfile.TemporaryDirectory() as folder:
        found = measurements(Path(folder).resolve() / "bench", ROUNDS, services)
    medians = {each.subject: statistics.median(each.runs) for each in found}
    for name, median in medians.items():
        print(f"{name:34} {median * 1000:7.0f} ms  {median / medians[CHECK_BESIDE]:5.2f}x")
    raise SystemExit(any(medians[name] > LIMIT * medians[CHECK_BESIDE] for name in (COMPLETION, FINDINGS)))


if __name__ == "__main__":
    main()
