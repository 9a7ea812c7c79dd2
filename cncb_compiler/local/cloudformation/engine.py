"""CloudFormation of one region: its stacks and change sets, and the operations on them.

Operations are checked and begun at once, and go on in a thread of their own. Source: CloudFormation API Reference.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from cncb_compiler.local.cloudformation import execution
from cncb_compiler.local.cloudformation.differences import Difference, differences
from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.region import Region
from cncb_compiler.local.cloudformation.requests import Request, checked_name, wanted
from cncb_compiler.local.cloudformation.resource import Clients, ResourceType
from cncb_compiler.local.cloudformation.review import change_set, changes, changes_else
from cncb_compiler.local.cloudformation.stacks import (
    UPDATABLE,
    ChangeSet,
    Stack,
    Wanted,
    now,
    stack_id,
)
from cncb_compiler.local.cloudformation.steps import Steps
from cncb_compiler.local.cloudformation.strict import Accepted, accepted

_LOG = logging.getLogger(__name__)


class Engine:
    """The stacks of one region. All methods may be called by several threads; RefusedError is what the API refuses."""

    def __init__(self, clients: Clients, account: str, region: str, types: Mapping[str, ResourceType]) -> None:
        self._lock = threading.RLock()
        self._stacks: dict[str, Stack] = {}
        self._running: dict[str, threading.Thread] = {}
        self.region = Region(region, account, clients, types, self._lock, self.exports)

    def stacks(self) -> list[Stack]:
        """All stacks, also the deleted ones, newest first."""
        with self._lock:
            return list(reversed(self._stacks.values()))

    def find(self, name: str) -> Stack | None:
        """The stack of that name that was not deleted, or that of that ARN."""
        with self._lock:
            if name in self._stacks:
                return self._stacks[name]
            live = (one for one in self._stacks.values() if one.name == name and one.status != "DELETE_COMPLETE")
            return next(live, None)

    def stack(self, name: str, refusal: str = "Stack with id {} does not exist") -> Stack:
        """The stack of that name or ARN."""
        found = self.find(name)
        if found is None:
            raise invalid(refusal.format(name))
        return found

    def exports(self) -> dict[str, str]:
        """The values that stacks export, by name."""
        with self._lock:
            return {
                output["ExportName"]: output["OutputValue"]
                for stack in self._stacks.values()
                if stack.status != "DELETE_COMPLETE"
                for output in stack.outputs
                if "ExportName" in output
            }

    def differences(self, name: str) -> list[Difference]:
        """Each declared property of a stack that is not what its service's own API says."""
        return differences(self.stack(name), self.region.types, self.region.clients)

    def template_only(self, name: str) -> list[Accepted]:
        """What of a stack only its template asserts."""
        return list(accepted(self.stack(name), self.region.types))

    def wait(self, name: str, timeout: float) -> str:
        """Wait until no operation is going on on a stack; gives its status."""
        stack = self.stack(name)
        thread = self._running.get(stack.id)
        if thread is not None:
            thread.join(timeout)
        return stack.status

    def create_change_set(self, request: Request) -> ChangeSet:
        """Find out what a stack would become. What does not change anything makes a change set that FAILED."""
        kind = request.get("ChangeSetType", "UPDATE")
        name = checked_name(request["ChangeSetName"], "changeSetName")
        stack = self.find(request["StackName"])
        if kind == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise invalid(
                    f"Stack [{stack.name}] already exists and cannot be created again with the changeSet [{name}]."
                )
        elif kind == "UPDATE":
            stack = self.stack(request["StackName"], "Stack [{}] does not exist")
            _check_updatable(stack)
        else:
            raise invalid(f"Change sets of type {kind} are not held by the local endpoint")
        asked = wanted(request, stack, self.region.clients)
        with self._lock:
            stack = stack or self.find(request["StackName"]) or self._begun(request["StackName"], "REVIEW_IN_PROGRESS")
            if name in stack.change_sets:
                raise RefusedError("AlreadyExistsException", f"ChangeSet [{name}] already exists")
        made = change_set(self.region, stack, asked, request)
        with self._lock:
            stack.change_sets[name] = made
        return made

    def change_set(self, name: str, stack_name: str | None) -> tuple[Stack, ChangeSet]:
        """A change set by its ARN, or by its name and that of its stack."""
        with self._lock:
            if stack_name is not None:
                found = self.stack(stack_name, "Stack [{}] does not exist")
                stacks = [found]
            else:
                stacks = list(self._stacks.values())
            for stack in stacks:
                for one in stack.change_sets.values():
                    if name in (one.name, one.id) and (stack_name is not None or name == one.id):
                        return stack, one
        raise RefusedError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)

    def delete_change_set(self, name: str, stack_name: str | None) -> None:
        """Forget a change set; where there is none, nothing happens."""
        try:
            stack, found = self.change_set(name, stack_name)
        except RefusedError as error:
            if error.code == "ChangeSetNotFound" and stack_name is not None:
                return
            raise
        with self._lock:
            stack.change_sets.pop(found.name, None)

    def execute_change_set(self, request: Request) -> None:
        """Do what a change set shows."""
        with self._lock:
            stack, found = self.change_set(request["ChangeSetName"], request.get("StackName"))
            if found.execution_status != "AVAILABLE":
                raise RefusedError(
                    "InvalidChangeSetStatus",
                    f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.status}]",
                )
            if found.kind == "UPDATE":
                _check_updatable(stack)
            # The other change sets were made for the stack as it was.
            stack.change_sets = {found.name: replace(found, execution_status="EXECUTE_IN_PROGRESS")}
            keep = request.get("DisableRollback", False)
            on_failure = found.on_failure or ("DO_NOTHING" if keep else "ROLLBACK")
            self._go(stack, found.wanted, found.kind, on_failure, request, found)

    def create_stack(self, request: Request) -> Stack:
        """Make a stack."""
        name = checked_name(request["StackName"])
        if self.find(name) is not None:
            raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
        asked = wanted(request, None, self.region.clients)
        with self._lock:
            if self.find(name) is not None:
                raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
            stack = self._begun(name, None)
            stack.protected = bool(request.get("EnableTerminationProtection"))
            on_failure = request.get("OnFailure") or ("DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK")
            self._go(stack, asked, "CREATE", on_failure, request)
        return stack

    def update_stack(self, request: Request) -> Stack:
        """Change a stack."""
        stack = self.stack(request["StackName"], "Stack [{}] does not exist")
        _check_updatable(stack)
        asked = wanted(request, stack, self.region.clients)
        if not changes(self.region, stack, asked) and not changes_else(stack.wanted, asked):
            raise invalid("No updates are to be performed.")
        with self._lock:
            _check_updatable(stack)
            on_failure = "DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK"
            self._go(stack, asked, "UPDATE", on_failure, request)
        return stack

    def delete_stack(self, request: Request) -> None:
        """Remove a stack; where there is none, nothing happens."""
        with self._lock:
            stack = self.find(request["StackName"])
            if stack is None or stack.status == "DELETE_COMPLETE":
                return
            if stack.protected:
                raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
            if stack.busy:
                raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
            self._check_exports(stack)
            retained = frozenset(request.get("RetainResources", ()))
            if retained and stack.status != "DELETE_FAILED":
                raise invalid(
                    f"Invalid operation on stack [{stack.id}]. RetainResources can only be specified for a "
                    "stack in the DELETE_FAILED state"
                )
            stack.token = request.get("ClientRequestToken")
            stack.enter("DELETE_IN_PROGRESS", "User Initiated")
            self._start(stack, lambda: execution.delete(Steps(self.region, stack), retained), "DELETE_FAILED")

    def continue_update_rollback(self, request: Request) -> None:
        """Try again to take an update back."""
        with self._lock:
            stack = self.stack(request["StackName"])
            attempt = stack.attempt
            if stack.status != "UPDATE_ROLLBACK_FAILED" or attempt is None:
                raise invalid(f"Stack [{stack.name}] is in {stack.status} state and can not continue its rollback.")
            skipped = frozenset(request.get("ResourcesToSkip", ()))
            stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
            self._start(
                stack,
                lambda: execution.roll_back_update(Steps(self.region, stack), attempt, skipped),
                "UPDATE_ROLLBACK_FAILED",
            )

    def _begun(self, name: str, status: str | None) -> Stack:
        region = self.region
        stack = Stack(checked_name(name), stack_id(name, region.account, region.name), status or "", now())
        self._stacks[stack.id] = stack
        if status is not None:
            stack.enter(status, "User Initiated")
        return stack

    def _go(
        self,
        stack: Stack,
        asked: Wanted,
        kind: str,
        on_failure: str,
        request: Request,
        executed_set: ChangeSet | None = None,
    ) -> None:
        stack.token = request.get("ClientRequestToken")
        stack.rollback_disabled = on_failure == "DO_NOTHING"
        steps = Steps(self.region, stack)
        if kind == "CREATE":
            stack.wanted = asked
            work = partial(execution.create, steps, on_failure)
        else:
            stack.updated = now()
            work = partial(execution.update, steps, asked, roll_back=on_failure != "DO_NOTHING")
        stack.enter(f"{kind}_IN_PROGRESS", "User Initiated")

        def executed() -> None:
            work()
            if executed_set is not None:
                with self._lock:
                    complete = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
                    outcome = "EXECUTE_COMPLETE" if complete else "EXECUTE_FAILED"
                    stack.change_sets[executed_set.name] = replace(executed_set, execution_status=outcome)

        self._start(stack, executed, f"{kind}_FAILED")

    def _start(self, stack: Stack, work: Callable[[], None], on_crash: str) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception as error:
                _LOG.exception("an operation on the stack %s broke off", stack.name)
                with self._lock:
                    stack.enter(on_crash, f"Internal Failure: {type(error).__name__}: {error}")

        thread = threading.Thread(target=guarded, name=f"stack {stack.name}", daemon=True)
        self._running[stack.id] = thread
        thread.start()

    def _check_exports(self, stack: Stack) -> None:
        for output in stack.outputs:
            name = output.get("ExportName")
            users = sorted(one.name for one in self._stacks.values() if name in one.imports and one is not stack)
            if name is not None and users:
                raise invalid(f"Export {name} cannot be deleted as it is in use by {', '.join(users)}")


def _check_updatable(stack: Stack) -> None:
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
