"""A finding in words, where there is room for no more."""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Diagnostic


def told(diagnostic: Diagnostic) -> str:
    """The message as a sentence, and the mend behind it."""
    message = diagnostic.message if diagnostic.message.endswith((".", "!", "?")) else f"{diagnostic.message}."
    return f"{message} {diagnostic.mend}" if diagnostic.mend else message
