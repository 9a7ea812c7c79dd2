"""The formats of texts whose form can be told by looking."""

from __future__ import annotations

import re
from datetime import date, datetime

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def has_format(text: str, format_: str) -> bool:
    """Whether a text has a format of JSON Schema: uuid, date or date-time; other formats are not looked at."""
    if format_ == "uuid":
        return _UUID.fullmatch(text) is not None
    if format_ not in ("date", "date-time"):
        return True
    try:
        if format_ == "date":
            return len(text) == 10 and date.fromisoformat(text) is not None
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
