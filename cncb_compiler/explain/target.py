"""What a TARGET on the command line means, in one of the analysed systems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cncb_compiler.explain.answer import Answer, Line, Reason, Section
from cncb_compiler.explain.declarations import explain_declaration
from cncb_compiler.explain.known import Known, Path, Resource
from cncb_compiler.explain.resources import UnknownPartError, explain_part, explain_resource
from cncb_compiler.source.lines import LineTable
from cncb_compiler.source.location import Location
from cncb_compiler.source.outline import Place, outline

_LINE = re.compile(r"(?P<file>.+\.ya?ml):(?P<line>[0-9]{1,9})(?::[0-9]+)?")
_FILE = re.compile(r".+\.ya?ml")
_LOGICAL_ID = re.compile(r"[A-Za-z0-9]+")


class NoAnswerError(Exception):
    """The target means nothing, or several things; the message says what it could be."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer, and the system that it is about."""

    known: Known
    answer: Answer


def explain(systems: Sequence[tuple[Known, str]], target: str) -> Explained:
    """The answer about a target. `systems` come with the folder before their files' names, as the user would say it.

    Raises NoAnswerError where the target means nothing, or several things.
    """
    found = [*_sources(systems, target)] or [*_generated(systems, target)]
    if found:
        return found[0]
    return _resource(systems, target)


def _sources(systems: Sequence[tuple[Known, str]], target: str) -> Iterator[Explained]:
    """A declaration `file#/path`, a line `file:12`, or a whole file."""
    named, marked, path = target.partition("#/")
    line = _LINE.fullmatch(target)
    file = named if marked else line["file"] if line else target
    if not _FILE.fullmatch(file):
        return
    for known, prefix in systems:
        name = _name(known, prefix, file)
        if name is None:
            continue
        if marked:
            at = known.place_of(f"{name}#/{path}")
            if at is None or not known.said(at):
                raise NoAnswerError(_no_declaration(known, name, path))
        elif line:
            at = _at_line(known, name, int(line["line"]))
        else:
            at = Location(name)
        yield Explained(known, explain_declaration(known, at))


def _name(known: Known, prefix: str, file: str) -> str | None:
    """The name of a source file as the system knows it."""
    names = [source.name for source in known.analysis.source.files]
    shown = file.removeprefix("./")
    for candidate in (shown, shown.removeprefix(f"{prefix}/") if prefix else shown):
        if candidate in names:
            return candidate
    return None


def _no_declaration(known: Known, file: str, path: str) -> str:
    segments = path.split("/")
    for length in range(len(segments)):
        at = known.place_of(f"{file}#/{'/'.join(segments[: length + 1])}")
        if at is not None and known.said(at):
            continue
        around = known.place_of("#/".join((file, "/".join(segments[:length]))))
        names = known.keys(around) if around else []
        close = get_close_matches(segments[length], names, 1, 0.6)
        hint = f"Did you mean `{close[0]}`?" if close else f"There is: {', '.join(names)}." if names else ""
        return f"`{around}` has no `{segments[length]}`. {hint}".rstrip()
    return f"`{file}#/{path}` is not declared."


def _at_line(known: Known, file: str, line: int) -> Location:
    """The innermost declaration that a line belongs to: the last key or item that begins on it or before it."""
    text = next(source.text for source in known.analysis.source.files if source.name == file)
    table = LineTable(text)
    if line > len(table):
        raise NoAnswerError(f"`{file}` has {len(table)} lines.")
    path: list[str | int] = []
    place = outline(text)[0]
    while place is not None:
        segment, place = _inner(table, place, line)
        if segment is None:
            break
        path.append(segment)
    return Location(file, tuple(path))


def _inner(table: LineTable, place: Place, line: int) -> tuple[str | int | None, Place | None]:
    parts: list[tuple[str | int, int, Place]] = [
        (name, key.start, value) for name, (key, value) in place.entries.items()
    ]
    parts += [(index, item.start, item) for index, item in enumerate(place.items)]
    for segment, start, value in parts:
        if table.place(start)[0] <= line <= table.place(max(start, value.end - 1))[0]:
            # What begins later on the line of its key is meant only if it is that key.
            return segment, value if table.place(start)[0] < line else None
    return None, None


