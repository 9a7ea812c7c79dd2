"""The passes: source -> model -> graph -> hooks -> rules -> plan. Each reads what came before; none reaches back.

Emission and writing follow in `compilation`, service by service, once everything is known to be right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cncb_compiler.diagnostics.config import Config, load_config
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.graph.link import Fitting, link, none_known
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.hooks.use import Hooks, find_hooks
from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.model.read import read
from cncb_compiler.patterns.lower import lower
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rules import registry
from cncb_compiler.source.canonical import canonical
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.sources import Sources, index_of
from cncb_compiler.source.yaml12 import load

Load: TypeAlias = Callable[[str, str], tuple[Any, list[Diagnostic]]]
Index: TypeAlias = Callable[[str, str], PositionIndex]


def load_file(text: str, name: str) -> tuple[Any, list[Diagnostic]]:
    """The value of a file in its canonical order, and what is wrong with it."""
    value, found = load(text, name)
    return canonical(value), found


@dataclass(slots=True)
class Analysis:
    """What is known of a system; filled pass by pass.

    `load` and `index` read a file and its places; an editor's remember what they gave for the same text. `fitting`
    knows of which services the mappings need no check.
    """

    source: SystemSource
    sources: Sources
    load: Load = load_file
    index: Index = index_of
    fitting: Fitting = none_known
    config: Config = field(default_factory=Config)
    values: tuple[tuple[str, object], ...] = ()
    declared: DeclaredSystem | None = None
    system: LinkedSystem | None = None
    hooks: Hooks = field(default_factory=lambda: Hooks({}))
    plans: tuple[ServicePlan, ...] = ()
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def linked(self) -> LinkedSystem:
        """The linked system, once the graph pass has run."""
        assert self.system is not None
        return self.system

    def shown(self) -> list[Diagnostic]:
        """What the user is to see: without what is ignored, by place; of one file where they asked about one."""
        from cncb_compiler.diagnostics.suppress import apply, touching

        shown = apply(self.found, self.sources, self.config, registry.rules)
        return touching(shown, self.source.only_file) if self.source.only_file else shown


def load_sources(analysis: Analysis) -> None:
    """Source: YAML texts to values."""
    analysis.found += analysis.source.diagnostics
    analysis.config, found = load_config(analysis.source.root, registry.rules)
    analysis.sources = Sources(analysis.source.files, settings=analysis.config.file, index=analysis.index)
    analysis.found += found
    values = []
    for file in analysis.source.files:
        value, found = analysis.load(file.text, file.name)
        analysis.found += found
        values.append((file.name, value))
    analysis.values = tuple(values)


def read_declarations(analysis: Analysis) -> None:
    """Model: values to declarations of the language."""
    analysis.declared, found = read(analysis.values, analysis.source.root.resolve().name)
    analysis.found += found


def link_graph(analysis: Analysis) -> None:
    """Graph: declarations to the linked system."""
    assert analysis.declared is not None
    analysis.system = link(analysis.declared, analysis.fitting)
    analysis.found += analysis.system.diagnostics


def read_hooks(analysis: Analysis) -> None:
    """Hooks: which the mappings call, and what the team wrote."""
    analysis.hooks = find_hooks(analysis.linked, analysis.source)
    analysis.found += analysis.hooks.diagnostics


def check_rules(analysis: Analysis) -> None:
    """Rules: what is wrong with the system as a whole."""
    analysis.found += registry.run(analysis.linked)


def check_services(analysis: Analysis) -> None:
    """Rules: what is wrong with each service by itself."""
    analysis.found += registry.run_services(analysis.linked, analysis.linked.services.values())


def plan_services(analysis: Analysis) -> None:
    """Plan: each service's stack, free of any cloud's words."""
    analysis.plans = tuple(lower(analysis.linked, service) for service in analysis.linked.services.values())
    analysis.found += registry.run_planned(analysis.plans)


def check_templates(analysis: Analysis) -> None:
    """The last look, at what only shows in the finished templates, such as CloudFormation's limits.

    Not among the passes: whoever writes templates has them looked at as they are made.
    """
    from cncb_compiler.aws.checked import checked_template

    for plan in analysis.plans:
        analysis.found += checked_template(plan)[1]


Pass = Callable[[Analysis], None]

PASSES: tuple[Pass, ...] = (
    load_sources,
    read_declarations,
    link_graph,
    read_hooks,
    check_rules,
    check_services,
    plan_services,
)


def analyse(source: SystemSource) -> Analysis:
    """Run all passes over a system."""
    analysis = Analysis(source, Sources(source.files))
    for one in PASSES:
        one(analysis)
    return analysis


def has_errors(diagnostics: list[Diagnostic]) -> bool:
    """Whether any finding stops a compile."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
