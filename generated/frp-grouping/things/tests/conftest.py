"""Runs each function of the service alone: no network, no other function, and no clock.

AWS is a recorder. Hooks are stand-ins, so a hook that is not written yet breaks nothing here. The mappings are
compared with what the `jmespath` library makes of their expressions; the handlers run with stand-ins for them.
"""

import base64
import importlib
import json
import sys
import time
import types
from datetime import UTC, datetime
from pathlib import Path

import jmespath
import pytest
from botocore.exceptions import ClientError
from jmespath import functions

HERE = Path(__file__).parent
NOW = 1_700_000_000_000
UUID = "00000000-0000-4000-8000-000000000000"
CONTEXT = types.SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
OWN_MODULES = ("handler", "mapping", "hooks", "cncb_runtime")


@pytest.fixture(scope="session")
def cases():
    """What the compiler knows of the service's functions: examples, expressions, environment."""
    return {}


@pytest.fixture(scope="module")
def function(request, cases):
    """The function that the test module names."""
    if not cases:
        cases.update(json.loads((HERE / "cases.json").read_text("utf-8")))
    with pytest.MonkeyPatch.context() as patch:
        yield Function(request.module.FUNCTION, cases, patch)


@pytest.fixture
def aws(function):
    """What the function asks of AWS."""
    function.aws.reset()
    return function.aws


