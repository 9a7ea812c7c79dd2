"""Write a source file over: all of it or nothing, with the permissions that it had."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Replace a file's text. A link is followed, not replaced. Raises OSError; then the file is as it was."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".cncb-", dir=target.parent)
    waiting = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
        waiting.chmod(target.stat().st_mode & 0o7777)
        waiting.replace(target)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
