"""Strategies that spoil systems: what a tired, a mistaken or a hostile author may write."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from cncb_compiler.source.discover import systems
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.yaml12 import load

TOPOLOGIES = Path(__file__).parents[2] / "topologies"

EXAMPLES = (
    "shop",
    "cookbook/bff-rest-analytics",
    "cookbook/bi-directional-sync",
    "cookbook/create-api-gateway",
    "cookbook/create-stream-processor",
    "cookbook/db-first-dynamodb",
    "cookbook/esg-send",
    "cookbook/event-orchestration",
    "cookbook/materialized-view-s3",
    "cookbook/micro-event-store",
    "cookbook/saga",
)

INJECTED = "AWS::StackId"
"""A pseudo parameter that no template refers to of its own accord: found, it was injected."""

HOSTILE = (
    "'", '"', "`", "#", ":", ": ", "- ", "\\", '"""', "'''", "\n", "a\nb: c", "\r\n", "\t", "", " ", "\0", "\x1b[31m",
    "../", "../../../tmp/x", "/etc/passwd", "..", ".", "a/b", "a\\b", "~", "con", "aux", "-", "--help", "a-", "a--b",
    "${}", "${", "${" + INJECTED + "}", "${!x}", "$${x}", "${stage}", "${region}", "$", "{{ 1/0 }}", "{% raw %}",
    "{{resolve:ssm:x}}", "{{resolve:secretsmanager:x:SecretString:y}}", "}}", "%}", "{#",
    "\u202e", "\u200f", "\ufeff", "\u2028", "\x85", "\x7f", "é", "İ", "🙂", "e\u0301", "\ud800", "\\ud800", '"\\ud800"',
    "x" * 65, "x" * 300, "X" * 5000, "a-" * 3000,
    "&a", "*a", "!!python/object:os.system", "<<", "[", "{", "]", "}", "@", "*", "?", "|", ">",
    "class", "None", "import", "lambda", "match", "self", "__init__", "__class__", "handler", "event", "events", "row",
    "import os; os.system('x')", "aws", "ssm", "AWS_REGION", "STAGE", "id", "type", "timestamp", "tags", "context", "asOf",
    "expires", "main", "event-hub", "1", "0", "-1", "1.5", "1e400", "true", "null", "NaN", "9" * 400,
    "a.b.c", "a[", "[?", "[?a]", "sum(", "sum(a)", "count(x)", "count()", "max(a, b)", "uuid()", "now()", "a || b", "a == `1`",
    "`{`", "`1e999`", "'\\", "not_null(a)", "to_string(@)", "(" * 200, "a." * 400 + "a", "!" * 300 + "a", "string?", "[string]",
    "map(string)", "enum(a)", "enum()", "enum(', b)", "GET /", "GET /{a}/{a}", "GET /../x", "rate(5 minutes)", "30d", "0s",
    "999999999d", "2000-02-30", "x.y", "x.import", "os.system",
)  # fmt: skip
"""Texts that mean something to one of the languages that a system is written in, passes through, or becomes."""

RETYPED: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3, 1.0, 1.5, -0.0, 1e300, 10**18, 10**400, "", "text", [], {}, [[]], [None], {"a": {}},
    ["text"], {"a": "text"}, {"const": 1}, {"const": {"a": [1]}}, {"hook": "a.b"}, {"hook": "../a.b"}, {"hook": 1},
    {"const": 1, "hook": "a.b"}, {"type": "object"}, {"type": "string", "pattern": "("}, {"$ref": "#/types/Nope"},
    {"oneOf": []}, {"enum": []}, {"type": ["string", "null"]}, {"event": "nope"}, [1, "a", None, {}],
)  # fmt: skip

