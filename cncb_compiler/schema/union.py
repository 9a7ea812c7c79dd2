"""The smallest type that holds the values of several."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.schema.types import ANYTHING, INTEGER, NUMBER, STRING, Anything, Enum, ListOf, OneOf, Type

NEVER = OneOf(())
"""The type without values: of the items of an empty list, of null."""


def union(types: Iterable[Type]) -> Type:
    """One type for values of any of `types`, simplified; nothing is `NEVER`, and `Anything` swallows the others.

    Enums merge into one, a plain string takes in enums, a number integers, and an empty list gives way to
    other lists.
    """
    options: list[Type] = []
    texts: dict[str, None] = {}
    for type_ in types:
        for option in type_.options if isinstance(type_, OneOf) else (type_,):
            if isinstance(option, Anything):
                return ANYTHING
            if isinstance(option, Enum):
                texts.update(dict.fromkeys(option.values))
            elif option not in options:
                options.append(option)
    if texts and STRING not in options:
        options.append(Enum(tuple(texts)))
    if NUMBER in options:
        options = [option for option in options if option != INTEGER]
    if sum(isinstance(option, ListOf) for option in options) > 1:
        options = [option for option in options if option != ListOf(NEVER)]
    return options[0] if len(options) == 1 else OneOf(tuple(options))
