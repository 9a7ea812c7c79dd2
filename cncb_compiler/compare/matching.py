"""What of one revision is what of the other: by name, else as a rename, where one and only one candidate fits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

ALIKE = 0.75
"""From which share of common traits on something is the same under another name."""

Traits = frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Matches(Generic[T]):
    """Pairs by their name after; what is on one side only; and of the pairs the renamed ones, new name to old."""

    pairs: Mapping[str, tuple[T, T]]
    added: Mapping[str, T]
    removed: Mapping[str, T]
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def new_names(self) -> dict[str, str]:
        """Old name to new name, of the renamed."""
        return {old: new for new, old in self.renamed.items()}

    def both(self) -> Iterator[tuple[T, T]]:
        """The pairs, by name."""
        yield from self.pairs.values()


def matched(
    before: Mapping[str, T],
    after: Mapping[str, T],
    traits: Callable[[T, bool], Traits],
    known: Collection[str] = (),
    alike: Callable[[T, T], object] = lambda old, new: True,
) -> Matches[T]:
    """Pair what has one name, then what has no partner with what is most like it.

    `traits` are what a thing is told by, of the side before (False) or after (True). `known` are names that exist on a
    side though nothing is understood of them: neither added nor removed. `alike` has the last word on a rename.
    """
    pairs = {name: (before[name], after[name]) for name in after if name in before}
    removed = {name: one for name, one in before.items() if name not in after and name not in known}
    added = {name: one for name, one in after.items() if name not in before and name not in known}
    old_traits = {name: traits(one, False) for name, one in removed.items()} if added else {}
    new_traits = {name: traits(one, True) for name, one in added.items()} if removed else {}
    renamed = renames(removed, added, lambda old, new: likeness(old_traits[old], new_traits[new]))
    kept = {new: old for new, old in renamed.items() if alike(removed[old], added[new])}
    for new, old in kept.items():
        pairs[new] = (removed.pop(old), added.pop(new))
    return Matches(dict(sorted(pairs.items())), added, removed, kept)


def renames(removed: Collection[str], added: Collection[str], likeness: Callable[[str, str], float]) -> dict[str, str]:
    """New name to old name, of those pairs that are each other's best and only match."""
    found: dict[str, str] = {}
    for new in added:
        old = _best({name: likeness(name, new) for name in removed})
        if old is not None and _best({name: likeness(old, name) for name in added}) == new:
            found[new] = old
    return found


def _best(likenesses: Mapping[str, float]) -> str | None:
    rated = sorted(((value, name) for name, value in likenesses.items()), reverse=True)
    if not rated or rated[0][0] < ALIKE or (len(rated) > 1 and rated[1][0] == rated[0][0]):
        return None
    return rated[0][1]


def likeness(one: Traits, other: Traits) -> float:
    """The share of the traits that both have; nothing is like nothing."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every innermost value of a declaration with its path: what it says, apart from its name."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "description":
                yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, repr(value)
