"""The templates of a rebuild, made of the one that is deployed and those that are compiled.

Until the switch a service stays deployed as it is, whatever its declaration says by now. At the switch it becomes what
it is declared to be; the old copy stays as it is, and whoever could reach it still can, since CloudFormation changes
roles and access policies before the functions that go by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from cncb_compiler.aws import naming
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.plan.assets import Asset, index_name

Template = Mapping[str, Any]
Resources = dict[str, Any]

SHARED = frozenset({naming.SEARCH_DOMAIN, naming.FAILURE_QUEUE, naming.queue_policy_id(naming.FAILURE_QUEUE)})
"""What functions share with the rest of their service."""
_SUBSTITUTED = re.compile(r"\$\{(\w+)[.}]")


def own(template: Template) -> Resources:
    """The resources of a copy and its functions, without what is shared."""
    return {name: one for name, one in template["Resources"].items() if name not in SHARED}


def generation_of(template: Template, function: str, asset: Asset) -> int | None:
    """The latest generation of a table, bucket or search index that a function may write; None where it may none."""
    resources, role = template["Resources"], naming.role_id(function)
    if asset.kind == "index":
        domain = _statements(resources.get(naming.SEARCH_DOMAIN, {}))
        mine = [one["Resource"] for one in domain if role in references(one["Principal"])]
        bulk = re.escape(index_name(replace(asset, generation=0)).removesuffix("0"))
        found = re.findall(rf"/{bulk}(\d+)/_bulk", to_json({"mine": mine}).decode())
    else:
        first = re.escape(naming.asset_id(replace(asset, generation=1)))
        matches = (re.fullmatch(rf"{first}(\d*)", name) for name in references(resources.get(role)))
        found = [one[1] or "1" for one in matches if one]
    return max(map(int, found), default=None)


def with_fresh(deployed: Template, fresh: Template) -> dict[str, Any]:
    """What is deployed, with a fresh copy and the functions that fill it (`fresh`: these, and what is shared)."""
    resources = fresh["Resources"] | deployed["Resources"] | own(fresh)
    return _allowing(_of(deployed, resources, fresh), fresh)


def without_fresh(deployed: Template, fresh: Template) -> dict[str, Any]:
    """What is deployed, without the fresh copy and its functions; but for what others have come to refer to."""
    there = deployed["Resources"]
    left = {name: one for name, one in there.items() if name not in own(fresh)}
    going = there.keys() - left.keys()
    left = {name: _restated(one, lambda each: not going & references(each)) for name, one in left.items()}
    return _of(deployed, _with_referred(left, left, there), {})


def switched(deployed: Template, declared: Template, fresh: Template, old: Collection[str]) -> dict[str, Any]:
    """What is declared, for which the fresh copy is the current one, beside the old one and the functions that filled.

    `old` are the logical ids of the old copy, which stays as it is deployed, with all that it refers to.
    """
    there = deployed["Resources"]
    resources = fresh["Resources"] | declared["Resources"]
    made = _of(declared, _with_referred(resources, [name for name in old if name in there], there), fresh)
    return _allowing(_allowing(made, fresh), deployed)


def references(value: Any) -> set[str]:
    """The logical ids, and names of parameters, that a part of a template refers to."""
    return set(_referred(value))


def _referred(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _referred(inner)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "Ref" and "::" not in inner:
            yield inner
        elif key == "Fn::GetAtt":
            yield inner[0] if isinstance(inner, list) else inner.partition(".")[0]
        elif key == "Fn::Sub":
            text, known = inner if isinstance(inner, list) else (inner, {})
            yield from (name for name in _SUBSTITUTED.findall(text) if name not in known)
        elif key == "DependsOn":
            yield from [inner] if isinstance(inner, str) else inner
        yield from _referred(inner)


def _with_referred(resources: Resources, wanted: Collection[str], there: Resources) -> Resources:
    """Resources, with those of `there` that are wanted, and all that these refer to."""
    made, waiting = dict(resources), list(wanted)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in made:
            made[name] = there[name]
        waiting += [one for one in references(made[name]) if one in there and one not in made]
    return made


def _of(template: Template, resources: Resources, other: Template) -> dict[str, Any]:
    """A template with these resources, and whatever of its outputs they still have."""
    parameters = {**other.get("Parameters", {}), **template.get("Parameters", {})}
    known = {*resources, *parameters}
    outputs = {name: one for name, one in template.get("Outputs", {}).items() if references(one) <= known}
    made = {"Parameters": parameters, "Resources": resources, "Outputs": outputs}
    return {name: one for name, one in {**template, **made}.items() if one}


def _allowing(template: dict[str, Any], other: Template) -> dict[str, Any]:
    """A template whose roles and access policies allow as well what those of the other one do."""
    resources = template["Resources"]
    known = {*resources, *template.get("Parameters", {})}
    made = {}
    for name, one in resources.items():
        more = [each for each in _statements(other["Resources"].get(name, {})) if references(each) <= known]
        made[name] = _restated(one, lambda _: True, more)
    return {**template, "Resources": made}


def _statements(resource: Any) -> list[Any]:
    """The statements of a role, or of a search domain."""
    return [one for document in _documents(resource) for one in document["Statement"]]


def _documents(resource: Any) -> list[Any]:
    match resource:
        case {"Type": "AWS::IAM::Role", "Properties": {"Policies": [*policies]}}:
            return [one["PolicyDocument"] for one in policies]
        case {"Type": "AWS::OpenSearchService::Domain", "Properties": {"AccessPolicies": {"Statement": _} as said}}:
            return [said]
    return []


def _restated(resource: Any, keep: Callable[[Any], bool], more: Collection[Any] = ()) -> Any:
    """A role or domain with those of its statements that are kept, and with more; other resources as they are."""

    def document(said: Any) -> Any:
        kept = [one for one in said["Statement"] if keep(one)]
        return {**said, "Statement": kept + [one for one in more if one not in kept]}

    made = [document(one) for one in _documents(resource)]
    if not made:
        return resource
    properties = dict(resource["Properties"])
    if "Policies" in properties:
        named = zip(properties["Policies"], made, strict=True)
        properties["Policies"] = [{**policy, "PolicyDocument": one} for policy, one in named]
    else:
        (properties["AccessPolicies"],) = made
    return {**resource, "Properties": properties}
