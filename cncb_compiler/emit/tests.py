"""A service's unit tests: each mapping against its expressions, each handler against a stand-in for AWS.

File names hold system, service and function, so that pytest can run the tests of many services as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from cncb_compiler.emit.cases import Cases
from cncb_compiler.emit.handlers.parts import strings
from cncb_compiler.emit.templates import rendered
from cncb_compiler.graph.linking import identifier
from cncb_compiler.mapping.layout import Block, Code, render, text
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    EventIndexHandler,
    Handler,
    JoinHandler,
    LakeHandler,
    Mapped,
    MonitorHandler,
    ObjectIndexHandler,
    Once,
    OwnHandler,
    Publish,
    QueryHandler,
    ReactionHandler,
    SendMessage,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import TypeTable

_PUT_ITEM = "dynamodb.put_item"
_BATCH = "dynamodb.batch_write_item"
_UPDATE_ITEM = "dynamodb.update_item"
_WRITES = {
    ("write", "table"): _PUT_ITEM,
    ("update", "table"): _UPDATE_ITEM,
    ("delete", "table"): "dynamodb.delete_item",
    ("write", "bucket"): "s3.put_object",
    ("update", "bucket"): "s3.put_object",
    ("delete", "bucket"): "s3.delete_object",
}
_VIEW_WRITES = {"table": "dynamodb.update_item", "bucket": "s3.put_object", "index": "search.bulk"}
_SENDS = {"queue": "sqs.send_message_batch", "bus": "events.put_events"}
_STATUS = {"write": 201, "update": 200, "delete": 204}
_INVOKED = "function.handle(function.input)"
_NO_FAILURES = 'assert answer == {"batchItemFailures": []}'
_FAILURE = 'assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}'


def service_tests(plan: ServicePlan, table: TypeTable, hooks: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a service's `tests` folder, by path; none where it has no functions."""
    # Deferred: only emitting needs it.
    import orjson

    if not plan.functions:
        return {}
    cases = Cases(plan, table).content()
    files = {
        "tests/conftest.py": _conftest(),
        "tests/cases.json": orjson.dumps(cases, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=str),
    }
    for function in plan.functions:
        files[f"tests/{_file_name(plan, function)}"] = _test_module(function, cases["functions"][function.name])
    return files


def _file_name(plan: ServicePlan, function: FunctionPlan) -> str:
    parts = (identifier(plan.system), identifier(plan.service), identifier(function.name))
    return f"test_{'__'.join(parts)}.py"


@cache
def _conftest() -> bytes:
    return rendered("tests/conftest.py.j2")


def _test_module(function: FunctionPlan, case: dict[str, Any]) -> bytes:
    tests = list(_tests(function))
    names = strings(case["mappings"])
    return rendered(
        "tests/function.py.j2",
        name=function.name,
        name_text=text(function.name),
        declared=str(function.at),
        mappings=render(names, 0, len("MAPPINGS = ")) if case["mappings"] else "",
        uses_pytest=bool(case["mappings"]) or any("pytest" in line for test in tests for line in test["lines"]),
        tests=tests,
    )


def _tests(function: FunctionPlan) -> Iterator[dict[str, Any]]:
    handler = function.handler
    match handler:
        case CommandHandler():
            yield from _command(handler)
        case QueryHandler():
            yield from _query(handler)
        case OwnHandler(events=()):
            answer = text(f"{handler.module}.{handler.function}")
            handed = f'assert function.handle({{}}) == {{"hook": {answer}}}'
            yield _test("handler", "It hands the call to the team's function.", handed, "assert aws.calls == []")
        case LakeHandler():
            yield from _lake(handler)
        case _:
            yield from _stream(function)


def _command(handler: CommandHandler) -> Iterator[dict[str, Any]]:
    effect = handler.effect
    if isinstance(effect, Publish):
        done, status = _equals("aws.published", [effect.event]), 202
    else:
        done, status = _equals("aws.writes", _written(effect)), _STATUS[effect.verb]
    lines: list[Code] = ["answer = function.handle(function.request())" if handler.routed else _INVOKED, done]
    if handler.routed:
        lines.insert(1, f'assert answer["statusCode"] == {status}')
    yield _test("handler", "It writes one thing.", *lines)
    if handler.input is not None:
        bad: tuple[str, ...] = ("with pytest.raises(ValueError):", "    function.handle([])")
        if handler.routed:
            bad = ('answer = function.handle({"body": "[]"})', 'assert answer["statusCode"] == 400')
        yield _test("bad_input", "What is not valid writes nothing.", *bad, "assert aws.calls == []")


def _query(handler: QueryHandler) -> Iterator[dict[str, Any]]:
    good = 'assert answer["statusCode"] == 200' if handler.routed else "assert answer"
    read = "answer = function.handle({})"
    yield _test("handler", "It reads, and changes nothing.", read, good, "assert aws.calls", "assert aws.writes == []")


def _lake(handler: LakeHandler) -> Iterator[dict[str, Any]]:
    stream = text(handler.stream)
    event = '{"type":"thing-created"}'
    delivered = f"answer = function.deliver(b{event!r}, b'poison')"
    yield _test(
        "handler",
        "It makes a line of each record, whatever it is.",
        delivered,
        f"assert function.delivered(answer, {stream}) == [('event', {event!r}), ('data', '\"cG9pc29u\"')]",
        "assert aws.calls == []",
    )


