"""What deploying would change, resource by resource, each with the declaration that asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from cncb_compiler.aws.validate import declared_place, parsed_location
from cncb_compiler.deploy.losses import Fate, fate
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.source.location import Location

Action: TypeAlias = Literal["add", "modify", "replace", "may replace", "remove"]
Mode: TypeAlias = Literal["create", "update", "recreate", "none", "refused"]

_REPLACING: dict[str, Action] = {"True": "replace", "Conditional": "may replace"}
_ORDER: dict[Action, int] = {"add": 0, "modify": 1, "may replace": 2, "replace": 3, "remove": 4}


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that changes.

    `details` are the properties (or attributes, such as `Metadata`) that differ, where that is known. `at` is the
    declaration; of a removed resource, the one that is `gone`. `told` says what becomes of its data.
    """

    action: Action
    logical_id: str
    kind: str
    physical: str
    details: tuple[str, ...]
    at: Location | None
    gone: bool = False
    fate: Fate = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class StackChanges:
    """What changes in a stack. `mode` `refused`: nothing can be done now, and `note` says why.

    With `create`, `update` or `recreate`, `note` says what is still open. No `resources` in an update: only the
    template's outputs differ.
    """

    stack: str
    service: str
    mode: Mode
    resources: tuple[ResourceChange, ...] = ()
    note: str = ""

    @property
    def changed(self) -> bool:
        """Whether there is something to deploy."""
        return self.mode in ("create", "update", "recreate")

    @property
    def losses(self) -> tuple[ResourceChange, ...]:
        """The changes that data would not survive."""
        return tuple(one for one in self.resources if one.fate == "lost")


def from_change_set(
    stack: Stack, changes: tuple[dict[str, Any], ...], old: Mapping[str, Any]
) -> tuple[ResourceChange, ...]:
    """CloudFormation's resource changes as ours. `old` is the template that the stack stands with."""
    return _sorted([_change(stack, _Asked.of(one), old) for one in changes])


def from_templates(
    stack: Stack,
    old: Mapping[str, Any],
    physical: Mapping[str, str],
    create_only: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> tuple[ResourceChange, ...]:
    """What follows from the templates alone, where CloudFormation cannot be asked.

    Whether a modified resource is replaced is known as far as `create_only` gives, by type, the properties that cannot
    change in place (AWS CloudFormation: "Update requires: Replacement").
    """
    before, after = _resources(old), _resources(stack.template)
    asked = [_Asked("add", one, _kind(after, one), "", ()) for one in after.keys() - before.keys()]
    asked += [
        _Asked("remove", one, _kind(before, one), physical.get(one, ""), ()) for one in before.keys() - after.keys()
    ]
    for one in before.keys() & after.keys():
        if before[one] != after[one]:
            details, kind = _different(before[one], after[one]), _kind(after, one)
            replaced = kind != _kind(before, one) or not create_only.get(kind, frozenset()).isdisjoint(details)
            action: Action = "replace" if replaced else "modify"
            asked.append(_Asked(action, one, kind, physical.get(one, ""), details))
    return _sorted([_change(stack, one, old) for one in asked])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A change before it is known where it comes from and what it does to data."""

    action: Action
    logical_id: str
    kind: str
    physical: str
    details: tuple[str, ...]

    @classmethod
    def of(cls, change: Mapping[str, Any]) -> _Asked:
        """From CloudFormation's words (AWS CloudFormation API: ResourceChange)."""
        return cls(
            _action(change),
            change["LogicalResourceId"],
            change.get("ResourceType", ""),
            change.get("PhysicalResourceId", ""),
            _details(change),
        )


def _action(change: Mapping[str, Any]) -> Action:
    if change["Action"] == "Modify":
        replacement = change.get("Replacement", "False")
        return _REPLACING.get(replacement, "modify")
    return "remove" if change["Action"] == "Remove" else "add"


def _details(change: Mapping[str, Any]) -> tuple[str, ...]:
    """The properties that differ, else the attributes of the resource that do."""
    targets = [detail.get("Target", {}) for detail in change.get("Details", [])]
    names = {target.get("Name") or target.get("Attribute", "") for target in targets}
    return tuple(sorted(names - {""} or set(change.get("Scope", []))))


def _change(stack: Stack, asked: _Asked, old: Mapping[str, Any]) -> ResourceChange:
    removed = asked.action == "remove"
    resource = _resources(old if removed else stack.template).get(asked.logical_id, {})
    if removed:
        at = _declared(resource)
    else:
        deepest = ("Properties", asked.details[0]) if asked.details else ()
        at = declared_place(stack.plan, stack.template, asked.logical_id, deepest)
    becomes: tuple[Fate, str] = ("", "")
    if asked.action not in ("add", "modify"):
        policy = resource.get("DeletionPolicy" if removed else "UpdateReplacePolicy", "Delete")
        pattern = resource.get("Metadata", {}).get("cncb", {}).get("pattern", "")
        becomes = fate(asked.action, asked.kind, policy, asked.physical, pattern)
    return ResourceChange(
        asked.action, asked.logical_id, asked.kind, asked.physical, asked.details, at, removed, *becomes
    )


def _declared(resource: Mapping[str, Any]) -> Location | None:
    declaration = resource.get("Metadata", {}).get("cncb", {}).get("declaration")
    return parsed_location(declaration) if isinstance(declaration, str) else None


def _resources(template: Mapping[str, Any]) -> dict[str, Any]:
    found = template.get("Resources", {})
    return found if isinstance(found, dict) else {}


def _kind(resources: Mapping[str, Any], logical_id: str) -> str:
    return str(resources[logical_id].get("Type", ""))


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    old, new = before.get("Properties", {}), after.get("Properties", {})
    properties = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    attributes = {
        name for name in (before.keys() | after.keys()) - {"Properties"} if before.get(name) != after.get(name)
    }
    return tuple(sorted(properties or attributes))


def _sorted(changes: list[ResourceChange]) -> tuple[ResourceChange, ...]:
    return tuple(sorted(changes, key=lambda one: (_ORDER[one.action], one.logical_id)))
