"""The mapping of a search index, from how each of its fields is held.

OpenSearch documentation: "Mappings". The mapping is closed: a document with an unknown field is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rows import AS_OF, DELETED_AT, EXPIRES, TRIGGER

LONGEST_KEYWORD = 8191
"""Characters that always fit into the 32,766 bytes of a term (Apache Lucene)."""

TIME = {"type": "date", "format": "epoch_millis"}
KEYWORD = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
_KINDS: Mapping[str, Mapping[str, Any]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "date", "format": "strict_date"},
    "date-time": {"type": "date", "format": "strict_date_optional_time"},
    "double": {"type": "double"},
    "keyword": KEYWORD,
    "long": {"type": "long"},
    "opaque": {"type": "object", "enabled": False},
    "text": {"type": "text", "fields": {"keyword": KEYWORD}},
    "timestamp": TIME,
}
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
"""One shard, and a copy on another machine where there is one."""
_OWN = {AS_OF: TIME, DELETED_AT: TIME, EXPIRES: {"type": "long"}, TRIGGER: KEYWORD}


def index_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What makes an index that holds these fields."""
    return {"settings": SETTINGS, "mappings": {"dynamic": "strict", "properties": {**_properties(fields), **_OWN}}}


def _properties(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dict(_KINDS[held]) if isinstance(held, str) else {"properties": _properties(held)}
        for name, held in fields.items()
    }
