"""The last touch on emitted YAML: comments beside what they are about, blank lines, trailing blanks."""

from __future__ import annotations

import re

from cncb_compiler.fmt.tokens import read

_DASHES = re.compile(r" *((?:- +)*)")


def tidy(text: str) -> str:
    """`text` with comments one blank after what they follow or indented like it, and single blank lines.

    Raises `yaml.YAMLError` if `text` is no YAML.
    """
    source = read(text)
    levels = [0]
    output: list[str] = []
    for number, line in enumerate(source.lines):
        column = source.comment_at.get(number)
        if number in source.inside:
            output.append(line)
        elif not line.strip():
            if output and output[-1]:
                output.append("")
        elif column is not None and not line[:column].strip():
            indent = _beside(levels, column, _next_indent(source.lines, source.comment_at, number))
            output.append(" " * indent + line[column:].rstrip())
        else:
            if column is not None:
                line = f"{line[:column].rstrip()} {line[column:]}"
            output.append(line.rstrip())
            _open(levels, line)
    while output and not output[-1]:
        output.pop()
    return "\n".join(output) + "\n"


def _open(levels: list[int], line: str) -> None:
    """Note where the blocks begin that are open after `line`."""
    indent = len(line) - len(line.lstrip(" "))
    while levels and levels[-1] >= indent:
        levels.pop()
    levels.append(indent)
    dashes = _DASHES.match(line)
    start = dashes.start(1) if dashes else 0
    for dash in re.finditer(r"- +", dashes.group(1) if dashes else ""):
        levels.append(start + dash.end())


def _next_indent(lines: tuple[str, ...], comment_at: dict[int, int], number: int) -> int:
    """The indentation of the next line after `number` that holds more than a comment; 0 at the end."""
    for index in range(number + 1, len(lines)):
        text = lines[index][: comment_at.get(index)]
        if text.strip():
            return len(text) - len(text.lstrip(" "))
    return 0


def _beside(levels: list[int], column: int, following: int) -> int:
    """The indentation of a comment at `column`: that of what follows, or of a deeper open block."""
    open_levels = [level for level in levels if following <= level <= column]
    return max([following, *open_levels])
