"""What a stack would become: the changes that a change set shows, found without touching anything."""

from __future__ import annotations

from dataclasses import replace

from cncb_compiler.local.cloudformation.changes import Change, Comparison
from cncb_compiler.local.cloudformation.dynamic_references import lookup_in
from cncb_compiler.local.cloudformation.errors import RefusedError
from cncb_compiler.local.cloudformation.references import references
from cncb_compiler.local.cloudformation.region import Region
from cncb_compiler.local.cloudformation.requests import Request
from cncb_compiler.local.cloudformation.stacks import ChangeSet, Stack, Wanted, change_set_id, now
from cncb_compiler.local.cloudformation.values import Values

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def change_set(region: Region, stack: Stack, asked: Wanted, request: Request) -> ChangeSet:
    """The change set that a request asks for. What cannot be done, or does nothing, makes one that FAILED."""
    kind = request.get("ChangeSetType", "UPDATE")
    made = ChangeSet(
        id=change_set_id(request["ChangeSetName"], region.account, region.name),
        name=request["ChangeSetName"],
        kind=kind,
        wanted=asked,
        changes=(),
        created=now(),
        description=request.get("Description"),
        on_failure=request.get("OnStackFailure"),
    )
    failed = replace(made, status="FAILED", execution_status="UNAVAILABLE")
    try:
        found = changes(region, stack, asked)
    except RefusedError as error:
        return replace(failed, reason=error.message)
    if kind == "UPDATE" and not found and not changes_else(stack.wanted, asked):
        return replace(failed, reason=NO_CHANGES)
    return replace(made, changes=found)


def changes(region: Region, stack: Stack, asked: Wanted) -> tuple[Change, ...]:
    """The changes of a stack's resources. Raises RefusedError where the template cannot be resolved."""
    with region.lock:
        standing = {name: one for name, one in stack.resources.items() if one.held is not None}
    comparison = Comparison(standing, stack.wanted, asked, region.types)
    values = Values(
        stack=stack,
        wanted=asked,
        region=region.name,
        account=region.account,
        lookup=lookup_in(region.clients),
        exports=region.exports,
        ref=comparison.ref,
        attribute=comparison.attribute,
    )
    found = comparison.changes(values)
    # CloudFormation fetches what dynamic references name already now, and fails where it cannot.
    for declared in values.active().values():
        values.properties(values.worded(declared))
    return found


def changes_else(old: Wanted | None, asked: Wanted) -> bool:
    """Whether something else than resources changes: outputs, or the stack's own tags."""
    if old is None:
        return True
    outputs = asked.template.outputs
    referred = {name for name, _ in references(list(outputs.values()))}
    moved = any(
        name in referred and (name not in old.parameters or old.parameters[name].ref != value.ref)
        for name, value in asked.parameters.items()
    )
    return bool(outputs != old.template.outputs or moved or asked.tags != old.tags)
