"""An index's mapping: which fields its documents may have, and what of a document can be searched by.

OpenSearch documentation: "Mappings and field types". Dynamic mapping is not supported: what cncb declares is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cncb_compiler.local.search.errors import SearchError, bad_request, unsupported

WHOLE = {"byte": 8, "short": 16, "integer": 32, "long": 64}
FLOATS = ("double", "float")
_KNOWN = {
    "boolean": frozenset[str](),
    "date": frozenset({"format"}),
    "flat_object": frozenset[str](),
    "keyword": frozenset({"ignore_above", "index", "doc_values"}),
    "object": frozenset({"enabled", "properties", "dynamic"}),
    "text": frozenset({"fields"}),
    **dict.fromkeys((*WHOLE, *FLOATS), frozenset({"index", "doc_values"})),
}
_FORMATS = {"date_optional_time", "epoch_millis", "strict_date", "strict_date_optional_time", "strict_date_time"}


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field as it is indexed; `indexed` False: it is kept, but nothing can be found by it."""

    type: str
    ignore_above: int | None = None
    formats: tuple[str, ...] = ()
    indexed: bool = True


@dataclass(slots=True)
class Parsed:
    """What a document can be found by: values by the path of a field."""

    values: dict[str, list[Any]] = field(default_factory=dict)


