"""What an update would change: per resource add, modify, replace or remove, and why.

Source: CloudFormation API Reference, "ResourceChange", "ResourceChangeDetail" and "ResourceTargetDefinition".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.intrinsics import UNKNOWN
from cncb_compiler.local.cloudformation.references import references
from cncb_compiler.local.cloudformation.resource import Properties, ResourceType
from cncb_compiler.local.cloudformation.template import Declared

if TYPE_CHECKING:
    from cncb_compiler.local.cloudformation.stacks import Standing, Wanted
    from cncb_compiler.local.cloudformation.values import Values

ALWAYS, NEVER = "Always", "Never"
STATIC, DYNAMIC = "Static", "Dynamic"


@dataclass(frozen=True, slots=True)
class Detail:
    """One reason why a resource changes. `cause` is the parameter, resource or attribute behind it."""

    attribute: str
    name: str | None
    recreation: str
    evaluation: str
    source: str
    cause: str | None = None

    def shown(self) -> dict[str, Any]:
        """As the API describes it."""
        target = {"Attribute": self.attribute, "RequiresRecreation": self.recreation}
        if self.name is not None:
            target["Name"] = self.name
        answer = {"Target": target, "Evaluation": self.evaluation, "ChangeSource": self.source}
        return answer if self.cause is None else answer | {"CausingEntity": self.cause}


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource. `action` is Add, Modify or Remove."""

    action: str
    logical_id: str
    type: str
    physical_id: str | None = None
    replacement: str | None = None
    policy: str | None = None
    details: tuple[Detail, ...] = field(default=())

    @property
    def scope(self) -> tuple[str, ...]:
        """Which attributes of the resource change."""
        return tuple(dict.fromkeys(detail.attribute for detail in self.details))

    def shown(self) -> dict[str, Any]:
        """As the API describes it."""
        change = {
            "Action": self.action,
            "LogicalResourceId": self.logical_id,
            "ResourceType": self.type,
            "PhysicalResourceId": self.physical_id,
            "Replacement": self.replacement,
            "PolicyAction": self.policy,
            "Scope": list(self.scope),
            "Details": [detail.shown() for detail in self.details],
        }
        return {"Type": "Resource", "ResourceChange": change}


