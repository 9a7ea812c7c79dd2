"""Intrinsic functions, resolved as CloudFormation documents them ("Intrinsic function reference").

A value that only the execution can know is `UNKNOWN`; whatever is made of it is unknown too.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid


class Special(Enum):
    """Values that no template can write."""

    NO_VALUE = "AWS::NoValue"
    UNKNOWN = "known after the change"


NO_VALUE = Special.NO_VALUE
UNKNOWN = Special.UNKNOWN


@dataclass(frozen=True, slots=True)
class Scope:
    """What functions may refer to. The callables raise RefusedError for a name that they do not know."""

    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], Any]
    condition: Callable[[str], bool]
    mappings: Mapping[str, Any]
    region: str


def resolve(value: Any, scope: Scope) -> Any:
    """The value with every function replaced by what it gives; entries that are AWS::NoValue are left out."""
    if isinstance(value, Mapping):
        called = function_of(value)
        if called is None:
            members = ((key, resolve(item, scope)) for key, item in value.items())
            return {key: item for key, item in members if item is not NO_VALUE}
        name, argument = called
        if name not in FUNCTIONS:
            raise invalid(f"Template error: the local endpoint does not hold the function {name}")
        return FUNCTIONS[name](argument, scope)
    if isinstance(value, list | tuple):
        return [item for item in (resolve(item, scope) for item in value) if item is not NO_VALUE]
    return value


def function_of(value: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Name and argument where a mapping is the call of a function; None where it is a plain mapping."""
    if len(value) == 1:
        [(name, argument)] = value.items()
        if name == "Ref" or name.startswith("Fn::"):
            return name, argument
    return None


def holds(value: Any, scope: Scope) -> bool:
    """Whether a condition holds: what stands under Conditions, or inside of Fn::And, Fn::Or and Fn::Not."""
    if isinstance(value, Mapping) and len(value) == 1:
        [(name, argument)] = value.items()
        if name == "Condition":
            return scope.condition(argument)
        if name in CONDITIONS:
            return CONDITIONS[name](argument, scope)
    raise invalid("Template format error: Every Condition member must be a condition function.")


def text(value: Any, function: str) -> str:
    """A scalar as CloudFormation writes it inside of a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise invalid(f"Template error: every value that {function} puts into a string must be a string")


def pair(argument: Any, function: str) -> tuple[str, str]:
    """Logical id and attribute of Fn::GetAtt, in its list or its dotted form."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list | tuple) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        raise invalid(
            f"Template error: every {function} object requires two non-empty parameters, the resource name "
            "and the resource attribute"
        )
    return parts[0], ".".join(parts[1:])


SUBSTITUTION = re.compile(r"\$\{(!?)([^}]*)\}")
"""A variable of Fn::Sub; with `!` it stays as it is."""


def _arguments(argument: Any, count: int, function: str) -> list[Any]:
    if not isinstance(argument, list | tuple) or len(argument) != count:
        raise invalid(f"Template error: every {function} object requires a list of {count} arguments")
    return list(argument)


def _get_att(argument: Any, scope: Scope) -> Any:
    return scope.attribute(*pair(argument, "Fn::GetAtt"))


def _sub(argument: Any, scope: Scope) -> Any:
    pattern, variables = (argument, {}) if isinstance(argument, str) else _arguments(argument, 2, "Fn::Sub")
    if not isinstance(pattern, str) or not isinstance(variables, Mapping):
        raise invalid("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments.")
    unknown = False

    def put(found: re.Match[str]) -> str:
        nonlocal unknown
        literal, name = found[1], found[2].strip()
        if literal:
            return "${" + found[2] + "}"
        if name in variables:
            value = resolve(variables[name], scope)
        else:
            value = scope.attribute(*name.split(".", 1)) if "." in name else scope.ref(name)
        if value is UNKNOWN:
            unknown = True
            return ""
        return text(value, "Fn::Sub")

    made = SUBSTITUTION.sub(put, pattern)
    return UNKNOWN if unknown else made


