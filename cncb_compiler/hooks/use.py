"""Which hooks a system calls, and whether they are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedMapping, LinkedSystem
from cncb_compiler.hooks.scaffold import scaffold
from cncb_compiler.hooks.source import HOOKS_FOLDER, HookModule, modules_of, read_modules
from cncb_compiler.rules.cncb921_unimplemented_hook import RULE as UNIMPLEMENTED
from cncb_compiler.rules.cncb922_missing_hook import RULE as MISSING
from cncb_compiler.rules.cncb923_broken_hook import RULE as BROKEN
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.location import Location


class HookUse(Struct, frozen=True):
    """A place that calls a hook; `mapping` is None where it is a handler of the team's own."""

    module: str
    function: str
    at: Location
    mapping: LinkedMapping | None


class Hooks(Struct, frozen=True):
    """The hooks of a system: modules by service and name.

    `scaffolds` are files that do not exist yet, by their path below the system's folder; they are among the modules.
    """

    modules: Mapping[str, Mapping[str, HookModule]]
    scaffolds: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def find_hooks(system: LinkedSystem, source: SystemSource) -> Hooks:
    """Read the hooks of each service that calls any, and scaffold the modules that are missing."""
    uses = _uses(system)
    modules: dict[str, dict[str, HookModule]] = {}
    scaffolds: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for service in sorted(uses):
        kept = source.beside
        found = read_modules(source.root, service) if kept is None else modules_of(kept.hooks, service)
        for module in sorted({use.module for use in uses[service]}):
            called = [use for use in uses[service] if use.module == module]
            if module not in found:
                first = {use.function: use.mapping for use in reversed(called)}
                text = scaffold(service, module, sorted(first.items()), system.types)
                found[module] = HookModule(module, text)
                scaffolds[f"{HOOKS_FOLDER}/{service}/{module}.py"] = text
            diagnostics += _problems(service, found[module], called)
        modules[service] = found
    return Hooks(modules, scaffolds, tuple(diagnostics))


def _uses(system: LinkedSystem) -> dict[str, list[HookUse]]:
    uses: dict[str, list[HookUse]] = defaultdict(list)
    for construct, mapping in system.mappings:
        for hook in mapping.hooks:
            uses[construct.service].append(HookUse(hook.module, hook.function, mapping.at, mapping))
    for service in system.services.values():
        for function in service.functions:
            module, name = function.decl.handler.split(".")
            uses[service.name].append(HookUse(module, name, function.construct.at / "handler", None))
    return uses


def _problems(service: str, module: HookModule, uses: list[HookUse]) -> Iterator[Diagnostic]:
    file = f"{HOOKS_FOLDER}/{service}/{module.name}.py"
    problem = module.syntax_problem
    seen: set[str] = set()
    for use in uses:
        if use.function in seen:
            continue
        seen.add(use.function)
        if problem is not None:
            yield BROKEN(use.at, f"`{file}` is no Python that can be used: {problem}", mend=f"Mend `{file}`.")
        elif use.function not in module.names:
            argument = use.mapping.scope.variable if use.mapping else "event, context"
            yield MISSING(
                use.at,
                f"`{file}` has no function `{use.function}`",
                mend=f"Add `def {use.function}({argument}): ...` to it.",
            )
        elif not module.implemented(use.function):
            yield UNIMPLEMENTED(
                use.at,
                f"the hook `{module.name}.{use.function}` is not implemented yet",
                mend=f"Write `{use.function}` in `{file}`; `cncb compile` scaffolds the file once.",
            )
