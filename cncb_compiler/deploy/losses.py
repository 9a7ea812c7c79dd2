"""What becomes of data when the resource that holds it is replaced or removed, in words."""

from __future__ import annotations

from typing import Literal

HOLDS: dict[str, tuple[str, str]] = {
    "AWS::Cognito::UserPool": ("user pool", "users"),
    "AWS::DocDB::DBCluster": ("database", "documents"),
    "AWS::DynamoDB::GlobalTable": ("table", "rows"),
    "AWS::DynamoDB::Table": ("table", "rows"),
    "AWS::EFS::FileSystem": ("file system", "files"),
    "AWS::ElastiCache::ReplicationGroup": ("cache", "entries"),
    "AWS::KMS::Key": ("key", "power to read what it encrypted"),
    "AWS::Kinesis::Stream": ("stream", "events"),
    "AWS::Logs::LogGroup": ("log group", "logs"),
    "AWS::Neptune::DBCluster": ("database", "graph"),
    "AWS::OpenSearchService::Domain": ("search domain", "indexes"),
    "AWS::RDS::DBCluster": ("database", "rows"),
    "AWS::RDS::DBInstance": ("database", "rows"),
    "AWS::S3::Bucket": ("bucket", "objects"),
    "AWS::SQS::Queue": ("queue", "messages"),
    "AWS::SecretsManager::Secret": ("secret", "value"),
    "AWS::Timestream::Table": ("table", "records"),
}
"""What each type that holds data is called, and what it holds."""

LOG_GROUP = "AWS::Logs::LogGroup"
"""Logs tell of data, and expire by themselves: that they go is said, but is no loss of data."""

Fate = Literal["", "kept", "lost"]
"""Of the data of a resource: untouched, kept outside of the stack, or lost."""

_KEPT = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
_REBUILT = frozenset({"view", "collected"})


def kept(policy: str) -> bool:
    """Whether a DeletionPolicy or UpdateReplacePolicy keeps the data of a resource that stands."""
    return policy in _KEPT


def fate(action: str, kind: str, policy: str, physical: str, pattern: str) -> tuple[Fate, str]:
    """What becomes of the data, and how to say so; nothing where the resource holds none.

    `action` is `replace`, `may replace` or `remove`; `policy` the template's DeletionPolicy (remove) or
    UpdateReplacePolicy; `pattern` the one that made the resource.
    """
    if kind not in HOLDS:
        return "", ""
    noun, held = HOLDS[kind]
    name = f"{noun} {physical}" if physical else noun
    condition = "if it is replaced, " if action == "may replace" else ""
    if policy == "Snapshot":
        return "kept", f"{condition}the {name} goes; a snapshot of its {held} is kept"
    if kept(policy):
        stays = f"the {name} and its {held} stay, outside of the stack"
        return "kept", f"{condition}{stays}" + ("" if action == "remove" else f"; the new {noun} begins empty")
    if kind == LOG_GROUP:
        return "", f"{condition}the logs of {physical or 'the log group'} go with it"
    again = " (a view: replaying its events fills it again)" if pattern in _REBUILT else ""
    return "lost", f"{condition}the {held} of the {name} are lost{again}"
