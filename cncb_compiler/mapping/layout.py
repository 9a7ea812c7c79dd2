"""Python expressions laid out in lines, as a formatter would leave them."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

WIDTH = 120
"""The longest line of generated code, in characters."""


class Block(Struct, frozen=True):
    """Parts between brackets: on one line where they fit, else each on its own.

    `comma`: the parts are items, separated by commas; otherwise they are clauses, as of a comprehension.
    """

    open: str
    parts: tuple[Code, ...]
    close: str
    comma: bool = True


class Join(Struct, frozen=True):
    """Pieces that follow each other."""

    parts: tuple[Code, ...]


Code: TypeAlias = str | Block | Join


def join(*parts: Code) -> Code:
    """Pieces that follow each other; text where all of them are."""
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else Join(parts)


def call(function: str, *arguments: Code) -> Code:
    """A call."""
    texts = [argument for argument in arguments if isinstance(argument, str)]
    if len(texts) == len(arguments):
        return f"{function}({', '.join(texts)})"
    return Block(f"{function}(", arguments, ")")


def flat(code: Code) -> str:
    """The code on one line."""
    if isinstance(code, str):
        return code
    if isinstance(code, Join):
        return "".join([flat(part) for part in code.parts])
    return code.open + (", " if code.comma else " ").join([flat(part) for part in code.parts]) + code.close


def bracketed(code: Code) -> Code:
    """The code in round brackets."""
    return Block("(", (code,), ")", comma=False)


def render(code: Code, indent: int, column: int, tail: int = 0) -> str:
    """The code with its first line starting at `column`, in a statement indented by `indent` spaces.

    `tail` characters follow it on its last line.
    """
    line = flat(code)
    if isinstance(code, str) or column + len(line) + tail <= WIDTH:
        return line
    if isinstance(code, Join):
        return _render_join(code, indent, column, tail)
    inner = indent + 4
    end = "," if code.comma else ""
    lines = [f"{' ' * inner}{render(part, inner, inner, len(end))}{end}\n" for part in code.parts]
    return f"{code.open}\n{''.join(lines)}{' ' * indent}{code.close}"


def _render_join(code: Join, indent: int, column: int, tail: int) -> str:
    done = ""
    for index, part in enumerate(code.parts):
        _, newline, last = done.rpartition("\n")
        following = "".join([after for after in code.parts[index + 1 :] if isinstance(after, str)])
        done += render(part, indent, len(last) if newline else column + len(done), tail + len(following))
    return done


def text(value: str) -> str:
    """A string literal in double quotes, or in single ones where that saves escapes; nothing in it can end it."""
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    mark = "'" if value.count('"') > value.count("'") else '"'
    return mark + "".join([_character(character, mark) for character in value]) + mark


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _character(character: str, mark: str) -> str:
    if character == mark:
        return f"\\{mark}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def literal(value: Any) -> Code:
    """A JSON value written out in Python."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return Block("[", tuple(literal(item) for item in value), "]") if value else "[]"
    if isinstance(value, dict):
        parts = tuple(join(f"{text(name)}: ", literal(item)) for name, item in value.items())
        return Block("{", parts, "}") if parts else "{}"
    return repr(value)