Values = dict[str, Any]
"""The loaded value of each file of a system, by the file's name."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Example:
    """A system of the examples: its folder, and its files as texts and as values."""

    root: Path
    texts: dict[str, str]
    values: Values


@cache
def example(name: str) -> Example:
    """An example, read once."""
    source = systems(TOPOLOGIES / name)[0]
    texts = {file.name: file.text for file in source.files}
    return Example(source.root, texts, {name: load(text, name)[0] for name, text in texts.items()})


def dumped(value: Any) -> str:
    """A value as YAML; as JSON where it holds what the dumper refuses, such as half a surrogate pair."""
    try:
        return str(yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000))
    except (UnicodeEncodeError, yaml.YAMLError):
        return json.dumps(value)


def paths(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """The path of everything inside a value, itself first."""
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*at, index))


def at_path(value: Any, path: Path_) -> Any:
    """What stands at a path."""
    for segment in path:
        value = value[segment]
    return value


def replaced(value: Any, path: Path_, new: Any) -> Any:
    """The value with something else at a path."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {key: replaced(inner, rest, new) if key == head else inner for key, inner in value.items()}
    return [replaced(inner, rest, new) if index == head else inner for index, inner in enumerate(value)]


def _dropped(value: Any, path: Path_) -> Any:
    outer = at_path(value, path[:-1])
    if isinstance(outer, dict):
        return replaced(value, path[:-1], {key: inner for key, inner in outer.items() if key != path[-1]})
    return replaced(value, path[:-1], [inner for index, inner in enumerate(outer) if index != path[-1]])


def _renamed(value: Any, path: Path_, name: str) -> Any:
    outer = at_path(value, path[:-1])
    return replaced(value, path[:-1], {name if key == path[-1] else key: inner for key, inner in outer.items()})


def _repeated(value: Any, path: Path_, name: str) -> Any:
    outer, inner = at_path(value, path[:-1]), at_path(value, path)
    more = {**outer, name: inner} if isinstance(outer, dict) else [*outer, inner]
    return replaced(value, path[:-1], more)


@st.composite
def hostile(draw: st.DrawFn, text: str) -> str:
    """A text with something hostile put into it, or in its place."""
    bad = draw(st.sampled_from(HOSTILE))
    where = draw(st.sampled_from(("all", "all", "start", "end", "inside")))
    cut = {"start": 0, "end": len(text), "inside": len(text) // 2}.get(where)
    return bad if cut is None else text[:cut] + bad + text[cut:]


@st.composite
def _name(draw: st.DrawFn, old: str | int, names: list[str]) -> str:
    return draw(st.sampled_from(names) | hostile(str(old)))


@st.composite
def spoiled_values(draw: st.DrawFn, values: Values) -> Values:
    """The values of a system after one to three mutations, each on the level of values."""
    values = dict(values)
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(sorted(values)))
        value = values[file]
        everywhere = list(paths(value))
        path = draw(st.sampled_from(everywhere))
        other_file = draw(st.sampled_from(sorted(values)))
        other = draw(st.sampled_from(list(paths(values[other_file]))))
        names = [str(segment) for one in (path, other) for segment in one] or ["x"]
        here = at_path(value, path)
        operation = draw(
            st.sampled_from(
                ("drop", "retype", "rename", "repeat", "graft", "swap", "inject")
                if path
                else ("retype", "graft", "swap")
            )
        )
        if operation == "inject" and isinstance(here, str):
            values[file] = replaced(value, path, draw(hostile(here)))
        elif operation == "drop":
            values[file] = _dropped(value, path)
        elif operation in ("rename", "inject") and isinstance(path[-1], str):
            values[file] = _renamed(value, path, draw(_name(path[-1], names)))
        elif operation == "repeat":
            values[file] = _repeated(value, path, draw(_name(path[-1], names)))
        elif operation in ("graft", "swap"):
            taken = at_path(values[other_file], other)
            values[file] = replaced(value, path, taken)
            if operation == "swap" and other_file != file:
                values[other_file] = replaced(values[other_file], other, here)
        else:
            values[file] = replaced(value, path, draw(st.sampled_from(RETYPED)))
    return values


@st.composite
def spoiled_bytes(draw: st.DrawFn, text: str) -> bytes:
    """The bytes of a file after one to three mutations that know nothing of YAML."""
    data = text.encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        operation = draw(st.sampled_from(("cut", "flip", "insert", "remove", "repeat", "line")))
        end = min(len(data), start + draw(st.integers(1, 40)))
        if operation == "cut":
            data = data[:start]
        elif operation == "flip" and start < len(data):
            data = data[:start] + bytes([data[start] ^ (1 << draw(st.integers(0, 7)))]) + data[start + 1 :]
        elif operation == "insert":
            bad = draw(st.sampled_from(HOSTILE)).encode("utf-8", "surrogatepass")
            data = data[:start] + bad + data[start:]
        elif operation == "remove":
            data = data[:start] + data[end:]
        elif operation == "repeat":
            data = data[:end] + data[start:end] + data[end:]
        elif operation == "line":
            lines = data.splitlines(keepends=True)
            if lines:
                index = draw(st.integers(0, len(lines) - 1))
                lines.insert(draw(st.integers(0, len(lines))), lines.pop(index))
                data = b"".join(lines)
    return data


