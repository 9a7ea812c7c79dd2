"""Names for catalogues that take fewer characters than cncb does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

LONGEST = 63
"""Characters of a name in Backstage (Descriptor Format of Catalog Entities: metadata.name)."""

_HASH = 6


def ids(names: Iterable[str]) -> Mapping[str, str]:
    """An id of each name: small letters, digits and dashes. Different names never get one id.

    >>> ids(["Checkout & Pay", "checkout"])
    {'Checkout & Pay': 'checkout-pay', 'checkout': 'checkout'}
    """
    made: dict[str, str] = {}
    plain = {name: _plain(name) for name in sorted(set(names))}
    counts = [*plain.values()]
    for name, id_ in plain.items():
        clear = id_ and len(id_) <= LONGEST and (name == id_ or counts.count(id_) == 1)
        made[name] = id_ if clear else _told_apart(name, id_)
    return made


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _told_apart(name: str, id_: str) -> str:
    digest = sha256(name.encode()).hexdigest()[:_HASH]
    kept = id_[: LONGEST - _HASH - 1].rstrip("-")
    return f"{kept}-{digest}" if kept else f"x-{digest}"
