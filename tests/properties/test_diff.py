"""Properties of the comparison: nothing differs from itself, each mutation is found as what it is, additions mirror."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import EXAMPLES, Values, example

from cncb_compiler.compare.change import Category
from cncb_compiler.compare.compare import Differences, compare
from cncb_compiler.compare.side import Side, side_of_values
from cncb_compiler.manifest.build import manifest
from cncb_compiler.manifest.load import declared_in
from cncb_compiler.source.canonical import canonical


def side(values: Values) -> Side:
    """A revision of these values."""
    return side_of_values("a revision", [(file, canonical(values[file])) for file in sorted(values)], "example")


@cache
def original(name: str) -> Side:
    """An example, understood once."""
    return side(example(name).values)


def kinds(found: Differences) -> set[str]:
    """The kinds of change that are found, without those that only follow in the templates."""
    return {change.slug for change in found.changes if change.category is not Category.DEPLOY}


def subjects(found: Differences) -> list[str]:
    """What the changes are about; what becomes of data has no mirror image."""
    return sorted(change.subject for change in found.changes if change.category is not Category.DEPLOY)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_differs_from_itself(name: str) -> None:
    again = side(copy.deepcopy(example(name).values))
    assert compare(original(name), again).changes == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_manifest_says_all_that_its_system_says(name: str) -> None:
    was = original(name)
    values = [(file, canonical(value)) for file, value in example(name).values.items()]
    system, declared = declared_in(manifest(was.system, tuple(was.plans.values()), values))
    assert compare(was, side_of_values("manifest.json", declared, system)).changes == ()


@dataclass(frozen=True)
class Mutation:
    """An edit of one place, and the kinds of change that it is; `mirror` is what it is the other way round."""

    name: str
    edit: Callable[[dict[str, Any]], None]
    kinds: frozenset[str]
    mirror: frozenset[str]


def services(values: Values) -> Iterator[dict[str, Any]]:
    """Each service's declaration, wherever it stands."""
    for value in values.values():
        if "service" in value:
            yield value
        else:
            yield from value.get("services", {}).values()


def events(values: Values) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each event's declaration with its name."""
    for value in values.values():
        yield from value.get("events", {}).items()


def mutations(values: Values) -> Iterator[Mutation]:
    """Edits that fit these values. Each is applied to a copy of them by the same walk, so it finds its place again."""
    for number, (name, event) in enumerate(events(values)):
        if isinstance(event.get("with"), dict) and all(key.isidentifier() for key in event["with"]):
            yield Mutation(
                f"an optional field of {name}",
                _on_event(number, lambda one: one["with"].update({"addedLater": "string?"})),
                frozenset({"field-added"}),
                frozenset({"field-removed"}),
            )
        if event.get("stability") is None:
            yield Mutation(
                f"{name} is deprecated",
                _on_event(number, lambda one: one.update({"stability": "deprecated"})),
                frozenset({"stability-changed"}),
                frozenset({"stability-changed"}),
            )
    for number, service in enumerate(services(values)):
        yield Mutation(
            f"a store of service {number}",
            _on_service(number, lambda one: one.setdefault("stores", {}).update(_STORE)),
            frozenset({"declaration-added"}),
            frozenset({"declaration-removed"}),
        )
        if service.get("views"):
            view = sorted(service["views"])[0]
            keep = service["views"][view].get("keep")
            yield Mutation(
                f"view {view} keeps its rows for another time",
                _on_service(number, lambda one, view=view, keep=keep: one["views"][view].update(_other(keep))),
                frozenset({"declaration-changed"}),
                frozenset({"declaration-changed"}),
            )
        if service.get("queries"):
            for query, said in sorted(service["queries"].items())[:1]:
                if said.get("route"):
                    yield Mutation(
                        f"another route of query {query}",
                        _on_service(number, lambda one, query=query: _prefix(one["queries"][query])),
                        frozenset({"route-changed"}),
                        frozenset({"route-changed"}),
                    )


_STORE = {"added-later": {"of": {"id": "uuid", "text": "string"}}}


def _other(keep: str | None) -> dict[str, str]:
    return {"keep": "17d" if keep != "17d" else "18d"}


def _prefix(query: dict[str, Any]) -> None:
    method, _, path = query["route"].partition(" ")
    query["route"] = f"{method} /moved{path}"


def _on_event(number: int, edit: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda values: edit(list(events(values))[number][1])


def _on_service(number: int, edit: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda values: edit(list(services(values))[number])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Mutation]:
    """An example, and a mutation of it."""
    name = draw(st.sampled_from(EXAMPLES))
    found = list(mutations(example(name).values))
    return name, draw(st.sampled_from(found))


@settings(max_examples=40, deadline=None)
@given(mutated())
def test_a_mutation_is_found_as_what_it_is_and_nothing_else(chosen: tuple[str, Mutation]) -> None:
    name, mutation = chosen
    values = copy.deepcopy(example(name).values)
    mutation.edit(values)
    before, after = original(name), side(values)
    assert after.wrong == before.wrong
    assert kinds(compare(before, after)) == mutation.kinds, mutation.name
    assert kinds(compare(after, before)) == mutation.mirror, mutation.name


@settings(max_examples=15, deadline=None)
@given(mutated())
def test_additions_and_removals_are_mirror_images(chosen: tuple[str, Mutation]) -> None:
    name, mutation = chosen
    values = copy.deepcopy(example(name).values)
    mutation.edit(values)
    there, back = compare(original(name), side(values)), compare(side(values), original(name))
    assert subjects(there) == subjects(back)


@settings(max_examples=15, deadline=None)
@given(mutated())
def test_the_order_of_files_and_keys_makes_no_difference(chosen: tuple[str, Mutation]) -> None:
    name, mutation = chosen
    values = copy.deepcopy(example(name).values)
    mutation.edit(values)
    turned = {file: _turned(values[file]) for file in reversed(values)}
    assert compare(original(name), side(values)).changes == compare(original(name), side(turned)).changes


def _turned(value: Any, key: str = "") -> Any:
    """The value with its maps the other way round; under `key` their order has a meaning."""
    if isinstance(value, dict):
        names = list(value) if key == "key" else list(reversed(value))
        return {name: _turned(value[name], name) for name in names}
    return [_turned(one) for one in value] if isinstance(value, list) else value
