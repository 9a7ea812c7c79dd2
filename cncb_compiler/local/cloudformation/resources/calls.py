"""Calls of a service's API with values from a template, where a number may be text and a truth a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cncb_compiler.local.cloudformation.resource import NotHeldError


def call(client: Any, method: str, **parameters: Any) -> Any:
    """Call an API, each value brought into the type that the API's own model names.

    Raises NotHeldError for what the API has no such parameter for.
    """
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    return getattr(client, method)(**_fitted(parameters, operation.input_shape, ""))


@contextmanager
def absent_is_deleted(*codes: str) -> Iterator[None]:
    """Let a deletion pass where the service says that there is no such thing."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


def _fitted(value: Any, shape: Any, path: str) -> Any:
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            return {name: _fitted(part, _member(shape, name, path), f"{path}{name}.") for name, part in value.items()}
        case "map" if isinstance(value, dict):
            return {str(key): _fitted(part, shape.value, path) for key, part in value.items()}
        case "list" if isinstance(value, list | tuple):
            return [_fitted(part, shape.member, path) for part in value]
        case "structure" | "map" | "list":
            raise NotHeldError(f"{path.rstrip('.')} must be a {shape.type_name}, not {value!r}")
        case "integer" | "long":
            return _number(int, value, path)
        case "float" | "double":
            return _number(float, value, path)
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "string":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case _:
            return value


def _member(shape: Any, name: str, path: str) -> Any:
    if name not in shape.members:
        raise NotHeldError(f"Property {path}{name} is not held")
    return shape.members[name]


def _number(kind: type[int] | type[float], value: Any, path: str) -> float:
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise NotHeldError(f"{path.rstrip('.')} must be a number, not {value!r}") from None
