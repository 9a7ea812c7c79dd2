"""One resource at a time: made, changed, replaced, changed back, removed; each step is written into the events."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace
from datetime import datetime

from cncb_compiler.local.cloudformation.changes import replaces
from cncb_compiler.local.cloudformation.comparison import unlike
from cncb_compiler.local.cloudformation.dynamic_references import lookup_in
from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.failures import is_gone, reason_of
from cncb_compiler.local.cloudformation.region import Region
from cncb_compiler.local.cloudformation.resource import Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.stacks import Attempt, Stack, Standing, Wanted, now, shown
from cncb_compiler.local.cloudformation.strict import check, holder
from cncb_compiler.local.cloudformation.template import Declared
from cncb_compiler.local.cloudformation.values import Values, attribute_of, ref_of

NAMED_WITHIN = {
    "AWS::ApiGateway::Stage": "RestApiId",
    "AWS::ApiGatewayV2::Stage": "ApiId",
    "AWS::Events::Rule": "EventBusName",
}
"""Types whose names are unique only within another resource, and the property that says in which."""

REPLACES = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"


class StepError(Exception):
    """A resource could not be made or changed. `verb` is `create` or `update`."""

    def __init__(self, logical_id: str, verb: str) -> None:
        super().__init__(logical_id)
        self.logical_id = logical_id
        self.verb = verb


@dataclass(slots=True)
class Steps:
    """The steps of one operation on a stack."""

    region: Region
    stack: Stack

    def values(self, wanted: Wanted) -> Values:
        """What functions give, of the resources as they stand at the moment when they are asked for."""
        return Values(
            stack=self.stack,
            wanted=wanted,
            region=self.region.name,
            account=self.region.account,
            lookup=lookup_in(self.region.clients),
            exports=self.region.exports,
            ref=lambda name: ref_of(self._held(), name),
            attribute=lambda name, attribute: attribute_of(self._held(), name, attribute),
        )

    def enter(self, status: str, reason: str | None = None) -> None:
        """Bring the stack into another state."""
        with self.region.lock:
            self.stack.enter(status, reason)

    def create(self, declared: Declared, values: Values) -> Standing:
        """Make a resource. Raises StepError."""
        pending = Standing(declared, {}, {}, None, "CREATE_IN_PROGRESS", None, now())
        self._keep(pending)
        try:
            worded = values.worded(declared)
            properties = values.properties(worded)
            held = self._made(declared, properties)
        except Exception as error:
            self._keep(replace(pending, status="CREATE_FAILED", reason=reason_of(error)))
            raise StepError(declared.logical_id, "create") from error
        made = Standing(declared, worded, properties, held, "CREATE_IN_PROGRESS", INITIATED, now())
        self._keep(made)
        return self._keep(replace(made, status="CREATE_COMPLETE", reason=None))

    def change(self, declared: Declared, values: Values, attempt: Attempt) -> None:
        """Bring a resource that stands to what is declared now: nothing, an update, or a replacement.

        Raises StepError.
        """
        stands = self.stack.resources[declared.logical_id]
        assert stands.held is not None
        try:
            worded = values.worded(declared)
            if worded == stands.worded:
                with self.region.lock:
                    self.stack.put(replace(stands, declared=declared))
                return
            kind = holder(self.region.types, declared.type)
            replaced = replaces(kind.create_only, stands.worded, worded)
            reason = REPLACES if replaced else None
            self._keep(replace(stands, status="UPDATE_IN_PROGRESS", reason=reason))
            properties = values.properties(worded)
            check(kind, properties)
            if replaced:
                _check_name(kind, stands, properties)
                held = self._made(declared, properties)
            else:
                attempt.updated[declared.logical_id] = properties
                held = kind.update(self.region.clients, stands.held, stands.properties, properties)
        except Exception as error:
            self._keep(replace(stands, status="UPDATE_FAILED", reason=reason_of(error)))
            raise StepError(declared.logical_id, "update") from error
        done = Standing(declared, worded, properties, held, "UPDATE_COMPLETE", None, now())
        if replaced:
            self._keep(replace(done, status="UPDATE_IN_PROGRESS", reason=INITIATED))
            if held.physical_id != stands.held.physical_id or _moved(declared.type, stands.properties, properties):
                attempt.made.append(done)
                self.stack.leaving.append(stands)
            else:
                # The service took it for the same one: to delete either would delete both.
                attempt.updated[declared.logical_id] = properties
        self._keep(done)

    def revert(self, stands: Standing, given: Properties) -> bool:
        """Change a resource back in place; says whether that worked. `given` is what it was changed to."""
        changed = self.stack.resources[stands.declared.logical_id]
        assert changed.held is not None
        failed = changed.status == "UPDATE_FAILED"
        self._keep(replace(stands, held=changed.held, status="UPDATE_IN_PROGRESS", reason=None))
        try:
            held = self._reverted(stands, changed.held, given, failed=failed)
        except Exception as error:
            self._keep(replace(changed, status="UPDATE_FAILED", reason=reason_of(error)))
            return False
        self._keep(replace(stands, held=held, status="UPDATE_COMPLETE", reason=None))
        return True

    def remove(self, stands: Standing, *, keep: bool) -> str | None:
        """Delete what stands, or leave it where it is to be kept. The reason where that fails; None otherwise."""
        if stands.held is None:
            return None
        if keep:
            self._note(stands, "DELETE_SKIPPED", None)
            return None
        self._note(stands, "DELETE_IN_PROGRESS", None)
        try:
            kind = holder(self.region.types, stands.declared.type)
            kind.delete(self.region.clients, stands.held, stands.properties)
        except Exception as error:
            if not is_gone(error):
                reason = reason_of(error)
                self._note(stands, "DELETE_FAILED", reason)
                return reason
        self._note(stands, "DELETE_COMPLETE", None)
        return None

    def _made(self, declared: Declared, properties: Properties) -> Held:
        kind = holder(self.region.types, declared.type)
        check(kind, properties)
        place = Place(
            self.stack.name,
            declared.logical_id,
            self.region.name,
            self.region.account,
            f"{self.stack.name}-{declared.logical_id}-{_random()}",
        )
        return kind.create(self.region.clients, place, properties)

    def _reverted(self, stands: Standing, held: Held, given: Properties, *, failed: bool) -> Held:
        kind = holder(self.region.types, stands.declared.type)
        if failed:
            # How far the change came before it failed, only the service can tell.
            now_held = kind.read(self.region.clients, held, {**given, **stands.properties})
            if _is_back(stands.properties, given, now_held):
                return held
            given = now_held
        return kind.update(self.region.clients, held, given, stands.properties)

    def _held(self) -> dict[str, Held]:
        return {name: one.held for name, one in self.stack.resources.items() if one.held is not None}

    def _keep(self, standing: Standing) -> Standing:
        with self.region.lock:
            at = self._note(standing, standing.status, standing.reason)
            dated = replace(standing, at=at)
            self.stack.put(dated)
            return dated

    def _note(self, stands: Standing, status: str, reason: str | None) -> datetime:
        physical_id = stands.held.physical_id if stands.held else ""
        with self.region.lock:
            return self.stack.note(
                stands.declared.logical_id,
                physical_id,
                stands.declared.type,
                status,
                reason,
                shown(stands.properties) if stands.properties else None,
            )


def _check_name(kind: ResourceType, stands: Standing, properties: Properties) -> None:
    """Raises RefusedError where the new resource would have the name of the one that it replaces."""
    assert stands.held is not None
    last = stands.held.physical_id.rsplit("/", 1)[-1]
    for name in kind.create_only:
        value = properties.get(name)
        kept = name.endswith("Name") and value == stands.properties.get(name)
        if kept and value in (last, stands.held.physical_id) and not _moved(kind.name, stands.properties, properties):
            raise invalid(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {value} and update the stack again."
            )


def _is_back(old: Properties, given: Properties, held: Properties) -> bool:
    kept = not any(any(unlike(value, held.get(name), name)) for name, value in old.items())
    return kept and all(any(unlike(given[name], held.get(name), name)) for name in given if name not in old)


def _moved(kind: str, old: Properties, new: Properties) -> bool:
    within = NAMED_WITHIN.get(kind)
    return within is not None and old.get(within) != new.get(within)


def _random() -> str:
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(13))
