"""Lambda: settings that the mock loses, packages that can be fetched, and no code that is run by the mock itself.

AWS Lambda API Reference: GetFunction ("Code.Location"), CreateEventSourceMapping, UpdateFunctionConfiguration.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from cncb_compiler.local.endpoint.mends.invocation import invoke_later

PACKAGES_ACCOUNT = "000000000000"
"""The account that the service keeps its copies of packages in: not the user's."""
_MAPPING_DEFAULTS: Mapping[str, Any] = {"FunctionResponseTypes": [], "MaximumBatchingWindowInSeconds": 0}
_STREAM_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
_CHANGEABLE = {"TracingConfig": "tracing_config", "KMSKeyArn": "kms_key_arn"}


def mend() -> None:
    """Mend functions and event source mappings."""
    models = import_module("moto.awslambda.models")
    _keep_settings(models.LambdaFunction)
    _serve_packages(models.LambdaFunction, import_module("moto.awslambda.responses").LambdaResponse)
    _tell_all(models.EventSourceMapping)
    models.LambdaFunction.invoke = _invoke
    models.LambdaBackend.create_event_source_mapping = _create_mapping
    models.LambdaBackend.list_event_source_mappings = _list_mappings


def _keep_settings(function: Any) -> None:
    """LoggingConfig is held, and what an update says of logging, tracing, storage and architecture."""
    initialise, configuration = function.__init__, function.get_configuration
    update_configuration, update_code = function.update_configuration, function.update_function_code

    def initialised(self: Any, account_id: str, spec: dict[str, Any], *rest: Any, **named: Any) -> None:
        initialise(self, account_id, spec, *rest, **named)
        self.cncb_logging = spec.get("LoggingConfig") or {}

    def configured(self: Any, on_create: bool = False) -> dict[str, Any]:
        return {**configuration(self, on_create), "LoggingConfig": _logging(self)}

    def configuration_updated(self: Any, changes: dict[str, Any]) -> dict[str, Any]:
        for name, attribute in _CHANGEABLE.items():
            if name in changes:
                setattr(self, attribute, changes[name])
        if "EphemeralStorage" in changes:
            self.ephemeral_storage = changes["EphemeralStorage"]["Size"]
        self.cncb_logging = changes.get("LoggingConfig", self.cncb_logging)
        update_configuration(self, changes)
        return configured(self)

    def code_updated(self: Any, changes: dict[str, Any]) -> dict[str, Any]:
        if changes.get("Architectures"):
            self.architectures = changes["Architectures"]
        update_code(self, changes)
        return configured(self)

    function.__init__ = initialised
    function.get_configuration = configured
    function.update_configuration = configuration_updated
    function.update_function_code = code_updated


def _tell_all(mapping: Any) -> None:
    """A mapping tells what it starts at, and nothing of filters that it has not."""
    configuration = mapping.get_configuration

    def configured(self: Any) -> dict[str, Any]:
        found = {**configuration(self), "StartingPositionTimestamp": self.starting_position_timestamp}
        if not (self.filter_criteria or {}).get("Filters"):
            found["FilterCriteria"] = None
        return {name: value for name, value in found.items() if value is not None}

    mapping.get_configuration = configured


def _logging(function: Any) -> dict[str, Any]:
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    declared = function.cncb_logging
    filled = levels if declared.get("LogFormat") == "JSON" else {}
    return {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}", **filled, **declared}


def _serve_packages(function: Any, response: Any) -> None:
    """Each package is copied, as AWS does, and GetFunction answers where on this endpoint the copy is."""
    set_code, get_function = function._set_function_code, response.get_function

    def code_set(self: Any, spec: dict[str, Any]) -> None:
        set_code(self, spec)
        if not spec.get("DryRun") and getattr(self, "code_bytes", None):
            _keep_package(self)

    def found(self: Any) -> str:
        answer = json.loads(get_function(self))
        if answer.get("Code", {}).get("RepositoryType") == "S3":
            url = urlsplit(self.uri)
            configuration = answer["Configuration"]
            path = quote(f"/{_packages(self.region)}/{_package_key(configuration['FunctionName'], configuration)}")
            answer["Code"]["Location"] = f"{url.scheme}://{url.netloc}{path}?{_signature(self.region)}"
        return json.dumps(answer)

    function._set_function_code = code_set
    response.get_function = found


