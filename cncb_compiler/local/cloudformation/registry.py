"""Every resource type that the local endpoint holds, found in `resources/`, and those on the template-only list."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from cncb_compiler.local.cloudformation import resources, template_only
from cncb_compiler.local.cloudformation.resource import ResourceType


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """By name. A module of `resources/` says which it holds in its `TYPES`."""
    found = {one.name: one for one in template_only.resource_types()}
    for module in pkgutil.iter_modules(resources.__path__):
        types: tuple[ResourceType, ...] = getattr(import_module(f"{resources.__name__}.{module.name}"), "TYPES", ())
        found.update({one.name: one for one in types})
    return MappingProxyType(found)
