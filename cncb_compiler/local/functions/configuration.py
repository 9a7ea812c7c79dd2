"""What Lambda is told about a function, and the environment variables that it makes of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cncb_compiler.target.target import LOCAL_CREDENTIAL

DEFAULT_TIMEOUT_SECONDS = 3
DEFAULT_MEMORY_MB = 128
UNRESERVED = 10
"""How many environments a function without reserved concurrency may have here. AWS: 1000 for the whole account."""
APP_ID_LENGTH = 50
"""What botocore allows in AWS_SDK_UA_APP_ID."""
VERSION = "$LATEST"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One function as `GetFunction` answers it (AWS Lambda API: "GetFunction"). Times in seconds, memory in MB."""

    name: str
    arn: str
    handler: str
    runtime: str
    timeout: int
    memory: int
    variables: Mapping[str, str]
    concurrency: int
    log_group: str
    json_logs: bool
    application_log_level: str
    system_log_level: str
    code_location: str

    @classmethod
    def answered(cls, answer: Mapping[str, Any]) -> Self:
        """From the answer of `get_function`."""
        given = answer["Configuration"]
        logging = given.get("LoggingConfig") or {}
        name = given["FunctionName"]
        return cls(
            name=name,
            arn=given.get("FunctionArn", name),
            handler=given.get("Handler", ""),
            runtime=given.get("Runtime", ""),
            timeout=int(given.get("Timeout") or DEFAULT_TIMEOUT_SECONDS),
            memory=int(given.get("MemorySize") or DEFAULT_MEMORY_MB),
            variables=dict((given.get("Environment") or {}).get("Variables") or {}),
            concurrency=(answer.get("Concurrency") or {}).get("ReservedConcurrentExecutions", UNRESERVED),
            log_group=logging.get("LogGroup") or f"/aws/lambda/{name}",
            json_logs=logging.get("LogFormat") == "JSON",
            application_log_level=logging.get("ApplicationLogLevel", ""),
            system_log_level=logging.get("SystemLogLevel", ""),
            code_location=answer["Code"]["Location"],
        )


def app_id(function: str) -> str:
    """How a function's AWS calls name it in their User-Agent (`app/<id>`)."""
    return function[:APP_ID_LENGTH]


def variables(
    configuration: Configuration,
    *,
    region: str,
    endpoint: str | None,
    runtime_api: str,
    task_root: str,
    log_stream: str,
    path: str,
) -> dict[str, str]:
    """All that an environment sees (AWS Lambda: "Working with Lambda environment variables", reserved ones).

    Beside Lambda's: AWS_ENDPOINT_URL, and AWS_SDK_UA_APP_ID, by which the endpoint knows whose call it is. HOME is the
    task root, so that no SDK reads the developer's own configuration.
    """
    given = {
        "AWS_ACCESS_KEY_ID": LOCAL_CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": LOCAL_CREDENTIAL,
        "AWS_SESSION_TOKEN": LOCAL_CREDENTIAL,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{configuration.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory),
        "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
        "AWS_LAMBDA_FUNCTION_VERSION": VERSION,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if configuration.json_logs else "Text",
        "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": region,
        "HOME": task_root,
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": task_root,
        "LANG": "en_US.UTF-8",
        "PATH": path,
        "TZ": ":UTC",
        "_HANDLER": configuration.handler,
        "AWS_SDK_UA_APP_ID": app_id(configuration.name),
    }
    if configuration.application_log_level:
        given["AWS_LAMBDA_LOG_LEVEL"] = configuration.application_log_level
    if endpoint is not None:
        given["AWS_ENDPOINT_URL"] = endpoint
    return dict(configuration.variables) | given
