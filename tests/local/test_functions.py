"""Functions in processes of their own, under Lambda's runtime client."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from cncb_compiler.local.functions.function import ThrottledError, UnknownError
from cncb_compiler.local.functions.pool import Functions
from cncb_compiler.target.problems import Problem

SECONDS = 20


class FakeLambda:
    """Answers get_function from packages in a folder."""

    exceptions = SimpleNamespace(ResourceNotFoundException=LookupError)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, dict] = {}

    def add(
        self, name: str, code: str, concurrency: int | None = None, files: dict[str, str] | None = None, **configuration
    ) -> None:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            for file, text in {"handler.py": code, **(files or {})}.items():
                archive.writestr(file, text)
        file = self.folder / f"{name}.zip"
        file.write_bytes(package.getvalue())
        given = {"FunctionName": name, "FunctionArn": f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"}
        given |= {"Handler": "handler.handler", "Runtime": "python3.11", "Timeout": 10, "MemorySize": 256}
        self.answers[name] = {"Configuration": given | configuration, "Code": {"Location": file.as_uri()}}
        if concurrency is not None:
            self.answers[name]["Concurrency"] = {"ReservedConcurrentExecutions": concurrency}

    def get_function(self, FunctionName: str) -> dict:  # noqa: N803
        if FunctionName not in self.answers:
            raise self.exceptions.ResourceNotFoundException
        return self.answers[FunctionName]


class FakeLogs:
    """Keeps what is put, by group and stream."""

    exceptions = SimpleNamespace(ResourceAlreadyExistsException=KeyError)

    def __init__(self) -> None:
        self.streams: dict[tuple[str, str], list[str]] = {}

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        self.streams[logGroupName, logStreamName] = []

    def put_log_events(self, logGroupName: str, logStreamName: str, logEvents: list) -> None:  # noqa: N803
        self.streams[logGroupName, logStreamName] += [event["message"] for event in logEvents]

    def lines(self, name: str) -> list[str]:
        return [line for (group, _), lines in self.streams.items() if group == f"/aws/lambda/{name}" for line in lines]


class FakeTarget:
    stage, region, endpoint = "local", "eu-west-1", "http://127.0.0.1:9"

    def __init__(self, folder: Path) -> None:
        self.lambda_ = FakeLambda(folder)
        self.logs = FakeLogs()

    def client(self, service: str):
        return {"lambda": self.lambda_, "logs": self.logs}[service]


class Machine:
    """Functions over fakes: `machine.function("name", code, ...)` deploys one."""

    def __init__(self, folder: Path) -> None:
        self.target = FakeTarget(folder)
        self.functions = Functions(self.target, lambda name: {"EXTRA": f"for {name}"})

    def function(self, name: str, code: str, **settings) -> str:
        self.target.lambda_.add(name, code, **settings)
        self.functions.adopt([name])
        self.functions.forget([name])
        return name

    def call(self, name: str, event: object = None, **how):
        return self.functions.invoke(name, json.dumps(event).encode(), **how)

    def post(self, path: str, body: bytes = b"{}", **headers: str):
        request = urllib.request.Request(
            self.functions.url + path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    machine = Machine(tmp_path_factory.mktemp("packages"))
    machine.functions.start()
    yield machine
    machine.functions.stop()


def until(condition) -> None:
    latest = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < latest, "it did not come to that"
        time.sleep(0.005)


def message(invocation) -> str:
    return json.loads(invocation.payload)["errorMessage"]


ECHO = "def handler(event, context): return event"
WAIT = """
import os, time
def handler(event, context):
    open(event, 'w').write(str(os.getpid()))
    while not os.path.exists(event + '.go'): time.sleep(0.005)
    return os.getpid()
