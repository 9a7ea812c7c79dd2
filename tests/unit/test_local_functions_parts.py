"""Configuration, packages, error words, names: the parts of the functions that need no process."""

from __future__ import annotations

import io
import json
import signal
import socket
import zipfile
from datetime import UTC, datetime

import pytest

from cncb_compiler.local.functions import invocation, messages, package
from cncb_compiler.local.functions.configuration import Configuration, app_id, variables
from cncb_compiler.local.functions.invoke_api import RefusedError, checked, client_context, function_name
from cncb_compiler.target.problems import Problem

ANSWER = {
    "Configuration": {
        "FunctionName": "f",
        "FunctionArn": "arn",
        "Handler": "handler.handler",
        "Runtime": "python3.13",
        "Timeout": 29,
        "MemorySize": 512,
        "Environment": {"Variables": {"TABLE": "orders", "AWS_REGION": "elsewhere"}},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "group"},
    },
    "Code": {"Location": "http://package"},
    "Concurrency": {"ReservedConcurrentExecutions": 0},
}


def test_a_configuration_is_what_get_function_answers() -> None:
    configuration = Configuration.answered(ANSWER)
    assert (configuration.timeout, configuration.memory, configuration.concurrency) == (29, 512, 0)
    assert (configuration.log_group, configuration.json_logs) == ("group", True)


def test_what_is_not_said_is_lambdas_default() -> None:
    configuration = Configuration.answered({"Configuration": {"FunctionName": "f"}, "Code": {"Location": "x"}})
    assert (configuration.timeout, configuration.memory, configuration.concurrency) == (3, 128, 10)
    assert (configuration.log_group, configuration.json_logs) == ("/aws/lambda/f", False)


def given(endpoint: str | None) -> dict[str, str]:
    return variables(
        Configuration.answered(ANSWER),
        region="eu-west-1",
        endpoint=endpoint,
        runtime_api="127.0.0.1:1",
        task_root="/task",
        log_stream="stream",
        path="/bin",
    )


def test_variables_are_the_functions_own_but_reserved_ones_are_lambdas() -> None:
    environment = given("http://endpoint")
    assert (environment["TABLE"], environment["AWS_REGION"]) == ("orders", "eu-west-1")
    assert environment["AWS_ENDPOINT_URL"] == "http://endpoint"
    assert (environment["AWS_LAMBDA_LOG_FORMAT"], environment["AWS_LAMBDA_LOG_LEVEL"]) == ("JSON", "INFO")
    assert "AWS_ENDPOINT_URL" not in given(None)


def test_an_app_id_fits_into_botocores_limit() -> None:
    assert app_id("f" * 64) == "f" * 50


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def test_a_package_is_unpacked_once_by_its_content(tmp_path) -> None:
    one, other = zipped(a="1"), zipped(a="2")
    root = package.unpacked(one, tmp_path)
    assert (root / "a").read_text() == "1"
    (root / "mark").touch()
    assert package.unpacked(one, tmp_path) == root
    assert (root / "mark").exists()
    assert package.unpacked(other, tmp_path) != root


def test_a_package_that_is_none_is_a_problem(tmp_path) -> None:
    with pytest.raises(Problem, match="no zip file"):
        package.unpacked(b"no", tmp_path)
    for location in ((tmp_path / "none").as_uri(), "nowhere"):
        with pytest.raises(Problem, match="cannot be fetched"):
            package.fetched(location)


def words(outcome: invocation.Outcome) -> tuple[str, str]:
    error = json.loads(outcome.result)
    assert error["errorType"] == outcome.error
    return error["errorType"], error["errorMessage"]


def test_lambdas_words() -> None:
    exited = "RequestId: id Error: Runtime exited"
    assert words(invocation.exited("id", 3 << 8)) == ("Runtime.ExitError", f"{exited} with error: exit status 3")
    assert words(invocation.exited("id", 0)) == ("Runtime.ExitError", f"{exited} without providing a reason")
    assert words(invocation.exited("id", signal.SIGKILL)) == (
        "Runtime.ExitError",
        f"{exited} with error: signal: killed",
    )
    assert words(invocation.out_of_memory("id")) == ("Runtime.OutOfMemory", f"{exited} with error: signal: killed")
    assert words(invocation.timed_out("id", 3.0, datetime(2024, 1, 1, tzinfo=UTC))) == (
        "Sandbox.Timedout",
        "2024-01-01T00:00:00.000Z id Task timed out after 3.00 seconds",
    )


def test_an_error_of_the_runtime_stays_as_it_was_posted() -> None:
    body = b'{"errorType": "KeyError", "errorMessage": "k"}'
    assert invocation.reported(body, "Header") == invocation.Outcome(body, "KeyError")
    assert invocation.reported(b"text", "Header").error == "Header"
    assert invocation.reported(b"[]", "").error == "Unhandled"


@pytest.mark.parametrize(
    "given",
    [
        "f",
        "f:$LATEST",
        "123456789012:function:f",
        "arn:aws:lambda:us-east-1:123456789012:function:f:live",
        "function:f",
    ],
)
def test_a_function_is_found_by_name_and_by_arn(given) -> None:
    assert function_name(given) == "f"


def test_a_function_may_be_called_function() -> None:
    assert function_name("function") == "function"


def test_payloads_are_checked_as_lambda_does() -> None:
    assert checked(b'{"a": 1}', 8) == b'{"a": 1}'
    with pytest.raises(RefusedError, match="smaller than 7 bytes") as refused:
        checked(b'{"a": 1}', 7)
    assert (refused.value.status, refused.value.kind) == (413, "RequestTooLargeException")
    with pytest.raises(RefusedError) as refused:
        checked(b"{", 8)
    assert (refused.value.status, refused.value.kind) == (400, "InvalidRequestContentException")


def test_a_client_context_goes_on_in_ascii() -> None:
    assert client_context("") == ""
    assert client_context("eyJrIjogIsOkIn0=") == '{"k": "\\u00e4"}'
    with pytest.raises(RefusedError, match="Base64"):
        client_context("!")


def test_messages_carry_files() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as file:
        messages.send(ours, {"n": "x" * 100_000}, [file.fileno()])
        messages.send(ours, {"n": 2})
        ours.shutdown(socket.SHUT_WR)
        message, descriptors = messages.receive(theirs)
        assert (len(message["n"]), len(descriptors)) == (100_000, 1)
        socket.close(descriptors[0])
        assert messages.receive(theirs) == ({"n": 2}, [])
        assert messages.receive(theirs) is None