@dataclass(slots=True)
class Comparison:
    """A stack beside what it is wanted to be.

    What stands is taken as it is for what refers to it, unless it changes itself: then only the execution can know.
    """

    standing: Mapping[str, Standing]
    old: Wanted | None
    new: Wanted
    types: Mapping[str, ResourceType]
    found: dict[str, Change] = field(default_factory=dict)

    def changes(self, values: Values) -> tuple[Change, ...]:
        """All changes, by logical id. `values` must ask `held` of this comparison for what stands."""
        wanted = values.active()
        moved = sorted(
            name
            for name, declared in wanted.items()
            if name in self.standing and self.standing[name].declared.type != declared.type
        )
        if moved:
            raise invalid(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                f"resources: [{', '.join(moved)}]"
            )
        for name, declared in wanted.items():
            change = self._change(declared, values.worded(declared))
            if change is not None:
                self.found[name] = change
        for name, stands in self.standing.items():
            if name not in wanted:
                policy = "Delete" if stands.declared.deletion_policy == "Delete" else "Retain"
                physical = stands.held.physical_id if stands.held else None
                self.found[name] = Change("Remove", name, stands.declared.type, physical, policy=policy)
        return tuple(self.found[name] for name in sorted(self.found))

    def ref(self, name: str) -> Any:
        """What `Ref` of a resource gives: unknown where it is new, or may be replaced."""
        change = self.found.get(name)
        held = self.standing[name].held if name in self.standing else None
        if held is None or (change is not None and change.replacement != "False"):
            return UNKNOWN
        return held.physical_id

    def attribute(self, name: str, attribute: str) -> Any:
        """What `Fn::GetAtt` of a resource gives: unknown where any of its properties may change."""
        change = self.found.get(name)
        held = self.standing[name].held if name in self.standing else None
        if held is None or (change is not None and "Properties" in change.scope) or attribute not in held.attributes:
            return UNKNOWN
        return held.attributes[attribute]

    def _change(self, declared: Declared, worded: Properties) -> Change | None:
        stands = self.standing.get(declared.logical_id)
        if stands is None or stands.held is None:
            return Change("Add", declared.logical_id, declared.type)
        driver = self.types.get(declared.type)
        create_only = driver.create_only if driver else frozenset()
        details = (
            *_attributes(stands.declared, declared),
            *self._properties(stands, declared, worded, create_only),
        )
        if not details:
            return None
        replaced = {detail.evaluation for detail in details if detail.recreation == ALWAYS}
        replacement = "True" if STATIC in replaced else "Conditional" if replaced else "False"
        policy = None
        if replaced:
            policy = "ReplaceAndRetain" if declared.update_replace_policy == "Retain" else "ReplaceAndDelete"
        physical = stands.held.physical_id
        return Change("Modify", declared.logical_id, declared.type, physical, replacement, policy, details)

    def _properties(
        self, stands: Standing, declared: Declared, worded: Properties, create_only: frozenset[str]
    ) -> Iterator[Detail]:
        for name in sorted(stands.worded.keys() | worded.keys()):
            if name in stands.worded and name in worded and stands.worded[name] == worded[name]:
                continue
            attribute = "Tags" if name == "Tags" else "Properties"
            recreation = ALWAYS if recreates(create_only, name, stands.worded, worded) else NEVER
            before, after = stands.declared.properties.get(name), declared.properties.get(name)
            causes = dict.fromkeys(self._causes(after))
            if before != after or not causes:
                yield Detail(
                    attribute, name, recreation, DYNAMIC if unknown(worded.get(name)) else STATIC, "DirectModification"
                )
            for evaluation, source, cause in causes:
                yield Detail(attribute, name, recreation, evaluation, source, cause)

    def _causes(self, raw: Any) -> Iterator[tuple[str, str, str]]:
        before = self.old.parameters if self.old else {}
        for name, attribute in references(raw):
            if name in self.new.parameters:
                if name not in before or before[name].ref != self.new.parameters[name].ref:
                    yield STATIC, "ParameterReference", name
            elif attribute is None and name in self.found and self.ref(name) is UNKNOWN:
                yield DYNAMIC, "ResourceReference", name
            elif attribute is not None and name in self.found and self.attribute(name, attribute) is UNKNOWN:
                yield DYNAMIC, "ResourceAttribute", f"{name}.{attribute}"


def unknown(value: Any) -> bool:
    """Whether any part of a value is only known after the change."""
    if isinstance(value, Mapping):
        return any(unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(unknown(item) for item in value)
    return value is UNKNOWN


def recreates(create_only: frozenset[str], name: str, old: Properties, new: Properties) -> bool:
    """Whether the change of a property replaces its resource. A create-only one may lie deeper: `A.B`."""
    return replaces(frozenset(path for path in create_only if path.split(".", 1)[0] == name), old, new)


def replaces(create_only: frozenset[str], old: Properties, new: Properties) -> bool:
    """Whether a change of properties replaces their resource."""
    return any(_at(old, path) != _at(new, path) for path in create_only)


def _at(properties: Any, path: str) -> Any:
    for key in path.split("."):
        if properties is UNKNOWN or not isinstance(properties, Mapping):
            return properties
        properties = properties.get(key)
    # Unknown values are never taken for equal to what stands.
    return object() if unknown(properties) else properties


def _attributes(old: Declared, new: Declared) -> Iterator[Detail]:
    pairs: list[tuple[str, Any, Any]] = [
        ("DeletionPolicy", old.deletion_policy, new.deletion_policy),
        ("UpdateReplacePolicy", old.update_replace_policy, new.update_replace_policy),
    ]
    for name in sorted(old.attributes.keys() | new.attributes.keys()):
        pairs.append((name, old.attributes.get(name), new.attributes.get(name)))
    for name, before, after in pairs:
        if before != after:
            yield Detail(name, None, NEVER, STATIC, "DirectModification")
