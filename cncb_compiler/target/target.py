"""A target: one stage of a system in one region, of AWS or of a local endpoint."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.target.problems import translated

LOCAL_CREDENTIAL = "local"
"""Access key and secret for a local endpoint, which asks for some but checks none."""


@dataclass(slots=True)
class Target:
    """What every command that touches AWS is given. Clients are made when first asked for, and shared by threads.

    `endpoint` is the URL of what stands in for AWS; None is AWS itself. `profile` names the credentials.
    """

    stage: str
    region: str
    endpoint: str | None = None
    profile: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _session: Any = field(default=None, repr=False)

    @property
    def local(self) -> bool:
        """Whether something else than AWS is meant."""
        return self.endpoint is not None

    def client(self, service: str) -> Any:
        """The boto3 client of a service: `cloudformation`, `s3`, ... Raises Problem where there is no such profile."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._made(service)
            return self._clients[service]

    def _made(self, service: str) -> Any:
        session = self.session()
        from botocore.config import Config

        settings: dict[str, Any] = {"max_pool_connections": 50}
        settings["retries"] = {"mode": "standard", "total_max_attempts": 5}
        if self.local:
            # An endpoint on this machine answers at once or not at all; and a bucket is no host name there.
            settings |= {"retries": {"total_max_attempts": 2}, "s3": {"addressing_style": "path"}}
        with translated():
            return session.client(service, endpoint_url=self.endpoint, config=Config(**settings))

    def session(self) -> Any:
        """The boto3 session that all clients share. Raises Problem where there is no such profile."""
        with self._lock:
            if self._session is None:
                credentials: dict[str, str] = {}
                if self.local and self.profile is None and "AWS_ACCESS_KEY_ID" not in os.environ:
                    credentials = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), LOCAL_CREDENTIAL)
                with translated():
                    import boto3

                    self._session = boto3.Session(profile_name=self.profile, region_name=self.region, **credentials)
            return self._session