class IndexMapping:
    """The fields of an index by path. `name.keyword` is a second field made of the same value."""

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.declared: dict[str, Any] = {"dynamic": declared.get("dynamic", "true"), "properties": {}}
        self.fields: dict[str, FieldType] = {}
        self.objects: dict[str, bool] = {"": True}
        self.update(declared)

    def update(self, declared: Mapping[str, Any]) -> None:
        """Add fields; a field that is there must stay as it is. Raises SearchError."""
        for key in declared:
            if key not in ("dynamic", "properties", "_source"):
                raise unsupported(f"[{key}] of a mapping")
        for key in declared.get("_source", {}):
            if key != "excludes":
                raise unsupported(f"[{key}] of the source")
        if any("*" in one or "." in one for one in declared.get("_source", {}).get("excludes", ())):
            raise unsupported("The exclusion of anything but whole fields from the source")
        dynamic = str(declared.get("dynamic", self.declared["dynamic"])).lower()
        if dynamic not in ("strict", "false"):
            raise unsupported("A mapping that is not closed (`dynamic: strict`, or false)")
        found: dict[str, FieldType] = {}
        objects: dict[str, bool] = {}
        _read(declared.get("properties", {}), "", found, objects)
        for path, type_ in found.items():
            before = self.fields.get(path)
            if before is not None and before.type != type_.type:
                reason = f"mapper [{path}] cannot be changed from type [{before.type}] to [{type_.type}]"
                raise bad_request(reason, "illegal_argument_exception")
            if before is None and path in self.objects:
                raise bad_request(f"can't merge a non object mapping [{path}] with an object mapping")
        self.fields |= found
        self.objects |= objects
        self.declared = _merged(self.declared, {**declared, "dynamic": dynamic})

    def kept(self, source: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is kept of a document, beside what it can be found by."""
        left_out = self.declared.get("_source", {}).get("excludes", ())
        return {name: value for name, value in source.items() if name not in left_out} if left_out else source

    def parsed(self, source: Mapping[str, Any]) -> Parsed:
        """What a document can be found by. Raises SearchError where it does not fit the mapping."""
        made = Parsed()
        self._walk(source, "", made)
        return made

    def _walk(self, value: Mapping[str, Any], prefix: str, made: Parsed) -> None:
        for name, inner in value.items():
            path = f"{prefix}{name}"
            if path in self.fields:
                self._leaf(path, inner, made)
            elif path in self.objects:
                if self.objects[path]:
                    for one in _listed(inner):
                        if not isinstance(one, Mapping):
                            reason = f"object mapping for [{path}] tried to parse field [{name}] as object"
                            raise bad_request(reason, "mapper_parsing_exception")
                        self._walk(one, f"{path}.", made)
            elif self.declared["dynamic"] == "strict":
                within = prefix.rstrip(".") or "_doc"
                reason = f"mapping set to strict, dynamic introduction of [{name}] within [{within}] is not allowed"
                raise bad_request(reason, "strict_dynamic_mapping_exception")

    def _leaf(self, path: str, value: Any, made: Parsed) -> None:
        type_ = self.fields[path]
        if type_.type == "flat_object":
            for inner, leaf in _flattened(value, path):
                for at in {path, inner}:
                    made.values.setdefault(at, []).append(leaf)
            return
        values = [_converted(path, type_, one) for one in _listed(value)]
        if type_.indexed and values:
            made.values.setdefault(path, []).extend(values)
        second = self.fields.get(f"{path}.keyword") if type_.type == "text" else None
        if second is not None:
            kept = [one for one in values if second.ignore_above is None or len(one) <= second.ignore_above]
            if kept:
                made.values.setdefault(f"{path}.keyword", []).extend(kept)

    def type_of(self, path: str) -> FieldType | None:
        """The type of a field; of what is inside a flat object, a keyword. None where there is no such field."""
        if path in self.fields:
            return self.fields[path]
        head = path
        while "." in head:
            head = head.rpartition(".")[0]
            if head in self.fields and self.fields[head].type == "flat_object":
                return FieldType("keyword")
        return None

    def term(self, path: str, value: Any) -> Any:
        """A value of a query, as the field's own values are held. Raises SearchError."""
        type_ = self.type_of(path)
        if type_ is None or type_.type in ("text", "keyword", "flat_object"):
            return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
        return _converted(path, type_, value, "query_shard_exception")


def _read(properties: Mapping[str, Any], prefix: str, found: dict[str, FieldType], objects: dict[str, bool]) -> None:
    for name, declared in properties.items():
        path = f"{prefix}{name}"
        kind = declared.get("type", "object" if "properties" in declared else None)
        if kind not in _KNOWN:
            raise unsupported(f"The type [{kind}] of the field [{path}]")
        for key in declared:
            if key != "type" and key not in _KNOWN[kind]:
                raise unsupported(f"[{key}] of the field [{path}]")
        if kind == "object":
            objects[path] = bool(declared.get("enabled", True))
            _read(declared.get("properties", {}), f"{path}.", found, objects)
            continue
        found[path] = _field(path, declared)
        for second, inner in declared.get("fields", {}).items():
            if second != "keyword" or inner.get("type") != "keyword":
                raise unsupported(f"The second field [{path}.{second}], which is not `keyword`,")
            found[f"{path}.{second}"] = _field(path, inner)


def _field(path: str, declared: Mapping[str, Any]) -> FieldType:
    formats = tuple(str(declared.get("format", "strict_date_optional_time||epoch_millis")).split("||"))
    for one in formats:
        if one not in _FORMATS:
            raise unsupported(f"The date format [{one}] of the field [{path}]")
    return FieldType(declared["type"], declared.get("ignore_above"), formats, bool(declared.get("index", True)))


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(one)
    for key, value in other.items():
        both = isinstance(value, Mapping) and isinstance(made.get(key), Mapping)
        made[key] = _merged(made[key], value) if both else value
    return made


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return [one for part in value for one in _listed(part)]
    return [value]


def _flattened(value: Any, path: str) -> Iterator[tuple[str, str]]:
    for one in _listed(value):
        if isinstance(one, Mapping):
            for name, inner in one.items():
                yield from _flattened(inner, f"{path}.{name}")
        else:
            yield path, str(one).lower() if isinstance(one, bool) else str(one)


def _converted(path: str, type_: FieldType, value: Any, kind: str = "mapper_parsing_exception") -> Any:
    try:
        return _value(type_, value)
    except (TypeError, ValueError, OverflowError):
        raise SearchError(400, kind, f"failed to parse field [{path}] of type [{type_.type}]: {value!r}") from None


def _value(type_: FieldType, value: Any) -> Any:
    if isinstance(value, Mapping):
        raise TypeError
    match type_.type:
        case "text" | "keyword":
            return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
        case "boolean":
            return {"true": True, "false": False, "": False}[str(value).lower()] if _is_word(value) else _refuse()
        case "date":
            return _milliseconds(value, type_.formats)
        case "double" | "float":
            return _refuse() if isinstance(value, bool) else float(value)
        case _:
            number = _refuse() if isinstance(value, bool) else int(float(value)) if isinstance(value, str) else value
            limit = 2 ** (WHOLE[type_.type] - 1)
            whole = int(number)
            return whole if -limit <= whole < limit else _refuse()


def _is_word(value: Any) -> bool:
    return str(value).lower() in ("true", "false", "")


def _refuse() -> Any:
    raise ValueError


def _milliseconds(value: Any, formats: tuple[str, ...]) -> int:
    """A date as milliseconds since the epoch."""
    if "epoch_millis" in formats and not isinstance(value, bool) and str(value).lstrip("-").isdigit():
        return int(value)
    if formats == ("epoch_millis",) or not isinstance(value, str):
        raise ValueError
    if len(value) == len("2026-01-31"):
        day = date.fromisoformat(value)
        return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    if formats == ("strict_date",):
        raise ValueError
    moment = datetime.fromisoformat(value)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
