"""Mappings of two revisions, each beside what it was, and which parts of it say something else now."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cncb_compiler.graph.system import Construct, LinkedMapping
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared, DeclaredConstruct

Key = tuple[str, str]
"""What a mapping of a construct is told by: its name, and the origin of what it reads."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a mapping that differs. `path` is in the target; a side that says nothing of it is ``."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class MappingPair:
    """A mapping on both sides, None where it is not there; `old_construct` has the name before."""

    old_construct: DeclaredConstruct
    construct: DeclaredConstruct
    old: LinkedMapping | None
    new: LinkedMapping | None

    @property
    def either(self) -> LinkedMapping:
        """The mapping after, or where it is gone the one before."""
        found = self.new or self.old
        assert found is not None
        return found


def mapping_pairs(compared: Compared) -> Iterator[MappingPair]:
    """The mappings of every declaration that is on both sides, those left out that are the same text."""
    before, after = _by_construct(compared.before.system.mappings), _by_construct(compared.after.system.mappings)
    events = compared.events.new_names
    for old, new in compared.declarations.both():
        ones = {_renamed(key, events): one for key, one in before.get(str(old.construct), {}).items()}
        others = after.get(str(new.construct), {})
        for key in sorted(ones.keys() | others.keys()):
            yield MappingPair(old, new, ones.get(key), others.get(key))


def _by_construct(mappings: Iterable[tuple[Construct, LinkedMapping]]) -> Mapping[str, dict[Key, LinkedMapping]]:
    found: dict[str, dict[Key, LinkedMapping]] = defaultdict(dict)
    for construct, mapping in mappings:
        found[str(construct)][mapping.name, mapping.scope.origin] = mapping
    return found


def _renamed(key: Key, events: Mapping[str, str]) -> Key:
    name, origin = key
    for old, new in events.items():
        name = re.sub(rf"(?<![a-z0-9]){old.replace('-', '_')}(?![a-z0-9])", new.replace("-", "_"), name)
        origin = f"event:{new}" if origin == f"event:{old}" else origin
    return name, origin


def different_leaves(old: Tree, new: Tree, words: Mapping[str, str]) -> Iterator[Leaf]:
    """The values that are not the same text; `words` are new names of fields, by which alone nothing differs."""
    others = dict(leaves(new))
    ones = {path if path in others else _worded(path, words): text for path, text in leaves(old)}
    for path in sorted(ones.keys() | others.keys()):
        was, now = ones.get(path, ""), others.get(path, "")
        if now not in (was, _worded(was, words)):
            yield Leaf(path, was, now)


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """Each innermost value of a mapping by its path in the target, as it would be written."""
    match tree:
        case Expression():
            yield path, tree.text
        case Constant():
            yield path, f"the constant {json.dumps(tree.value, ensure_ascii=False)}"
        case HookCall():
            yield path, f"the hook {tree.module}.{tree.function}"
        case Nested():
            for name, inner in tree.fields.items():
                yield from leaves(inner, f"{path}.{name}" if path else name)
        case Items():
            for index, inner in enumerate(tree.items):
                yield from leaves(inner, f"{path}[{index}]")


def _worded(text: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{known})(?![\w-])", lambda found: words[found.group()], text)
