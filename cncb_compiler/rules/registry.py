"""All rules, found by their modules' names: `cncb<number>_<slug>.py`, sorted by code."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from cncb_compiler.diagnostics.rule import Rule
    from cncb_compiler.graph.system import LinkedService, LinkedSystem
    from cncb_compiler.plan.service import ServicePlan

    Check: TypeAlias = Callable[[LinkedSystem], Iterator[Diagnostic]]
    ServiceCheck: TypeAlias = Callable[[LinkedSystem, LinkedService], Iterator[Diagnostic]]
    PlanCheck: TypeAlias = Callable[[ServicePlan], Iterator[Diagnostic]]

NOT_SYSTEM_WIDE = ("0", "1", "72", "83", "9")
"""How the codes begin of what other passes find: reading, looking at templates. Not worth importing."""


class RuleInfo(Struct, frozen=True):
    """A rule as users see it; `doc` is the docstring of its module, Markdown."""

    code: str
    slug: str
    severity: Severity
    group: str
    doc: str
    module: str
    mendable: bool = False

    @property
    def mending(self) -> str:
        """What a machine can do about its findings, as a sentence; empty where that is nothing."""
        return "`cncb check --fix` and editors can mend some of what it finds." if self.mendable else ""

    @property
    def summary(self) -> str:
        """The first sentence of its documentation."""
        return self.doc.strip().splitlines()[0]


@cache
def rule_modules() -> tuple[str, ...]:
    """The full names of all rule modules, by code. Imports none of them."""
    import cncb_compiler.rules as package

    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.name.startswith("cncb"))
    return tuple(f"{package.__name__}.{name}" for name in names)


@cache
def all_rules() -> tuple[RuleInfo, ...]:
    """Every rule, by code. Imports all rule modules: call it where a user asks about rules."""
    return tuple(_info(import_module(name)) for name in rule_modules())


@cache
def checks() -> tuple[Check, ...]:
    """The checks of the whole system, by code."""
    return tuple(module.check for module in _modules() if hasattr(module, "check"))


@cache
def service_checks() -> tuple[ServiceCheck, ...]:
    """The checks of single services, by code.

    They see of a system that service, and what is no service's own. So what they find can be remembered for as long
    as both are the same (`cache.services`).
    """
    return tuple(module.check_service for module in _modules() if hasattr(module, "check_service"))


@cache
def plan_checks() -> tuple[PlanCheck, ...]:
    """The checks of planned services, by code: those that need every setting resolved."""
    return tuple(module.check_plan for module in _modules() if hasattr(module, "check_plan"))


def run(system: LinkedSystem) -> list[Diagnostic]:
    """What all system-wide checks find, in the order of their codes."""
    return [diagnostic for check in checks() for diagnostic in check(system)]


def run_services(system: LinkedSystem, services: Iterable[LinkedService]) -> list[Diagnostic]:
    """What the checks of single services find, service by service."""
    return [diagnostic for service in services for check in service_checks() for diagnostic in check(system, service)]


def run_planned(plans: Iterable[ServicePlan]) -> list[Diagnostic]:
    """What the checks of planned services find, service by service."""
    return [diagnostic for plan in plans for check in plan_checks() for diagnostic in check(plan)]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule as a value, by code. Imports all rule modules: call it only where a user names rules."""
    return tuple(import_module(name).RULE for name in rule_modules())


def _modules() -> list[ModuleType]:
    names = [name for name in rule_modules() if not name.rpartition(".cncb")[2].startswith(NOT_SYSTEM_WIDE)]
    return [import_module(name) for name in names]


def _info(module: ModuleType) -> RuleInfo:
    rule = module.RULE
    return RuleInfo(
        rule.code, rule.slug, rule.severity, rule.group, module.__doc__ or "", module.__name__, rule.mendable
    )
