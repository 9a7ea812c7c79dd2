"""Names of the language for things that are called otherwise elsewhere."""

from __future__ import annotations

import re
from collections.abc import Container

from cncb_compiler.model.base import FIELD_PATTERN, NAME_PATTERN, TYPE_PATTERN, matches

LONGEST = 64
LONGEST_SYSTEM = 18
LONGEST_SERVICE = 20
LONGEST_FUNCTION = 18
"""What is left of a Lambda function's 64 characters for the names of system, service and function."""

_LONGEST_TYPE = 128
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|[0-9]+")


def name_of(text: str, fallback: str = "unnamed", longest: int = LONGEST) -> str:
    """A name: itself where it is one, else its words with dashes: `OrderSubmitted` is `order-submitted`."""
    if matches(NAME_PATTERN, text) and len(text) <= longest:
        return text
    words = [word.lower() for word in _WORDS.findall(text)]
    while words and not words[0][0].isalpha():
        words = words[1:]
    kept = words[:1]
    for word in words[1:]:
        if len("-".join([*kept, word])) > longest:
            break
        kept.append(word)
    name = "-".join(kept)[:longest]
    return name if matches(NAME_PATTERN, name) else fallback


def system_name_of(text: str) -> str:
    """The name of a system: no parameter of the Systems Manager may begin with `aws` or `ssm`."""
    name = name_of(text, "imported", LONGEST_SYSTEM)
    return f"on-{name}"[:LONGEST] if name.lower().startswith(("aws", "ssm")) else name


def type_name_of(text: str, fallback: str = "Unnamed") -> str:
    """A type's name: itself where it is one, else its words together: `order-line` is `OrderLine`."""
    if matches(TYPE_PATTERN, text) and len(text) <= _LONGEST_TYPE:
        return text
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[0].upper() + word[1:] for word in words).lstrip("0123456789")[:_LONGEST_TYPE]
    name = name[:1].upper() + name[1:]
    return name if matches(TYPE_PATTERN, name) else fallback


def field_name_of(text: str, fallback: str = "field") -> str:
    """A field's name: itself where it is one, else its letters and digits with `_` between."""
    if matches(FIELD_PATTERN, text) and len(text) <= 255:
        return text
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    name = f"_{name}" if name[:1].isdigit() else name
    return name[:255] if matches(FIELD_PATTERN, name[:255]) else fallback


def unique(name: str, taken: Container[str]) -> str:
    """The name, with a number where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name[: LONGEST - 4]}-{number}" in taken:
        number += 1
    return f"{name[: LONGEST - 4]}-{number}"


def unique_type(name: str, taken: Container[str]) -> str:
    """The type's name, with a number where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name[: _LONGEST_TYPE - 4]}{number}" in taken:
        number += 1
    return f"{name[: _LONGEST_TYPE - 4]}{number}"
