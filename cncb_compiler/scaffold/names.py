"""Names for what is scaffolded: checked like the language's, derived from each other."""

from __future__ import annotations

import re

from cncb_compiler.model.base import FIELD_PATTERN, NAME_PATTERN, matches
from cncb_compiler.model.event import ENVELOPE
from cncb_compiler.scaffold.change import ScaffoldError
from cncb_compiler.source.scalars import resolve

LONGEST = 64


def checked_name(name: str) -> str:
    """The name, if the language takes it. Raises ScaffoldError."""
    if not matches(NAME_PATTERN, name):
        raise ScaffoldError(
            f"`{name}` is no name: letters, digits and single dashes, a small letter first, like `order-submitted`."
        )
    if len(name) > LONGEST:
        raise ScaffoldError(f"`{name}` is longer than {LONGEST} characters.")
    return name


def written(name: str) -> str:
    """A name as YAML text: `true` and `null` are names too, but only in quotes."""
    return name if isinstance(resolve(name), str) else f'"{name}"'


def entity_of(event: str) -> str:
    """The entity that an event is likely about: `order-submitted` is about an `order`."""
    first = event.split("-")[0]
    taken = first in (*ENVELOPE, "context") or not matches(FIELD_PATTERN, first)
    return "subject" if taken else first


def type_of(entity: str) -> str:
    """The type's name that an entity is likely declared by."""
    return entity[0].upper() + entity[1:].replace("_", "")


def plural(entity: str) -> str:
    """The name of a view or route of many: `order` gives `orders`, `category` gives `categories`."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", entity).strip("-") or "row"
    name = words[0].lower() + words[1:]
    if not matches(NAME_PATTERN, name):
        return "rows"
    if name.endswith("s") and not name.endswith("ss"):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"
