"""A Lambda function's name and settings, from its logical id and properties."""

from __future__ import annotations

import re
from typing import Any

from cncb_compiler.importing.intrinsics import text_of
from cncb_compiler.importing.names import LONGEST_FUNCTION, name_of
from cncb_compiler.importing.schemas import one_line
from cncb_compiler.importing.stack import Lambda
from cncb_compiler.importing.values import Map, as_map


def settle(function: Lambda, said: Map) -> None:
    """Take the settings of a function from its properties."""
    function.handler = one_line(text_of(said.get("Handler")))
    function.runtime = one_line(text_of(said.get("Runtime")))
    function.memory = number(said.get("MemorySize"))
    function.timeout = number(said.get("Timeout"))
    function.concurrency = number(said.get("ReservedConcurrentExecutions"))
    function.environment = as_map(said.get("Environment")).get("Variables")


def number(value: Any) -> int | None:
    """A whole number, which may be written as text."""
    if isinstance(value, str) and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def function_name(logical_id: str) -> str:
    """The name of a function after its logical id: `CommandSubmitFunction` is `command-submit`."""
    stem = re.sub(r"(LambdaFunction|Function|Lambda)$", "", logical_id) or logical_id
    longest = 40 if stem != logical_id and len(stem) > LONGEST_FUNCTION else LONGEST_FUNCTION
    return name_of(stem[:1].upper() + stem[1:], "function", longest)
