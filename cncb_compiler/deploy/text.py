"""Plans, outcomes and removals as text, for people; the same text for the same values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cncb_compiler.deploy.difference import ResourceChange, StackChanges
from cncb_compiler.deploy.execute import Failure, Outcome
from cncb_compiler.deploy.leftovers import Store, deletion
from cncb_compiler.deploy.losses import HOLDS, LOG_GROUP
from cncb_compiler.deploy.remove import Removal, Removed
from cncb_compiler.diagnostics.render.excerpt import excerpt, visible
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources
from cncb_compiler.target.target import Target

_HEADS = {
    "create": "is created",
    "update": "is updated",
    "recreate": "is created anew",
    "none": "no changes",
    "refused": "cannot be changed now",
}


def plan_lines(changes: Sequence[StackChanges], sources: Sources) -> Iterator[str]:
    """A plan: each stack with its resources, then how much that is in all."""
    for stack in changes:
        head = f"{stack.stack}: {_HEADS[stack.mode]}"
        yield f"{head} ({visible(stack.note)})" if stack.note else head
        yield from _resources(stack.resources, sources)
        if stack.mode == "update" and not stack.resources:
            yield "  modify  the outputs"
    yield ""
    yield _counted(changes)
    losses = [one for stack in changes for one in stack.losses]
    if losses:
        yield f"DATA WOULD BE LOST in {_number(len(losses), 'resource')}: {', '.join(one.logical_id for one in losses)}"


def _resources(changes: Sequence[ResourceChange], sources: Sources) -> Iterator[str]:
    rows = [(one.action, one.logical_id, one.kind.removeprefix("AWS::")) for one in changes]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for one, row in zip(changes, rows, strict=True):
        padded = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        details = f"  ({', '.join(one.details)})" if one.details else ""
        yield f"  {padded}  {_where(one, sources)}{details}".rstrip()
        if one.told:
            yield f"    {'DATA LOSS: ' if one.fate == 'lost' else ''}{visible(one.told)}"


def _where(change: ResourceChange, sources: Sources) -> str:
    if change.at is None:
        return ""
    place = position(change.at, sources)
    return f"{place}, where {'/'.join(map(str, change.at.path)) or 'it'} was" if change.gone else place


def position(at: Location, sources: Sources) -> str:
    """A place as `file:line`."""
    return f"{visible(sources.shown(at.file))}:{sources.range(at.key()).line}"


def _counted(changes: Sequence[StackChanges]) -> str:
    actions: Counter[str] = Counter(one.action for stack in changes for one in stack.resources)
    modes: Counter[str] = Counter(stack.mode for stack in changes)
    said = [
        f"{_number(modes[mode], 'stack')} {word}"
        for mode, word in (
            ("create", "to create"),
            ("recreate", "to create anew"),
            ("update", "to update"),
            ("none", "without changes"),
            ("refused", "refused"),
        )
        if modes[mode]
    ]
    counted = [f"{actions[action]} {action}" for action in ("add", "modify", "may replace", "replace", "remove")]
    shown = [text for text in counted if not text.startswith("0 ")]
    return ", ".join(said) + (f"; resources: {', '.join(shown)}" if shown else "")


def outcome_lines(outcome: Outcome, sources: Sources) -> Iterator[str]:
    """What a deployment came to: outputs of what stands, then what failed, and what was not begun."""
    for deployed in outcome.deployed:
        said = ": no changes" if deployed.service in outcome.unchanged else ""
        yield f"{deployed.name}{said}"
        width = max((len(key) for key in deployed.outputs), default=0)
        for key, value in sorted(deployed.outputs.items()):
            yield f"  {key.ljust(width)}  {visible(value)}"
    yield from failure_lines(outcome.failed, sources)
    for service, needs in outcome.waiting.items():
        yield f"{service}: not begun, waits for {', '.join(needs)}"
    if not outcome.good:
        yield "The other stacks are as they were. Run it again once this is mended: it continues."


def failure_lines(failed: Sequence[Failure], sources: Sources) -> Iterator[str]:
    """What failed: the resource's own message beside the YAML that asked for it."""
    for failure in failed:
        status = f" ({failure.status})" if failure.status else ""
        yield f"{failure.stack}: failed{status}"
        subject = f"{failure.logical_id}: " if failure.logical_id else ""
        yield f"  {subject}{visible(failure.message)}"
        if failure.at is not None:
            yield f"  {position(failure.at, sources)}"
            yield from _excerpt(failure.at, sources)
        if failure.mend:
            yield f"  mend: {visible(failure.mend)}"


def _excerpt(at: Location, sources: Sources) -> Iterator[str]:
    index = sources.index(at.file)
    if index is None:
        return
    for number, line, carets in excerpt(index.lines, sources.range(at.key()))[:1]:
        yield f"{number:>7} | {line}".rstrip()
        yield f"{'':>7} | {carets}".rstrip()


def removal_lines(wanted: Sequence[Removal]) -> Iterator[str]:
    """What a removal would do, before anybody says yes: the last deployed goes first."""
    for one in reversed(wanted):
        yield f"{one.stack.name}: is removed, {_number(one.resources, 'resource')}"
        yield from (f"    DATA LOSS: {_named(store)}" for store in one.lost if store.kind != LOG_GROUP)
        logs = sum(store.kind == LOG_GROUP for store in one.lost)
        if logs:
            yield f"    the logs of {_number(logs, 'log group')} go with it"
        yield from (f"    stays: {_named(store)}" for store in one.retained)


def removed_lines(removed: Removed, sources: Sources, target: Target) -> Iterator[str]:
    """What a removal came to, and how to delete the stores that stay."""
    yield from (f"{one.stack.name}: removed" for one in reversed(removed.removed))
    yield from failure_lines(removed.failed, sources)
    for service, needs in removed.waiting.items():
        yield f"{service}: not begun, {', '.join(needs)} still {'needs' if len(needs) == 1 else 'need'} it"
    retained = [store for one in removed.removed for store in one.retained]
    if retained:
        yield ""
        yield "These stores stay, with what they hold. To delete them for good:"
        for store in retained:
            yield f"  # {_named(store)}, of {store.stack}"
            yield from (f"  {command}" for command in deletion(store, target))


def _named(store: Store) -> str:
    noun, held = HOLDS[store.kind]
    return f"{noun} {store.physical} and its {held}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
