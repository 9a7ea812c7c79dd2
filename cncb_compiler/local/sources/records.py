"""Records of a stream as the mappings of this machine hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One record of a shard. Two reads of the same record are two records: identity is by object.

    `sequence` is its sequence number; `key` is what order is kept for (partition key, or the item's key);
    `arrived` is in seconds since the epoch; `event` is what a function gets; `document` is what filters look at;
    `size` is the length of `event` as JSON, in bytes.
    """

    sequence: str
    key: str
    arrived: float
    event: Mapping[str, Any]
    document: Mapping[str, Any]
    size: int
