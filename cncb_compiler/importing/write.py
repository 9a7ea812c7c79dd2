"""A draft as the files of a system, laid out as `cncb fmt` does; comments say where a guess is from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cncb_compiler.fmt.layout import format_text
from cncb_compiler.importing.draft import SECTIONS, Draft, Said, ServiceDraft
from cncb_compiler.scaffold.declarations import SCHEMA_FILE
from cncb_compiler.scaffold.insert import flow
from cncb_compiler.scaffold.system import schema_text

WIDTH = 100
_COMMENT_WIDTH = 110


def files(draft: Draft) -> dict[str, str]:
    """Each file of the system by its name."""
    texts = {"system.yaml": _system(draft)}
    if draft.types or draft.events:
        texts["events.yaml"] = _events(draft)
    for service in draft.services.values():
        texts[f"services/{service.name}.yaml"] = _service(service)
    return {**{name: format_text(text, name)[0] for name, text in texts.items()}, SCHEMA_FILE: schema_text()}


def _system(draft: Draft) -> str:
    head: dict[str, Any] = {"system": draft.system}
    if draft.owner:
        head["owner"] = draft.owner
    if draft.description:
        head["description"] = draft.description
    lines = [_modeline(0), *_comments(draft.origin, 0), *_entries(head, 0)]
    return _joined([*lines, *_section("streams", draft.streams)])


def _events(draft: Draft) -> str:
    lines = [_modeline(0)]
    if draft.types:
        lines += ["types:", *_entries(draft.types, 2), ""]
    return _joined([*lines, *_section("events", draft.events)])


def _service(service: ServiceDraft) -> str:
    lines = [_modeline(1), *_comments(service.origin, 0), *_entries({"service": service.name, **service.head}, 0)]
    for section in SECTIONS:
        lines += _section(section, getattr(service, section))
    return _joined(lines)


def _section(key: str, declared: Mapping[str, Said]) -> Iterator[str]:
    if not declared:
        return
    yield f"{key}:"
    for name, said in declared.items():
        yield from _comments(said.origin, 2)
        yield from _entry(name, said.value, 2)


def _entries(values: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in values.items():
        yield from _entry(key, value, indent)


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key with its value: on one line where there is room, else in block style."""
    begin = f"{' ' * indent}{flow(key)}:"
    line = f"{begin} {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, (dict, list)):
        yield line
    elif isinstance(value, dict):
        yield begin
        yield from _entries(value, indent + 2)
    else:
        yield begin
        for item in value:
            yield f"{' ' * indent}  - {flow(item)}"


def _comments(lines: tuple[str, ...], indent: int) -> Iterator[str]:
    for line in lines:
        text = ""
        for word in json.dumps(line, ensure_ascii=False)[1:-1].replace('\\"', '"').split():
            if text and len(text) + len(word) + 1 > _COMMENT_WIDTH - indent:
                yield f"{' ' * indent}# {text}"
                text = word
            else:
                text = f"{text} {word}" if text else word
        yield f"{' ' * indent}# {text}"


def _modeline(depth: int) -> str:
    return f"# yaml-language-server: $schema={'../' * depth}{SCHEMA_FILE}"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
