"""What to do about a finding; where that is mechanical, as edits that a machine can make."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct

from cncb_compiler.source.location import Location


class Change(Struct, frozen=True):
    """Put `new` for `old`, which stands at `at` once, as a word of its own. Elsewhere nothing is edited."""

    at: Location
    old: str
    new: str

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Change `{self.old}` to `{self.new}`" if self.new else f"Remove `{self.old.strip()}`"


class Put(Struct, frozen=True):
    """Make `value`, YAML on one line, what stands at `at`, where something does."""

    at: Location
    value: str

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Change `{self.at.path[-1]}` to `{self.value}`"


class Add(Struct, frozen=True):
    """Add the key at the end of `at`, which is not there yet, with a `value`: YAML on one line."""

    at: Location
    value: str

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Add `{self.at.path[-1]}: {self.value}`"


class Remove(Struct, frozen=True):
    """Take out the key at the end of `at`, with its value; a section that is empty then goes with it."""

    at: Location

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Remove `{self.at.path[-1]}`"


Edit: TypeAlias = Change | Put | Add | Remove


class Mend(Struct, frozen=True):
    """What to do, in words. `edits` do it, all together.

    `sure`: nothing else can have been meant. Else the mend is one of several, or removes what somebody wrote: it is
    made only where somebody chooses it.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    sure: bool = True


def chosen(text: str, *edits: Edit) -> Mend:
    """A mend that somebody has to choose."""
    return Mend(text, edits, sure=False)


def did_you_mean(
    unknown: str, known: Iterable[str], at: Location, *, cutoff: float = 0.6, prefix: str = ""
) -> Mend | None:
    """The known name that is like the unknown one at `at`; None where there is none.

    `cutoff` is how like, from 0 to 1 (`difflib`). `prefix` stands before the name in the words alone.
    """
    names = list(known)
    slips = _slips(unknown, names)
    close = slips if len(slips) == 1 else get_close_matches(unknown, names, 1, cutoff)
    if not close:
        return None
    edits = (Change(at, unknown, close[0]),) if close is slips else ()
    return Mend(f"Did you mean `{prefix}{close[0]}`?", edits)


def _slips(unknown: str, known: list[str]) -> list[str]:
    """The names that one slip of the fingers, or another way to write words together, makes of the unknown one."""
    plain = _plain(unknown)
    return [name for name in known if _plain(name) == plain or _one_slip(unknown, name)]


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").casefold()


def _one_slip(one: str, other: str) -> bool:
    """Whether one character too many, too few, wrong, or swapped with the next makes the difference.

    Of names of three characters or fewer, that is as good as any other name.
    """
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(one) == len(other):
        swapped = rest[1::-1] + rest[2:]
        return rest[1:] == other_rest[1:] or swapped == other_rest
    return rest[1:] == other_rest or rest == other_rest[1:]
