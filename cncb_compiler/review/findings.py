"""The findings of a change: what `cncb check` says of the one side and not of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cncb_compiler.compare.side import Side
from cncb_compiler.diagnostics.config import Config, config_among, load_config
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.render.ranked import ranked
from cncb_compiler.diagnostics.suppress import apply
from cncb_compiler.passes import Analysis, check_rules, check_templates, read_hooks
from cncb_compiler.rules import registry
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.sources import Sources


@dataclass(frozen=True, slots=True)
class Checked:
    """A revision, checked: what is `shown`, and `found`, with what is ignored. `sources` has the places."""

    shown: tuple[Diagnostic, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    sources: Sources = field(default_factory=lambda: Sources(()))


@dataclass(frozen=True, slots=True)
class Findings:
    """What is `new`, errors first, with its places; and how many findings are there no longer."""

    new: tuple[Diagnostic, ...]
    mended: int
    sources: Sources


def checked(side: Side, source: SystemSource) -> Checked:
    """Check a side. Hooks and settings are those of `source`; the side has been read and linked already."""
    config, wrong = _settings(source)
    sources = Sources(source.files, side.sources.prefix, config.file)
    analysis = Analysis(source, sources, config=config, system=side.system, plans=tuple(side.plans.values()))
    analysis.found = [*side.found, *wrong, *registry.run_planned(analysis.plans)]
    for step in (read_hooks, check_rules, check_templates):
        step(analysis)
    shown = apply(analysis.found, sources, config, registry.rules)
    return Checked(tuple(shown), tuple(analysis.found), sources)


def compared(before: Checked, after: Checked) -> Findings:
    """What is shown after and was not before; what was shown before, and is not even ignored after."""
    new = _without(after.shown, before.shown)
    ignored = _without(after.found, after.shown)
    mended = _without(_without(before.shown, after.shown), ignored)
    return Findings(tuple(ranked(new)), len(mended), after.sources)


def _settings(source: SystemSource) -> tuple[Config, list[Diagnostic]]:
    if source.beside is None:
        return load_config(source.root, registry.rules)
    return config_among(source.beside.settings, registry.rules)


def _without(findings: Sequence[Diagnostic], others: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that others do not have: in their place, or, of those left, anywhere (what moved is not new)."""
    left, others_left = _unmatched(findings, others, lambda one: (one.code, one.message, one.at.file, one.at.path))
    return _unmatched(left, others_left, lambda one: (one.code, one.message))[0]


def _unmatched(
    findings: Iterable[Diagnostic], others: Iterable[Diagnostic], key: Callable[[Diagnostic], object]
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Both without those that have the same key, one for one."""
    others = list(others)
    there = Counter(map(key, others))
    left = [one for one in findings if not _take(there, key(one))]
    return left, [one for one in others if _take(there, key(one))]


def _take(there: Counter[object], key: object) -> bool:
    if not there[key]:
        return False
    there[key] -= 1
    return True
