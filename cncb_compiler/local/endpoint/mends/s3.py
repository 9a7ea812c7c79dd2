"""What moto's S3 does otherwise than this endpoint needs."""

from __future__ import annotations

from typing import Any


def mend() -> None:
    """Mend moto's S3 for the rest of this process.

    A bucket is in the path, whatever host name a request came to. Bucket policies are kept, but not obeyed: moto
    knows no conditions, so it would take "deny what does not come over TLS" for "deny all".
    """
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket
    from moto.s3.responses import S3Response

    bucket: Any = FakeBucket
    handler: Any = S3Response
    handler.subdomain_based_buckets = staticmethod(_never)
    bucket.get_permission = lambda _bucket, _action, _resource: PermissionResult.NEUTRAL


def _never(_request: object) -> bool:
    return False
