"""A team's settings of the rules: `cncb.toml`, or `[tool.cncb]` in `pyproject.toml`.

    [rules]                                   # by code or name
    CNCB401 = "warning"                       # off, info, warning, error
    unused-event = "off"

    [ignore]                                  # globs relative to the system's folder
    "services/legacy/*.yaml" = ["CNCB402"]

The nearest file counts, from the system's folder upwards to the top of the git repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.named import Named
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location

OWN, PROJECT = "cncb.toml", "pyproject.toml"
"""The files that may hold the settings; the first counts more."""

_SECTION = b"tool.cncb"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class Ignore(Struct, frozen=True):
    """Files, and the codes that are not shown in them."""

    glob: str
    codes: frozenset[str]

    def covers(self, file: str, code: str) -> bool:
        """Whether a finding of `code` in `file` (relative to the system's folder) is ignored."""
        return code in self.codes and glob_pattern(self.glob).fullmatch(file) is not None


class Config(Struct, frozen=True):
    """The severity of each code that is set (None: off), and the ignores by file."""

    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    file: SourceFile | None = None
    """The file it was read from, named relative to the system's folder. `Sources` takes it as `settings`."""


def load_config(root: Path, rules: Callable[[], Iterable[Rule]]) -> tuple[Config, list[Diagnostic]]:
    """The settings for the system in the folder `root`, and what is wrong with them.

    `rules` (usually `registry.rules`) is asked only where rules are named.
    """
    found = _find(root)
    if found is None:
        return Config(), []
    path, in_project = found
    name = Path(os.path.relpath(path, root)).as_posix()
    return _read(name, lambda: path.read_text(encoding="utf-8"), in_project, rules)


def config_among(files: Mapping[str, bytes], rules: Callable[[], Iterable[Rule]]) -> tuple[Config, list[Diagnostic]]:
    """As `load_config`, of files by their path from the system's folder: the first that counts."""
    for name, content in files.items():
        in_project = name.endswith(PROJECT)
        if not in_project or _SECTION in content:
            return _read(name, content.decode, in_project, rules)
    return Config(), []


@cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*` and `?` stay inside one folder, `**` crosses folders."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)


def _find(root: Path) -> tuple[Path, bool] | None:
    """The configuration file, and whether its settings stand under `tool.cncb`."""
    absolute = root.absolute()
    for folder in (absolute, *absolute.parents):
        own = folder / OWN
        if own.is_file():
            return own, False
        project = folder / PROJECT
        if project.is_file() and _SECTION in project.read_bytes():
            return project, True
        if (folder / ".git").exists():
            return None
    return None


def _read(
    name: str, text: Callable[[], str], in_project: bool, rules: Callable[[], Iterable[Rule]]
) -> tuple[Config, list[Diagnostic]]:
    try:
        file = SourceFile(name, text())
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return Config(), [_syntax(name, f"`{name}` cannot be read: {cause}.", (0, 0))]
    return _parse(file, in_project, rules)


def _parse(file: SourceFile, in_project: bool, rules: Callable[[], Iterable[Rule]]) -> tuple[Config, list[Diagnostic]]:
    import tomllib

    try:
        tables: Any = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        place = _AT.search(str(error))
        cause = str(error)[: place.start()].strip() if place else str(error)
        return Config(file=file), [_syntax(file.name, f"Not TOML: {cause}.", _span(file.text, place))]
    except RecursionError:
        return Config(file=file), [_syntax(file.name, "Not TOML: nested too deep.", (0, 0))]
    reader = _Reader(file, rules)
    if in_project:
        tool = tables.get("tool")
        tables = tool.get("cncb", {}) if isinstance(tool, dict) else {}
    return reader.config(tables), reader.found


class _Reader:
    """Reads the tables, collecting what is wrong."""

    def __init__(self, file: SourceFile, rules: Callable[[], Iterable[Rule]]) -> None:
        self.file = file
        self.named = Named(rules)
        self.found: list[Diagnostic] = []

    def config(self, tables: Any) -> Config:
        if not isinstance(tables, dict):
            self.bad("cncb", "`tool.cncb` must be a table.", "Write `[tool.cncb.rules]` and `[tool.cncb.ignore]`.")
            return Config(file=self.file)
        for key in tables:
            if key not in ("rules", "ignore"):
                self.bad(key, f"`{key}` is not a setting.", "The tables are `rules` and `ignore`.")
        severities = dict(self.severity(*item) for item in self.table(tables, "rules"))
        ignores = tuple(self.ignore(*item) for item in self.table(tables, "ignore"))
        return Config({code: level for code, level in severities.items() if code}, ignores, self.file)

    def table(self, tables: dict[str, Any], key: str) -> Iterable[tuple[str, Any]]:
        table = tables.get(key, {})
        if isinstance(table, dict):
            return table.items()
        self.bad(key, f"`{key}` must be a table.", f"Write `[{key}]` and its entries below.")
        return ()

    def severity(self, name: str, value: Any) -> tuple[str, Severity | None]:
        """The code that `name` means and its severity; the code is empty where it has no effect."""
        rule = self.rule(name, name)
        if rule is None:
            return "", None
        if value not in ("off", "info", "warning", "error"):
            mend = 'One of "off", "info", "warning", "error".'
            self.bad(name, f"`{value}` is not a severity of `{name}`.", mend)
            return "", None
        level = None if value == "off" else Severity(value)
        if not rule.ignorable and _rank(level) < _rank(rule.severity):
            self.found.append(self.named.not_ignorable(self.at(name), rule))
            return "", None
        return rule.code, level

    def ignore(self, glob: str, value: Any) -> Ignore:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.bad(glob, f"The value of `{glob}` must be a list of codes or names.", 'Such as `["CNCB402"]`.')
            return Ignore(glob, frozenset())
        codes = set()
        for name in value:
            rule = self.rule(name, glob, name)
            if rule is not None and not rule.ignorable:
                self.found.append(self.named.not_ignorable(self.at(glob, name), rule))
            elif rule is not None:
                codes.add(rule.code)
        return Ignore(glob, frozenset(codes))

    def rule(self, name: str, key: str, value: str | None = None) -> Rule | None:
        rule = self.named.rule(name)
        if rule is None:
            self.found.append(self.named.unknown(self.at(key, value), name))
        return rule

    def bad(self, key: str, message: str, mend: str) -> None:
        from cncb_compiler.rules.cncb091_config_value import RULE as CONFIG_VALUE

        self.found.append(CONFIG_VALUE(self.at(key), message, mend=mend))

    def at(self, key: str, value: str | None = None) -> Location:
        """Where a key, or a string in its value, stands; TOML readers keep no places, so it is looked for."""
        found = re.search(rf"""^[ \t]*(?:\[[^\]\n]*)?["']?({re.escape(key)})(?![\w-])""", self.file.text, re.MULTILINE)
        span = found.span(1) if found else (0, 0)
        start = self.file.text.find(value, span[1]) if value else -1
        return Location(self.file.name, span=span if start < 0 else (start, start + len(value or "")))


def _rank(level: Severity | None) -> int:
    return 0 if level is None else 1 + (Severity.INFO, Severity.WARNING, Severity.ERROR).index(level)


def _syntax(name: str, message: str, span: tuple[int, int]) -> Diagnostic:
    from cncb_compiler.rules.cncb090_config_syntax import RULE as CONFIG_SYNTAX

    return CONFIG_SYNTAX(Location(name, span=span), message, mend="Correct the file; nothing in it was used.")


def _span(text: str, place: re.Match[str] | None) -> tuple[int, int]:
    if place is None or place.group(1) is None:
        return len(text), len(text)
    lines = text.split("\n")
    at = sum(len(line) + 1 for line in lines[: int(place.group(1)) - 1]) + int(place.group(2)) - 1
    return min(at, len(text)), min(at + 1, len(text))
