"""Where a declaration stands: a file and the path of keys inside it.

Line and column are not kept. They are looked up (`source.positions`) when a diagnostic is shown, because
composing YAML with positions costs more than everything else a clean check does.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace


class Location(Struct, frozen=True, order=True):
    """A place in a system's sources.

    `file` is relative to the system's folder, with `/`. `path` is the keys and list indexes from the top of
    the file; segments that the user's short form left out are skipped when the position is looked up.
    `on_key` points at the last key instead of its value. `span` narrows to characters `[start, end)` of a
    scalar; without a path, of the whole file's text.
    """

    file: str
    path: tuple[str | int, ...] = ()
    on_key: bool = False
    span: tuple[int, int] | None = None

    def __truediv__(self, segment: str | int) -> Location:
        """The place one key or index further in."""
        return Location(self.file, (*self.path, segment))

    def key(self) -> Location:
        """The key itself, not its value."""
        return replace(self, on_key=True)

    def chars(self, start: int, end: int) -> Location:
        """Characters `[start, end)` of the scalar standing here."""
        return replace(self, span=(start, end))

    def __str__(self) -> str:
        """`file#/path/to/key`: stable when lines move, so generated files may hold it."""
        return f"{self.file}#/{'/'.join(str(segment) for segment in self.path)}"
