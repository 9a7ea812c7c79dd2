"""Content hashes. The modules of the runtime are in every package: each is hashed once."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=1024)
def sha256_of(content: bytes) -> str:
    """The SHA-256 of a file's content, in hex."""
    return sha256(content).hexdigest()
