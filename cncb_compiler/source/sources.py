"""The files of a system together, with the places in them: what diagnostics are sorted by and shown with."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.lines import FILE_START, Range
from cncb_compiler.source.location import Location
from cncb_compiler.source.positions import PositionIndex


def index_of(_file: str, text: str) -> PositionIndex:
    """The places of a file's text."""
    return PositionIndex(text)


class Sources:
    """Files by name.

    `prefix`, put before shown names, is the system's folder as the user named it. `settings` is the file that
    configures the rules (`Config.file`): findings in it can be shown, but it is not one of the system's
    files. `index` gives the places of a file's text, by name and text; an editor keeps those of what did not change.
    """

    def __init__(
        self,
        files: Iterable[SourceFile],
        prefix: str = "",
        settings: SourceFile | None = None,
        index: Callable[[str, str], PositionIndex] = index_of,
    ) -> None:
        self.prefix = prefix
        self._index_of = index
        self._texts = {file.name: file.text for file in files}
        self._count = len(self._texts)
        if settings is not None:
            self._texts[settings.name] = settings.text
        self._indexes: dict[str, PositionIndex] = {}

    def __len__(self) -> int:
        """The number of the system's files."""
        return self._count

    def index(self, file: str) -> PositionIndex | None:
        """The places of a file; None if it is not among the files or could not be read."""
        if file not in self._indexes:
            if file not in self._texts:
                return None
            self._indexes[file] = self._index_of(file, self._texts[file])
        return self._indexes[file]

    def range(self, at: Location) -> Range:
        """Where a location stands; the start of the file where nothing better is known."""
        index = self.index(at.file)
        return index.range(at) if index else FILE_START

    def shown(self, file: str) -> str:
        """The name of a file as the user sees it."""
        return posixpath.normpath(posixpath.join(self.prefix, file)) if self.prefix else file

    def texts(self) -> Iterable[tuple[str, str]]:
        """Name and text of each file."""
        return self._texts.items()
