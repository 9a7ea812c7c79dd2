"""The order of a file's top-level keys: that of the language's reference. A key takes its comments along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

MODELINE = "# yaml-language-server:"
"""The comment by which an editor finds the schema; it has to be the first line."""


@cache
def canonical(service: bool) -> dict[str, int]:
    """The place of each top-level key: of a service's file, or of a system's."""
    from cncb_compiler.model.service import Service
    from cncb_compiler.model.system import System

    fields = (Service if service else System).model_fields
    names = [field.alias or name for name, field in fields.items()]
    return {name: place for place, name in enumerate(["service", *names] if service else names)}


def arrange(text: str, keys: Sequence[tuple[str, int]]) -> str:
    """`text` with its sections in canonical order.

    `keys` are the top-level keys with their lines, in the order of the text. Keys that the language does not
    know come last, in the user's order. Comments right above a key go with it; those above the first key are
    the file's own, unless that key moves.
    """
    lines = text.splitlines()
    places = canonical(any(key == "service" for key, _ in keys))
    order = sorted(range(len(keys)), key=lambda index: (places.get(keys[index][0], len(places)), index))
    starts = [_start(lines, line) for _, line in keys]
    if order and order[0] == 0:
        starts[0] = keys[0][1]
    head = lines[: starts[0]] if starts else lines
    sections = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    apart = [index > 0 and starts[index] > 0 and not lines[starts[index] - 1].strip() for index in range(len(keys))]
    arranged = _modeline_first(head)
    for position, index in enumerate(order):
        if position and apart[index]:
            arranged.append("")
        arranged += _without_blank_end(sections[index]) if position < len(order) - 1 else sections[index]
    return "\n".join(arranged) + "\n"


def _start(lines: list[str], line: int) -> int:
    """Where the section of the key on `line` begins: at the first of the comments right above it."""
    while line and lines[line - 1].startswith("#") and not lines[line - 1].startswith(MODELINE):
        line -= 1
    return line


def _modeline_first(head: list[str]) -> list[str]:
    return sorted(head, key=lambda line: not line.startswith(MODELINE))


def _without_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]
