"""The model pass: loaded YAML values to declarations, with everything that does not fit the language reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Mend, Put, did_you_mean
from cncb_compiler.model.acceptance import Acceptance
from cncb_compiler.model.base import Node, kind_of
from cncb_compiler.model.declared import Declared, DeclaredSystem
from cncb_compiler.model.problems import choices, problem
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
UNNAMED = "unnamed"
"""What a system is called whose name is in error."""

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
        self._accepted: list[Declared[Acceptance]] = []
        self._broken: set[str] = set()
        self._first_file: str | None = None

    def file(self, file: str, value: Any) -> None:
        top = Location(file)
        self._first_file = self._first_file or file
        if value is None:
            return
        if not isinstance(value, dict):
            self.diagnostics.append(
                BAD_VALUE(
                    top,
                    f"a topology file is a map of keys, not {kind_of(value)}",
                    mend="Begin with `system:` or `service:`.",
                )
            )
        elif "service" in value:
            service = self._validate(ServiceFile, value, top)
            if service is not None:
                self._declare("services", service.service, service, top)
            else:
                self._broken.add(str(value["service"]))
        else:
            system = self._validate(System, value, top)
            if system is not None:
                self._merge(system, top)

    def system(self, default_name: str) -> DeclaredSystem:
        name = self._single.get("system") or self._named_by(default_name)
        sections = self._sections
        owner = self._single.get("owner")
        description = self._single.get("description")
        defaults = self._single.get("defaults")
        return DeclaredSystem(
            name=name.value,
            at=name.at,
            owner=owner.value if owner else "",
            description=description.value if description else "",
            defaults=defaults.value if defaults else Defaults(),
            tags={tag.name: tag.value for tag in sorted(self._tags.values(), key=lambda tag: tag.name)},
            stages=_sorted(sections["stages"]),
            streams=_sorted(sections["streams"]),
            types=_sorted(sections["types"]),
            events=_sorted(sections["events"]),
            services=_sorted(cast(dict[str, Declared[Service]], sections["services"])),
            accepted=tuple(self._accepted),
            broken=frozenset(self._broken),
        )

    def _named_by(self, folder: str) -> Declared[str]:
        """The system's name where no file gives it: its folder's."""
        at = Location(self._first_file or "system.yaml")
        try:
            System.model_validate({"system": folder})
        except ValidationError as error:
            if "system" not in self._broken:
                message = f"nothing names the system, and its folder cannot: {_said(folder, error.errors()[0])}"
                self.diagnostics.append(MISSING_KEY(at, message, mend="Add `system: NAME`."))
            return Declared("system", UNNAMED, at)
        return Declared("system", folder, at)

    def _merge(self, system: System, top: Location) -> None:
        for key in _SINGLE:
            if key in system.model_fields_set and getattr(system, key) is not None:
                declared = Declared(key, getattr(system, key), top / key)
                self._once(self._single, key, declared, f"`{key}` of the system")
        for tag, text in system.tags.items():
            # IAM refuses two tags that differ only in case (AWS IAM: Rules for tagging).
            self._once(self._tags, tag.lower(), Declared(tag, text, top / "tags" / tag), f"tag `{tag}`")
        for index, one in enumerate(system.accept):
            self._accepted.append(Declared(one.change, one, top / "accept" / index))
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
                self.diagnostics.extend(explained(model, value, wrong, top))
            value = _without(value, wrong, self._broken)
        return None


def _sorted(declared: dict[str, Declared[V]]) -> dict[str, Declared[V]]:
    return {name: declared[name] for name in sorted(declared)}


def _walk(value: Any, path: tuple[int | str, ...]) -> tuple[list[int | str], Any]:
    """The part of pydantic's error path that exists in the value, and what stands there.

    Segments that only the model knows (names of union members, indexes of normalised lists) are passed over.
    """
    real: list[int | str] = []
    for segment in path:
        in_map = isinstance(value, dict) and segment in value
        in_list = isinstance(value, list) and isinstance(segment, int) and segment < len(value)
        if in_map or in_list:
            value = value[segment]
            real.append(segment)
    return real, value


def _said(value: Any, error: ErrorDetails) -> str:
    """The value and what is wrong with it."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}` {problem(error)}"
    if isinstance(value, (str, int, float)):
        return f"`{value}` {problem(error)}" if len(str(value)) < 80 else f"it {problem(error)}"
    return f"it {problem(error)}, not {kind_of(value)}" if error["type"].endswith("_type") else f"it {problem(error)}"