class Aws:
    """A recorder in the place of every client. `error` is the code that each call fails with."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.calls, self.published, self.rows, self.error = [], [], [], None

    def client(self, service):
        names = [name.removeprefix("answer_") for name in dir(self) if name.startswith("answer_")]
        return types.SimpleNamespace(**{name: self._operation(service, name) for name in names})

    def _operation(self, service, operation):
        def called(**request):
            self.calls.append(f"{service}.{operation}")
            if self.error is not None:
                raise ClientError({"Error": {"Code": self.error}}, operation)
            return getattr(self, f"answer_{operation}")(request)

        return called

    @property
    def writes(self):
        """The operations that changed something, each once."""
        reads = ("get_item", "query", "scan", "get_object", "search.doc", "search.search", "search.prepare")
        return sorted({call for call in self.calls if not call.endswith(reads)})

    def search(self, method, path, data, _kind):
        """What the search domain answers to a request: a status and a JSON value."""
        operation = (path.partition("?")[0].split("/") + ["_prepare"])[2].strip("_")
        operation = "prepare" if path.startswith("/_") else operation
        self.calls.append(f"search.{operation}")
        if self.error is not None:
            return 429, {"error": {"type": self.error, "reason": ""}}
        found = {"_id": "row-1", "_source": {"id": "row-1"}, "sort": ["row-1"]}
        written = {"items": [{"index": {"status": 201}}] * (data.count(b"\n") // 2)}
        return 200, {"bulk": written, "doc": found, "search": {"hits": {"hits": [found]}}}.get(operation, {})

    def answer_put_item(self, request):
        return {}

    def answer_batch_write_item(self, request):
        return {"UnprocessedItems": {}}

    def answer_update_item(self, request):
        return {"Attributes": request["Key"]}

    def answer_delete_item(self, request):
        return {}

    def answer_get_item(self, request):
        return {"Item": request["Key"]}

    def answer_query(self, request):
        return {"Items": self.rows or [{"id": {"S": "row-1"}}]}

    def answer_scan(self, request):
        return {"Items": [{"id": {"S": "row-1"}}]}

    def answer_get_object(self, request):
        body = types.SimpleNamespace(read=lambda: b'{"id": "object-1"}')
        return {"Body": body, "ETag": "tag", "Metadata": {}}

    def answer_put_object(self, request):
        return {}

    def answer_delete_object(self, request):
        return {}

    def answer_send_message_batch(self, request):
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]]}

    def answer_put_events(self, request):
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in request["Entries"]]}

    def answer_put_records(self, request):
        self.published += [json.loads(record["Data"])["type"] for record in request["Records"]]
        return {"Records": [{} for _ in request["Records"]]}


class Function:
    """One function's package, imported apart from all others."""

    def __init__(self, name, cases, patch):
        self.case, self.examples, self.aws = cases["functions"][name], cases["examples"], Aws()
        self.folder = HERE.parent / "functions" / name
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setattr(time, "time_ns", lambda: NOW * 1_000_000)
        for variable, value in {**cases["environment"], "FUNCTION": name, "CALL_ATTEMPTS": "1"}.items():
            patch.setenv(variable, value)
        self.mapping = self._load("mapping") if (self.folder / "mapping.py").is_file() else None
        stand_in = types.ModuleType("mapping")
        for mapped, value in self.case["stand_ins"].items():
            setattr(stand_in, mapped, lambda _, value=value: value)
        self.module = self._load("handler", mapping=stand_in)

    def _load(self, name, **given):
        others = {module: sys.modules.pop(module) for module in list(sys.modules) if _is_own(module)}
        sys.path.insert(0, str(self.folder))
        sys.modules.update({"hooks": _hooks(), **given})
        try:
            module = importlib.import_module(name)
            for path in self.folder.glob("cncb_runtime/[!_]*.py"):
                importlib.import_module(f"cncb_runtime.{path.stem}")
            self._stand_in(sys.modules)
            self.loaded = {own: sys.modules[own] for own in sys.modules if _is_own(own)}
            return module
        finally:
            sys.path.remove(str(self.folder))
            for module in list(sys.modules):
                if _is_own(module):
                    del sys.modules[module]
            sys.modules.update(others)

    def _stand_in(self, modules):
        if "cncb_runtime.aws" in modules:
            modules["cncb_runtime.aws"].client = self.aws.client
        if "cncb_runtime.search_client" in modules:
            client = modules["cncb_runtime.search_client"]
            client.send = lambda *request: client.Answer(*self.aws.search(*request))
        if "cncb_runtime.object_urls" in modules:
            signer = types.SimpleNamespace(generate_presigned_url=lambda *_, **__: "https://bucket/object")
            modules["cncb_runtime.object_urls"].signer = lambda: signer
        if "cncb_runtime.values" in modules:
            modules["cncb_runtime.values"].uuid4 = lambda: UUID
            modules["cncb_runtime.values"].uuid5 = lambda *_: UUID
        if "cncb_runtime.rate" in modules:
            modules["cncb_runtime.rate"].Rate.wait = lambda *_: None

    def handle(self, event):
        """What the handler answers. The runtime imports what few calls need only then."""
        with pytest.MonkeyPatch.context() as patch:
            for own, module in self.loaded.items():
                patch.setitem(sys.modules, own, module)
            return self.module.handler(event, CONTEXT)

    def check(self, name):
        """Compare what a mapping makes of its example with what its expressions say."""
        case = self.case["mappings"][name]
        example = self.examples[case["example"]] if "example" in case else self.case["events"]
        try:
            expected = _expected(case["tree"], example)
        except jmespath.exceptions.JMESPathError:
            with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
                getattr(self.mapping, name)(example)
            return
        made = getattr(self.mapping, name)(example)
        if case.get("condition"):
            assert made == _holds(expected)
        else:
            _agree(made, expected, case["tree"])

    @property
    def input(self):
        """An input that the function accepts."""
        return self.case.get("input")

    def request(self):
        """A request with that input."""
        return {"body": json.dumps(self.input)}

    def batch(self, *types_):
        """Records of a stream, each with an event of one of the types."""
        records = [_stream_record(index, _event(index, type_)) for index, type_ in enumerate(types_)]
        return {"Records": records}

    def deliver(self, *data):
        """What the handler makes of records on their way into the data lake."""
        records = [{"recordId": str(at), "data": base64.b64encode(one).decode()} for at, one in enumerate(data)]
        return self.handle({"region": "us-east-1", "records": records})

    def delivered(self, answer, stream):
        """What the lines hold of each record: the name of its place, and the very text there."""
        assert all(record["result"] == "Ok" for record in answer["records"])
        lines = [base64.b64decode(record["data"]).decode() for record in answer["records"]]
        assert all(line.endswith("}\n") and json.loads(line)["stream"] == stream for line in lines)
        places = ["event" if "event" in json.loads(line) else "data" for line in lines]
        return [(place, line.partition(f'"{place}":')[2][:-2]) for place, line in zip(places, lines, strict=True)]

    def told(self):
        """Word from S3 of an object that was written."""
        what = {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "row-1"}}}
        word = {"Records": [{"eventTime": "2023-11-14T22:13:20.000Z", **what}]}
        return {"Records": [{"messageId": "0", "body": json.dumps(word)}]}

    def changes(self, *operations):
        """Records of a table's stream, each with an operation."""
        return {"Records": [_table_record(index, name) for index, name in enumerate(operations)]}

    def collected(self, *types_):
        """Records of a micro event store that has collected one event of each of the types."""
        self.aws.rows = [_collected(_event(index, type_)) for index, type_ in enumerate(types_)]
        records = [_table_record(index, "INSERT", row) for index, row in enumerate(self.aws.rows)]
        return {"Records": records}


def _is_own(module):
    return module.partition(".")[0] in OWN_MODULES


def _hooks():
    """A package of which every module has every function; each returns its own name."""

    def module(name):
        made = types.ModuleType(f"hooks.{name}")
        made.__getattr__ = lambda function: lambda *_: {"hook": f"{name}.{function}"}
        return made

    package = types.ModuleType("hooks")
    package.__getattr__ = module
    return package


