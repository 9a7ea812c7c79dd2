"""A function's deployment package: fetched once, unpacked into a folder that is named by its content."""

from __future__ import annotations

import hashlib
import io
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from cncb_compiler.target.problems import Problem

FETCH_SECONDS = 30.0


def fetched(location: str) -> bytes:
    """The zip behind the URL that `get_function` gives as `Code.Location`. Raises Problem."""
    try:
        with urllib.request.urlopen(location, timeout=FETCH_SECONDS) as answer:
            return bytes(answer.read())
    except (OSError, ValueError) as error:
        raise Problem(f"The package at {location} cannot be fetched: {error}.") from error


def unpacked(package: bytes, folder: Path) -> Path:
    """The folder below `folder` that holds the package's files; written when it is not there. Raises Problem."""
    root = folder / hashlib.sha256(package).hexdigest()
    if root.is_dir():
        return root
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder))
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            archive.extractall(fresh)
    except zipfile.BadZipFile as error:
        raise Problem(f"The package is no zip file: {error}.") from error
    try:
        fresh.rename(root)
    except OSError:
        if not root.is_dir():
            raise
    return root
