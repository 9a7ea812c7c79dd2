"""`cncb lsp`: the language server, for editors, over standard input and output."""

from __future__ import annotations

import gc
import os
import sys
from typing import BinaryIO

import click

from cncb_compiler.cli.common import fail


@click.command()
def command() -> None:
    """Serve an editor over standard input and output (Language Server Protocol); see docs/editors.md.

    Exit code 0: the client shut it down. 1: the connection was lost.
    """
    try:
        from cncb_compiler.lsp.server import make_server
    except ImportError:
        fail("`cncb lsp` needs the extra `lsp`: pip install 'cncb[lsp]'.")
    server = make_server()
    # Commands run without the collector; this one does not end. At its usual pace it would take longer than a check.
    gc.freeze()
    gc.set_threshold(50_000, 10, 50)
    gc.enable()
    with _wire() as wire:
        server.start_io(stdout=wire)
    raise SystemExit(0 if server.ended else 1)


def _wire() -> BinaryIO:
    """Standard output, for the protocol alone: whatever else is printed goes to standard error."""
    sys.stdout.flush()
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return wire
