"""How a recorded scenario is laid out: as a team would write it by hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from cncb_compiler.fmt.layout import format_text
from cncb_compiler.source.scalars import resolve

SHORT = 80
"""How long a value may be, as JSON, that is written again wherever it comes again."""
BOOLEAN = "tag:yaml.org,2002:bool"


def laid_out(scenario: dict[str, Any]) -> str:
    """The YAML of a scenario, given as plain values. Longer values that come again are aliases (`*address`)."""
    shared = _Shared(scenario)
    Dumper.names = shared.names
    outline = _in_lines(shared.whole)
    dumped: str = yaml.dump(
        outline, Dumper=Dumper, sort_keys=False, default_flow_style=True, width=10_000, allow_unicode=True
    )
    return format_text(dumped, "recorded")[0]


class _Map(dict[Any, Any]):
    """A map with a line for each key."""


class _List(list[Any]):
    """A list with a line for each item."""


def _in_lines(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The outline of a scenario in lines of its own; what is within a step, row or event on one line, where it fits."""
    if len(path) > 3 or (len(path) == 3 and (path[0] == "when" or path[1] == "faults")):
        return value
    if isinstance(value, dict):
        return _Map({name: _in_lines(inner, (*path, name)) for name, inner in value.items()})
    if isinstance(value, list):
        return _List(_in_lines(inner, (*path, number)) for number, inner in enumerate(value))
    return value


class _Shared:
    """A value in which equal parts are one object; `names` are those of the objects that come again, by identity."""

    def __init__(self, value: Any) -> None:
        self._times = Counter(_texts(value))
        self._known: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.whole = self._part(value, "value")

    def _part(self, value: Any, key: str) -> Any:
        if not isinstance(value, (dict, list)):
            return value
        text = json.dumps(value)
        if text in self._known:
            return self._known[text]
        part: Any
        if isinstance(value, dict):
            part = {name: self._part(inner, str(name)) for name, inner in value.items()}
        else:
            part = [self._part(inner, f"{key}-item") for inner in value]
        if len(text) > SHORT and self._times[text] > 1:
            self._known[text] = part
            self.names[id(part)] = self._name(key)
        return part

    def _name(self, key: str) -> str:
        stem = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-") or "value"
        taken = set(self.names.values())
        return next(name for name in (stem, *(f"{stem}{number}" for number in range(2, 10_000))) if name not in taken)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        yield json.dumps(value)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


class Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.2 would read as something else than text; `names` are the anchors of objects."""

    names: dict[int, str]

    def ignore_aliases(self, data: Any) -> bool:
        """Only what has a name is written once."""
        return id(data) not in self.names

    def represent_data(self, data: Any) -> yaml.Node:
        """A node that knows the name of its value."""
        node: yaml.Node = super().represent_data(data)
        # PyYAML hands the nodes back to `generate_anchor`, which finds the name here.
        node.name = self.names.get(id(data), "")  # type: ignore[attr-defined]
        return node

    def generate_anchor(self, node: Any) -> str:
        """The name of its value."""
        return str(node.name)


def _text(dumper: Dumper, said: str) -> yaml.ScalarNode:
    style = '"' if not isinstance(resolve(said), str) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", said, style=style)


def _map(dumper: Dumper, said: _Map) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", said.items(), flow_style=False)


def _list(dumper: Dumper, said: _List) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", said, flow_style=False)


Dumper.add_representer(str, _text)
Dumper.add_representer(_Map, _map)
Dumper.add_representer(_List, _list)
# `on` is a key of the language, and text in YAML 1.2.
Dumper.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in forms if tag != BOOLEAN or letter in "tTfF"]
    for letter, forms in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