@st.composite
def spoiled_systems(draw: st.DrawFn, names: tuple[str, ...] = EXAMPLES) -> tuple[Path, tuple[SourceFile, ...]]:
    """The folder and the spoiled files of an example."""
    one = example(draw(st.sampled_from(names)))
    spoiled = draw(spoiled_values(one.values))
    return one.root, tuple(
        SourceFile(name, one.texts[name] if value is one.values[name] else dumped(value))
        for name, value in sorted(spoiled.items())
    )


EVERYWHERE = """
system: everywhere
description: TEXT
owner: TEXT
tags: {team: TEXT, TEXT: team}
stages: {dev: {account: "111111111111", regions: [us-east-1]}}
streams: {main: {description: TEXT}}
types:
  Order: {id: uuid, note: {type: string, description: TEXT}, status: "enum(open, TEXT)"}
  Free: {type: object, description: TEXT, properties: {id: {type: string, pattern: TEXT}, TEXT: {type: string}}, required: [id]}
events:
  order-made: {description: TEXT, entity: order, with: {order: Order, free: Free?}}
  order-kept: {entity: order, context: true, with: {order: Order}}
  order-told: {entity: order, context: true, with: {order: Order}}
services:
  orders:
    description: TEXT
    owner: TEXT
    api: {kind: rest, auth: none, cors: {origins: ["https://TEXT"], headers: [TEXT]}}
    function: {environment: {MODE: TEXT}}
    stores:
      orders: {of: Order, description: TEXT}
    commands:
      submit:
        description: TEXT
        route: POST /orders/TEXT
        input: {note: string}
        write: orders
        set: {id: uuid(), note: {const: TEXT}, status: {const: open}}
      tell: {publish: order-made, input: {order: Order}, with: {order: input.order, free: {id: "'TEXT'", TEXT: {const: TEXT}}}}
    changes:
      orders: {modify: {event: order-kept, when: "new.note == 'TEXT'", with: {order: new, context: {TEXT: {const: TEXT}}}}}
    queries:
      order: {description: TEXT, from: orders, route: "GET /orders/{id}", fields: {id: id, note: "join('TEXT', [note])"}}
  kept:
    api: {auth: none, cors: {origins: ["https://TEXT"]}}
    views:
      kept: {description: TEXT, kind: s3, on: [order-kept, order-made, order-told], fields: {id: order.id, note: order.note}, cacheControl: TEXT}
    functions:
      own: {description: TEXT, handler: own.TEXT, schedule: "rate(1 TEXT)"}
    transitions:
      - {on: order-made, when: "order.note == 'TEXT'", emit: order-told, description: TEXT}
"""
"""A system in which `TEXT` stands wherever an author may write text."""

HOLES = EVERYWHERE.count("TEXT")


def everywhere(bad: str, holes: Container[int]) -> str:
    """`EVERYWHERE` with a text in some of its holes, and something harmless in the others."""
    numbers = count()

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            for _ in range(value.count("TEXT")):
                value = value.replace("TEXT", bad if next(numbers) in holes else "day", 1)
            return value
        if isinstance(value, dict):
            return {filled(key): filled(inner) for key, inner in value.items()}
        return [filled(inner) for inner in value] if isinstance(value, list) else value

    return dumped(filled(load(EVERYWHERE, "system.yaml")[0]))


@st.composite
def spoiled_texts(draw: st.DrawFn) -> str:
    """`EVERYWHERE` with something hostile in one of its texts, or in all of them."""
    bad = draw(st.sampled_from(HOSTILE) | st.text(max_size=8))
    return everywhere(bad, draw(st.just(range(HOLES)) | st.integers(0, HOLES - 1).map(lambda hole: {hole})))
