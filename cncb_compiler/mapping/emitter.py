"""The state of writing one expression as Python, and the code of a single value."""

from __future__ import annotations

import builtins
import keyword
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from cncb_compiler.mapping.inference import Inference
from cncb_compiler.mapping.layout import Code, bracketed, call, join, text
from cncb_compiler.mapping.nodes import Node
from cncb_compiler.mapping.typed import NULL, Typed, is_opaque, kind, options

CHOICE, OR, AND, NOT, COMPARE, ATOM = range(6)
"""How tightly an expression binds, as in Python's grammar."""

_RESERVED = frozenset({*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "values", "item"})


_Made = TypeVar("_Made")


class Value(Struct, frozen=True):
    """Python code for a value, and what is known of it.

    A path is kept apart: from `code`, fields that are surely there (`fixed`), then fields that may not be
    (`loose`); `safe`: the first of these belongs to what is surely an object.
    """

    code: Code
    typed: Typed
    level: int = ATOM
    fixed: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    safe: bool = False


class Emitter(ABC):
    """Writes the nodes of one expression; `helpers` are the functions of `values` that were needed.

    `names` are those that the code around uses, and that no variable may hide.
    """

    def __init__(self, inference: Inference, target_path: str, names: frozenset[str]) -> None:
        self.inference = inference
        self.table = inference.table
        self.scope = inference.scope
        self.target_path = target_path
        self.names = names
        self.helpers: set[str] = set()
        self.taken: list[str] = []
        self.ids = 0

    @abstractmethod
    def emit(self, node: Node, current: Value) -> Value:
        """The code of `node` evaluated against `current`."""

    def helper(self, name: str, *arguments: Code) -> Code:
        """A call of a function of `values`."""
        self.helpers.add(name)
        return call(f"values.{name}", *arguments)

    def code(self, value: Value, level: int = CHOICE) -> Code:
        """The code, in brackets where it binds less tightly than `level`."""
        method = value.safe and len(value.loose) == 1
        wanted = ATOM if value.fixed or method else CHOICE if value.loose else level
        owner = value.code if value.level >= wanted else bracketed(value.code)
        if value.fixed:
            owner = join(owner, "".join([f"[{text(name)}]" for name in value.fixed]))
        if method:
            return join(owner, f".get({text(value.loose[0])})")
        if not value.loose:
            return owner
        return self.helper("get", owner, *[text(name) for name in value.loose])

    def truth(self, value: Value) -> tuple[Code, int]:
        """Code that is true in Python where the value is true in JMESPath, and how tightly it binds."""
        kinds = self.kinds(value.typed)
        if kinds <= {"number"} and kinds:
            if not value.typed.optional:
                return "True", ATOM
            return join(self.code(value, ATOM), " is not None"), COMPARE
        if "number" in kinds or "any" in kinds:
            return self.helper("truthy", self.code(value)), ATOM
        return self.code(value), ATOM if value.fixed or value.loose else value.level

    def variable(self, hint: Value, made: Callable[[str], _Made]) -> _Made:
        """What `made` gives for a new variable, named after what it goes through."""
        name = self._name((*hint.fixed, *hint.loose)[-1:])
        self.taken.append(name)
        result = made(name)
        self.taken.pop()
        return result

    def _name(self, last: tuple[str, ...]) -> str:
        word = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", last[0]).lower() if last else ""
        if word.endswith("ies"):
            word = f"{word[:-3]}y"
        elif word.endswith(("sses", "xes", "zes", "ches", "shes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        else:
            word = ""
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word) or word in _RESERVED:
            word = "item"
        name, number = word, 2
        while name in self.taken or name in self.names:
            name, number = f"{word}_{number}", number + 1
        return name

    def kinds(self, typed: Typed) -> set[str]:
        """The JMESPath types that a value may have beside null."""
        return {kind(option) for option in options(typed.type, self.table)}

    def nullable(self, typed: Typed) -> bool:
        """Whether a value may be null at run time."""
        return typed.optional or typed.type == NULL.type or is_opaque(typed.type, self.table)

    def is_list(self, typed: Typed) -> bool:
        """Whether a value is surely a list."""
        return not typed.optional and self.kinds(typed) == {"array"}

    def is_object(self, typed: Typed) -> bool:
        """Whether a value is surely an object."""
        return not typed.optional and self.kinds(typed) == {"object"}

    def item(self, typed: Typed) -> Typed:
        """What is known of a list's items."""
        return self.inference.item(typed, (0, 0), "") or NULL
