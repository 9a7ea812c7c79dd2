"""CloudFormation's API as a WSGI application: each action, and what of the engine answers it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cncb_compiler.local.cloudformation import answers
from cncb_compiler.local.cloudformation.engine import Engine
from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.protocol import answer, refusal, request_of
from cncb_compiler.local.cloudformation.registry import resource_types
from cncb_compiler.local.cloudformation.requests import Request, template_body, template_for_summary
from cncb_compiler.local.cloudformation.resource import Clients, ResourceType
from cncb_compiler.local.cloudformation.stacks import Stack
from cncb_compiler.local.cloudformation.template import template_of

_LOG = logging.getLogger(__name__)
_XML = [("Content-Type", "text/xml")]


class CloudFormation:
    """CloudFormation of one region. `types` are those that the endpoint holds, unless others are given."""

    def __init__(
        self, clients: Clients, account: str, region: str, types: Mapping[str, ResourceType] | None = None
    ) -> None:
        self.engine = Engine(clients, account, region, resource_types() if types is None else types)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        try:
            action, request = request_of(environ.get("QUERY_STRING", ""), body)
            if action not in ACTIONS:
                raise RefusedError("InvalidAction", f"{action} is not held by the local endpoint")
            content = answer(action, ACTIONS[action](self.engine, request))
        except RefusedError as error:
            start_response(f"{error.status} Refused", _XML)
            return [refusal(error)]
        except Exception as error:
            _LOG.exception("a request broke off")
            start_response("500 Internal Server Error", _XML)
            return [refusal(RefusedError("InternalFailure", f"{type(error).__name__}: {error}", 500))]
        start_response("200 OK", _XML)
        return [content]

    def differences(self, name: str) -> list[dict[str, Any]]:
        """What of a stack's declared properties is not what its services' own APIs say."""
        return [asdict(one) for one in self.engine.differences(name)]

    def template_only(self, name: str) -> list[dict[str, Any]]:
        """What of a stack only its template asserts, with the reason."""
        return [asdict(one) for one in self.engine.template_only(name)]


def _create_change_set(engine: Engine, request: Request) -> dict[str, Any]:
    made = engine.create_change_set(request)
    return {"Id": made.id, "StackId": engine.change_set(made.id, None)[0].id}


def _describe_change_set(engine: Engine, request: Request) -> dict[str, Any]:
    stack, found = engine.change_set(request["ChangeSetName"], request.get("StackName"))
    return answers.change_set(stack, found, request.get("NextToken"))


def _execute_change_set(engine: Engine, request: Request) -> dict[str, Any]:
    engine.execute_change_set(request)
    return {}


def _delete_change_set(engine: Engine, request: Request) -> dict[str, Any]:
    engine.delete_change_set(request["ChangeSetName"], request.get("StackName"))
    return {}


def _list_change_sets(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"], "Stack [{}] does not exist")
    found = [answers.change_set_summary(stack, one) for one in list(stack.change_sets.values())]
    summaries, following = answers.page(found, request.get("NextToken"))
    return {"Summaries": summaries, "NextToken": following}


def _create_stack(engine: Engine, request: Request) -> dict[str, Any]:
    return {"StackId": engine.create_stack(request).id}


def _update_stack(engine: Engine, request: Request) -> dict[str, Any]:
    return {"StackId": engine.update_stack(request).id}


def _delete_stack(engine: Engine, request: Request) -> dict[str, Any]:
    engine.delete_stack(request)
    return {}


def _continue_update_rollback(engine: Engine, request: Request) -> dict[str, Any]:
    engine.continue_update_rollback(request)
    return {}


def _update_termination_protection(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"])
    stack.protected = request["EnableTerminationProtection"]
    return {"StackId": stack.id}


def _describe_stacks(engine: Engine, request: Request) -> dict[str, Any]:
    if "StackName" in request:
        return {"Stacks": [answers.stack(engine.stack(request["StackName"]))]}
    live = [one for one in engine.stacks() if one.status != "DELETE_COMPLETE"]
    stacks, following = answers.page(live, request.get("NextToken"))
    return {"Stacks": [answers.stack(one) for one in stacks], "NextToken": following}


def _list_stacks(engine: Engine, request: Request) -> dict[str, Any]:
    states = request.get("StackStatusFilter")
    stacks = [one for one in engine.stacks() if not states or one.status in states]
    summaries, following = answers.page(stacks, request.get("NextToken"))
    return {"StackSummaries": [answers.stack_summary(one) for one in summaries], "NextToken": following}


def _describe_stack_events(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"], "Stack [{}] does not exist")
    # A token counts from the first event, so that events that come in the meantime do not shift the pages.
    written = list(stack.events)
    end = len(written) if request.get("NextToken") is None else _position(request["NextToken"])
    start = max(0, end - answers.PAGE)
    events = [answers.event(stack, one) for one in reversed(written[start:end])]
    return {"StackEvents": events, "NextToken": str(start) if start else None}


def _position(token: str) -> int:
    if not token.isdigit():
        raise invalid("NextToken is not valid")
    return int(token)


def _describe_stack_resource(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"], "Stack '{}' does not exist")
    return {"StackResourceDetail": answers.resource(stack, _standing(stack, request["LogicalResourceId"]))}


def _describe_stack_resources(engine: Engine, request: Request) -> dict[str, Any]:
    if "StackName" in request:
        stack = engine.stack(request["StackName"])
    else:
        wanted = request.get("PhysicalResourceId")
        owners = (one for one in engine.stacks() if any(_is(standing, wanted) for standing in one.resources.values()))
        found = next(owners, None)
        if found is None:
            raise invalid(f"Stack for {wanted} does not exist")
        stack = found
    if "LogicalResourceId" in request:
        standing = [_standing(stack, request["LogicalResourceId"])]
    else:
        standing = list(stack.resources.values())[: answers.PAGE]
    return {"StackResources": [answers.resource(stack, one) for one in standing]}


def _is(standing: Any, physical_id: str | None) -> bool:
    return standing.held is not None and standing.held.physical_id == physical_id


def _standing(stack: Stack, logical_id: str) -> Any:
    if logical_id not in stack.resources:
        raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
    return stack.resources[logical_id]


def _list_stack_resources(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"])
    found, following = answers.page(list(stack.resources.values()), request.get("NextToken"))
    return {"StackResourceSummaries": [answers.resource(stack, one) for one in found], "NextToken": following}


def _get_template(engine: Engine, request: Request) -> dict[str, Any]:
    if "ChangeSetName" in request:
        body: str = engine.change_set(request["ChangeSetName"], request.get("StackName"))[1].wanted.template.body
    else:
        wanted = engine.stack(request["StackName"]).wanted
        if wanted is None:
            raise invalid(f"Stack with id {request['StackName']} has no template yet")
        body = wanted.template.body
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def _get_template_summary(engine: Engine, request: Request) -> dict[str, Any]:
    stack = engine.stack(request["StackName"]) if "StackName" in request else None
    return answers.template_summary(template_for_summary(request, stack, engine.region.clients))


def _validate_template(engine: Engine, request: Request) -> dict[str, Any]:
    return answers.template_summary(template_of(template_body(request, engine.region.clients)))


def _list_exports(engine: Engine, request: Request) -> dict[str, Any]:
    found = [
        {"ExportingStackId": stack.id, "Name": output["ExportName"], "Value": output["OutputValue"]}
        for stack in engine.stacks()
        if stack.status != "DELETE_COMPLETE"
        for output in stack.outputs
        if "ExportName" in output
    ]
    exports, following = answers.page(found, request.get("NextToken"))
    return {"Exports": exports, "NextToken": following}


ACTIONS: Mapping[str, Callable[[Engine, Request], dict[str, Any]]] = {
    "ContinueUpdateRollback": _continue_update_rollback,
    "CreateChangeSet": _create_change_set,
    "CreateStack": _create_stack,
    "DeleteChangeSet": _delete_change_set,
    "DeleteStack": _delete_stack,
    "DescribeChangeSet": _describe_change_set,
    "DescribeStackEvents": _describe_stack_events,
    "DescribeStackResource": _describe_stack_resource,
    "DescribeStackResources": _describe_stack_resources,
    "DescribeStacks": _describe_stacks,
    "ExecuteChangeSet": _execute_change_set,
    "GetTemplate": _get_template,
    "GetTemplateSummary": _get_template_summary,
    "ListChangeSets": _list_change_sets,
    "ListExports": _list_exports,
    "ListStackResources": _list_stack_resources,
    "ListStacks": _list_stacks,
    "UpdateStack": _update_stack,
    "UpdateTerminationProtection": _update_termination_protection,
    "ValidateTemplate": _validate_template,
}
