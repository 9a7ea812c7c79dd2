"""Resource types that live in memory, and a CloudFormation that holds them, driven by a real boto3 client."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cncb_compiler.local.cloudformation.app import CloudFormation
from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.endpoint.inprocess import clients

REGION, ACCOUNT = "us-east-1", "123456789012"
THING, OTHER = "Test::Memory::Thing", "Test::Memory::Other"


class FakeError(Exception):
    """As botocore's ClientError looks."""

    operation_name = "Fake"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}


class Memory:
    """Holds things by physical id, remembers every call, and fails where it is told to."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.late = False
        """Whether an update that fails has changed something before."""
        self.only_one = False
        """Whether all creations give one and the same thing."""
        self.once = False
        """Whether each failure comes but once."""
        self.asked: list[str] = []
        self.fails: dict[tuple[str, str], FakeError] = {}
        self.parameters: dict[str, str] = {"/bucket": "artifacts", "/list": "a, b"}
        self.secrets: dict[str, str] = {"login": json.dumps({"user": "ada"})}
        self.objects: dict[tuple[str, str], bytes] = {}

    def type(self, name: str) -> ResourceType:
        return ResourceType(
            name=name,
            properties=frozenset({"Name", "Size", "Link", "Tags", "Fixed"}),
            create=self._create,
            read=self._read,
            update=self._update,
            delete=self._delete,
            create_only=frozenset({"Name", "Fixed"}),
            template_only={"Decor": "nobody looks at it here"},
        )

    def _call(self, verb: str, physical_id: str) -> None:
        self.calls.append((verb, physical_id.split("-")[1] if physical_id.count("-") == 2 else physical_id))
        if self.calls[-1] in self.fails:
            raise self.fails.pop(self.calls[-1]) if self.once else self.fails[self.calls[-1]]

    def _create(self, _clients: Clients, place: Place, properties: Properties) -> Held:
        physical_id = properties.get("Name", place.generated_name)
        self._call("create", physical_id)
        if self.only_one:
            physical_id = "the-only"
        elif physical_id in self.things:
            raise FakeError("AlreadyExists", f"{physical_id} already exists")
        self.things[physical_id] = dict(properties)
        return Held(physical_id, {"Arn": f"arn:{physical_id}", "Size": properties.get("Size")})

    def _read(self, _clients: Clients, held: Held, _properties: Properties) -> Mapping[str, Any]:
        return self.things[held.physical_id]

    def _update(self, _clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
        if not self.late:
            self._call("update", held.physical_id)
        self.things[held.physical_id] = dict(new)
        if self.late:
            self._call("update", held.physical_id)
        return Held(held.physical_id, {**held.attributes, "Size": new.get("Size")})

    def _delete(self, _clients: Clients, held: Held, _properties: Properties) -> None:
        self._call("delete", held.physical_id)
        if held.physical_id not in self.things:
            raise FakeError("ThingNotFoundException", "there is no such thing")
        del self.things[held.physical_id]

    def get_parameter(self, **asked: Any) -> dict[str, Any]:
        name, secure = asked["Name"], asked["WithDecryption"]
        self.asked.append(name)
        if name not in self.parameters:
            raise FakeError("ParameterNotFound", "")
        return {"Parameter": {"Value": self.parameters[name], "Type": "SecureString" if secure else "String"}}

    def get_secret_value(self, **asked: Any) -> dict[str, Any]:
        if asked["SecretId"] not in self.secrets:
            raise FakeError("ResourceNotFoundException", "")
        return {"SecretString": self.secrets[asked["SecretId"]]}

    def get_object(self, **asked: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.objects[asked["Bucket"], asked["Key"]])}


CURRENT: list[CloudFormation] = []


@cache
def _api() -> Any:
    return clients(lambda environ, start_response: CURRENT[0](environ, start_response), REGION)("cloudformation")


class Cloud:
    """CloudFormation over a memory, and short ways to drive it."""

    def __init__(self) -> None:
        self.memory = Memory()
        types = {name: self.memory.type(name) for name in (THING, OTHER)}
        self.app = CloudFormation(lambda _service: self.memory, ACCOUNT, REGION, types)
        self.engine = self.app.engine

    @property
    def api(self) -> Any:
        """A real boto3 client. To make one takes longer than a test, so that all clouds share it."""
        CURRENT[:] = [self.app]
        return _api()

    def create(self, template: Any, **settings: Any) -> str:
        self.api.create_stack(StackName="s", TemplateBody=body(template), **settings)
        return self.engine.wait("s", 10)

    def update(self, template: Any, **settings: Any) -> str:
        self.api.update_stack(StackName="s", TemplateBody=body(template), **settings)
        return self.engine.wait("s", 10)

    def delete(self, **settings: Any) -> str:
        stack = self.engine.stack("s")
        self.api.delete_stack(StackName="s", **settings)
        return self.engine.wait(stack.id, 10)

    def changes(self, template: Any, **settings: Any) -> dict[str, Any]:
        name = f"c{len(self.engine.stack('s').change_sets)}" if self.engine.find("s") else "c0"
        self.api.create_change_set(StackName="s", ChangeSetName=name, TemplateBody=body(template), **settings)
        answer: dict[str, Any] = self.api.describe_change_set(StackName="s", ChangeSetName=name)
        return answer

    def status(self, logical_id: str) -> str:
        return self.engine.stack("s").resources[logical_id].status

    def physical(self, logical_id: str) -> str | None:
        return self.engine.stack("s").resources[logical_id].physical_id

    def events(self, stack: str = "s") -> list[tuple[str, str]]:
        return [(one.logical_id, one.status) for one in self.engine.stack(stack).events]

    def reasons(self) -> list[str]:
        return [one.reason for one in self.engine.stack("s").events if one.reason]


def body(template: Any) -> str:
    return template if isinstance(template, str) else json.dumps(template)


def things(**properties: Any) -> dict[str, Any]:
    """A template of things; a property set `_x` of one is its attribute x."""
    resources = {}
    for name, given in properties.items():
        attributes = {key[1:]: value for key, value in given.items() if key.startswith("_")}
        resources[name] = {
            "Type": THING,
            "Properties": {key: value for key, value in given.items() if not key.startswith("_")},
            **attributes,
        }
    return {"Resources": resources}
