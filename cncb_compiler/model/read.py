"""The model pass: loaded YAML values to declarations, with everything that does not fit the language reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.model.base import Node
from cncb_compiler.model.command import ROUTE_PATTERN
from cncb_compiler.model.declared import Declared, DeclaredSystem
from cncb_compiler.model.service import Service, ServiceFile
from cncb_compiler.model.system import Defaults, System
from cncb_compiler.rules.cncb101_unknown_key import RULE as UNKNOWN_KEY
from cncb_compiler.rules.cncb102_missing_key import RULE as MISSING_KEY
from cncb_compiler.rules.cncb103_bad_value import RULE as BAD_VALUE
from cncb_compiler.rules.cncb104_duplicate_declaration import RULE as DUPLICATE
from cncb_compiler.source.location import Location

N = TypeVar("N", bound=Node)
V = TypeVar("V")

_SECTIONS = ("stages", "streams", "types", "events", "services")
_SINGLE = ("system", "owner", "description", "defaults")


def read(files: Iterable[tuple[str, Any]], default_name: str) -> tuple[DeclaredSystem, list[Diagnostic]]:
    """Merge the values of a system's files.

    `files` are pairs of a file's name and its loaded value (None: empty). `default_name` names the system where no
    file does (its folder's name). Wrong declarations are reported and left out, so that all findings come at once.
    """
    reader = _Reader()
    for file, value in files:
        reader.file(file, value)
    return reader.system(default_name), reader.diagnostics


class _Reader:
    """Collects declarations file by file."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._single: dict[str, Declared[Any]] = {}
        self._tags: dict[str, Declared[str]] = {}
        self._sections: dict[str, dict[str, Declared[Any]]] = {section: {} for section in _SECTIONS}
        self._broken: set[str] = set()

    def file(self, file: str, value: Any) -> None:
        top = Location(file)
        if value is None:
            return
        if not isinstance(value, dict):
            self.diagnostics.append(
                BAD_VALUE(top, f"a topology file is a map of keys, not {_kind(value)}", mend="Begin with `system:` or `service:`.")
            )
        elif "service" in value:
            service = self._validate(ServiceFile, value, top)
            if service is not None:
                self._declare("services", service.service, service, top)
        else:
            system = self._validate(System, value, top)
            if system is not None:
                self._merge(system, value, top)

    def system(self, default_name: str) -> DeclaredSystem:
        name = self._single.get("system")
        sections = self._sections
        owner = self._single.get("owner")
        description = self._single.get("description")
        defaults = self._single.get("defaults")
        return DeclaredSystem(
            name=name.value if name else default_name,
            at=name.at if name else Location("system.yaml"),
            owner=owner.value if owner else "",
            description=description.value if description else "",
            defaults=defaults.value if defaults else Defaults(),
            tags={tag: self._tags[tag].value for tag in sorted(self._tags)},
            stages=_sorted(sections["stages"]),
            streams=_sorted(sections["streams"]),
            types=_sorted(sections["types"]),
            events=_sorted(sections["events"]),
            services=_sorted(cast(dict[str, Declared[Service]], sections["services"])),
            broken=frozenset(self._broken),
        )

    def _merge(self, system: System, raw: dict[str, Any], top: Location) -> None:
        for key in _SINGLE:
            if key in raw:
                declared = Declared(key, getattr(system, key), top / key)
                self._once(self._single, key, declared, f"`{key}` of the system")
        for tag, text in system.tags.items():
            self._once(self._tags, tag, Declared(tag, text, top / "tags" / tag), f"tag `{tag}`")
        for section in _SECTIONS:
            for name, value in getattr(system, section).items():
                self._declare(section, name, value, top / section / name)

    def _declare(self, section: str, name: str, value: Any, at: Location) -> None:
        noun = section.removesuffix("s")
        self._once(self._sections[section], name, Declared(name, value, at), f"{noun} `{name}`")

    def _once(self, into: dict[str, Declared[V]], name: str, declared: Declared[V], noun: str) -> None:
        first = into.setdefault(name, declared)
        if first is not declared:
            self.diagnostics.append(
                DUPLICATE(
                    declared.at.key(),
                    f"{noun} is declared twice",
                    mend="Keep one of the two, or rename one.",
                    related=(Related(first.at.key(), "first declared here"),),
                )
            )

    def _validate(self, model: type[N], value: dict[str, Any], top: Location) -> N | None:
        """The model, less the declarations that are wrong; None where too little is left."""
        for attempt in range(4):
            try:
                return model.model_validate(value)
            except ValidationError as error:
                wrong = error.errors(include_url=False)
            if attempt == 0:
                self.diagnostics.extend(_explain(model, value, wrong, top))
            value = _without(value, wrong, self._broken)
        return None


def _sorted(declared: dict[str, Declared[V]]) -> dict[str, Declared[V]]:
    return {name: declared[name] for name in sorted(declared)}


def _kind(value: Any) -> str:
    names = {dict: "a map", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "nothing" if value is None else names.get(type(value), "a value")


def _walk(value: Any, path: tuple[int | str, ...]) -> tuple[list[int | str], Any]:
    """The part of pydantic's error path that exists in the value, and what stands there.

    Segments that only the model knows (names of union members, indexes of normalised lists) are passed over.
    """
    real: list[int | str] = []
    for segment in path:
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and isinstance(segment, int) and segment < len(value):
            value = value[segment]
        else:
            continue
        real.append(segment)
    return real, value


def _explain(
    model: type[Node], value: dict[str, Any], wrong: list[ErrorDetails], top: Location
) -> Iterable[Diagnostic]:
    """One diagnostic for each place that is wrong: of a union's many complaints only the first."""
    seen: set[tuple[int | str, ...]] = set()
    for error in wrong:
        path = error["loc"]
        at_key = bool(path) and path[-1] == "[key]"
        real, found = _walk(value, path[:-1] if at_key else path)
        kind = error["type"]
        key = (*real, path[-1]) if kind == "missing" else tuple(real)
        if key in seen:
            continue
        seen.add(key)
        at = top
        for segment in real:
            at = at / segment
        if kind == "extra_forbidden":
            yield _unknown_key(model, path, at)
        elif kind == "missing":
            name = str(path[-1])
            yield MISSING_KEY(at.key() if real else at, f"`{name}` is missing", mend=f"Add `{name}:`.")
        elif at_key:
            yield BAD_VALUE(at.key(), f"`{real[-1] if real else ''}` cannot be a name here: {_problem(error)}")
        else:
            shown = f"`{found}` " if isinstance(found, (str, int, float)) and len(str(found)) < 80 else ""
            yield BAD_VALUE(at, f"{shown}{_problem(error)}".strip())


def _unknown_key(model: type[Node], path: tuple[int | str, ...], at: Location) -> Diagnostic:
    unknown = str(path[-1])
    known = _keys_at(model, path[:-1])
    close = get_close_matches(unknown, known, 1, 0.6)
    mend = f"Did you mean `{close[0]}`?" if close else f"Known here: {', '.join(f'`{key}`' for key in known)}."
    return UNKNOWN_KEY(at.key(), f"`{unknown}` is not a key of the language here", mend=mend)


def _keys_at(model: type[Node], path: tuple[int | str, ...]) -> list[str]:
    """The keys that the model accepts at a path of its own."""
    from cncb_compiler.model.shape import node_at

    node = node_at(model, path)
    return sorted(info.alias or name for name, info in node.model_fields.items()) if node else []


_PROBLEMS = {
    "string_type": "must be text",
    "dict_type": "must be a map",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "model_type": "must be a map",
    "model_attributes_type": "must be a map",
    "tuple_type": "must be a list",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
}


def _problem(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx") or {}
    kind = error["type"]
    if kind == "literal_error":
        return f"is not one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"does not have the form {_FORMS.get(context['pattern'], context['pattern'])}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"must be {context.get('ge', context.get('le'))} or {'more' if 'ge' in context else 'less'}"
    if kind == "string_too_long":
        return f"is longer than {context['max_length']} characters"
    if kind == "value_error":
        return str(context["error"])
    return _PROBLEMS.get(kind, error["msg"][0].lower() + error["msg"][1:])


_FORMS = {
    ROUTE_PATTERN: "`METHOD /path/{parameter}`",
    r"^[a-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$": "of a name: letters, digits and single dashes, a small letter first",
    r"^[A-Za-z_][A-Za-z0-9_]*$": "of a field name: letters, digits and underscores, no digit first",
    r"^[A-Z][A-Za-z0-9]*$": "of a type name: letters and digits, a capital first",
    r"^[1-9][0-9]*(s|m|h|d)$": "of a duration: `30s`, `15m`, `24h`, `30d`",
    r"^[0-9]{12}$": "of an account id: 12 digits, in quotes",
    r"^[A-Za-z0-9]+$": "of a logical id: letters and digits",
}


def _without(value: dict[str, Any], wrong: list[ErrorDetails], broken: set[str]) -> dict[str, Any]:
    """The value less what is wrong: the unknown key alone, else the whole named declaration around the place."""
    kept = value
    for error in wrong:
        real, _ = _walk(value, error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"])
        unknown = error["type"] == "extra_forbidden"
        depth = len(real) if unknown else min(len(real), 4 if real[:1] == ["services"] else 2)
        if not unknown and depth:
            broken.update(str(segment) for segment in real[1:depth])
        kept = _drop(kept, real[:depth])
    return kept


def _drop(value: Any, path: list[int | str]) -> Any:
    if not path or not isinstance(value, (dict, list)):
        return value
    head, rest = path[0], path[1:]
    if isinstance(value, list):
        if not isinstance(head, int) or head >= len(value):
            return value
        return [item for index, item in enumerate(value) if index != head] if not rest else [
            _drop(item, rest) if index == head else item for index, item in enumerate(value)
        ]
    if not rest:
        return {key: item for key, item in value.items() if key != head}
    return {key: _drop(item, rest) if key == head else item for key, item in value.items()}
