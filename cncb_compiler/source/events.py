"""The YAML parser: libyaml where PyYAML was built with it, the same in Python elsewhere.

Only parse events are taken from PyYAML. Its composer and constructor are left out: they resolve scalars by
YAML 1.1, cost twice what parsing does, and recurse (deep input would overflow the C stack). Events come in a
flat row.
"""

from __future__ import annotations

from typing import Any

from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

try:
    from yaml._yaml import CParser as _CParser
except ImportError:
    # A name that is a class to mypy, and nothing where PyYAML comes without libyaml.
    _CParser = None  # type: ignore[assignment,misc]


class _PythonParser(Reader, Scanner, Parser):
    """The events of a text, without libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def parser(text: str) -> Any:
    """A parser with `get_event()`, which raises `yaml.YAMLError`; making it raises that or UnicodeError."""
    return _PythonParser(text) if _CParser is None else _CParser(text)
