"""Events as they were published, whatever their stream has made of them on the way."""

from __future__ import annotations

from collections.abc import Callable

from cncb_compiler.runtime import jsons
from cncb_compiler.runtime.errors import PoisonError
from cncb_compiler.runtime.packing import unpacked


def as_published(data: bytes, fetch: Callable[[str], bytes]) -> bytes:
    """The record's event, decompressed, or as `fetch` gives it by its key. What is no event stays as it is."""
    try:
        event = jsons.loads(data)
        whole = unpacked(event, fetch) if isinstance(event, dict) else event
    except (ValueError, RecursionError, PoisonError):
        return data
    return data if whole == event else jsons.dumps(whole).encode()