def _stream(function: FunctionPlan) -> Iterator[dict[str, Any]]:
    handler = function.handler
    batch, done = _batch(handler)
    handled = Block("answer = function.handle(", (batch,), ")")
    yield _test("handler", "It handles a batch.", handled, _NO_FAILURES, done)
    if not _is_silent(handler):
        yield _test("throttled", "What AWS refuses for now is tried again.", handled, _FAILURE, error=True)
    poison = f'answer = function.handle({{"Records": [{_poison(handler)}]}})'
    outcome = (_NO_FAILURES, _equals("aws.published", ["fault"])) if function.faults_to else (_FAILURE,)
    if isinstance(handler, EventIndexHandler):
        # The lake's bucket has it.
        outcome = (_NO_FAILURES, "assert aws.calls == []")
    yield _test("poison", "A record that cannot be read holds nothing up.", poison, *outcome)


def _batch(handler: Handler) -> tuple[Code, Code]:
    """The call that makes the batch, and what is done with it."""
    match handler:
        case ViewHandler():
            bucket = handler.store.kind == "bucket"
            writes = {_VIEW_WRITES[handler.store.kind]}
            if bucket and any(one.fields is None for one in handler.projections):
                writes.add("s3.delete_object")
            if handler.operators.batch is not None and handler.store.kind == "table":
                writes = {_BATCH}
            writes |= _once(handler.once)
            return _made("batch", [one.event for one in handler.projections]), _equals("aws.writes", sorted(writes))
        case CollectHandler():
            write = _PUT_ITEM if handler.operators.batch is None else _BATCH
            return _made("batch", [event for event, _ in handler.correlations]), _equals("aws.writes", [write])
        case ObjectIndexHandler():
            return "function.told()", _equals("aws.writes", ["search.bulk"])
        case ReactionHandler():
            writes = _reacted(handler)
            writes |= _once(handler.once)
            return _made("batch", handler.events), _equals("aws.writes", sorted(writes))
        case TransitionsHandler():
            events = sorted({event for step in handler.steps for event in step.events})
            caused = [step.publish.event for event in events for step in handler.steps if event in step.events]
            return _made("batch", events), _equals("sorted(aws.published)", sorted(caused))
        case EventIndexHandler():
            return _made("batch", ["thing-created"]), _equals("aws.writes", ["search.bulk"])
        case MonitorHandler():
            return _made("batch", ["fault"]), _equals("aws.writes", ["s3.put_object"])
        case OwnHandler():
            return _made("batch", handler.events), _equals("aws.writes", sorted(_once(handler.once)))
        case ChangesHandler():
            operations = sorted({one.operation for one in handler.captured})
            caused = [one.publish.event for one in handler.captured]
            return _made("changes", operations), _equals("sorted(aws.published)", sorted(caused))
        case EvaluateHandler():
            write = _VIEW_WRITES[handler.store.kind]
            write = write if handler.operators.batch is None or handler.store.kind == "index" else _BATCH
            return _made("collected", [event for event, _ in handler.keys]), _equals("aws.writes", [write])
        case JoinHandler():
            return _made("collected", handler.events), _equals("aws.published", [handler.publish.event])
    raise TypeError(type(handler).__name__)


def _written(effect: WriteRow) -> list[str]:
    return [_PUT_ITEM if effect.leaves_tombstone else _WRITES[effect.verb, effect.store.kind]]


def _reacted(handler: ReactionHandler) -> set[str]:
    if isinstance(handler.effect, SendMessage):
        return {_SENDS[handler.effect.outlet.kind]}
    if handler.operators.batch is not None:
        return {_BATCH}
    return set(_written(handler.effect)) if isinstance(handler.effect, WriteRow) else set()


def _once(once: Once | None) -> set[str]:
    return set() if once is None else {_UPDATE_ITEM}


def _poison(handler: Handler) -> str:
    if isinstance(handler, ObjectIndexHandler):
        return '{"messageId": "0", "body": "poison"}'
    kind, number = ("kinesis", "sequenceNumber") if _listens(handler) else ("dynamodb", "SequenceNumber")
    return f'{{"eventID": "poison", "{kind}": {{"{number}": "0"}}}}'


def _listens(handler: Handler) -> bool:
    return not isinstance(handler, (ChangesHandler, EvaluateHandler, JoinHandler))


def _is_silent(handler: Handler) -> bool:
    """Whether the handler asks nothing of AWS."""
    if isinstance(handler, ReactionHandler):
        return handler.once is None and isinstance(handler.effect, Mapped)
    return isinstance(handler, OwnHandler) and handler.once is None


def _made(name: str, arguments: Iterable[str]) -> Code:
    return Block(f"function.{name}(", tuple(text(argument) for argument in arguments), ")")


def _equals(value: str, expected: Iterable[str]) -> Code:
    return Block(f"assert {value} == [", tuple(text(one) for one in expected), "]")


def _test(name: str, doc: str, *lines: Code, error: bool = False) -> dict[str, Any]:
    return {"name": name, "doc": doc, "lines": [render(line, 4, 4) for line in lines], "error": error}
