"""A running system on the local machine, as the runner needs it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from cncb_compiler.aws import naming
from cncb_compiler.graph.system import LinkedOutlet, LinkedStore
from cncb_compiler.local.front.signing import signed
from cncb_compiler.local.functions.configuration import app_id
from cncb_compiler.local.functions.invocation import Invocation as Finished
from cncb_compiler.local.machine import UnsettledError, stub_name
from cncb_compiler.local.session import Running
from cncb_compiler.local.stubs import Answer, Seen
from cncb_compiler.operate.names import FunctionName, Names, Route
from cncb_compiler.passes import Analysis
from cncb_compiler.patterns.parts import is_packed
from cncb_compiler.runtime.fault_store import PREFIX
from cncb_compiler.runtime.rows import encode
from cncb_compiler.scenarios.back import replayed, resubmitted
from cncb_compiler.scenarios.deployed_data import JSON_TYPE, DeployedData, decoded
from cncb_compiler.scenarios.kept import lake_records
from cncb_compiler.scenarios.metrics import metrics_of
from cncb_compiler.scenarios.outlets import Outlets
from cncb_compiler.scenarios.packed import as_published
from cncb_compiler.scenarios.world import (
    Asked,
    Called,
    Effect,
    Invocation,
    Invoked,
    NotSettledError,
    Response,
    StreamRecord,
    Stub,
)
from cncb_compiler.trace.show import trace_text

REST_SECONDS = 5.0
"""How long a reset waits for what an earlier scenario has left at work."""
CALL_SECONDS = 35.0
"""How long a call of a route may take: longer than API Gateway lets an integration take."""


class LiveWorld:
    """One deployed system on a machine. It follows the system's streams from its making to `close`."""

    def __init__(self, running: Running, names: Names) -> None:
        self.machine = running.machine
        self.target = running.machine.target
        self.system = running.analysis.linked.name
        self._analysis = running.analysis
        self.names = names
        self._physical = {service: deployed.physical for service, deployed in running.deployed.items()}
        self.data = DeployedData(self.target, self._physical, names.system.types)
        self.outlets = Outlets(self.target, self._physical)
        for outlet in names.outlets.values():
            # What is put on a bus before somebody observes it is seen by nobody.
            self.outlets.queue(outlet)
        self._records: list[StreamRecord] = []
        self._kills: dict[str, tuple[int, int]] = {}
        self._messages: dict[str, list[Any]] = {}
        self._since = 0
        self._lock = threading.Lock()
        self._streams = dict(self._found_streams())
        self._functions = dict(self._found_functions())
        self._unsubscribe = [self._follow(name, physical) for name, physical in self._streams.items()]
        self.machine.functions.subscribe(self._finished)

    def look_again(self, analysis: Analysis, service: str, physical: Mapping[str, str]) -> None:
        """Go on with a system whose service was deployed anew, by somebody else."""
        self._analysis = analysis
        self.names = Names(analysis.linked, analysis.plans)
        self._physical[service] = dict(physical)
        self.data = DeployedData(self.target, self._physical, self.names.system.types)
        self._functions = dict(self._found_functions())

    def close(self) -> None:
        """Follow the streams no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    # The state of the system.

    def reset(self) -> None:
        """Empty tables, buckets and queues; forget answers and switches; consumers begin at the end."""
        self.calm()
        self.machine.stubs.reset()
        with suppress(UnsettledError):
            # What an earlier scenario has left at work after that is skipped below.
            self.machine.settle(REST_SECONDS)
        self.machine.sources.pause()
        try:
            for store in self.names.stores.values():
                self.data.empty(store)
            for bucket in (*self._kept_in("lake"), *self._kept_in("faults")):
                self.data.empty_bucket(bucket)
            for service in self._indexing():
                self.data.empty_events(service)
            for service in self._physical:
                self.data.failed(service)
            for outlet in self.names.outlets.values():
                self.data.taken(self.outlets.queue(outlet))
            self.machine.sources.to_latest()
            self.machine.firehose.skip()
        finally:
            self.machine.sources.resume()
        self.settle(REST_SECONDS)
        self.machine.journal.clear()
        self.machine.endpoint.clear_calls()
        with self._lock:
            self._records.clear()
        self._messages.clear()
        self._since = time.time_ns() // 1_000_000

    def put_rows(self, store: LinkedStore, rows: Sequence[Mapping[str, Any]], *, quiet: bool) -> None:
        """Write whole rows; `quiet`: nobody who reads the table's changes is to see them."""
        with self._quiet() if quiet else nullcontext():
            self.data.put_rows(store, rows)

    def remove_row(self, store: LinkedStore, key: Mapping[str, Any]) -> None:
        """Remove a row."""
        self.data.remove_row(store, key)

    def put_object(self, store: LinkedStore, key: str, content: Any, *, quiet: bool) -> None:
        """Write an object: JSON, or a text."""
        with self._quiet() if quiet else nullcontext():
            self.data.put_object(store, key, content)

    def rows(self, store: LinkedStore) -> list[dict[str, Any]]:
        """All rows of a table with everything that is stored in them."""
        return self.data.rows(store)

    def objects(self, store: LinkedStore) -> dict[str, Any]:
        """All objects of a bucket by key: JSON values, or texts; without the runtime's own."""
        return self.data.objects(store)

    def expire(self, store: LinkedStore, keys: Sequence[Mapping[str, Any]]) -> None:
        """Remove rows as DynamoDB's time to live does."""
        for key in keys:
            self.machine.sources.mark_expired(self.data.physical(store), encode(key))
            self.data.remove_row(store, key)

    # What goes in, and what comes out.

    def publish(self, stream: str, records: Sequence[tuple[str, bytes]]) -> None:
        """Put records, each with its partition key, on a stream, in order."""
        for key, data in records:
            self.target.client("kinesis").put_record(StreamName=self._streams[stream], PartitionKey=key, Data=data)

    def call(
        self, route: Route, path: str, query: Mapping[str, Any], headers: Mapping[str, str], body: Any
    ) -> Response:
        """Call a route; `path` with its parameters filled in. Signed where the route asks for it."""
        url = self.machine.url(self.system, route.service) + path
        if query:
            url += f"?{urlencode(query, doseq=True)}"
        data = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        sent = {name: str(value) for name, value in headers.items()}
        if body is not None and not any(name.lower() == "content-type" for name in sent):
            sent["Content-Type"] = "text/plain" if isinstance(body, str) else JSON_TYPE
        if route.auth == "iam":
            sent = signed(route.method, url, data, sent, self.target)
        return _asked(route.method, url, data, sent)

    def fetch(self, url: str) -> Response:
        """What is at a URL, asked for without a signature."""
        return _asked("GET", url, b"", {})

    def invoke(self, function: FunctionName, payload: Any) -> Invoked:
        """Invoke a function and wait for its end."""
        name = self._physical[function.service][naming.function_id(function.function)]
        answer = self.target.client("lambda").invoke(FunctionName=name, Payload=json.dumps(payload).encode())
        content = answer["Payload"].read()
        return Invoked(decoded(content) if content else None, "FunctionError" in answer)

    def replay(self, function: FunctionName, types: Sequence[str]) -> Mapping[str, int]:
        """Replay the data lake to a function; how many events were `handled`, `faulted`, and `failed`."""
        return replayed(self._analysis, self.target, function, types)

    def resubmit(self, function: FunctionName) -> Mapping[str, int]:
        """Resubmit a function's faults; how many were `handled`, `faulted`, and `failed`."""
        return resubmitted(self._analysis, self.target, function)

    def settle(self, seconds: float) -> None:
        """Wait until nothing goes on. Raises NotSettledError after so many seconds."""
        try:
            self.machine.settle(seconds)
        except UnsettledError as error:
            raise NotSettledError(error.busy) from None

    def records(self) -> list[StreamRecord]:
        """Everything that came on the streams since the last reset, in order of arrival."""
        with self._lock:
            records = list(self._records)
        return [replace(record, data=self._as_published(record.data)) for record in records]

    def lake(self, stream: str) -> list[bytes]:
        """What the data lake has kept of a stream since the last reset; each record once."""
        objects = (body for bucket in self._kept_in("lake") for body in self.data.bodies(bucket, f"{stream}/"))
        return [self._as_published(record) for record in lake_records(objects)]

    def searched(self, words: str) -> list[dict[str, Any]]:
        """The events that the data lake's index finds by words."""
        return [event for service in self._indexing() for event in self.data.events_found(service, words)]

    def monitored(self) -> list[dict[str, Any]]:
        """The faults that the monitor has kept since the last reset."""
        return [json.loads(body) for bucket in self._kept_in("faults") for body in self.data.bodies(bucket, PREFIX)]

    def failed(self, service: str) -> list[Any]:
        """The messages in a service's failure queue, decoded."""
        found = self._messages.setdefault(service, [])
        found += self.data.failed(service)
        return list(found)

    def sent(self, outlet: LinkedOutlet) -> list[Any]:
        """The messages that were sent to a queue or bus since the last reset, decoded."""
        found = self._messages.setdefault(outlet.origin, [])
        found += [self.outlets.shown(outlet, message) for message in self.data.taken(self.outlets.queue(outlet))]
        return list(found)

    def metrics(self) -> dict[str, dict[str, Any]]:
        """The metrics that functions told since the last reset, as their logs have them."""
        self.machine.functions.flush_logs()
        logs = self.target.client("logs")
        pages = logs.get_paginator("filter_log_events")
        return metrics_of(
            event["message"]
            for function in self._functions
            for page in pages.paginate(logGroupName=f"/aws/lambda/{function}", startTime=self._since)
            for event in page["events"]
        )

    def called(self) -> dict[str, dict[str, Called]]:
        """The calls of AWS that functions made since the last reset, as the endpoint has counted them."""
        made = self.machine.endpoint.calls()
        return {
            str(function): {name: Called(**one) for name, one in made.get(app_id(physical), {}).items()}
            for physical, function in self._functions.items()
        }

    def answer(self, variable: str, stubs: Sequence[Stub]) -> None:
        """What an external system answers from now on."""
        answers = [Answer(one.on, one.status, one.body, one.headers, one.when, one.times) for one in stubs]
        self.machine.stubs.answers(stub_name(self.system, variable), answers)

    def asked(self) -> list[Asked]:
        """What external systems were asked since the last reset."""
        prefix = stub_name(self.system, "")
        return [
            Asked(
                seen.variable.removeprefix(prefix), _request(seen), seen.query, seen.headers, seen.body, seen.answered
            )
            for seen in self.machine.stubs.requests
            if seen.variable.startswith(prefix)
        ]

    def invocations(self) -> list[Invocation]:
        """What was invoked since the last reset."""
        return [
            Invocation(self._functions[one.function], decoded(one.event), bool(one.error)) for one in self.invoked()
        ]

    def invoked(self) -> list[Finished]:
        """The invocations of the system's functions since the last reset, as the machine remembers them."""
        return [one for one in tuple(self.machine.journal.invocations) if one.function in self._functions]

    def function_of(self, invocation: Finished) -> FunctionName:
        """The function of an invocation."""
        return self._functions[invocation.function]

    def trace(self, event_ids: Sequence[str]) -> str:
        """The trees that events caused, as text: events, functions, rows, and how long each took."""
        if not event_ids:
            return ""
        invocations = tuple(self.machine.journal.invocations)
        return trace_text(self._analysis, self.target, event_ids, invocations=invocations, physical=self._physical)

    # Trouble, on purpose.

    def duplicate(self, function: FunctionName, times: int | None) -> None:
        """Deliver batches to a function twice."""
        self.machine.sources.duplicate(self._function(function), times)

    def shuffle(self, function: FunctionName, seed: int, times: int | None) -> None:
        """Deliver the records of batches to a function in another order."""
        self.machine.sources.shuffle(self._function(function), seed, times)

    def kill(self, function: FunctionName, after_calls: int, times: int) -> None:
        """Let a function die after some of its calls to AWS."""
        name = self._function(function)
        self._kills[name] = (after_calls, times - 1)
        self.machine.endpoint.kill(name, after_calls)

    def throttle(self, resource: LinkedStore | str, times: int) -> None:
        """Refuse requests to a table, or to the stream of that name."""
        name = self._streams[resource] if isinstance(resource, str) else self.data.physical(resource)
        self.machine.endpoint.throttle(name, times)

    def effect(self, kind: str, of: FunctionName | LinkedStore | str) -> Effect:
        """What has become of a switch of a function, a table, or a stream's name."""
        if not isinstance(of, FunctionName):
            name = self._streams[of] if isinstance(of, str) else self.data.physical(of)
            throttled = self.machine.endpoint.effects()["throttle"][name]
            return Effect(throttled["refused"], f"functions sent it {_counted(throttled['requests'], 'request')}")
        function = self._function(of)
        if kind == "kill":
            killed = self.machine.endpoint.effects()["kill"][function]
            return Effect(killed["kills"], f"the function made {_counted(killed['calls'], 'call')}")
        delivered = self.machine.sources.delivered(function)
        batches = f"the function got {_counted(delivered.batches, 'batch')}"
        if kind == "duplicate":
            return Effect(delivered.twice, batches)
        return Effect(delivered.disordered, f"{batches} of one record each" if delivered.batches else batches)

    def calm(self) -> None:
        """End all trouble that was asked for."""
        self._kills.clear()
        self.machine.endpoint.clear_switches()
        self.machine.sources.clear_switches()

    def restart_sources(self) -> None:
        """Stop all consumers and start them again from where they were."""
        self.machine.sources.restart()

    # Physical names, and what is done with them.

    def _found_streams(self) -> Iterator[tuple[str, str]]:
        for plan in self.names.plans:
            for stream in plan.streams:
                yield stream.asset.name, self._physical[plan.service][naming.asset_id(stream.asset)]

    def _found_functions(self) -> Iterator[tuple[str, FunctionName]]:
        for plan in self.names.plans:
            for function in plan.functions:
                name = FunctionName(plan.service, function.name)
                yield self._function(name), name

    def _function(self, name: FunctionName) -> str:
        return self._physical[name.service][naming.function_id(name.function)]

    def _indexing(self) -> list[str]:
        """The services that index every event."""
        return [plan.service for plan in self.names.plans if any(index.daily for index in plan.indexes)]

    def _kept_in(self, purpose: str) -> list[str]:
        """The buckets of that purpose, by their physical names."""
        return [
            self._physical[plan.service][naming.asset_id(bucket.asset)]
            for plan in self.names.plans
            for bucket in plan.buckets
            if bucket.purpose == purpose
        ]

    def _as_published(self, record: bytes) -> bytes:
        if not any(is_packed(stream) for stream in self.names.system.streams.values()):
            return record
        return as_published(record, self.data.claimed)

    def _follow(self, stream: str, physical: str) -> Any:
        def arrived(record: Mapping[str, Any]) -> None:
            at = float(record["approximateArrivalTimestamp"])
            with self._lock:
                self._records.append(StreamRecord(stream, record["partitionKey"], record["data"], at))

        return self.machine.sources.subscribe(physical, arrived)

    def _finished(self, invocation: Any) -> None:
        """Let a function that has just died die again, as often as it was asked for."""
        after_calls, left = self._kills.get(invocation.function, (0, 0))
        if left > 0 and invocation.error == "Runtime.ExitError":
            self._kills[invocation.function] = (after_calls, left - 1)
            self.machine.endpoint.kill(invocation.function, after_calls)

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        self.machine.sources.pause()
        try:
            yield
            self.machine.sources.to_latest()
        finally:
            self.machine.sources.resume()


def _asked(method: str, url: str, data: bytes, headers: Mapping[str, str]) -> Response:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=CALL_SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, data or None, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
        return Response(answer.status, dict(answer.getheaders()), decoded(content) if content else None)
    finally:
        connection.close()


def _counted(number: int, noun: str) -> str:
    many = f"{noun}es" if noun.endswith("ch") else f"{noun}s"
    return f"{number or 'no'} {noun if number == 1 else many}"


def _request(seen: Seen) -> str:
    """What was asked; `on` has the parameters' names in place of their values."""
    return f"{seen.on.partition(' ')[0]} {seen.path}"
