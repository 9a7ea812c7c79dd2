"""What a template's parts refer to: the order of its resources, circles, and names that nothing declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.intrinsics import SUBSTITUTION, function_of, pair

PSEUDO_PARAMETERS = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)
_LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")


def references(value: Any) -> Iterator[tuple[str, str | None]]:
    """Each name that functions in a value refer to, with the attribute where one is asked for."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from references(item)
    elif isinstance(value, Mapping):
        match function_of(value):
            case "Ref", str() as name:
                yield name, None
            case "Fn::GetAtt", argument:
                yield pair(argument, "Fn::GetAtt")
            case "Fn::Sub", argument:
                yield from _substituted(argument)
            case _:
                for item in value.values():
                    yield from references(item)


def _substituted(argument: Any) -> Iterator[tuple[str, str | None]]:
    pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(pattern, str) or not isinstance(variables, Mapping):
        raise invalid("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments.")
    yield from references(list(variables.values()))
    for literal, name in SUBSTITUTION.findall(pattern):
        if not literal and name.strip() not in variables:
            target, _, attribute = name.strip().partition(".")
            yield target, attribute or None


def check_references(sections: Mapping[str, Mapping[str, Any]], resources: Mapping[str, Any]) -> None:
    """Raises RefusedError for a resource without a type, and for names that the template does not declare."""
    for name, raw in resources.items():
        if not _LOGICAL_ID.fullmatch(str(name)):
            raise invalid(f"Template format error: Resource name {name} is non alphanumeric.")
        if not isinstance(raw, Mapping) or not isinstance(raw.get("Type"), str):
            raise invalid(
                f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
            )
    plain = PSEUDO_PARAMETERS | sections["Parameters"].keys()
    _check(plain, resources, [raw.get("Properties", {}) for raw in resources.values()], "Resources")
    _check(plain, resources, list(sections["Outputs"].values()), "Outputs")
    _check(plain, {}, list(sections["Conditions"].values()), "Conditions")
    unresolved = {name for raw in resources.values() for name in depends_on(raw)} - resources.keys()
    if unresolved:
        raise invalid(_unresolved(unresolved, "Resources"))
    _check_conditions(sections, resources)


def depends_on(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """What a resource names under DependsOn."""
    named = raw.get("DependsOn", ())
    return (named,) if isinstance(named, str) else tuple(named)


def order(resources: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """What each resource needs, in an order in which all can be made. Raises RefusedError for a circle."""
    needs = {
        name: frozenset(found for found, _ in references(raw.get("Properties", {})) if found in resources)
        | frozenset(depends_on(raw))
        for name, raw in resources.items()
    }
    try:
        return {name: needs[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        circle = sorted(set(error.args[1]))
        raise invalid(f"Circular dependency between resources: [{', '.join(circle)}]") from None


def _check(plain: frozenset[str], resources: Mapping[str, Any], values: list[Any], section: str) -> None:
    found = set(references(values))
    for name in sorted(name for name, attribute in found if attribute is not None and name not in resources):
        raise invalid(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
    unresolved = {name for name, attribute in found if attribute is None} - plain - resources.keys()
    if unresolved:
        raise invalid(_unresolved(unresolved, section))


def _unresolved(names: set[str], section: str) -> str:
    return (
        f"Template format error: Unresolved resource dependencies [{', '.join(sorted(names))}] in the {section} "
        "block of the template"
    )


def _check_conditions(sections: Mapping[str, Mapping[str, Any]], resources: Mapping[str, Any]) -> None:
    conditions = sections["Conditions"]
    owners = [*resources.values(), *sections["Outputs"].values()]
    used = {one["Condition"] for one in owners if isinstance(one, Mapping) and "Condition" in one}
    used.update(_choices([raw.get("Properties", {}) for raw in resources.values()]))
    used.update(_choices(list(sections["Outputs"].values())))
    absent = sorted(map(str, used - conditions.keys()))
    if absent:
        raise invalid(f"Template format error: Unresolved condition dependency {absent[0]} in the template")


def _choices(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _choices(item)
    elif isinstance(value, Mapping):
        called = function_of(value)
        if called and called[0] == "Fn::If" and isinstance(called[1], list) and called[1]:
            yield str(called[1][0])
        for item in value.values():
            yield from _choices(item)
