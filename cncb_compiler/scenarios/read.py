"""Reading scenario files: YAML to models, with everything that does not fit the language reported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.model.base import Node, kind_of
from cncb_compiler.model.read import explained
from cncb_compiler.rules.cncb101_unknown_key import RULE as UNKNOWN_KEY
from cncb_compiler.rules.cncb102_missing_key import RULE as MISSING_KEY
from cncb_compiler.rules.cncb103_bad_value import RULE as BAD_VALUE
from cncb_compiler.scenarios.model import Scenario
from cncb_compiler.scenarios.steps import STEPS, SWITCHES, step_kind, switch_kind
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.read import entries, is_source_file, read_file
from cncb_compiler.source.yaml12 import load

FOLDER = "scenarios"

N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario as it stands in its file; `source.name` is relative to the system's folder: `scenarios/refused.yaml`.

    With `found` it cannot be run: then `scenario` is what could be read (None in place of each step or switch that
    could not), or None.
    """

    name: str
    source: SourceFile
    scenario: Scenario | None
    found: tuple[Diagnostic, ...] = ()


def scenarios(root: Path) -> list[ScenarioFile]:
    """The scenarios of a system, by name; none where its folder has no `scenarios/`."""
    return [
        read_scenario(Path(entry.path), f"{FOLDER}/{entry.name}")
        for entry in entries(os.fspath(root / FOLDER))
        if is_source_file(entry.name) and entry.is_file()
    ]


def read_scenario(path: Path, name: str) -> ScenarioFile:
    """One scenario file; `name` is what diagnostics call it."""
    stem = path.name.rpartition(".")[0]
    read = read_file(os.fspath(path), name)
    if isinstance(read, Diagnostic):
        return ScenarioFile(stem, SourceFile(name, ""), None, (read,))
    return parsed(stem, read)


def parsed(name: str, source: SourceFile) -> ScenarioFile:
    """A scenario from its text."""
    value, found = load(source.text, source.name)
    top = Location(source.name)
    if found:
        return ScenarioFile(name, source, None, tuple(found))
    if not isinstance(value, dict):
        problem = BAD_VALUE(top, f"a scenario is a map of keys, not {kind_of(value)}", mend="Begin with `scenario:`.")
        return ScenarioFile(name, source, None, (problem,))
    reader = _Reader()
    scenario = reader.scenario(value, top)
    return ScenarioFile(name, source, scenario, tuple(reader.found))


class _Reader:
    """One reading; collects what is wrong."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def scenario(self, value: dict[str, Any], top: Location) -> Scenario:
        # Steps and switches are read one by one: a mistake in one is told in the words of its own kind.
        value = dict(value)
        steps: list[Node | None] | None = None
        switches: list[Node | None] | None = None
        if isinstance(value.get("when"), list):
            steps = self._each(value["when"], STEPS, step_kind, "step", top / "when")
            value["when"] = [step for step in steps if step is not None]
        given = value.get("given")
        if isinstance(given, dict) and isinstance(given.get("switches"), list):
            at = top / "given" / "switches"
            switches = self._each(given["switches"], SWITCHES, switch_kind, "switch", at)
            value["given"] = {**given, "switches": [switch for switch in switches if switch is not None]}
        scenario = self._validated(Scenario, value, top) or _readable(value)
        whole = scenario.given.model_copy(update={"switches": tuple(switches)}) if switches else scenario.given
        return scenario.model_copy(update={"given": whole, **({"when": tuple(steps)} if steps else {})})

    def _each(
        self,
        values: list[Any],
        models: Mapping[str, type[Node]],
        kind_of_value: Callable[[Any], str | None],
        noun: str,
        at: Location,
    ) -> list[Node | None]:
        nodes: list[Node | None] = []
        for index, value in enumerate(values):
            kind = kind_of_value(value)
            if kind is None:
                self.found.append(_no_kind(value, [one for one in models if one != "raw"], noun, at / index))
            nodes.append(None if kind is None else self._validated(models[kind], value, at / index))
        return nodes

    def _validated(self, model: type[N], value: Any, at: Location) -> N | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self.found.extend(explained(model, value, error.errors(include_url=False), at))
            return None


def _readable(value: dict[str, Any]) -> Scenario:
    """What can be read of a scenario that does not fit the language: so the rest of it can be checked as well."""
    scenario = Scenario(scenario="?", when=())
    for key in ("when", "given", "then"):
        with suppress(ValidationError):
            part = Scenario.model_validate({"scenario": "?", "when": (), key: value.get(key, {})})
            scenario = scenario.model_copy(update={key: getattr(part, key)})
    return scenario


def _no_kind(value: Any, kinds: list[str], noun: str, at: Location) -> Diagnostic:
    listed = ", ".join(f"`{kind}`" for kind in kinds)
    if not isinstance(value, dict):
        return BAD_VALUE(at, f"a {noun} is a map of keys, not {kind_of(value)}", mend=f"Begin with one of {listed}.")
    for key in value:
        close = get_close_matches(str(key), kinds, 1, 0.6)
        if close:
            return UNKNOWN_KEY((at / key).key(), f"`{key}` is no {noun}", mend=f"Did you mean `{close[0]}`?")
    return MISSING_KEY(at, f"nothing says what this {noun} does", mend=f"It has one of the keys {listed}.")
