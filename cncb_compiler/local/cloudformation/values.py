"""What a template's functions give for one stack: parameters, pseudo parameters, conditions, resources, exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.local.cloudformation.dynamic_references import Lookup, substituted
from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.intrinsics import NO_VALUE, Scope, holds, resolve
from cncb_compiler.local.cloudformation.resource import Held, Properties
from cncb_compiler.local.cloudformation.stacks import Stack, Wanted
from cncb_compiler.local.cloudformation.template import Declared


@dataclass(slots=True)
class Values:
    """Resolves the parts of a template. `ref` and `attribute` are asked for resources alone."""

    stack: Stack
    wanted: Wanted
    region: str
    account: str
    lookup: Lookup
    exports: Callable[[], Mapping[str, str]]
    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imports: set[str] = field(default_factory=set)
    _conditions: dict[str, bool | None] = field(default_factory=dict)

    def active(self) -> dict[str, Declared]:
        """The resources whose condition holds, in the order in which they can be made."""
        resources = self.wanted.template.resources
        return {name: one for name, one in resources.items() if one.condition is None or self.condition(one.condition)}

    def worded(self, declared: Declared) -> Properties:
        """The properties of a resource with functions resolved, dynamic references as they are written."""
        resolved: Properties = resolve(declared.properties, self._scope())
        return resolved

    def properties(self, worded: Properties) -> Properties:
        """Properties with dynamic references put in too."""
        resolved: Properties = substituted(worded, self.lookup)
        return resolved

    def outputs(self) -> list[dict[str, str]]:
        """The outputs whose condition holds, as the API describes them. All resources must stand."""
        scope = self._scope()
        made = []
        for name, output in self.wanted.template.outputs.items():
            if "Condition" in output and not self.condition(output["Condition"]):
                continue
            value = substituted(resolve(output["Value"], scope), self.lookup)
            if isinstance(value, list | Mapping):
                raise invalid(f"Template format error: The Value field of Output {name} must evaluate to a string.")
            shown = {"OutputKey": name, "OutputValue": _text(value)}
            if "Description" in output:
                shown["Description"] = str(output["Description"])
            if "Export" in output:
                shown["ExportName"] = _text(resolve(output["Export"]["Name"], scope))
            made.append(shown)
        return made

    def condition(self, name: str) -> bool:
        """Whether a condition of the template holds."""
        if name not in self._conditions:
            if name not in self.wanted.template.conditions:
                raise invalid(f"Template error: unresolved condition dependency: {name}")
            self._conditions[name] = None
            self._conditions[name] = holds(self.wanted.template.conditions[name], self._scope())
        found = self._conditions[name]
        if found is None:
            raise invalid(f"Template error: Found circular condition dependency: {name}")
        return found

    def _scope(self) -> Scope:
        return Scope(
            self._ref, self._attribute, self._imported, self.condition, self.wanted.template.mappings, self.region
        )

    def _ref(self, name: str) -> Any:
        if name in self.wanted.parameters:
            return self.wanted.parameters[name].ref
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::NoValue": NO_VALUE,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackId": self.stack.id,
            "AWS::StackName": self.stack.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        self._check_active(name)
        return self.ref(name)

    def _attribute(self, name: str, attribute: str) -> Any:
        self._check_active(name)
        return self.attribute(name, attribute)

    def _check_active(self, name: str) -> None:
        declared = self.wanted.template.resources.get(name)
        if declared is None or not (declared.condition is None or self.condition(declared.condition)):
            raise invalid(
                f"Template format error: Unresolved resource dependencies [{name}] in the Resources block "
                "of the template"
            )

    def _imported(self, name: str) -> str:
        exports = self.exports()
        if name not in exports:
            raise invalid(f"No export named {name} found.")
        self.imports.add(name)
        return exports[name]


def ref_of(held: Mapping[str, Held], name: str) -> str:
    """What `Ref` of a resource that stands gives."""
    if name not in held:
        raise invalid(f"Template error: resource {name} does not stand")
    return held[name].physical_id


def attribute_of(held: Mapping[str, Held], name: str, attribute: str) -> Any:
    """What `Fn::GetAtt` of a resource that stands gives."""
    if name not in held or attribute not in held[name].attributes:
        raise invalid(f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt")
    return held[name].attributes[attribute]


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
