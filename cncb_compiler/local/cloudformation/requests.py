"""What a request gives for a stack: its template, wherever that lies, and the checked values of its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from cncb_compiler.local.cloudformation.dynamic_references import parameter
from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.parameters import values
from cncb_compiler.local.cloudformation.resource import Clients
from cncb_compiler.local.cloudformation.stacks import Stack, Wanted
from cncb_compiler.local.cloudformation.template import MAX_BODY_BYTES, MAX_TEMPLATE_BYTES, Template, template_of

Request = Mapping[str, Any]
"""The parameters of an API call."""

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-].*|(?P<plain>.+)\.s3\.amazonaws\.com")


def checked_name(name: str, field: str = "stackName") -> str:
    """A name for a stack or a change set. Raises RefusedError."""
    if not _NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at '{field}' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return name


def wanted(request: Request, stack: Stack | None, clients: Clients) -> Wanted:
    """What a stack is asked to be. Raises RefusedError where anything of it is not allowed."""
    previous = stack.wanted if stack else None
    if request.get("UsePreviousTemplate"):
        if previous is None:
            raise invalid("Previous template does not exist.")
        template = previous.template
    else:
        template = template_of(template_body(request, clients))
    given = tuple(request.get("Capabilities", ()))
    asked = template.capabilities()
    if asked and not {*asked, "CAPABILITY_NAMED_IAM"} & {*given}:
        raise RefusedError("InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(asked)}]")
    found = values(
        template.parameters,
        request.get("Parameters", ()),
        previous.parameters if previous else {},
        lambda name: parameter(clients, name),
    )
    tags = tuple(request["Tags"]) if "Tags" in request else previous.tags if previous else ()
    return Wanted(template, found, tags, given)


def template_body(request: Request, clients: Clients) -> str:
    """The text of the template that a request gives, or names. Raises RefusedError."""
    if "TemplateBody" in request:
        body = str(request["TemplateBody"])
        if len(body.encode()) > MAX_BODY_BYTES:
            raise invalid(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have "
                f"length less than or equal to {MAX_BODY_BYTES}"
            )
        return body
    if "TemplateURL" not in request:
        raise invalid("Either Template URL or Template Body must be specified.")
    bucket, key = _object_of(str(request["TemplateURL"]))
    try:
        content: bytes = clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except Exception as error:
        raise invalid(f"S3 error: {getattr(error, 'response', {}).get('Error', {}).get('Message', error)}") from error
    if len(content) > MAX_TEMPLATE_BYTES:
        raise invalid(f"Template may not exceed {MAX_TEMPLATE_BYTES} bytes in size.")
    return content.decode()


def _object_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = parts.hostname or ""
    virtual = _VIRTUAL_HOST.fullmatch(host)
    if virtual and not host.startswith(("s3.", "s3-")):
        return virtual["bucket"] or virtual["plain"], path
    bucket, _, key = path.partition("/")
    if parts.scheme not in ("http", "https") or not bucket or not key:
        raise invalid("TemplateURL must be a supported URL.")
    return bucket, key


def template_for_summary(request: Request, stack: Stack | None, clients: Clients) -> Template:
    """The template that GetTemplateSummary is about."""
    if stack is not None and stack.wanted is not None:
        return stack.wanted.template
    return template_of(template_body(request, clients))
