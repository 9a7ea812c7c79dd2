"""How a function tries its calls, of all that is said about it."""

from __future__ import annotations

from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import FunctionSettings, Processing, Retry


def patience_of(service: Service, own: FunctionSettings, reads: Processing | None) -> Retry:
    """How a function tries: as it says itself, else its service; of a consumer, `processing.retry` comes first."""
    said = [own.retry, service.function.retry]
    if reads is not None:
        said = [reads.retry, own.retry, service.processing.retry, service.function.retry]
    return Retry(
        timeout=next((one.timeout for one in said if one.timeout is not None), None),
        attempts=next((one.attempts for one in said if one.attempts is not None), None),
    )