def explained(
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
        if key in seen or _better_explained(error, found, wrong):
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
            name = str(real[-1]) if real else ""
            cut = "A comma inside braces ends a value: put quotes around the whole expression." if ")" in name else None
            yield BAD_VALUE(at.key(), f"`{name}` cannot be a name here: {problem(error)}", mend=cut)
        else:
            yield BAD_VALUE(at, _said(found, error), mend=_written_right(error, found, at))


def _written_right(error: ErrorDetails, found: Any, at: Location) -> Mend | None:
    """The value as it had to be written, where it is clear which one is meant."""
    kind = error["type"]
    if kind == "int_type" and isinstance(found, str) and found.isdecimal():
        return Mend(f"Write `{found}`, without quotes.", (Put(at, str(int(found))),))
    if kind == "bool_type" and isinstance(found, str) and found.casefold() in _FLAGS:
        word = _FLAGS[found.casefold()]
        return Mend(f"Write `{word}`.", (Put(at, word),))
    if kind == "string_type" and isinstance(found, (int, bool)) and at.path[-2:-1] in (("environment",), ("tags",)):
        said = str(found).lower() if isinstance(found, bool) else str(found)
        return Mend(f'Put it in quotes: `"{said}"`.', (Put(at, f'"{said}"'),))
    return did_you_mean(found, choices(error), at) if isinstance(found, str) else None


_FLAGS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
"""What people write who mean a flag."""


def _better_explained(error: ErrorDetails, found: Any, wrong: list[ErrorDetails]) -> bool:
    """Whether a complaint only follows from others.

    A map that is not the word that could stand in its place has complaints as a map; a list is too short only
    because of what is wrong with its items.
    """
    kind, path = error["type"], error["loc"]
    if kind == "literal_error" and isinstance(found, dict):
        path = path[:-1]
    elif kind != "too_short":
        return False
    return any(other["loc"][: len(path)] == path for other in wrong if other["type"] != kind)


def _unknown_key(model: type[Node], path: tuple[int | str, ...], at: Location) -> Diagnostic:
    unknown = str(path[-1])
    known = _keys_at(model, path[:-1])
    listed = ", ".join(f"`{key}`" for key in known)
    mend = did_you_mean(unknown, known, at.key()) or (f"Known here: {listed}." if listed else None)
    return UNKNOWN_KEY(at.key(), f"`{unknown}` is not a key of the language here", mend=mend)


def _keys_at(model: type[Node], path: tuple[int | str, ...]) -> list[str]:
    """The keys that the model accepts at a path of its own."""
    from cncb_compiler.model.shape import node_at

    node = node_at(model, path)
    return sorted(info.alias or name for name, info in node.model_fields.items()) if node else []


def _without(value: dict[str, Any], wrong: list[ErrorDetails], broken: set[str]) -> dict[str, Any]:
    """The value less what is wrong: the unknown key alone, else the whole named declaration around the place."""
    dropped: set[tuple[int | str, ...]] = set()
    for error in wrong:
        real, _ = _walk(value, error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"])
        unknown = error["type"] == "extra_forbidden"
        depth = len(real) if unknown else min(len(real), 4 if real[:1] == ["services"] else 2)
        if real == ["system"]:
            broken.add("system")
        if not unknown and depth in (2, 4):
            broken.add(str(real[depth - 1]))
        dropped.add(tuple(real[:depth]))
    kept = _less(value, (), dropped)
    assert isinstance(kept, dict)
    return kept


def _less(value: Any, at: tuple[int | str, ...], dropped: set[tuple[int | str, ...]]) -> Any:
    """The value, which stands at `at`, less what stands at the dropped paths."""
    if not any(len(path) > len(at) and path[: len(at)] == at for path in dropped):
        return value
    if isinstance(value, dict):
        return {key: _less(item, (*at, key), dropped) for key, item in value.items() if (*at, key) not in dropped}
    return [_less(item, (*at, index), dropped) for index, item in enumerate(value) if (*at, index) not in dropped]
