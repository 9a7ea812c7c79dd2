"""The list of what cncb made, path -> SHA-256: it tells generated files from edited and foreign ones."""

# ruff: noqa: PTH123
# The same strings are used with the os calls of the inner loops.
from __future__ import annotations

from collections.abc import Mapping

import orjson

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.rules.cncb954_unwritable_output import RULE as UNWRITABLE
from cncb_compiler.source.location import Location
from cncb_compiler.write.paths import LIST_NAME, fault

FORMAT = 1
"""Version of the list's form. A list of another version is not understood, and nothing is written."""


def render(files: Mapping[str, str]) -> bytes:
    """The list as it is kept on disk: sorted, one file a line, so that it merges and reviews like text."""
    ordered = {path: files[path] for path in sorted(files)}
    return orjson.dumps({"version": FORMAT, "files": ordered}, option=orjson.OPT_INDENT_2) + b"\n"


def parse(text: bytes) -> dict[str, str] | None:
    """The list that `text` holds, or None where it holds none that this version understands."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or value.get("version") != FORMAT:
        return None
    files = value.get("files")
    if not isinstance(files, dict):
        return None
    damaged = any(not isinstance(sha, str) or fault(path) for path, sha in files.items())
    return None if damaged else files


def read(root: str, system: str) -> tuple[dict[str, str], bytes | None, Diagnostic | None]:
    """The list of the output folder `root`, empty if there is none; its bytes; why it cannot be read."""
    try:
        with open(f"{root}/{LIST_NAME}", "rb") as stream:
            text = stream.read()
    except FileNotFoundError:
        return {}, None, None
    except OSError as error:
        return {}, None, unwritable(f"{system}/{LIST_NAME}", error)
    files = parse(text)
    if files is None:
        found = UNWRITABLE(
            Location(f"{system}/{LIST_NAME}"),
            f"`{system}/{LIST_NAME}` is not a list of generated files that this version of cncb understands",
            mend=f"if a merge damaged it, take either side's; otherwise delete the folder `{system}` of the "
            "output and run the command again",
        )
        return {}, text, found
    return files, text, None


def unwritable(file: str, error: OSError) -> Diagnostic:
    """The finding that the operating system refused `file`."""
    return UNWRITABLE(
        Location(file),
        f"`{file}` cannot be written: {error.strerror or error}",
        mend="check the permissions of the output folder and the free space, then run the command again",
    )
