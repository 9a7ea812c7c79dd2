"""A scenario made from what happened in a live run: it passes when it is run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, TypedDict

from cncb_compiler.scenarios.words import MATCHERS, escaped
from cncb_compiler.schema.formats import has_format

DAY_MS = 86_400_000
ENVELOPE = ("id", "type", "timestamp", "partitionKey", "tags", "context")


class RequestDump(TypedDict):
    """A request that a route answered. `route` is as declared (`GET /orders/{id}`); `at` in seconds."""

    service: str
    route: str
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    status: int
    response: Any
    at: float


class EventDump(TypedDict):
    """An event on a stream, whole; `at` is when it arrived, in seconds since the epoch."""

    stream: str
    event: dict[str, Any]
    at: float


class ExternalDump(TypedDict):
    """A request that an external system was asked, and what it answered."""

    variable: str
    on: str
    body: Any
    status: int
    response: Any


class Dump(TypedDict):
    """What happened in a live run, in order. Rows and objects are those at its end; `before` those at its beginning.

    Rows are without what the runtime keeps in them; without those of micro event stores.
    """

    requests: list[RequestDump]
    events: list[EventDump]
    rows: dict[str, list[dict[str, Any]]]
    objects: NotRequired[dict[str, dict[str, Any]]]
    external: NotRequired[list[ExternalDump]]
    before: NotRequired[dict[str, list[dict[str, Any]]]]


def recorded(dump: Dump, sentence: str) -> str:
    """The YAML of the scenario that shows what happened."""
    return _written(_Recorder(dump).scenario(sentence))


class _Recorder:
    """One recording; `names` are generated values by what they are called, in the order in which a run binds them."""

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.names: dict[Any, str] = {}
        self.said: set[Any] = set()
        self.counts = Counter(_scalars([dump["requests"], dump["events"], dump["rows"], dump.get("objects", {})]))
        times = [one["at"] for one in (*dump["requests"], *dump["events"])]
        self.around = 1000 * times[0] if times else 0.0

    def scenario(self, sentence: str) -> dict[str, Any]:
        given = self._given()
        steps = [step for _, step in sorted(self._steps(), key=lambda pair: pair[0])]
        when = [make() for make in steps]
        told: dict[str, Any] = {"scenario": sentence}
        if given:
            told["given"] = given
        told["when"] = when
        then = self._then()
        if then:
            told["then"] = then
        return told

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = {}
        rows = {place: listed for place, listed in self.dump.get("before", {}).items() if listed}
        if rows:
            self._say(rows)
            given["rows"] = {place: [_sent(row, {}) for row in listed] for place, listed in rows.items()}
        answers: dict[str, list[Any]] = {}
        for one in self.dump.get("external", []):
            answer = {"on": one["on"], "status": one["status"], "times": 1}
            if one["response"] is not None:
                answer["body"] = _sent(one["response"], {})
            self._say(one["response"])
            answers.setdefault(one["variable"], []).append(answer)
        if answers:
            given["answers"] = answers
        return given

    def _steps(self) -> Iterator[tuple[float, Any]]:
        for request in self.dump["requests"]:
            yield request["at"], lambda request=request: self._call(request)
        for one in self.dump["events"]:
            if _from_outside(one["event"]):
                yield one["at"], lambda one=one: self._publish(one["event"])

    def _publish(self, event: Mapping[str, Any]) -> dict[str, Any]:
        data = {name: value for name, value in event.items() if name not in ENVELOPE or name == "context"}
        step: dict[str, Any] = {"publish": event["type"], "data": _sent(data, self.names)}
        self._say(data)
        if any(self.counts[event[part]] > 1 for part in ("id", "timestamp")):
            name = self._name((event["type"],), event["type"])
            step["as"] = name
            self.names.setdefault(event["id"], f"{name}.id")
            self.names.setdefault(event["timestamp"], f"{name}.timestamp")
        return step

    def _call(self, request: RequestDump) -> dict[str, Any]:
        step: dict[str, Any] = {"call": request["route"], "service": request["service"]}
        for part in ("path", "query", "body"):
            value = request[part]
            if value not in (None, {}, ""):
                step[part] = _sent(value, self.names)
                self._say(value)
        returns: dict[str, Any] = {"status": request["status"]}
        if request["response"] is not None:
            returns["body"] = self._pattern(request["response"], (_about(request["route"]),))
        step["returns"] = returns
        return step

    def _then(self) -> dict[str, Any]:
        then: dict[str, Any] = {}
        events: list[Any] = []
        faults: list[Any] = []
        seen: set[str] = set()
        for one in self.dump["events"]:
            event = one["event"]
            if event["id"] in seen or _from_outside(event):
                continue
            seen.add(event["id"])
            if event["type"] == "fault":
                function = f"{event['tags']['service']}.{event['pipeline']}"
                faults.append({"function": function, "error": {"name": event["error"]["name"]}})
                continue
            own = {name: value for name, value in event.items() if name not in ENVELOPE}
            events.append({event["type"]: self._pattern(own, (event["type"],))})
        if events:
            then["events"] = events
        rows = {place: listed for place, listed in sorted(self._rows().items()) if listed}
        if rows:
            then["rows"] = {
                place: [self._pattern(row, (place.rpartition(".")[2],)) for row in listed]
                for place, listed in rows.items()
            }
        objects = {place: held for place, held in self.dump.get("objects", {}).items() if held}
        if objects:
            then["objects"] = {place: self._pattern(held, ()) for place, held in sorted(objects.items())}
        if faults:
            then["faults"] = faults
        return then

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        before = self.dump.get("before", {})
        return {
            place: [row for row in listed if row not in before.get(place, [])]
            for place, listed in self.dump["rows"].items()
        }

    def _say(self, value: Any) -> None:
        """Remember values that the scenario itself says: they are the same in each run."""
        self.said.update(_scalars(value))

    def _pattern(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            pattern = {name: self._pattern(inner, (*path, name)) for name, inner in value.items()}
            return {"exactly": pattern} if value and all(name in MATCHERS for name in value) else pattern
        if isinstance(value, list):
            return [self._pattern(inner, path) for inner in value]
        if value is None or isinstance(value, bool):
            return value
        if value in self.names:
            return f"${self.names[value]}"
        kind = None if value in self.said else self._generated(value)
        if kind is None:
            return escaped(value) if isinstance(value, str) else value
        if self.counts[value] < 2:
            return {"is": kind}
        name = self._name(path, kind)
        self.names[value] = name
        return {"is": kind, "as": name}

    def _generated(self, value: Any) -> str | None:
        """The type of a value that is another in each run: an id, or a time near that of the run."""
        if isinstance(value, str):
            if has_format(value, "uuid"):
                return "uuid"
            return "date-time" if len(value) > 10 and has_format(value, "date-time") else None
        near = isinstance(value, (int, float)) and abs(value - self.around) < DAY_MS and self.around > 0
        return "timestamp" if near else None

    def _name(self, path: tuple[str, ...], kind: str) -> str:
        """A name that is not taken: of the field, or of what the `id` is of."""
        words = [part for part in path if part not in ("id", "")] or [kind]
        stem = re.sub(r"[^A-Za-z0-9_]+(\w)?", lambda found: (found[1] or "").upper(), words[-1])
        stem = stem if stem[:1].isalpha() else f"x{stem}"
        taken = {name.partition(".")[0] for name in self.names.values()}
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}{number}", number + 1
        return name


def _about(route: str) -> str:
    """What a route is about, by its last word: `POST /orders/{id}` is about an `order`."""
    words = [part for part in route.split("/")[1:] if part and "{" not in part]
    return words[-1].removesuffix("s") if words else ""


def _from_outside(event: Mapping[str, Any]) -> bool:
    tags = event.get("tags") or {}
    return "trigger" not in tags and "function" not in tags


def _sent(value: Any, names: Mapping[Any, str]) -> Any:
    """A value that a scenario sends: what has a name by its name."""
    if isinstance(value, dict):
        return {name: _sent(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_sent(inner, names) for inner in value]
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value in names:
        return f"${names[value]}"
    return escaped(value) if isinstance(value, str) else value


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner)
    elif value is not None and not isinstance(value, bool):
        yield value


def _written(value: dict[str, Any]) -> str:
    import yaml

    from cncb_compiler.source.scalars import resolve

    class Dumper(yaml.SafeDumper):
        """Quotes what YAML 1.2 would read as something else than text."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, said: str) -> yaml.ScalarNode:
        style = '"' if not isinstance(resolve(said), str) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", said, style=style)

    Dumper.add_representer(str, text)
    dumped: str = yaml.dump(
        value, Dumper=Dumper, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
    )
    return dumped