"""
"""Writes its process id to the file that the event names, and waits for one beside it."""


def test_an_environment_serves_one_invocation_after_the_other(machine) -> None:
    name = machine.function(
        "counts", "n = 0\ndef handler(event, context):\n    global n; n += 1\n    return [event, n]"
    )
    first, second = machine.call(name, {"ä": [1, None]}), machine.call(name, 2)
    assert (json.loads(first.payload), first.cold, first.error) == ([{"ä": [1, None]}, 1], True, None)
    assert (json.loads(second.payload), second.cold) == ([2, 2], False)
    assert first.request_id != second.request_id
    assert first.started <= first.ended <= second.started


def test_it_sees_what_lambda_gives_and_nothing_of_the_developer(machine, monkeypatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "developer")
    monkeypatch.setenv("SECRET_OF_THE_DEVELOPER", "x")
    code = "import os, sys\ndef handler(event, c): return [dict(os.environ), os.getcwd(), sys.path, c.function_name, c.invoked_function_arn, c.aws_request_id, c.get_remaining_time_in_millis()]"
    name = machine.function("sees", code, Environment={"Variables": {"TABLE": "orders"}}, MemorySize=512)
    invocation = machine.call(name)
    environment, directory, path, *context = json.loads(invocation.payload)
    root = environment["LAMBDA_TASK_ROOT"]
    assert directory == path[0] == root
    assert str(Path(__file__).parents[2]) not in path
    assert context[:3] == [name, f"arn:aws:lambda:eu-west-1:123456789012:function:{name}", invocation.request_id]
    assert 9_000 < context[3] <= 10_000
    assert environment.pop("_X_AMZN_TRACE_ID").startswith("Root=1-")
    assert environment.pop("AWS_LAMBDA_RUNTIME_API").startswith("127.0.0.1:")
    assert "/[$LATEST]" in environment.pop("AWS_LAMBDA_LOG_STREAM_NAME")
    assert environment == {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "Text",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_REGION": "eu-west-1",
        "AWS_SDK_UA_APP_ID": name,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "EXTRA": f"for {name}",
        "HOME": root,
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": root,
        "LANG": "en_US.UTF-8",
        "PATH": os.environ["PATH"],
        "TABLE": "orders",
        "TZ": ":UTC",
        "_HANDLER": "handler.handler",
    }


def test_its_clients_call_the_endpoint_in_its_name(machine) -> None:
    code = """
import boto3
def handler(event, context):
    client = boto3.client('dynamodb')
    credentials = boto3.DEFAULT_SESSION.get_credentials()
    return [client.meta.endpoint_url, client.meta.region_name, client._client_config.user_agent_appid, credentials.access_key]
