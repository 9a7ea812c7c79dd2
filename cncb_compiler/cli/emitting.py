"""One system's compile, once the short cut is off: analyse, emit, write, and tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.cli.common import fail, report
from cncb_compiler.cli.compile import Options
from cncb_compiler.cli.selecting import selection
from cncb_compiler.compilation import MANIFEST, Format, output_names, stage, write_scaffolds
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.write.comparison import Comparison, Differences
from cncb_compiler.write.fingerprint import remember
from cncb_compiler.write.staging import Staging, Written


def emit(source: SystemSource, options: Options, cache: Path | None, inputs: str) -> bool:
    """Compile one system and tell what was done; whether all is well. `cache` remembers it under `inputs`."""
    analysis = analyse(source)
    selected = selection(analysis, options.selected, options.excluded)
    services = None if selected is None else selected.services
    if has_errors(analysis.shown()):
        _tell(analysis, options)
        return False
    if options.check_only:
        return _compare(analysis, options, services)
    return _write(analysis, options, services, cache, inputs)


def _write(
    analysis: Analysis, options: Options, services: frozenset[str] | None, cache: Path | None, inputs: str
) -> bool:
    name = analysis.linked.name
    with Staging(options.out, name, only=_only(services)) as staging:
        analysis.found += staging.refused or _emitted(analysis, staging, options, services)
        if has_errors(analysis.shown()):
            staging.abort()
            _tell(analysis, options)
            return False
        written = staging.commit()
    analysis.found += written.refused
    if written.refused:
        _tell(analysis, options)
        return False
    scaffolds = write_scaffolds(analysis)
    text = _tell(analysis, options)
    click.echo(_summary(name, options.out, written), nl=False)
    for file in scaffolds:
        click.echo(f"{name}: scaffolded the hook {file}")
    if cache is not None and not scaffolds:
        nothing_new = Written(unchanged=len(written.seen) - 1)
        remember(
            cache, options.out, name, inputs, (text + _summary(name, options.out, nothing_new)).encode(), written.seen
        )
    return True


def _compare(analysis: Analysis, options: Options, services: frozenset[str] | None) -> bool:
    comparison = Comparison(options.out, analysis.linked.name, only=_only(services))
    analysis.found += _emitted(analysis, comparison, options, services)
    differences = comparison.differences()
    analysis.found += differences.diagnostics
    _tell(analysis, options)
    *explained, last = _explained(analysis.linked.name, options.out, differences)
    for line in explained:
        click.echo(line)
    if not differences.same and services is None:
        click.echo(_meant(analysis, options.out), nl=False)
    click.echo(last)
    return differences.same and not has_errors(analysis.shown())


def _meant(analysis: Analysis, out: Path) -> str:
    """What the differences mean, as `cncb diff` says it: the system beside what the manifest on disk was made of."""
    from cncb_compiler.compare.compare import compare
    from cncb_compiler.compare.render import text
    from cncb_compiler.compare.side import Side, side_of_values
    from cncb_compiler.manifest.load import ManifestError, declared_in

    path = out / analysis.linked.name / MANIFEST
    try:
        name, values = declared_in(path.read_bytes())
    except (OSError, ManifestError):
        return ""
    plans = {plan.service: plan for plan in analysis.plans}
    after = Side("the topology", analysis.linked, plans, analysis.sources)
    compared = compare(side_of_values(str(path), values, name), after)
    return text.render(compared) if compared.changes else ""


def _emitted(
    analysis: Analysis, target: Staging | Comparison, options: Options, services: frozenset[str] | None
) -> list[Diagnostic]:
    workers = min(os.cpu_count() or 1, 4)
    found = stage(analysis, target, services, cast(Format, options.format), workers)
    return found + _validated(analysis, services) if options.validate else found


def _validated(analysis: Analysis, services: frozenset[str] | None) -> list[Diagnostic]:
    from cncb_compiler.aws.validate import ValidatorMissingError, validate

    plans = [plan for plan in analysis.plans if services is None or plan.service in services]
    try:
        return [one for plan in plans for one in validate(plan, checked_template(plan)[0])]
    except ValidatorMissingError:
        fail("AWS's validator is not installed. Run: pip install 'cncb[validate]'")


def _only(services: frozenset[str] | None) -> set[str] | None:
    return None if services is None else output_names(services)


def _tell(analysis: Analysis, options: Options) -> str:
    """Show the findings, if there are any or a program reads them; the text that was shown."""
    shown = analysis.shown()
    if not shown and options.output_format == "text":
        return ""
    text = report([(analysis.source, shown)], options.output_format)
    click.echo(text, nl=False)
    return text


def _summary(name: str, out: Path, written: Written) -> str:
    counted = [
        f"{len(paths)} {word}"
        for word, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed))
        if paths
    ]
    counted.append(f"{written.unchanged} unchanged")
    return f"{name}: {', '.join(counted)} in {out / name}\n"


def _explained(name: str, out: Path, differences: Differences) -> Iterator[str]:
    for _, text in differences.changed:
        yield text.rstrip("\n")
    for path in differences.missing:
        yield f"stale: {out / name / path} does not exist yet"
    for path, _ in differences.changed:
        yield f"stale: {out / name / path}"
    for path in differences.orphaned:
        yield f"orphaned: {out / name / path} is no longer made"
    for path in differences.edited:
        yield f"edited: {out / name / path} was changed by hand"
    if differences.same:
        yield f"{name}: up to date in {out / name}"
    else:
        yield f"{name}: differs from its topology; run `cncb compile`"
