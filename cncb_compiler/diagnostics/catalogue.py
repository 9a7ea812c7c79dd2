"""All rules: the modules of `cncb_compiler.rules`, one rule each."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from cncb_compiler.diagnostics.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. Imports all rule modules: call it only where a user names rules."""
    import cncb_compiler.rules as package

    names = sorted(
        module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith("cncb")
    )
    return tuple(import_module(f"{package.__name__}.{name}").RULE for name in names)
