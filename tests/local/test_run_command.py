"""`cncb run` and `cncb endpoint` as a user starts them: processes that answer, tell what happens, and leave nothing."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
from click.testing import CliRunner

from cncb_compiler.cli.run import command

SECONDS = 60
KILLED_SECONDS = 5
POLL_SECONDS = 0.05
SYSTEM = """\
system: run-proofs
events: {note-written: {entity: note, with: {note: {id: uuid, text: string}}}}
streams: {main: {shards: 1}}
services:
  notes:
    api: {auth: none}
    commands:
      write: {route: POST /notes, input: {note: {id: uuid, text: string}}, publish: note-written}
    views:
      notes: {on: note-written}
    queries:
      note: {route: "GET /notes/{id}", from: notes}
    resources:
      Blocked: {Type: AWS::WAFv2::IPSet, Properties: {Scope: REGIONAL, IPAddressVersion: IPV4, Addresses: []}}
"""
CNCB = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()"]


class Command:
    """A running `cncb`; `said` is what it has printed so far, line by line."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*CNCB, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        self.said: list[str] = []
        self._rest = b""
        self.below: set[psutil.Process] = set()

    def line(self, pattern: str) -> re.Match[str]:
        """The first line, said or to come, in which the pattern is found."""
        for line in self.said:
            if found := re.search(pattern, line):
                return found
        until = time.monotonic() + SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while selector.select(until - time.monotonic()):
                read = os.read(self._process.stdout.fileno(), 65_536)
                *lines, self._rest = (self._rest + read).split(b"\n")
                fresh = [line.decode() for line in lines]
                self.said += fresh
                if found := next(filter(None, (re.search(pattern, line) for line in fresh)), None):
                    return found
                assert read, f"ended without {pattern}: {self.said}"
        raise AssertionError(f"no {pattern} in {self.said}")

    def look(self) -> None:
        """Remember in `below` the processes that descend from it now."""
        self.below |= set(psutil.Process(self._process.pid).children(recursive=True))

    def signalled(self, number: signal.Signals) -> int:
        """Its exit status after a signal; what descended from it is remembered before."""
        self.look()
        self._process.send_signal(number)
        return self._process.wait(SECONDS)

    def left(self, seconds: float) -> list[psutil.Process]:
        """Which of its processes still run, after that many seconds at most."""
        return psutil.wait_procs(self.below, timeout=seconds)[1]

    def end(self) -> None:
        """Kill it, whatever the test came to."""
        with suppress(psutil.NoSuchProcess):
            self.look()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        for process in self.left(KILLED_SECONDS):
            with suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.fixture
def started(write):
    """Start `cncb` with arguments in the folder of the system."""
    folder = write({"system.yaml": SYSTEM})
    commands: list[Command] = []

    def start(*arguments: str) -> Command:
        commands.append(Command(folder, *arguments))
        return commands[-1]

    yield start
    for one in commands:
        one.end()


def write_note(run):
    """Call the first route that a run has printed; the note's id, and the event's."""
    url, note = run.line(r"^POST +(\S+) ")[1], str(uuid.uuid4())
    content = json.dumps({"note": {"id": note, "text": "hello"}}).encode()
    with urlopen(Request(url, content, {"Content-Type": "application/json"})) as answer:
        assert answer.status == 202
        return note, json.load(answer)["id"]


def note_of(run, note):
    """The row of a note; None where there is none."""
    url = run.line(r"^GET +(\S+)/\{id\} ")[1]
    try:
        with urlopen(f"{url}/{note}") as answer:
            return json.load(answer)
    except HTTPError as missing:
        assert missing.code == 404
        return None


def note_to_come(run, note):
    """The row of a note, as soon as there is one."""
    until = time.monotonic() + SECONDS
    while (row := note_of(run, note)) is None and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return row


