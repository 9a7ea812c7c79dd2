"""Content hashes. The modules of the runtime are in every package: each is hashed once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b, sha256


@lru_cache(maxsize=1024)
def sha256_of(content: bytes) -> str:
    """The SHA-256 of a file's content, in hex."""
    return sha256(content).hexdigest()


def digest(inputs: Iterable[bytes | str]) -> str:
    """One digest of all inputs, in order. Each is preceded by its length, so that no two lists look alike."""
    total = blake2b(digest_size=32)
    for one in inputs:
        content = one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one
        total.update(b"%d:" % len(content))
        total.update(content)
    return total.hexdigest()
