"""Clients of AWS: made when first called, kept for the life of the process, impatient.

A call is cut off after CALL_TIMEOUT_SECONDS and tried CALL_ATTEMPTS times in all, so that a function never
waits longer for AWS than it may run (book: "Configuring timeouts and retries").
"""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any


@cache
def client(service: str) -> Any:
    """The client of an AWS service: `dynamodb`, `kinesis`, `s3`."""
    import boto3
    from botocore.config import Config

    # It tells at each cold start where it found credentials.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    seconds = float(os.environ.get("CALL_TIMEOUT_SECONDS", "2"))
    retries = {"mode": "standard", "total_max_attempts": attempts()}
    return boto3.client(service, config=Config(connect_timeout=seconds, read_timeout=seconds, retries=retries))


def attempts() -> int:
    """How often a call is tried in all."""
    return int(os.environ.get("CALL_ATTEMPTS", "3"))
