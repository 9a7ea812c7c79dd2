"""`python -m benchmarks.editing [SERVICES]`: what a keystroke costs, beside a cold check of the same system.

A keystroke is an edit of an open file, sent to `cncb lsp`. Two answers are timed, from when it is sent: a completion,
and the findings (the pause that the server waits for more keystrokes included). Checks and keystrokes take turns.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from benchmarks.generate import write

SERVICES = 100
ROUNDS = 9
LIMIT = 0.25
"""What a keystroke may take of a cold check."""

CNCB = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()"]
READ = "item.name"
"""The expression that is typed over, in the view of each service."""


async def measured(folder: Path, rounds: int) -> dict[str, list[float]]:
    """The seconds of cold checks, completions and findings, round by round."""
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
    seconds: dict[str, list[float]] = {"cold check": [], "completion": [], "findings": []}
    for number in range(rounds):
        start = time.perf_counter()
        subprocess.run([*CNCB, "check", str(folder)], stdout=subprocess.DEVNULL, check=False)
        seconds["cold check"].append(time.perf_counter() - start)
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
        seconds["completion"].append(time.perf_counter() - start)
        await told.wait()
        seconds["findings"].append(time.perf_counter() - start)
    await client.shutdown_async(None)
    client.exit(None)
    return seconds


def main() -> None:
    """Print the medians and their ratios; status 1 where a keystroke takes more than `LIMIT` of a check."""
    services = int(sys.argv[1]) if len(sys.argv) > 1 else SERVICES
    with tempfile.TemporaryDirectory() as folder:
        system = Path(folder).resolve() / "bench"
        write(system, services)
        seconds = asyncio.run(measured(system, ROUNDS))
    medians = {name: statistics.median(runs) for name, runs in seconds.items()}
    for name, median in medians.items():
        print(f"{name:12} {median * 1000:7.0f} ms  {median / medians['cold check']:5.2f}x")
    raise SystemExit(any(medians[name] > LIMIT * medians["cold check"] for name in ("completion", "findings")))


if __name__ == "__main__":
    main()