def _join(argument: Any, scope: Scope) -> Any:
    delimiter, items = _arguments(argument, 2, "Fn::Join")
    parts = resolve(items, scope)
    if parts is UNKNOWN:
        return UNKNOWN
    if not isinstance(delimiter, str) or not isinstance(parts, list):
        raise invalid(
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
            "(2) a list of strings to be joined"
        )
    return UNKNOWN if UNKNOWN in parts else delimiter.join(text(part, "Fn::Join") for part in parts)


def _select(argument: Any, scope: Scope) -> Any:
    index, items = (resolve(part, scope) for part in _arguments(argument, 2, "Fn::Select"))
    if UNKNOWN in (index, items):
        return UNKNOWN
    if not isinstance(items, list) or not re.fullmatch(r"\d+", str(index)):
        raise invalid("Template error: every Fn::Select object requires an index and a list")
    if int(index) >= len(items):
        raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(argument: Any, scope: Scope) -> Any:
    delimiter, source = _arguments(argument, 2, "Fn::Split")
    whole = resolve(source, scope)
    if whole is UNKNOWN:
        return UNKNOWN
    if not isinstance(delimiter, str) or not delimiter or not isinstance(whole, str):
        raise invalid(
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and "
            "(2) a string to be split"
        )
    return whole.split(delimiter)


def _find_in_map(argument: Any, scope: Scope) -> Any:
    keys = [resolve(key, scope) for key in _arguments(argument, 3, "Fn::FindInMap")]
    found: Any = scope.mappings
    for key in keys:
        if not isinstance(found, Mapping) or str(key) not in found:
            raise invalid(f"Template error: Unable to get mapping for {'::'.join(map(str, keys))}")
        found = found[str(key)]
    return found


def _base64(argument: Any, scope: Scope) -> Any:
    plain = resolve(argument, scope)
    return UNKNOWN if plain is UNKNOWN else b64encode(text(plain, "Fn::Base64").encode()).decode()


def _if(argument: Any, scope: Scope) -> Any:
    name, then, otherwise = _arguments(argument, 3, "Fn::If")
    return resolve(then if scope.condition(name) else otherwise, scope)


def _import_value(argument: Any, scope: Scope) -> Any:
    name = resolve(argument, scope)
    if not isinstance(name, str):
        raise invalid(
            "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported "
            "values, or Fn::GetAZs"
        )
    return scope.imported(name)


def _zones(argument: Any, scope: Scope) -> Any:
    region = resolve(argument, scope) or scope.region
    return [f"{region}{letter}" for letter in "abc"]


def _equals(argument: Any, scope: Scope) -> bool:
    left, right = (resolve(part, scope) for part in _arguments(argument, 2, "Fn::Equals"))
    return bool(_comparable(left) == _comparable(right))


def _comparable(value: Any) -> Any:
    return value if isinstance(value, list | dict | Special) else text(value, "Fn::Equals")


def _and(argument: Any, scope: Scope) -> bool:
    return all(holds(part, scope) for part in _several(argument, "Fn::And"))


def _or(argument: Any, scope: Scope) -> bool:
    return any(holds(part, scope) for part in _several(argument, "Fn::Or"))


def _not(argument: Any, scope: Scope) -> bool:
    [part] = _arguments(argument, 1, "Fn::Not")
    return not holds(part, scope)


def _several(argument: Any, function: str) -> list[Any]:
    if not isinstance(argument, list | tuple) or not 2 <= len(argument) <= 10:
        raise invalid(
            f"Template error: every {function} object requires a list of at least 2 and at most 10 conditions"
        )
    return list(argument)


FUNCTIONS: Mapping[str, Callable[[Any, Scope], Any]] = {
    "Ref": lambda argument, scope: scope.ref(argument),
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _zones,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
}
"""Those that give values. Fn::Cidr, Fn::Transform and those of AWS::LanguageExtensions are refused."""

CONDITIONS: Mapping[str, Callable[[Any, Scope], bool]] = {
    "Fn::And": _and,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}
