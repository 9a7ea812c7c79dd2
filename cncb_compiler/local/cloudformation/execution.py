"""Operations on a whole stack, with the states that CloudFormation goes through, and the ways back.

Source: CloudFormation User Guide, "Stack status codes", "Choose how to handle failures when provisioning resources" and
"DeletionPolicy attribute". Resources are made one after another: the services here answer at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.failures import reason_of
from cncb_compiler.local.cloudformation.stacks import Attempt, Standing, Wanted, now
from cncb_compiler.local.cloudformation.steps import StepError, Steps
from cncb_compiler.local.cloudformation.values import Values


def create(steps: Steps, on_failure: str) -> None:
    """Make a stack's resources. `on_failure` is ROLLBACK, DELETE or DO_NOTHING."""
    stack = steps.stack
    assert stack.wanted is not None
    values = steps.values(stack.wanted)
    try:
        for declared in values.active().values():
            steps.create(declared, values)
        _finish(steps, values)
    except Exception as error:
        reason = _failure(error)
        match on_failure:
            case "DO_NOTHING":
                steps.enter("CREATE_FAILED", reason)
            case "DELETE":
                steps.enter("CREATE_FAILED", reason)
                steps.enter("DELETE_IN_PROGRESS", "Delete requested as the creation of the stack failed.")
                delete(steps)
            case _:
                steps.enter("ROLLBACK_IN_PROGRESS", f"{reason} Rollback requested by user.")
                _roll_back_creation(steps)
        return
    steps.enter("CREATE_COMPLETE")


def update(steps: Steps, wanted: Wanted, *, roll_back: bool) -> None:
    """Bring a stack to what is wanted; where that fails, back to what it was, unless that is switched off."""
    stack = steps.stack
    attempt = stack.start()
    values = steps.values(wanted)
    try:
        active = values.active()
        for name, declared in active.items():
            stands = stack.resources.get(name)
            if stands is None or stands.held is None:
                attempt.made.append(steps.create(declared, values))
            else:
                steps.change(declared, values, attempt)
        _finish(steps, values)
    except Exception as error:
        reason = _failure(error)
        if roll_back:
            steps.enter("UPDATE_ROLLBACK_IN_PROGRESS", reason)
            roll_back_update(steps, attempt)
        else:
            stack.wanted = wanted
            steps.enter("UPDATE_FAILED", reason)
        return
    stack.wanted = wanted
    steps.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    _clean_up(steps, active.keys())
    steps.enter("UPDATE_COMPLETE")


def roll_back_update(steps: Steps, attempt: Attempt, skipped: frozenset[str] = frozenset()) -> None:
    """Bring a stack back to what it was before an update; `skipped` are left as they are now."""
    stack = steps.stack
    failed = []
    for name in made_order(attempt.resources):
        stands = attempt.resources[name]
        if name in attempt.updated and name not in skipped:
            if steps.revert(stands, attempt.updated[name]):
                del attempt.updated[name]
            else:
                failed.append(name)
        elif name not in attempt.updated:
            with steps.region.lock:
                stack.put(replace(stands, status=_complete(stands.status), reason=None))
    if failed:
        stack.attempt = attempt
        steps.enter("UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(failed)}].")
        return
    steps.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    for made in reversed(attempt.made):
        steps.remove(made, keep=made.declared.deletion_policy == "Retain")
    with steps.region.lock:
        for name in [name for name in stack.resources if name not in attempt.resources]:
            del stack.resources[name]
        stack.wanted, stack.outputs, stack.attempt = attempt.wanted, attempt.outputs, None
        stack.leaving = list(attempt.leaving)
    steps.enter("UPDATE_ROLLBACK_COMPLETE")


def delete(steps: Steps, retained: frozenset[str] = frozenset()) -> None:
    """Remove a stack's resources, each after those that need it; `retained` are left though they cannot be deleted."""
    stack = steps.stack
    failed: list[str] = []
    needed: set[str] = set()
    for old in reversed(stack.leaving):
        steps.remove(old, keep=old.declared.update_replace_policy == "Retain")
    for name in reversed(made_order(stack.resources)):
        stands = stack.resources[name]
        keep = stands.declared.deletion_policy != "Delete" or name in retained
        if name in needed:
            needed |= stands.declared.needs
            continue
        reason = steps.remove(stands, keep=keep)
        if reason is None:
            _gone(steps, stands, skipped=keep)
        else:
            failed.append(name)
            needed |= stands.declared.needs
            with steps.region.lock:
                stack.put(replace(stands, status="DELETE_FAILED", reason=reason, at=now()))
    if failed:
        steps.enter("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
        return
    with steps.region.lock:
        stack.deleted = now()
        stack.imports, stack.leaving = frozenset(), []
        stack.enter("DELETE_COMPLETE")


def made_order(resources: Mapping[str, Standing]) -> list[str]:
    """The names of resources in the order in which they were made: those that are needed first."""
    graph = {name: one.declared.needs & resources.keys() for name, one in resources.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        # What an update left undone may be partly of the old template and partly of the new one.
        return list(resources)


def _finish(steps: Steps, values: Values) -> None:
    stack = steps.stack
    outputs = values.outputs()
    with steps.region.lock:
        own = {one["ExportName"] for one in stack.outputs if "ExportName" in one}
        for output in outputs:
            name = output.get("ExportName")
            if name is not None and name not in own and name in steps.region.exports():
                raise invalid(f"Export with name {name} is already exported by another stack.")
        stack.outputs, stack.imports = outputs, frozenset(values.imports)


def _failure(error: Exception) -> str:
    if isinstance(error, StepError):
        return f"The following resource(s) failed to {error.verb}: [{error.logical_id}]."
    return error.message if isinstance(error, RefusedError) else reason_of(error)


def _roll_back_creation(steps: Steps) -> None:
    failed = []
    for name in reversed(made_order(steps.stack.resources)):
        stands = steps.stack.resources[name]
        keep = stands.declared.deletion_policy == "Retain"
        if steps.remove(stands, keep=keep) is None:
            _gone(steps, stands, skipped=keep)
        else:
            failed.append(name)
    with steps.region.lock:
        steps.stack.outputs, steps.stack.imports = [], frozenset()
    if failed:
        steps.enter("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
    else:
        steps.enter("ROLLBACK_COMPLETE")


def _clean_up(steps: Steps, wanted: Iterable[str]) -> None:
    stack = steps.stack
    leaving = {id(one): (one, _stays(stack.resources.get(one.declared.logical_id))) for one in stack.leaving}
    removed = set(stack.resources) - set(wanted)
    for name in reversed(made_order(stack.resources)):
        if name in removed:
            stands = stack.resources[name]
            steps.remove(stands, keep=stands.declared.deletion_policy != "Delete")
    for old, keep in reversed(leaving.values()):
        steps.remove(old, keep=keep)
    with steps.region.lock:
        stack.leaving = []
        for name in removed:
            del stack.resources[name]


def _stays(successor: Standing | None) -> bool:
    return successor is not None and successor.declared.update_replace_policy == "Retain"


def _gone(steps: Steps, stands: Standing, *, skipped: bool) -> None:
    with steps.region.lock:
        status = "DELETE_SKIPPED" if skipped else "DELETE_COMPLETE"
        steps.stack.put(replace(stands, held=None, past_id=stands.physical_id, status=status, reason=None, at=now()))


def _complete(status: str) -> str:
    return f"{status.split('_', 1)[0]}_COMPLETE"
