"""A service's unit tests: each mapping against its expressions, each handler against a stand-in for AWS.

File names hold system, service and function, so that pytest can run the tests of many services as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cncb_compiler.emit.cases import Cases
from cncb_compiler.emit.handlers.parts import strings
from cncb_compiler.emit.templates import rendered
from cncb_compiler.graph.linking import identifier
from cncb_compiler.mapping.layout import render, text
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import (
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    JoinHandler,
    OwnHandler,
    Publish,
    QueryHandler,
    ReactionHandler,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import TypeTable

_WRITES = {
    ("write", "table"): ["dynamodb.put_item"],
    ("update", "table"): ["dynamodb.update_item"],
    ("delete", "table"): ["dynamodb.delete_item"],
    ("write", "bucket"): ["s3.put_object"],
    ("update", "bucket"): ["s3.put_object"],
    ("delete", "bucket"): ["s3.delete_object"],
}
_STATUS = {"write": 201, "update": 200, "delete": 204}
_NO_FAILURES = 'assert answer == {"batchItemFailures": []}'


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
    names = strings(case["mappings"])
    return rendered(
        "tests/function.py.j2",
        name=function.name,
        name_text=text(function.name),
        declared=str(function.at),
        mappings=render(names, 0, len("MAPPINGS = ")) if case["mappings"] else "",
        tests=list(_tests(function)),
    )


def _tests(function: FunctionPlan) -> Iterator[dict[str, Any]]:
    handler = function.handler
    match handler:
        case CommandHandler():
            yield from _command(handler)
        case QueryHandler():
            yield from _query(handler)
        case OwnHandler(events=()):
            yield _test("handler", "It hands the call to the team's function.", [
                f'assert function.handle({{}}) == {{"hook": {text(f"{handler.module}.{handler.function}")}}}',
                "assert aws.calls == []",
            ])
        case _:
            yield from _stream(function)


def _command(handler: CommandHandler) -> Iterator[dict[str, Any]]:
    effect = handler.effect
    if isinstance(effect, Publish):
        done, status = f"assert aws.published == [{text(effect.event)}]", 202
    else:
        done, status = f"assert aws.writes == {_listed(_written(effect))}", _STATUS[effect.verb]
    given = [f'{{"body": {text("null")}}}' if handler.routed else "{}"]
    lines = [f"answer = function.handle({given[0]})"]
    if handler.input is not None:
        # What is written does not depend on the input here: the mappings are stand-ins.
        lines = ["function.module.INPUT = None", *lines]
    if handler.routed:
        lines.append(f'assert answer["statusCode"] == {status}')
    yield _test("handler", "It writes one thing.", [*lines, done])


def _written(effect: WriteRow) -> list[str]:
    writes = _WRITES[effect.verb, effect.store.kind]
    latched = effect.verb == "delete" and effect.latched is not None and effect.store.kind == "table"
    return sorted({*writes, *(["dynamodb.update_item"] if latched else [])})


def _query(handler: QueryHandler) -> Iterator[dict[str, Any]]:
    lines = ["answer = function.handle({})"]
    lines.append('assert answer["statusCode"] == 200' if handler.routed else "assert answer")
    yield _test("handler", "It reads, and changes nothing.", [*lines, "assert aws.calls", "assert aws.writes == []"])


def _stream(function: FunctionPlan) -> Iterator[dict[str, Any]]:
    batch, done = _batch(function.handler)
    handled = f"answer = function.handle(function.{batch})"
    yield _test("handler", "It handles a batch.", [handled, _NO_FAILURES, done])
    if not _is_silent(function.handler):
        retried = 'assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}'
        yield _test("throttled", "What AWS refuses for now is tried again.", [handled, retried], error=True)
    source = "kinesis" if _listens(function.handler) else "dynamodb"
    key = "sequenceNumber" if source == "kinesis" else "SequenceNumber"
    poison = f'{{"Records": [{{"eventID": "poison", "{source}": {{"{key}": "0"}}}}]}}'
    lines = [f"answer = function.handle({poison})"]
    if function.faults_to is not None:
        lines += [_NO_FAILURES, 'assert aws.published == ["fault"]']
    else:
        lines.append('assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}')
    yield _test("poison", "A record that cannot be read holds nothing up.", lines)


def _batch(handler: object) -> tuple[str, str]:
    match handler:
        case ViewHandler():
            events = [one.event for one in handler.projections]
            bucket = handler.store.kind == "bucket"
            writes = {"s3.put_object" if bucket else "dynamodb.update_item"}
            writes |= {"s3.delete_object" for one in handler.projections if bucket and one.fields is None}
            return _call("batch", events), f"assert aws.writes == {_listed(sorted(writes))}"
        case CollectHandler():
            events = [event for event, _ in handler.correlations]
            return _call("batch", events), 'assert aws.writes == ["dynamodb.put_item"]'
        case ReactionHandler():
            writes = _written(handler.effect) if isinstance(handler.effect, WriteRow) else []
            return _call("batch", handler.events), f"assert aws.writes == {_listed(sorted(writes))}"
        case TransitionsHandler():
            events = sorted({event for step in handler.steps for event in step.events})
            caused = [step.publish.event for event in events for step in handler.steps if event in step.events]
            return _call("batch", events), f"assert sorted(aws.published) == {_listed(sorted(caused))}"
        case OwnHandler():
            return _call("batch", handler.events), "assert aws.calls == []"
        case ChangesHandler():
            operations = sorted({one.operation for one in handler.captured})
            caused = sorted(one.publish.event for one in handler.captured)
            return _call("changes", operations), f"assert sorted(aws.published) == {_listed(caused)}"
        case EvaluateHandler():
            events = [event for event, _ in handler.keys]
            write = "s3.put_object" if handler.store.kind == "bucket" else "dynamodb.update_item"
            return _call("collected", events), f"assert aws.writes == {_listed([write])}"
        case JoinHandler():
            published = _listed([handler.publish.event])
            return _call("collected", handler.events), f"assert aws.published == {published}"
    raise TypeError(type(handler).__name__)


def _listens(handler: object) -> bool:
    return not isinstance(handler, (ChangesHandler, EvaluateHandler, JoinHandler))


def _is_silent(handler: object) -> bool:
    """Whether the handler asks nothing of AWS."""
    return isinstance(handler, OwnHandler) or (
        isinstance(handler, ReactionHandler) and not isinstance(handler.effect, WriteRow)
    )


def _call(name: str, arguments: Mapping[str, object] | list[str] | tuple[str, ...]) -> str:
    return f"{name}({', '.join(text(argument) for argument in arguments)})"


def _listed(names: list[str]) -> str:
    return f"[{', '.join(text(name) for name in names)}]"


def _test(name: str, doc: str, lines: list[str], *, error: bool = False) -> dict[str, Any]:
    return {"name": name, "doc": doc, "lines": lines, "error": error}
