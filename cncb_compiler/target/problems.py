"""What AWS, or the way to it, refused: one clear line for each, with the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Problem(Exception):  # noqa: N818 - of the world outside, not an error of cncb
    """Something outside of the topology keeps a command from going on. `mend` says what the user can do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".rstrip()


class AccessProblem(Problem):
    """A problem of the credentials, the way to AWS or the artifact bucket: whatever is tried next would meet it too."""


@contextmanager
def translated(doing: str = "") -> Iterator[None]:
    """Turn what boto3 raises into a Problem. `doing` names what was tried: "making the change set of shop-orders-dev".

    Other errors pass: they are ours.
    """
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        problem = problem_of(error, doing)
        if problem is None:
            raise
        raise problem from None


def problem_of(error: Exception, doing: str = "") -> Problem | None:
    """The Problem that an error of boto3 means; None where it is none of boto3's."""
    if isinstance(error, ModuleNotFoundError) and error.name in ("boto3", "botocore"):
        return AccessProblem(f"The library {error.name} is not installed.", "Run: pip install 'cncb[deploy]'")
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith(("botocore.", "boto3."))]
    if "ClientError" in kinds:
        return _answered(error, doing)
    if "ResponseParserError" in kinds:
        return AccessProblem(
            _sentence(doing, "what answers there does not answer as AWS would"),
            "Look at AWS_ENDPOINT_URL; `cncb endpoint` stands in for AWS on this machine.",
        )
    for kind in kinds:
        if kind in _RAISED:
            return _RAISED[kind](error)
    if kinds:
        return Problem(_sentence(doing, _line(error)))
    return None


def _access(message: str, mend: str) -> Callable[[Exception], Problem]:
    return lambda error: AccessProblem(message, mend)


def _unreachable(error: Exception) -> Problem:
    url = str(getattr(error, "kwargs", {}).get("endpoint_url", "AWS"))
    return AccessProblem(
        f"{url} cannot be reached.", "Look at the network, at AWS_ENDPOINT_URL, and at the name of the region."
    )


def _no_profile(error: Exception) -> Problem:
    name = getattr(error, "kwargs", {}).get("profile", "")
    return AccessProblem(
        f"There is no profile `{name}` in the AWS configuration.",
        "`aws configure list-profiles` lists those that there are.",
    )


def _incomplete(error: Exception) -> Problem:
    return AccessProblem(_line(error), "Look at the AWS configuration: `aws configure list`.")


_SSO = _access(
    "The single sign-on session has expired, or was never begun.",
    "Sign in with `aws sso login`, with --profile where you use one.",
)
_LOGIN = _access("There are no AWS credentials.", "Name a profile with --profile, or sign in with `aws configure`.")

_RAISED: dict[str, Callable[[Exception], Problem]] = {
    "NoCredentialsError": _LOGIN,
    "NoAuthTokenError": _SSO,
    "SSOError": _SSO,
    "SSOTokenLoadError": _SSO,
    "TokenRetrievalError": _SSO,
    "UnauthorizedSSOTokenError": _SSO,
    "PartialCredentialsError": _incomplete,
    "CredentialRetrievalError": _incomplete,
    "ConfigParseError": _incomplete,
    "ConfigNotFound": _incomplete,
    "InvalidConfigError": _incomplete,
    "ProfileNotFound": _no_profile,
    "NoRegionError": _access("No region is known.", "Name one with --region, or set AWS_REGION."),
    "InvalidRegionError": _access("The region has no valid name.", "Name one with --region, such as us-east-1."),
    "EndpointConnectionError": _unreachable,
    "ConnectTimeoutError": _unreachable,
    "ConnectionClosedError": _unreachable,
    "ReadTimeoutError": _unreachable,
    "ProxyConnectionError": _unreachable,
    "SSLError": _unreachable,
    "HTTPClientError": _unreachable,
}
"""What boto3 raises without an answer from AWS, by the name of the class (botocore.exceptions)."""

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNKNOWN = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden"})
_THROTTLED = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
    }
)
_HELD = re.compile(r"\bis in (?:the )?([A-Z_]*(?:IN_PROGRESS|FAILED|ROLLBACK_COMPLETE)) state")
_STACK = re.compile(r"(?:stack/|Stack:? ?\[?)(?!arn:)([A-Za-z][A-Za-z0-9-]*)")


def _answered(error: Any, doing: str) -> Problem:
    """What AWS answered: by its code, the few codes first that mean the same in every service (AWS: Common errors)."""
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), _one_line(str(told.get("Message", "")))
    if code in _EXPIRED or "security token included in the request is expired" in message:
        return AccessProblem("The credentials have expired.", "Sign in again (`aws sso login`), or fetch new ones.")
    if code in _UNKNOWN:
        return AccessProblem(
            f"AWS does not know the credentials ({code}).", "Look at --profile and the AWS_ACCESS_KEY_ID variables."
        )
    if code in _DENIED:
        action = f"{getattr(error, 'operation_name', 'The request')}"
        detail = message if message and message not in ("Forbidden", "Access Denied") else action
        return Problem(
            _sentence(doing, f"no permission: {detail}"), "Ask for that permission, or use another --profile."
        )
    if code in _THROTTLED:
        return Problem(_sentence(doing, "AWS refuses so many requests at a time"), "Wait a minute and run it again.")
    if code == "NoSuchBucket":
        return _no_bucket(str(told.get("BucketName", "")), doing)
    held = _HELD.search(message)
    if held or code in ("OperationInProgressException", "OperationInProgress"):
        stack = _STACK.search(message)
        return held_problem(stack[1] if stack else "", held[1] if held else "", doing)
    return Problem(_sentence(doing, f"{message or 'no reason given'} ({code})"))


def _no_bucket(bucket: str, doing: str) -> Problem:
    return AccessProblem(
        _sentence(doing, f"the bucket {bucket} does not exist".replace("  ", " ")),
        "If packages go there: `aws cloudformation delete-stack --stack-name cncb-bootstrap`, and deploy again.",
    )


def held_problem(stack: str, status: str, doing: str = "") -> Problem:
    """What to say of a stack that cannot be changed now. `status` is CloudFormation's (AWS: Stack status codes)."""
    name = stack or "the stack"
    if status == "UPDATE_ROLLBACK_FAILED":
        return Problem(
            f"{name} is stuck in UPDATE_ROLLBACK_FAILED.",
            "Mend what its events name, then: "
            f"`aws cloudformation continue-update-rollback --stack-name {stack or 'NAME'}`.",
        )
    if status == "DELETE_FAILED":
        return Problem(f"{name} was being removed, and that failed.", "Finish it with `cncb remove`.")
    said = f" ({status})" if status else ""
    return Problem(
        _sentence(doing if not stack else "", f"another operation holds {name}{said}"), "Wait until it is done."
    )


def _sentence(doing: str, text: str) -> str:
    return f"{doing[:1].upper()}{doing[1:]}: {text}" if doing else f"{text[:1].upper()}{text[1:]}"


def _line(error: Exception) -> str:
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    return " ".join(text.split())
