"""A scenario made from what happened in a live run: it passes when it is run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cncb_compiler.scenarios.happened import Dump, ExternalDump, InvocationDump, PutDump, RequestDump
from cncb_compiler.scenarios.outline import laid_out
from cncb_compiler.scenarios.words import MATCHERS, escaped
from cncb_compiler.schema.formats import has_format

DAY_MS = 86_400_000
ENVELOPE = ("id", "type", "timestamp", "partitionKey", "tags", "context")


def recorded(dump: Dump, sentence: str) -> str:
    """The YAML of the scenario that shows what happened."""
    return laid_out(_Recorder(dump).scenario(sentence))


class _Recorder:
    """One recording; `names` are generated values by what they are called, in the order in which a run binds them."""

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.names: dict[Any, str] = {}
        self._external = dump.get("external", [])
        self.said: set[Any] = set()
        parts = ("requests", "invocations", "events", "rows", "objects", "messages")
        self.counts = Counter(_scalars([dump.get(part, []) for part in parts]))
        times = [one["at"] for one in (*dump["requests"], *dump["events"], *dump.get("invocations", ()))]
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
        answers = {variable: self._answers(variable) for variable in dict.fromkeys(map(_variable, self._external))}
        if answers:
            given["answers"] = answers
        return given

    def _answers(self, variable: str) -> list[dict[str, Any]]:
        """What an external system answered, request by request; once for all where that was always the same."""
        answers: dict[str, list[dict[str, Any]]] = {}
        for one in self._external:
            if one["variable"] == variable:
                answer = {"on": one["on"]} | ({"status": one["status"]} if one["status"] != 200 else {})
                if one["response"] is not None:
                    answer["body"] = _sent(one["response"], {})
                self._say(one["response"])
                answers.setdefault(one["on"], []).append(answer)
        return [
            answer
            for listed in answers.values()
            for answer in (
                [listed[0]] if all(one == listed[0] for one in listed) else [{**one, "times": 1} for one in listed]
            )
        ]

    def _steps(self) -> Iterator[tuple[float, Any]]:
        for request in self.dump["requests"]:
            yield request["at"], lambda request=request: self._call(request)
        for invoked in self.dump.get("invocations", ()):
            yield invoked["at"], lambda invoked=invoked: self._invoke(invoked)
        for put in self.dump.get("puts", ()):
            yield put["at"], lambda put=put: self._put(put)
        for one in self.dump["events"]:
            if _from_outside(one["event"]):
                yield one["at"], lambda one=one: self._publish(one["event"])

    def _invoke(self, invoked: InvocationDump) -> dict[str, Any]:
        step: dict[str, Any] = {"invoke": invoked["function"], "payload": _sent(invoked["payload"], self.names)}
        self._say(invoked["payload"])
        if invoked["failed"]:
            step["fails"] = {"errorType": invoked["response"]["errorType"]}
        elif invoked["response"] is not None:
            step["returns"] = self._pattern(invoked["response"], (invoked["function"].rpartition(".")[2],))
        return step

    def _put(self, put: PutDump) -> dict[str, Any]:
        step = {"put": put["place"], "row": _sent(put["row"], self.names)}
        self._say(put["row"])
        return step

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
        step: dict[str, Any] = {"call": request["route"]}
        if request["route"] in self.dump.get("shared", ()):
            step["service"] = request["service"]
        for part in ("path", "query", "body"):
            value = request[part]
            if value not in (None, {}, ""):
                step[part] = _sent(value, self.names)
                self._say(value)
        returns: dict[str, Any] = {"status": request["status"]}
        if request["response"] is not None:
            returns["body"] = self._pattern(_essence(request["response"]), (_about(request["route"]),))
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
            then["objects"] = {
                place: {self._object_key(key): self._pattern(content, (key,)) for key, content in held.items()}
                for place, held in sorted(objects.items())
            }
        messages = {place: held for place, held in self.dump.get("messages", {}).items() if held}
        if messages:
            then["messages"] = {
                place: [self._pattern(message, (place.rpartition(".")[2],)) for message in held]
                for place, held in sorted(messages.items())
            }
        if faults:
            then["faults"] = faults
        return then

    def _object_key(self, key: str) -> str:
        return "/".join(f"${self.names[part]}" if part in self.names else escaped(part) for part in key.split("/"))

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


def _variable(one: ExternalDump) -> str:
    return one["variable"]


def _about(route: str) -> str:
    """What a route is about, by its last word: `POST /orders/{id}` is about an `order`."""
    words = [part for part in route.split("/")[1:] if part and "{" not in part]
    return words[-1].removesuffix("s") if words else ""


def _essence(response: Any) -> Any:
    """An answer without the words for people in an error: its code says it."""
    error = response.get("error") if isinstance(response, dict) else None
    if isinstance(error, dict) and "code" in error:
        return {**response, "error": {name: value for name, value in error.items() if name != "message"}}
    return response


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
