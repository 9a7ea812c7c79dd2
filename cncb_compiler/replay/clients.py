"""The clients of a replay and a resubmission: they leave trying again to its own patience, so that its rate holds."""

from __future__ import annotations

from typing import Any

from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

LONGEST_SECONDS = 910
"""Longer than any function may take (AWS Lambda: Lambda quotas)."""


def s3_client(target: Target) -> Any:
    """The S3 client for the lake, and for the faults."""
    return _client(target, "s3", 60)


def sending_client(target: Target) -> Any:
    """The Lambda client that delivers records."""
    return _client(target, "lambda", LONGEST_SECONDS)


def _client(target: Target, service: str, seconds: int) -> Any:
    with translated():
        from botocore.config import Config

        more = {"s3": {"addressing_style": "path"}} if target.local else {}
        config = Config(read_timeout=seconds, tcp_keepalive=True, retries={"total_max_attempts": 1}, **more)
        return target.session().client(service, endpoint_url=target.endpoint, config=config)
