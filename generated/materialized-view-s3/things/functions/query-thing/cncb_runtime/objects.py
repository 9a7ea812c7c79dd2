"""Entities as JSON objects in a bucket: one object each, named by its key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import aws, jsons
from .errors import NotFoundError, TransientError, code_of
from .names import object_name
from .stamp import Stamp, is_behind

ATTEMPTS = 3
TRIGGER = "asof-trigger"
ABSENT = ("404", "NoSuchKey", "NotFound", "403", "AccessDenied")
"""How S3 says that an object is not there: without the permission to list the bucket, as forbidden."""
CHANGED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class Stored(NamedTuple):
    """An object as it is: its fields, its metadata, and the tag that it changes with."""

    fields: dict[str, Any]
    metadata: Mapping[str, str]
    tag: str


class Bucket(NamedTuple):
    """A bucket, named by the environment variable `variable`, with the fields that name an object."""

    variable: str
    key: tuple[str, ...]

    def put(self, row: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Write a whole object; answer with it. Not behind a newer event."""
        name = object_name(self.key, row)
        if stamp is not None and stamp.lock is not None:
            self._change(name, lambda _: dict(row), stamp, must_exist=False)
        else:
            write(self.variable, name, row, triggered(stamp and stamp.trigger), {})
        return dict(row)

    def update(self, key: Mapping[str, Any], fields: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Set fields of an object; answer with it. Raises NotFoundError where there is none."""
        kept = {name: value for name, value in fields.items() if name not in self.key}
        return self._change(object_name(self.key, key), lambda old: {**old, **kept}, stamp, must_exist=True)

    def delete(self, key: Mapping[str, Any], stamp: Stamp | None = None) -> None:
        """Remove an object, if it is there. Not one that a newer event wrote."""
        name = object_name(self.key, key)
        if stamp is not None and stamp.lock is not None:
            stored = read(self.variable, name)
            if stored is None or is_held_against(stored, tag_of(stamp.lock.name), stamp.lock.value):
                return
        aws.client("s3").delete_object(Bucket=os.environ[self.variable], Key=name)

    def get(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """The object at a key."""
        stored = read(self.variable, object_name(self.key, key))
        return None if stored is None else stored.fields

    def _change(
        self, name: str, change: Callable[[dict[str, Any]], dict[str, Any]], stamp: Stamp | None, *, must_exist: bool
    ) -> dict[str, Any]:
        lock = None if stamp is None else stamp.lock
        for _ in range(ATTEMPTS):
            stored = read(self.variable, name)
            if stored is None and must_exist:
                raise NotFoundError("not found")
            if stored is not None and lock is not None and is_held_against(stored, tag_of(lock.name), lock.value):
                return stored.fields
            fields = change({} if stored is None else stored.fields)
            metadata = {} if stored is None else dict(stored.metadata)
            metadata.pop(TRIGGER, None)
            metadata |= triggered(stamp and stamp.trigger)
            if lock is not None:
                metadata[tag_of(lock.name)] = str(lock.value)
            if write(self.variable, name, fields, metadata, unless_changed(stored)):
                return fields
        raise TransientError("the object keeps changing")


def tag_of(lock: str) -> str:
    """The name of a lock among an object's metadata, where S3 keeps small letters only."""
    return lock.lower().replace(":", "-")


def is_held_against(stored: Stored, tag: str, value: int | str) -> bool:
    """Whether an object holds a lock with something newer than `value`."""
    held = stored.metadata.get(tag)
    return held is not None and is_behind(value, held if isinstance(value, str) else int(held))


def triggered(trigger: str | None, lock: str = "asof") -> dict[str, str]:
    """The metadata that says which event has set a lock."""
    return {} if trigger is None else {f"{lock}-trigger": trigger}


def read(variable: str, name: str) -> Stored | None:
    """The object, or None where there is none."""
    try:
        answer = aws.client("s3").get_object(Bucket=os.environ[variable], Key=name)
    except Exception as error:
        if code_of(error) in ABSENT:
            return None
        raise
    return Stored(jsons.loads(answer["Body"].read()), answer.get("Metadata", {}), answer["ETag"])


def unless_changed(stored: Stored | None) -> dict[str, str]:
    """The condition that the object still is as it was read (AWS S3: conditional writes)."""
    return {"IfNoneMatch": "*"} if stored is None else {"IfMatch": stored.tag}


def write(
    variable: str,
    name: str,
    fields: Mapping[str, Any],
    metadata: Mapping[str, str],
    condition: Mapping[str, str],
    cache_control: str = "no-store",
) -> bool:
    """Write an object on a condition; whether it held."""
    try:
        aws.client("s3").put_object(
            Bucket=os.environ[variable],
            Key=name,
            Body=jsons.dumps({field: value for field, value in fields.items() if value is not None}).encode(),
            ContentType="application/json",
            CacheControl=cache_control,
            Metadata=dict(metadata),
            **condition,
        )
    except Exception as error:
        if code_of(error) in CHANGED:
            return False
        raise
    return True
