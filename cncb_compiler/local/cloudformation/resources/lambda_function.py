"""AWS::Lambda::Function (AWS CloudFormation Template Reference Guide: "AWS::Lambda::Function")."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, NotHeldError, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import picked

LONGEST_NAME = 64
_REQUIRED = frozenset({"Handler", "Role", "Runtime"})
_DEFAULTS: Mapping[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "LoggingConfig": {"LogFormat": "Text"},
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
_CONFIGURATION = _REQUIRED | frozenset(_DEFAULTS)
_X86 = ["x86_64"]
_SOURCE_NAMES = {"python": "index.py", "nodejs": "index.js"}


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("lambda")
    name = properties.get("FunctionName") or generated(place, LONGEST_NAME)
    given = {key: properties[key] for key in _CONFIGURATION | {"Architectures", "PackageType"} if key in properties}
    labels = tags.as_map(properties.get("Tags"))
    made = call(client, "create_function", FunctionName=name, Code=_code(properties), Tags=labels, **given)
    if "ReservedConcurrentExecutions" in properties:
        concurrency = properties["ReservedConcurrentExecutions"]
        call(client, "put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=concurrency)
    return Held(name, {"Arn": made["FunctionArn"]})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    found = clients("lambda").get_function(FunctionName=held.physical_id)
    configuration = found["Configuration"]
    kept = picked(properties, {**configuration, **found.get("Concurrency", {})}, TYPE.properties - {"Code", "Tags"})
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(found.get("Tags"))
    sha = configuration["CodeSha256"]
    kept["Code"] = properties["Code"] if sha == _declared_sha(clients, properties) else {"CodeSha256": sha}
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("lambda")
    name = held.physical_id
    changed = {key: new.get(key, _DEFAULTS.get(key)) for key in _CONFIGURATION if old.get(key) != new.get(key)}
    if changed:
        call(client, "update_function_configuration", FunctionName=name, **changed)
    if any(old.get(key) != new.get(key) for key in ("Architectures", "Code")):
        architectures = new.get("Architectures") or _X86
        call(client, "update_function_code", FunctionName=name, Architectures=architectures, **_code(new))
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(Resource=held.attributes["Arn"], Tags=put)
    if gone:
        client.untag_resource(Resource=held.attributes["Arn"], TagKeys=gone)
    concurrency = new.get("ReservedConcurrentExecutions")
    if concurrency is None and "ReservedConcurrentExecutions" in old:
        client.delete_function_concurrency(FunctionName=name)
    elif concurrency != old.get("ReservedConcurrentExecutions"):
        call(client, "put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=concurrency)
    return held


def _delete(clients: Clients, held: Held, properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("lambda").delete_function(FunctionName=held.physical_id)


def _code(properties: Properties) -> dict[str, Any]:
    code = dict(properties["Code"])
    if "ZipFile" in code:
        code["ZipFile"] = _zipped(code["ZipFile"], properties.get("Runtime", ""))
    elif not {"S3Bucket", "S3Key"} <= set(code):
        raise NotHeldError(f"Code with {', '.join(code) or 'nothing'} is not held: only S3Bucket and S3Key, or ZipFile")
    return code


def _zipped(source: str, runtime: str) -> bytes:
    """The package that CloudFormation makes of inline source, the same bytes each time."""
    name = next((name for language, name in _SOURCE_NAMES.items() if runtime.startswith(language)), None)
    if name is None:
        raise NotHeldError(f"Code.ZipFile is not held for the runtime {runtime}")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr(zipfile.ZipInfo(name), source)
    return content.getvalue()


def _declared_sha(clients: Clients, properties: Properties) -> str | None:
    """The `CodeSha256` that the declared code has; None where it is no longer there."""
    code = _code(properties)
    if "ZipFile" in code:
        content = code["ZipFile"]
    else:
        from botocore.exceptions import ClientError

        version = {"VersionId": code["S3ObjectVersion"]} if "S3ObjectVersion" in code else {}
        try:
            content = clients("s3").get_object(Bucket=code["S3Bucket"], Key=code["S3Key"], **version)["Body"].read()
        except ClientError:
            return None
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


TYPE = ResourceType(
    name="AWS::Lambda::Function",
    properties=_CONFIGURATION
    | {"Architectures", "Code", "FunctionName", "PackageType", "ReservedConcurrentExecutions", "Tags"},
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    create_only=frozenset({"FunctionName", "PackageType"}),
    template_only={
        "DeadLetterConfig": "an event whose function fails three times is dropped on this machine",
        "KmsKeyArn": "environment variables are not encrypted on this machine",
        "VpcConfig": "functions on this machine use its own network",
    },
)
TYPES = (TYPE,)
