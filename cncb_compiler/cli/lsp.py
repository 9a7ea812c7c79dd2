"""`cncb lsp`: the language server, for editors, over standard input and output."""

from __future__ import annotations

import gc

import click

from cncb_compiler.cli.common import fail


@click.command()
def command() -> None:
    """Serve an editor over standard input and output (Language Server Protocol); see docs/editor.md."""
    try:
        from cncb_compiler.lsp.server import make_server
    except ImportError:
        fail("`cncb lsp` needs the extra `lsp`: pip install 'cncb[lsp]'.")
    # Commands run without the collector; this one does not end.
    gc.enable()
    make_server().start_io()
