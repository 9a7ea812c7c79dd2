"""Where the mock differs from AWS in what compiled systems rely on, or is slow, it is mended here, one module each."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "dispatch",
    "ssm",
    "awslambda",
    "iam",
    "sns",
    "sqs",
    "events",
    "dynamodb",
    "kinesis",
    "s3",
    "apigateway",
    "apigatewayv2",
)
"""The modules here that may have something to mend, in the order in which they do it."""

_mended: set[str] = set()


def mend_all() -> None:
    """Mend the mock of this process, once."""
    for module in MODULES:
        if module not in _mended:
            _mended.add(module)
            _mend(f"{__name__}.{module}")


def _mend(module: str) -> None:
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return
    found.mend()
