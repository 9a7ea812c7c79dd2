"""The grammar of selectors: text to values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

CHANGED = "changed"
"""What differs from the revision that is compared with."""

METHODS = (
    "change",
    "collected",
    "command",
    "event",
    "function",
    "kind",
    "owner",
    "path",
    "query",
    "reaction",
    "service",
    "store",
    "stream",
    "transition",
    "view",
)
"""What may stand before the colon. Beside `kind`, `owner` and `path` they are the kinds of nodes of the graph."""

_TERM = re.compile(r"(?:(?P<up>\d*)\+)?(?P<what>[^+]*?)(?:\+(?P<down>\d*))?")
_STEPS_LIMIT = 6
"""Digits of a number of steps; more would be a mistake."""


class SelectorError(ValueError):
    """A selector that does not follow the grammar; the message says which and how to mend it."""


class NothingNamedError(SelectorError):
    """A selector that names nothing in a system; the message says what was probably meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """What has a name that fits `pattern`; `method` is one of `METHODS`, or empty for a name alone."""

    method: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.method}:{self.pattern}" if self.method else self.pattern


@dataclass(frozen=True, slots=True)
class Way:
    """Everything on a way of events and data from `start` to `end`, both included."""

    start: Named
    end: Named


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs from the revision that is compared with."""


What: TypeAlias = Named | Way | Changed


@dataclass(frozen=True, slots=True)
class Term:
    """Something, with `up` steps of what leads there and `down` steps of what follows; None: however many."""

    what: What
    up: int | None = 0
    down: int | None = 0


Selector: TypeAlias = tuple[tuple[Term, ...], ...]
"""A union of intersections of terms."""


def parse(texts: Iterable[str]) -> Selector:
    """The selector that the texts are together: a union of them all. Raises SelectorError.

    >>> parse(["2+event:order-submitted+", "kind:bff,owner:shop"])[0]
    (Term(what=Named(method='event', pattern='order-submitted'), up=2, down=None),)
    """
    words = [word for text in texts for word in text.split()]
    if not words:
        raise SelectorError("an empty selector selects nothing; name a service, an event, `owner:TEAM`, ...")
    return tuple(tuple(_term(part, word) for part in word.split(",")) for word in words)


def needs_comparison(selector: Selector) -> bool:
    """Whether it asks for what has changed."""
    return any(isinstance(term.what, Changed) for terms in selector for term in terms)


def _term(part: str, word: str) -> Term:
    found = _TERM.fullmatch(part)
    if found is None or not found["what"]:
        raise SelectorError(f"`{word}` is no selector: write `+x`, `x+` or `2+x+1`, and commas for an intersection")
    return Term(_what(found["what"], word), _steps(found["up"], word), _steps(found["down"], word))


def _steps(digits: str | None, word: str) -> int | None:
    if digits is None:
        return 0
    if len(digits) > _STEPS_LIMIT:
        raise SelectorError(f"`{word}` asks for more steps than any system has")
    return int(digits) if digits else None


def _what(text: str, word: str) -> What:
    if text == CHANGED:
        return Changed()
    method, colon, value = text.partition(":")
    if method == "path" and colon:
        start, dots, end = value.partition("..")
        if not (dots and start and end):
            raise SelectorError(f"`{word}` is no way: write `path:a..b`")
        return Way(_named(start, word), _named(end, word))
    return _named(text, word)


def _named(text: str, word: str) -> Named:
    method, colon, pattern = text.partition(":")
    if not colon:
        return Named("", text)
    if method not in METHODS or method == "path":
        raise SelectorError(f"`{word}`: there is no `{method}:`. Known are {', '.join(f'`{one}:`' for one in METHODS)}")
    if not pattern:
        raise SelectorError(f"`{word}` names nothing after `{method}:`")
    return Named(method, pattern)
