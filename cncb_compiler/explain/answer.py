"""What `cncb explain` has to say, as values; `render` lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cncb_compiler.source.location import Location

NO_VALUE = object()
"""What stands for a value where there is none to show; null is one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so. `at` is the declaration that says it; None where nobody did (a built-in default)."""

    says: str
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One part of an answer: a setting, a permission, a resource. `name` is what to ask for to know more."""

    name: str
    reason: Reason
    value: Any = NO_VALUE


@dataclass(frozen=True, slots=True)
class Section:
    """Parts of one kind, under their heading. `joint` stands between a part's name and its value."""

    heading: str
    lines: tuple[Line, ...]
    joint: str = " = "


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for, what it is, and why it exists. `pattern` is None for what no pattern made."""

    subject: str
    what: str
    reasons: tuple[Reason, ...]
    pattern: str | None = None
    value: Any = NO_VALUE
    sections: tuple[Section, ...] = ()
