"""What boto3 raises, as one clear line each."""

from __future__ import annotations

import sys

import boto3
import botocore.exceptions as raised
import pytest
from botocore.parsers import ResponseParserError
from deploy_fakes import error

from cncb_compiler.target.problems import AccessProblem, Problem, problem_of, translated
from cncb_compiler.target.resolve import open_target
from cncb_compiler.target.target import Target

ANSWERS = [
    (
        "ExpiredToken",
        "The security token included in the request is expired",
        "The credentials have expired.",
        "Sign in again",
        True,
    ),
    ("ExpiredTokenException", "expired", "The credentials have expired.", "Sign in again", True),
    ("InvalidClientTokenId", "The security token is invalid", "AWS does not know the credentials", "--profile", True),
    (
        "AccessDenied",
        "User: arn:x is not authorized to perform: cloudformation:CreateChangeSet on resource: y",
        "Trying: no permission: User: arn:x is not authorized to perform: cloudformation:CreateChangeSet on resource: y",
        "Ask for that permission",
        False,
    ),
    ("403", "Forbidden", "Trying: no permission: CreateChangeSet", "Ask for that permission", False),
    ("Throttling", "Rate exceeded", "Trying: AWS refuses so many requests at a time", "Wait a minute", False),
    ("NoSuchBucket", "The specified bucket does not exist", "Trying: the bucket", "cncb-bootstrap", True),
    (
        "ValidationError",
        "Stack:arn:aws:cloudformation:us-east-1:1:stack/shop-a-dev/b2 is in UPDATE_IN_PROGRESS state and can not be updated.",
        "Another operation holds shop-a-dev (UPDATE_IN_PROGRESS)",
        "Wait until it is done.",
        False,
    ),
    (
        "ValidationError",
        "Stack:arn:aws:cloudformation:us-east-1:1:stack/shop-a-dev/b2 is in UPDATE_ROLLBACK_FAILED state and can not be updated.",
        "shop-a-dev is stuck in UPDATE_ROLLBACK_FAILED.",
        "continue-update-rollback --stack-name shop-a-dev",
        False,
    ),
    (
        "OperationInProgressException",
        "busy",
        "Trying: another operation holds the stack",
        "Wait until it is done.",
        False,
    ),
    ("ValidationError", "Template\n  format error", "Trying: Template format error (ValidationError)", "", False),
]


@pytest.mark.parametrize(("code", "message", "line", "mend", "access"), ANSWERS)
def test_what_aws_answers(code, message, line, mend, access):
    problem = problem_of(error("CreateChangeSet", code, message), "trying")
    assert problem.message.startswith(line)
    assert mend in problem.mend
    assert isinstance(problem, AccessProblem) is access
    assert "\n" not in str(problem)


RAISED = [
    (raised.NoCredentialsError(), "There are no AWS credentials."),
    (
        raised.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        "Partial credentials found in env",
    ),
    (raised.NoRegionError(), "No region is known."),
    (raised.ProfileNotFound(profile="ops"), "There is no profile `ops`"),
    (raised.EndpointConnectionError(endpoint_url="http://127.0.0.1:1/"), "http://127.0.0.1:1/ cannot be reached."),
    (raised.ConnectTimeoutError(endpoint_url="https://x"), "https://x cannot be reached."),
    (raised.ReadTimeoutError(endpoint_url="https://x"), "https://x cannot be reached."),
    (raised.ConnectionClosedError(endpoint_url="https://x"), "https://x cannot be reached."),
    (raised.SSOTokenLoadError(profile_name="p", error_msg="e"), "The single sign-on session has expired"),
    (raised.UnauthorizedSSOTokenError(), "The single sign-on session has expired"),
    (raised.TokenRetrievalError(provider="sso", error_msg="e"), "The single sign-on session has expired"),
    (ResponseParserError("invalid XML: <!doctype html>"), "What answers there does not answer as AWS would"),
    (raised.InvalidRegionError(region_name="no where"), "The region has no valid name."),
    (raised.CredentialRetrievalError(provider="process", error_msg="e"), "Error when retrieving credentials"),
]


@pytest.mark.parametrize(("error_", "line"), RAISED, ids=[type(one).__name__ for one, _ in RAISED])
def test_what_boto3_raises_by_itself(error_, line):
    problem = problem_of(error_)
    assert isinstance(problem, AccessProblem)
    assert problem.message.startswith(line)
    assert problem.mend
    assert "\n" not in str(problem)


def test_any_other_error_of_boto3_is_one_line_too():
    problem = problem_of(raised.ParamValidationError(report="a\nb"), "asking")
    assert str(problem) == "Asking: Parameter validation failed: a b"


def test_errors_of_our_own_pass():
    with pytest.raises(KeyError), translated("trying"):
        raise KeyError("ours")
    with pytest.raises(Problem, match="as it is"), translated("trying"):
        raise Problem("as it is")


def test_no_traceback_of_boto3_hangs_on():
    with pytest.raises(Problem) as caught, translated("trying"):
        raise raised.NoCredentialsError
    assert caught.value.__suppress_context__


def test_without_boto3_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(Problem, match="boto3 is not installed"):
        Target("dev", "us-east-1").client("s3")


def test_an_unknown_profile(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(Problem, match="no profile `nobody`"):
        Target("dev", "us-east-1", profile="nobody").client("s3")


def test_nothing_answers_where_the_endpoint_should_be():
    target = Target("dev", "us-east-1", "http://127.0.0.1:9")
    with pytest.raises(Problem, match=r"http://127.0.0.1:9/? cannot be reached"), translated():
        target.client("sts").get_caller_identity()


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """An environment that says nothing about AWS."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text("[profile there]\nregion = eu-north-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return monkeypatch


def test_the_region_is_the_one_asked_for_else_the_environments_else_the_profiles(bare):
    assert open_target("dev", profile="there").region == "eu-north-1"
    bare.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    assert open_target("dev", profile="there").region == "eu-west-3"
    bare.setenv("AWS_REGION", "eu-west-2")
    assert open_target("dev").region == "eu-west-2"
    assert open_target("dev", "us-east-2").region == "us-east-2"


def test_no_region_at_all_is_one_line(bare):
    with pytest.raises(Problem, match=r"No region is known. Name one with --region"):
        open_target("dev")


def test_the_endpoint_is_that_of_the_environment(bare):
    assert open_target("dev", "us-east-1").endpoint is None
    bare.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    assert open_target("dev", "us-east-1").local
