"""The functions' packages: reproducible zips, uploaded where they are not there yet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.deploy.stack import Artifact
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold."""
_READABLE = 0o100644 << 16
"""A plain file that anybody may read, as Lambda's user must."""
_UNIX = 3
SIDE_BY_SIDE = 8
"""Uploads at a time."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip: the same bytes for the same files, whatever their order, times and permissions were."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, files[path], zipfile.ZIP_DEFLATED, compresslevel=9)
    return written.getvalue()


def artifacts_of(plan: ServicePlan, template: Mapping[str, Any], files: Mapping[str, bytes]) -> tuple[Artifact, ...]:
    """The packages of a service, by function; `files` are all that the service's declaration makes.

    The key is the one that the template names, so that an override of `Code` is followed: then there is no package.
    """
    return tuple(_artifacts(plan, template, files))


def _artifacts(plan: ServicePlan, template: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Artifact]:
    for function in sorted(plan.functions, key=lambda one: one.name):
        code = template["Resources"].get(naming.function_id(function.name), {}).get("Properties", {}).get("Code", {})
        key = code.get("S3Key") if isinstance(code, dict) else None
        folder = f"{plan.service}/functions/{function.name}/"
        if isinstance(key, str) and key.startswith(f"{plan.system}/{plan.service}/{function.name}/"):
            package = {path.removeprefix(folder): text for path, text in files.items() if path.startswith(folder)}
            yield Artifact(function.name, key, zipped(package))


def upload(contents: Iterable[tuple[str, bytes]], bucket: str, target: Target) -> tuple[str, ...]:
    """Put what the bucket does not hold yet, several at once; the keys that were new, sorted.

    Keys name their content, so what is there is never read or written again (Amazon S3: HeadObject, PutObject).
    """
    client = target.client("s3")

    def put(item: tuple[str, bytes]) -> str | None:
        key, content = item
        with translated(f"uploading {key} to {bucket}"):
            if _is_there(client, bucket, key):
                return None
            client.put_object(Bucket=bucket, Key=key, Body=content)
        return key

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return tuple(sorted(key for key in pool.map(put, contents) if key is not None))


def _is_there(client: Any, bucket: str, key: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        # HeadObject has no body, hence no code beside the status: the same 404 for a missing bucket.
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404 or (
            error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey", "NotFound")
        ):
            return False
        raise
    return True
