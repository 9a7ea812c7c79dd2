"""From an analysed system to its output: emitted service by service, put aside, then moved into place as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.aws.serialize import to_json, to_yaml
from cncb_compiler.aws.template import Template
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.emit.package import digest, package
from cncb_compiler.emit.readme import readme
from cncb_compiler.emit.tests import service_tests
from cncb_compiler.hooks.source import HookModule, closure
from cncb_compiler.manifest.build import manifest
from cncb_compiler.parallel import run_forked
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.write.batch import Results
from cncb_compiler.write.comparison import Comparison
from cncb_compiler.write.staging import Staging

Format = Literal["json", "yaml"]

MANIFEST = "manifest.json"

WORTH_FORKING = 16
"""Services from which on a second process saves more time than it takes to start."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """The files of one service, by path below the system's folder, and what its template was found to be wrong in."""

    files: dict[str, bytes]
    template: Template
    diagnostics: tuple[Diagnostic, ...]


def emit_service(analysis: Analysis, plan: ServicePlan, format_: Format = "json") -> Emitted:
    """Everything that one service's declaration makes."""
    types = analysis.linked.types
    modules: dict[str, HookModule] = dict(analysis.hooks.modules.get(plan.service, {}))
    texts = closure(modules, modules)
    files: dict[str, bytes] = {}
    hashes: dict[str, str] = {}
    for function in plan.functions:
        packaged = package(function, plan, types, texts)
        hashes[function.name] = digest(packaged)
        for path, content in packaged.items():
            files[f"{plan.service}/functions/{function.name}/{path}"] = content
    template, found = checked_template(plan, hashes)
    text = to_json(template) if format_ == "json" else to_yaml(template)
    files[f"{plan.service}/template.{format_}"] = text
    files[f"{plan.service}/README.md"] = readme(plan)
    for path, content in service_tests(plan, types, texts).items():
        files[f"{plan.service}/{path}"] = content
    return Emitted(files, template, tuple(found))


def stage(
    analysis: Analysis, target: Staging | Comparison, services: Collection[str] | None, format_: Format, workers: int
) -> list[Diagnostic]:
    """Emit services (None: all) into a staging or a comparison; gives what was found on the way."""
    plans = [plan for plan in analysis.plans if services is None or plan.service in services]

    def emit_part(part: Sequence[ServicePlan]) -> tuple[Results, list[Diagnostic]]:
        batch = target.worker()
        found: list[Diagnostic] = []
        for plan in part:
            emitted = emit_service(analysis, plan, format_)
            found += emitted.diagnostics
            for path, content in emitted.files.items():
                batch.add(path, content)
        return batch.results(), found

    def emit_manifest() -> tuple[Results, list[Diagnostic]]:
        batch = target.worker()
        batch.add(MANIFEST, manifest(analysis.linked, analysis.plans, analysis.values))
        return batch.results(), []

    tasks: list[Callable[[], tuple[Results, list[Diagnostic]]]] = [
        *(partial(emit_part, plans[start::workers]) for start in range(workers)),
        emit_manifest,
    ]
    found: list[Diagnostic] = []
    for results, diagnostics in run_forked(tasks) if len(plans) >= WORTH_FORKING else [task() for task in tasks]:
        target.merge(results)
        found += diagnostics
    return found


def write_scaffolds(analysis: Analysis) -> list[Path]:
    """Write the hooks that do not exist yet, beside the YAML; never over a file."""
    written = []
    for path, text in sorted(analysis.hooks.scaffolds.items()):
        file = analysis.source.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            continue
        written.append(file)
    return written


def output_names(services: Iterable[str]) -> set[str]:
    """The top entries of the output that a compile of these services makes."""
    return {*services, MANIFEST}
