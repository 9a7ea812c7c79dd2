"""Why a resource could not be made, changed or removed, in one line as events show it."""

from __future__ import annotations

import logging
import re
from typing import Any

from cncb_compiler.local.cloudformation.errors import RefusedError
from cncb_compiler.local.cloudformation.resource import NotHeldError
from cncb_compiler.target.problems import Problem

_GONE = re.compile(r"NotFound|NoSuch|NonExistent|DoesNotExist|QueueDoesNotExist")
_LOG = logging.getLogger(__name__)


def reason_of(error: BaseException) -> str:
    """What to tell of an error. One that nobody foresaw is logged with its traceback too."""
    if isinstance(error, RefusedError):
        return error.message
    if isinstance(error, NotHeldError | Problem):
        return str(error)
    answer: dict[str, Any] | None = getattr(error, "response", None)
    if answer and "Error" in answer:
        told, about = answer["Error"], answer.get("ResponseMetadata", {})
        service = getattr(error, "operation_name", "")
        return (
            f"{told.get('Message', '')} ({service}; Status Code: {about.get('HTTPStatusCode', '')}; "
            f"Error Code: {told.get('Code', '')})"
        )
    _LOG.error("a resource handler failed", exc_info=error)
    return f"Internal Failure: {type(error).__name__}: {error}"


def is_gone(error: BaseException) -> bool:
    """Whether an error says that what should be removed is not there."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return bool(_GONE.search(str(code)))
