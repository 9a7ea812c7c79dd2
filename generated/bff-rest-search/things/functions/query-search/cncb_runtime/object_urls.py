"""URLs of a bucket's objects, by which whoever was given one may get it for a while.

Amazon S3: "Sharing objects with presigned URLs". Nothing is asked of S3 for it: the function signs with its own role.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

SECONDS = 900
"""How long a URL leads to its object."""


def url_of(variable: str, name: str) -> str:
    """The URL of an object of the bucket that the environment names by `variable`."""
    asked = {"Bucket": os.environ[variable], "Key": name}
    url: str = signer().generate_presigned_url("get_object", Params=asked, ExpiresIn=SECONDS)
    return url


@cache
def signer() -> Any:
    """The client that signs."""
    import boto3
    from botocore.config import Config

    # The bucket's own host in its region, which needs no redirect, and the one signature that every region takes.
    return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
