"""Dynamic references: `{{resolve:service:name}}` inside of strings, put in after the functions around them.

Source: CloudFormation User Guide, "Get values stored in other services using dynamic references".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.resource import Clients

Lookup: TypeAlias = Callable[[str, str], str]
"""The value of a reference, by service (`ssm`, `ssm-secure`, `secretsmanager`) and what follows its name."""

_REFERENCE = re.compile(r"\{\{resolve:([^:}]*):([^}]*)\}\}")
_ABSENT = frozenset({"ParameterNotFound", "ParameterVersionNotFound", "ResourceNotFoundException"})


def substituted(value: Any, lookup: Lookup) -> Any:
    """The value with every dynamic reference replaced by what it refers to."""
    if isinstance(value, Mapping):
        return {key: substituted(item, lookup) for key, item in value.items()}
    if isinstance(value, list):
        return [substituted(item, lookup) for item in value]
    if isinstance(value, str) and "{{resolve:" in value:
        return _REFERENCE.sub(lambda found: lookup(found[1], found[2]), value)
    return value


def lookup_in(clients: Clients) -> Lookup:
    """A lookup that asks the services, each reference once: one is made for each operation on a stack."""

    @cache
    def lookup(service: str, reference: str) -> str:
        match service:
            case "ssm" | "ssm-secure":
                return parameter(clients, reference, decrypted=service == "ssm-secure")
            case "secretsmanager":
                return _secret(clients, reference)
            case _:
                raise invalid(f"Template error: dynamic references to {service} are not held by the local endpoint")

    return lookup


def parameter(clients: Clients, name: str, *, decrypted: bool = False) -> str:
    """The value of an SSM parameter, `name` or `name:version`. Raises RefusedError where it is not there."""
    try:
        found = clients("ssm").get_parameter(Name=name, WithDecryption=decrypted)["Parameter"]
    except Exception as error:
        raise _absent(error, f"Unable to fetch parameters [{name}] from parameter store for this account.") from error
    if found["Type"] == "SecureString" and not decrypted:
        raise invalid(f"Parameters [{name}] referenced by template have types not supported by CloudFormation.")
    return str(found["Value"])


def _secret(clients: Clients, reference: str) -> str:
    parts = reference.split(":")
    name, rest = (":".join(parts[:7]), parts[7:]) if parts[0] == "arn" else (parts[0], parts[1:])
    kind, key, stage, version = (rest + [""] * 4)[:4]
    if kind not in ("", "SecretString"):
        raise invalid(f"Template error: secretsmanager:{reference}: only SecretString can be referred to")
    wanted = {"VersionStage": stage, "VersionId": version}
    try:
        found = clients("secretsmanager").get_secret_value(
            SecretId=name, **{setting: value for setting, value in wanted.items() if value}
        )
    except Exception as error:
        raise _absent(error, "Secrets Manager can't find the specified secret.") from error
    content = str(found["SecretString"])
    if not key:
        return content
    try:
        return str(json.loads(content)[key])
    except (ValueError, KeyError, TypeError):
        raise invalid(f"Could not find a value associated with JSONKey in SecretString: {key}") from None


def _absent(error: Exception, message: str) -> Exception:
    code = getattr(error, "response", {}).get("Error", {}).get("Code")
    return invalid(message) if code in _ABSENT else RefusedError("ValidationError", str(error))