def _generated(systems: Sequence[tuple[Known, str]], target: str) -> Iterator[Explained]:
    """A file of the output: `.../SYSTEM/SERVICE/functions/NAME/...`, a template, the manifest."""
    parts = [part for part in target.split("/") if part not in ("", ".")]
    for known, _ in systems:
        if known.name not in parts[:-1]:
            continue
        inside = parts[parts.index(known.name) + 1 :]
        if inside[0] == "manifest.json":
            at = known.linked.declared.at
            reason = Reason("The linked system, for the commands that read it later.", at)
            yield Explained(known, Answer(target, "generated file", (reason,)))
        elif inside[0] in known.plans and len(inside) > 1 and inside[1] not in known.resources[inside[0]]:
            yield Explained(known, _output(known, target, inside))


def _output(known: Known, target: str, inside: list[str]) -> Answer:
    plan = known.plans[inside[0]]
    if inside[1] == "functions" and len(inside) > 2:
        names = [function.name for function in plan.functions]
        if inside[2] not in names:
            close = get_close_matches(inside[2], names, 1, 0.6)
            hint = f"Did you mean `{close[0]}`?" if close else f"It has: {', '.join(names)}." if names else ""
            raise NoAnswerError(f"`{plan.service}` has no function `{inside[2]}`. {hint}".rstrip())
        by_id = known.resources[plan.service]
        made = next(
            found
            for found in by_id.values()
            if found.type == "AWS::Lambda::Function" and getattr(known.function_of(found), "name", "") == inside[2]
        )
        answer = explain_resource(known, made)
        lines = (Line(made.name, Reason(made.type)),)
        sections = (Section("is a file of the package of", lines), *answer.sections)
        return Answer(target, "generated file", answer.reasons, answer.pattern, sections=sections)
    made_here = tuple(
        Line(found.logical_id, Reason(found.declaration), found.type)
        for found in known.resources[plan.service].values()
    )
    sections = (Section("resources, with their declarations", made_here),) if inside[1].startswith("template.") else ()
    return Answer(
        target,
        "generated file",
        (Reason(f"Made for the whole service `{plan.service}`.", known.head(plan.at)),),
        sections=sections,
    )


def _resource(systems: Sequence[tuple[Known, str]], target: str) -> Explained:
    """A logical id, with its service and system before it if need be, and a property after it."""
    found = [(known, resource, path) for known, _ in systems for resource, path in _matches(known, target)]
    if not found:
        raise NoAnswerError(_unknown([known for known, _ in systems], target))
    if len(found) > 1:
        several = len({known.name for known, _, _ in found}) > 1
        names = [f"{known.name}/{resource.name}" if several else resource.name for known, resource, _ in found]
        raise NoAnswerError(f"`{target}` could be: {', '.join(f'`{name}`' for name in names)}. Name one of them.")
    known, resource, path = found[0]
    try:
        return Explained(known, explain_part(known, resource, path) if path else explain_resource(known, resource))
    except UnknownPartError as error:
        raise NoAnswerError(str(error)) from None


def _matches(known: Known, target: str) -> Iterator[tuple[Resource, Path]]:
    rest = target.removeprefix(f"{known.name}/")
    for service, by_id in known.resources.items():
        inner = next((rest[len(mark) :] for mark in (f"{service}/", f"{service}.") if rest.startswith(mark)), rest)
        logical_id = _LOGICAL_ID.match(inner)
        if logical_id is None or logical_id.group() not in by_id:
            continue
        path = inner[logical_id.end() :]
        if path and not path.startswith("."):
            continue
        yield by_id[logical_id.group()], _path(by_id[logical_id.group()], path[1:])


def _path(resource: Resource, text: str) -> Path:
    """A property's path: `Properties` may be left out, numbers are indexes of lists."""
    segments = [int(part) if part.isdecimal() else part for part in text.split(".")] if text else []
    if segments[:1] == ["Properties"] and "Properties" not in resource.body.get("Properties", {}):
        return tuple(segments[1:])
    return tuple(segments)


def _unknown(systems: list[Known], target: str) -> str:
    names: dict[str, str] = {}
    for known in systems:
        for resource in known.all_resources():
            names.setdefault(resource.logical_id, resource.name)
            names.setdefault(resource.name, resource.name)
    word = target.split(".")[0] if "/" not in target else target
    close = get_close_matches(word, names, 3, 0.6) or get_close_matches(word.rpartition("/")[2], names, 3, 0.6)
    shown = list(dict.fromkeys(names[name] for name in close))
    hint = f"Did you mean {' or '.join(f'`{name}`' for name in shown)}?" if shown else _HELP
    return f"`{target}` is nothing that was made here, and no declaration. {hint}"


_HELP = "Name a logical id, `service/LogicalId.Property`, a generated file, or a declaration such as `system.yaml:12`."