@pytest.mark.xdist_group("run-command")
def test_two_runs_at_once_do_not_meet_and_leave_nothing(started, tmp_path):
    first, second = started("run"), started("run")
    for run in (first, second):
        run.line("Running; Ctrl-C ends it")
    addresses = [
        run.line(rf"^{what} +(http://127\.0\.0\.1:\d+)")[1] for run in (first, second) for what in ("endpoint", "POST")
    ]
    assert len(set(addresses)) == 4

    note, event = write_note(first)
    first.line(r"^[\d:.]+ +202 +POST /local/run-proofs/notes/notes ")
    first.line(rf"^[\d:.]+ +note-written +notes -> main +key={note} +id={event}$")
    assert note_to_come(first, note)["text"] == "hello"
    assert note_of(second, note) is None
    second.line(rf" 404 +GET /local/run-proofs/notes/notes/{note} ")
    assert not any(re.match(r"[\d:.]+ +note-written", line) for line in second.said)

    assert len(list(tmp_path.glob(".cncb/run/*.json"))) == 2
    assert first.signalled(signal.SIGINT) == 0
    first.line(r"^  run-proofs-notes-local Blocked: no web application firewall stands on this machine$")
    assert len(list(tmp_path.glob(".cncb/run/*.json"))) == 1
    assert len(first.below) >= 4, "the endpoint, the zygote, and functions"
    assert first.left(KILLED_SECONDS) == []
    assert second.signalled(signal.SIGKILL) == -signal.SIGKILL
    assert len(second.below) >= 4
    assert second.left(KILLED_SECONDS) == []


@pytest.mark.xdist_group("run-command")
def test_runs_share_an_endpoint_that_is_there(started):
    endpoint = started("endpoint", "--port", "0")
    url = endpoint.line(r"^(http://127\.0\.0\.1:\d+) ")[1]
    run = started("run", "--endpoint", url)
    run.line("Running; Ctrl-C ends it")
    note, _ = write_note(run)
    assert note_to_come(run, note)["text"] == "hello"
    assert run.line(r"^endpoint +(\S+)")[1] == url
    assert run.signalled(signal.SIGINT) == 0
    assert run.left(KILLED_SECONDS) == []

    again = started("run", "--endpoint", url)
    again.line("Running; Ctrl-C ends it")
    assert note_of(again, note)["text"] == "hello"
    assert again.signalled(signal.SIGTERM) == 0
    assert endpoint.signalled(signal.SIGINT) == 0
    assert again.left(KILLED_SECONDS) + endpoint.left(KILLED_SECONDS) == []


def refusal(write, url):
    """All that `cncb run` says, where it is refused."""
    refused = CliRunner().invoke(command, [str(write({"system.yaml": SYSTEM})), "--endpoint", url])
    assert (refused.exit_code, refused.stdout) == (1, "")
    return refused.stderr


@pytest.fixture
def answering():
    """A web server that answers every request with a page, and a status that can be set; its URL."""

    class Page(BaseHTTPRequestHandler):
        status, body = 200, b"<html>It works</html>"

        def do_GET(self):
            self.send_response(self.status)
            self.send_header("Content-Length", str(len(self.body)))
            self.end_headers()
            self.wfile.write(self.body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    yield server, Page
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body"), [(404, b"Not Found"), (200, b"<html>It works</html>"), (200, b"{}"), (500, b"")]
)
def test_what_is_no_endpoint_is_refused_in_one_line(write, answering, status, body):
    server, page = answering
    page.status, page.body = status, body
    url = f"http://127.0.0.1:{server.server_port}"
    refused = refusal(write, url)
    assert refused == (
        f"cncb: What answers at {url} is no endpoint that cncb can run a system on. "
        "Start one with `cncb endpoint`, or leave `--endpoint` out.\n"
    )


def test_the_mock_by_itself_is_no_endpoint(write):
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        refused = refusal(write, url)
    finally:
        server.stop()
    assert refused.startswith(f"cncb: What answers at {url} is no endpoint")
    assert refused.count("\n") == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "127.0.0.1:{port}", "http://no-such-host.invalid"])
def test_where_nothing_answers_is_said_in_one_line(write, url):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = url.format(port=unused.getsockname()[1])
    refused = refusal(write, url)
    assert refused.startswith("cncb: ")
    assert url in refused
    assert refused.count("\n") == 1
