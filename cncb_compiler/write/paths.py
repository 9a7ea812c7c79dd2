"""Which paths may be written: inside one system's output folder, and readable on every file system."""

from __future__ import annotations

import re

LIST_NAME = ".cncb-files.json"
"""The list of generated files, in the system's output folder; committed with them."""

WORK_NAME = ".cncb"
"""The folder in the output folder where files wait to be moved into place. Gone when no compile runs."""

# Beside empty, `.` and `..` segments: characters that Windows or a shell would take for something else, lone
# surrogates, which no file system holds, and names longer than file systems allow.
_NOT_A_PATH = re.compile(
    r'(?:^|/)\.{0,2}(?:/|\Z)|[\x00-\x1f\x7f\\:*?"<>|\ud800-\udfff]|[^/]{256}',
)


def fault(path: str) -> str | None:
    """Why `path` may not be written below a system's output folder; None if it may.

    >>> fault("order-bff/template.json")
    >>> fault("../passwd")
    'it is not a plain relative path'
    """
    if _NOT_A_PATH.search(path):
        return "it is not a plain relative path"
    if path == LIST_NAME:
        return "that name is taken by the list of generated files"
    return None


def join(root: str, path: str) -> str:
    """`path` below `root`; the empty path is `root` itself."""
    return f"{root}/{path}" if path else root
