"""What an entity is called where it has one name: an object of a bucket, a document of a search index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .errors import InvalidInputError

MARKERS = ".deleted/"
"""Where a view in a bucket remembers what was deleted."""


def object_name(names: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """The name of an entity: its key, escaped, parts separated by `/`.

    Raises InvalidInputError where a part is missing.
    """
    missing = [(name, "is required") for name in names if values.get(name) in (None, "")]
    if missing:
        raise InvalidInputError(missing)
    return "/".join(quote(str(values[name]), safe="") for name in names)