def _event(index, type_):
    envelope = {"id": f"event-{index}", "type": type_, "timestamp": NOW + index}
    return {**envelope, "partitionKey": "key-1", "tags": {}, "context": {}}


def _stream_record(index, event):
    data = base64.b64encode(json.dumps(event).encode()).decode()
    return {"eventID": f"shard-1:{index}", "kinesis": {"sequenceNumber": str(index), "data": data}}


def _table_record(index, operation, row=None):
    old = row or {"id": {"S": "row-1"}, "name": {"S": "old"}}
    new = row or {**old, "name": {"S": "new"}}
    images = {"INSERT": {"NewImage": new}, "MODIFY": {"OldImage": old, "NewImage": new}, "REMOVE": {"OldImage": old}}
    change = {"Keys": {"id": {"S": "row-1"}}, "SequenceNumber": str(index), **images[operation]}
    return {"eventID": f"change-{index}", "eventName": operation, "dynamodb": change}


def _collected(event):
    context = {"M": {}}
    texts = {name: {"S": event[name]} for name in ("id", "type", "partitionKey")}
    stored = {**texts, "timestamp": {"N": str(event["timestamp"])}, "context": context, "tags": context}
    return {"correlation": {"S": "correlation-1"}, "sequence": {"S": event["id"]}, "event": {"M": stored}}


def _expected(tree, example):
    """What a mapping says, by the `jmespath` library."""
    if "jmespath" in tree:
        return jmespath.search(tree["jmespath"], example, jmespath.Options(custom_functions=Functions()))
    if "hook" in tree:
        return {"hook": tree["hook"]}
    if "fields" in tree:
        return {name: _expected(inner, example) for name, inner in tree["fields"].items()}
    if "items" in tree:
        return [_expected(inner, example) for inner in tree["items"]]
    if "aggregate" in tree:
        return _aggregate(tree["aggregate"], tree["of"], tree.get("by"), example)
    return tree["const"]


def _aggregate(name, type_, expression, events):
    chosen = [event for event in events if event["type"] == type_]
    if name == "count":
        return len(chosen)
    found = [_expected({"jmespath": expression}, event) for event in chosen]
    found = [value for value in found if value is not None]
    if name == "sum":
        return sum(found)
    if not found:
        return None
    ways = {"min": min, "max": max, "avg": lambda all_: sum(all_) / len(all_)}
    ends = {"first": lambda all_: all_[0], "last": lambda all_: all_[-1]}
    return {**ways, **ends}[name](found)


def _agree(made, expected, tree, target=None):
    """Both are the same, but for fields that are null, and those that the target's type does not declare."""
    if "fields" in tree:
        for name in {*made, *expected}:
            _agree(made.get(name), expected.get(name), tree["fields"][name])
    elif isinstance(made, dict) and isinstance(expected, dict):
        target = target or tree.get("target")
        for name in {*made, *expected}:
            if made.get(name) is None and isinstance(target, dict) and name not in target:
                continue
            inner = target.get(name, target.get("*")) if isinstance(target, dict) else None
            _agree(made.get(name), expected.get(name), {}, inner)
    elif isinstance(made, list) and isinstance(expected, list):
        target = target or tree.get("target")
        assert len(made) == len(expected)
        for one, other in zip(made, expected, strict=True):
            _agree(one, other, {}, target[0] if isinstance(target, list) else None)
    else:
        assert made == expected


def _holds(value):
    return value not in (None, "", [], {}) and value is not False


def _utc(timestamp, form):
    if timestamp is None:
        return None
    return datetime.fromtimestamp(timestamp // 1000, UTC).strftime(form)


TEXT, TIME = {"types": ["string", "null"]}, {"types": ["number", "null"]}


class Functions(functions.Functions):
    """The functions that cncb has beside JMESPath's own."""

    @functions.signature()
    def _func_uuid(self):
        return UUID

    @functions.signature()
    def _func_now(self):
        return NOW

    @functions.signature(TEXT)
    def _func_lower(self, text):
        return None if text is None else text.lower()

    @functions.signature(TEXT)
    def _func_upper(self, text):
        return None if text is None else text.upper()

    @functions.signature(TIME)
    def _func_iso(self, timestamp):
        return None if timestamp is None else _utc(timestamp, "%Y-%m-%dT%H:%M:%S.") + f"{timestamp % 1000:03d}Z"

    @functions.signature(TIME)
    def _func_year(self, timestamp):
        return _utc(timestamp, "%Y")

    @functions.signature(TIME)
    def _func_month(self, timestamp):
        return _utc(timestamp, "%Y-%m")

    @functions.signature(TIME)
    def _func_day(self, timestamp):
        return _utc(timestamp, "%Y-%m-%d")

    @functions.signature(TIME)
    def _func_hour(self, timestamp):
        return _utc(timestamp, "%Y-%m-%dT%H")