def _packages(region: str) -> str:
    return f"awslambda-{region}-tasks"


def _package_key(name: str, configuration: Mapping[str, Any]) -> str:
    return f"snapshots/{name}/{b64decode(configuration['CodeSha256']).hex()}"


def _signature(region: str) -> str:
    """What tells the endpoint that a request without a header is for its S3."""
    scope = f"local/20000101/{region}/s3/aws4_request"
    return urlencode({"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": scope, "X-Amz-Signature": "local"})


def _keep_package(function: Any) -> None:
    from moto.s3.models import s3_backends

    store = s3_backends[PACKAGES_ACCOUNT][function.partition]
    bucket = _packages(function.region)
    if bucket not in store.buckets:
        store.create_bucket(bucket, function.region)
    key = _package_key(function.function_name, {"CodeSha256": function.code_sha_256})
    store.put_object(bucket, key, function.code_bytes, disable_notification=True)


def _invoke(self: Any, body: str, _request_headers: Any, _response_headers: Any) -> bytes:
    """What another service of the mock tells a function: AWS does it asynchronously, and so do we."""
    invoke_later(self.function_name, body or "{}")
    return b""


def _create_mapping(self: Any, spec: dict[str, Any]) -> Any:
    """Only keep the mapping: the machine that runs the functions polls the source."""
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.core.exceptions import JsonRESTError

    function = self._lambdas.get_function_by_name_or_arn_with_qualifier(spec.get("FunctionName", ""))
    source = spec.get("EventSourceArn") or ""
    if source not in _sources(self):
        raise InvalidParameterValueException(f"Event source {source} does not exist.")
    for mapping in self._event_source_mappings.values():
        if (mapping.event_source_arn, mapping.function_arn) == (source, function.function_arn):
            message = (
                f'An event source mapping with event source arn (" {source} ") and function name (" '
                f'{function.function_name} ") already exists. Please update or delete the existing mapping with UUID '
                f"{mapping.uuid}"
            )
            raise JsonRESTError("ResourceConflictException", message)
    defaults = {**_MAPPING_DEFAULTS, **({} if ":sqs:" in source else _STREAM_DEFAULTS)}
    owner = {"RegionName": self.region_name, "AccountId": self.account_id, "FunctionArn": function.function_arn}
    mapping = import_module("moto.awslambda.models").EventSourceMapping({**defaults, **spec, **owner})
    self._event_source_mappings[mapping.uuid] = mapping
    return mapping


def _sources(backend: Any) -> set[str]:
    """The ARNs of all queues, table streams and streams of a region."""
    from moto.dynamodbstreams.models import dynamodbstreams_backends
    from moto.kinesis.models import kinesis_backends
    from moto.sqs.models import sqs_backends

    account, region = backend.account_id, backend.region_name
    queues = {queue.queue_arn for queue in sqs_backends[account][region].queues.values()}
    streams = {stream.arn for stream in kinesis_backends[account][region].streams.values()}
    tables = {stream["StreamArn"] for stream in dynamodbstreams_backends[account][region].list_streams()}
    return queues | streams | tables


def _list_mappings(self: Any, event_source_arn: str | None, function_name: str | None) -> Iterable[Any]:
    """By function however it is named: name, partial ARN or ARN."""
    mappings = list(self._event_source_mappings.values())
    if event_source_arn:
        mappings = [mapping for mapping in mappings if mapping.event_source_arn == event_source_arn]
    if function_name:
        wanted = None
        with suppress(Exception):
            wanted = self._lambdas.get_function_by_name_or_arn_with_qualifier(function_name).function_arn
        mappings = [mapping for mapping in mappings if mapping.function_arn == wanted]
    return mappings