"""
    name = machine.function("calls", code)
    assert json.loads(machine.call(name).payload) == ["http://127.0.0.1:9", "eu-west-1", "calls", "local"]


def test_a_package_may_bring_its_own_version_of_what_is_preloaded(machine) -> None:
    name = machine.function(
        "own",
        "import boto3\ndef handler(event, c): return boto3.VERSION",
        files={"boto3/__init__.py": "VERSION = 'own'"},
    )
    assert machine.call(name).payload == b'"own"'


@pytest.mark.parametrize(
    ("code", "settings", "error", "words"),
    [
        ("import no_such_module", {}, "Runtime.ImportModuleError", "No module named 'no_such_module'"),
        ("x = 1", {}, "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'handler'"),
        ("def handler(", {}, "Runtime.UserCodeSyntaxError", "Syntax error in module 'handler'"),
        (ECHO, {"Handler": "elsewhere.handler"}, "Runtime.ImportModuleError", "No module named 'elsewhere'"),
        ("raise OSError('at init')", {}, "OSError", "at init"),
        ("def handler(event, context): raise KeyError('k')", {}, "KeyError", "'k'"),
        ("def handler(event, context): return object()", {}, "Runtime.MarshalError", "not JSON serializable"),
        ("import os\ndef handler(event, context): os._exit(3)", {}, "Runtime.ExitError", "Error: Runtime exited with error: exit status 3"),
        ("import sys\ndef handler(event, context): sys.exit(0)", {}, "Runtime.ExitError", "Error: Runtime exited without providing a reason"),
        ("import sys\nsys.exit(4)", {}, "Runtime.ExitError", "Error: Runtime exited with error: exit status 4"),
        ("import os, signal\ndef handler(event, context): os.kill(os.getpid(), signal.SIGSEGV)", {}, "Runtime.ExitError", "signal: segmentation fault"),
        ("def handler(event, context): return 'x' * 7_000_000", {}, "Function.ResponseSizeTooLarge", "maximum allowed payload size (6291556 bytes)"),
        ("import time\ndef handler(event, context): time.sleep(600)", {"Timeout": 1}, "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
        ("def handler(event, context):\n    held = b'x' * (400 << 20)\n    while True: pass", {"MemorySize": 128}, "Runtime.OutOfMemory", "Error: Runtime exited with error: signal: killed"),
    ],
)  # fmt: skip
def test_an_error_ends_the_invocation(machine, code, settings, error, words) -> None:
    name = machine.function("fails", code, **settings)
    invocation = machine.call(name)
    assert invocation.error == error
    assert words in message(invocation)
    assert machine.functions.inflight == 0


def test_after_a_crash_the_next_invocation_gets_another_environment(machine) -> None:
    name = machine.function(
        "crashes", "import os\ndef handler(event, context):\n    if event: os._exit(1)\n    return 'well'"
    )
    assert machine.call(name, True).error
    again = machine.call(name, False)
    assert (again.payload, again.cold) == (b'"well"', True)


def test_after_an_exception_the_environment_stays(machine) -> None:
    name = machine.function("raises", "def handler(event, context): raise ValueError(event)")
    machine.call(name)
    assert not machine.call(name).cold


def test_a_timed_out_environment_is_gone_when_the_invocation_ends(machine, tmp_path) -> None:
    name = machine.function("slow", WAIT, Timeout=1)
    assert machine.call(name, str(tmp_path / "pid")).error == "Sandbox.Timedout"
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_five_megabytes_pass_both_ways(machine) -> None:
    name = machine.function("large", ECHO)
    text = "x" * 5_000_000
    assert json.loads(machine.call(name, text).payload) == text


def test_a_killed_environment_ends_like_a_lost_sandbox(machine, tmp_path) -> None:
    name = machine.function("killed", WAIT)
    with ThreadPoolExecutor() as threads:
        running = threads.submit(machine.call, name, str(tmp_path / "pid"))
        until(lambda: (tmp_path / "pid").exists() and machine.functions.inflight == 1)
        status, _, body = machine.post(f"/_cncb/kill/{name}")
        assert (status, json.loads(body)) == (200, {"killed": 1})
        assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))
        invocation = running.result(SECONDS)
    assert invocation.error == "Runtime.ExitError"
    assert message(invocation) == f"RequestId: {invocation.request_id} Error: Runtime exited with error: signal: killed"


def test_environments_are_added_up_to_the_reserved_concurrency(machine, tmp_path) -> None:
    name = machine.function("wide", WAIT, concurrency=2)
    files = [tmp_path / each for each in "abc"]
    with ThreadPoolExecutor() as threads:
        running = [threads.submit(machine.call, name, str(file)) for file in files[:2]]
        until(lambda: all(file.exists() for file in files[:2]))
        with pytest.raises(ThrottledError):
            machine.call(name, "", wait=False)
        status, headers, body = machine.post(f"/2015-03-31/functions/{name}/invocations")
        assert (status, headers["x-amzn-ErrorType"]) == (429, "TooManyRequestsException")
        assert json.loads(body)["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
        waiting = threads.submit(machine.call, name, str(files[2]))
        until(lambda: machine.functions.inflight == 3)
        assert not files[2].exists()
        for file in files:
            Path(f"{file}.go").touch()
        pids = [each.result(SECONDS).payload for each in running]
        assert len(set(pids)) == 2
        assert waiting.result(SECONDS).payload in pids
        assert not waiting.result().cold


def test_a_function_with_no_concurrency_is_throttled_even_by_those_who_wait(machine) -> None:
    with pytest.raises(ThrottledError):
        machine.call(machine.function("none", ECHO, concurrency=0))


def test_forgotten_environments_end_after_their_invocation(machine, tmp_path) -> None:
    name = machine.function("changes", WAIT)
    with ThreadPoolExecutor() as threads:
        running = threads.submit(machine.call, name, str(tmp_path / "pid"))
        until(lambda: (tmp_path / "pid").exists())
        machine.function(name, "def handler(event, context): return 'new'")
        assert machine.call(name).payload == b'"new"'
        (tmp_path / "pid.go").touch()
        old = json.loads(running.result(SECONDS).payload)
    until(lambda: not psutil.pid_exists(old))


def test_what_a_function_started_ends_with_its_environment(machine) -> None:
    code = "import os, subprocess\ndef handler(event, context):\n    print(subprocess.Popen(['sleep', '600']).pid, flush=True)\n    os._exit(0)"
    name = machine.function("parent", code)
    invocation = machine.call(name)
    left = int(next(line for line in invocation.tail.decode().splitlines() if line.isdigit()))
    until(lambda: not psutil.pid_exists(left))


def test_a_function_that_is_gone_or_was_never_here_is_unknown(machine) -> None:
    name = machine.function("removed", ECHO)
    machine.call(name)
    del machine.target.lambda_.answers[name]
    machine.functions.forget([name])
    for unknown in (name, "never"):
        with pytest.raises(UnknownError, match=f"There is no function {unknown} here"):
            machine.call(unknown)


def test_a_package_that_cannot_be_had_is_a_problem(machine, tmp_path) -> None:
    name = machine.function("lost", ECHO)
    machine.target.lambda_.answers[name]["Code"]["Location"] = (tmp_path / "no.zip").as_uri()
    with pytest.raises(Problem, match=r"no\.zip cannot be fetched"):
        machine.call(name)
    status, headers, _ = machine.post(f"/2015-03-31/functions/{name}/invocations")
    assert (status, headers["x-amzn-ErrorType"]) == (500, "ServiceException")


def test_subscribers_hear_of_every_invocation(machine) -> None:
    name = machine.function("told", ECHO)
    heard = []
    machine.functions.subscribe(heard.append)
    invocation = machine.call(name, 1)
    assert heard == [invocation]
    assert (invocation.function, invocation.event, invocation.payload) == (name, b"1", b"1")


def test_an_event_that_fails_is_tried_three_times(machine) -> None:
    name = machine.function("event", "def handler(event, context): raise ValueError(event)")
    heard = []
    machine.functions.subscribe(lambda each: heard.append(each) if each.function == name else None)
    status, _, body = machine.post(f"/2015-03-31/functions/{name}/invocations", b"7", X_Amz_Invocation_Type="Event")
    assert (status, body) == (202, b"")
    until(lambda: machine.functions.inflight == 0)
    assert [(each.error, each.event) for each in heard] == [("ValueError", b"7")] * 3


def test_boto3_invokes_through_the_api(machine) -> None:
    import boto3

    name = machine.function(
        "api",
        "def handler(event, c):\n    print('seen', event)\n    return [event, c.client_context.custom if c.client_context else None]",
    )
    client = boto3.client("lambda", region_name="eu-west-1", endpoint_url=machine.functions.url, aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip
    answer = client.invoke(
        FunctionName=name, Payload=b'{"a": 1}', LogType="Tail", ClientContext="eyJjdXN0b20iOiB7ImsiOiAidiJ9fQ=="
    )
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert json.loads(answer["Payload"].read()) == [{"a": 1}, {"k": "v"}]
    import base64

    log = base64.b64decode(answer["LogResult"]).decode().splitlines()
    assert "seen {'a': 1}" in log
    assert log[-1].startswith("REPORT RequestId: " + answer["ResponseMetadata"]["RequestId"])
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}:$LATEST"
    assert client.invoke(FunctionName=arn)["Payload"].read() == b"[{}, null]"
    assert client.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="never")
    with pytest.raises(client.exceptions.InvalidRequestContentException):
        client.invoke(FunctionName=name, Payload=b"{")
    failing = machine.function("api-fails", "def handler(event, context): raise KeyError(1)")
    answer = client.invoke(FunctionName=failing)
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")


def test_the_log_is_lambdas(machine) -> None:
    code = "import logging\nprint('init')\ndef handler(event, context):\n    print('one\\ntwo')\n    logging.getLogger().warning('careful')\n    raise ValueError('no')"
    name = machine.function("logs", code)
    request = machine.call(name).request_id
    machine.functions.flush_logs()
    lines = machine.target.logs.lines(name)
    assert lines[0].startswith("INIT_START Runtime Version: python:3.")
    assert lines[1:5] == ["init", f"START RequestId: {request} Version: $LATEST", "one", "two"]
    assert lines[5].startswith("[WARNING]\t")
    assert lines[5].endswith(f"\t{request}\tcareful")
    assert lines[6].startswith("[ERROR] ValueError: no\nTraceback (most recent call last):\n")
    assert lines[7] == f"END RequestId: {request}"
    assert lines[8].startswith(f"REPORT RequestId: {request}\tDuration: ")
    memory = int(lines[8].split("Max Memory Used: ")[1].split()[0])
    assert 20 < memory < 128


def test_json_logs(machine) -> None:
    code = "import logging\ndef handler(event, context): logging.getLogger().info('careful')"
    name = machine.function(
        "jsons",
        code,
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/aws/lambda/other"},
    )
    request = machine.call(name).request_id
    machine.functions.flush_logs()
    lines = [json.loads(line) for line in machine.target.logs.lines("other")]
    assert [line.get("type", line.get("message")) for line in lines] == [
        "platform.initStart",
        "platform.start",
        "careful",
        "platform.report",
    ]
    assert (lines[2]["level"], lines[2]["requestId"]) == ("INFO", request)
    assert lines[3]["record"]["status"] == "success"
    assert lines[3]["record"]["metrics"]["initDurationMs"] > 0


def test_many_threads_invoke_at_once(machine) -> None:
    name = machine.function("many", ECHO, concurrency=3)
    with ThreadPoolExecutor(12) as threads:
        results = list(threads.map(lambda number: json.loads(machine.call(name, number).payload), range(120)))
    assert results == list(range(120))


def test_stop_ends_what_runs(tmp_path) -> None:
    machine = Machine(tmp_path)
    machine.functions.start()
    name = machine.function("endless", WAIT, Timeout=900)
    with ThreadPoolExecutor() as threads:
        running = threads.submit(machine.call, name, str(tmp_path / "pid"))
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        machine.functions.stop()
        assert running.result(SECONDS).error == "Runtime.ExitError"
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))
    with pytest.raises(Problem, match="were stopped"):
        machine.call(name)


def test_a_lost_zygote_is_replaced(tmp_path) -> None:
    machine = Machine(tmp_path)
    machine.functions.start()
    name = machine.function("survivor", "import os\ndef handler(event, context): return os.getppid()")
    zygote = json.loads(machine.call(name).payload)
    os.kill(zygote, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(zygote))

    def another() -> bool:
        invocation = machine.call(name)
        return invocation.error is None and json.loads(invocation.payload) != zygote

    until(another)
    machine.functions.stop()


PARENT = """
import sys, threading
sys.path[:0] = {path!r}
from test_functions import WAIT, Machine
from pathlib import Path
machine = Machine(Path(sys.argv[1]))
machine.functions.start()
name = machine.function("orphan", WAIT, Timeout=900)
machine.call(name, sys.argv[1] + "/pid")
"""


def test_nothing_outlives_a_killed_parent(tmp_path) -> None:
    path = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    command = [sys.executable, "-c", PARENT.format(path=path), str(tmp_path)]
    process = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(tmp_path)})
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    started = psutil.Process(process.pid).children(recursive=True)
    assert int((tmp_path / "pid").read_text()) in [each.pid for each in started]
    process.kill()
    process.wait()
    until(lambda: not any(each.is_running() for each in started))
