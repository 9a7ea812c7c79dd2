from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.link import link
from cncb_compiler.model.base import PLACE_PATTERN, REQUEST_PATTERN
from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.model.problems import FORMS
from cncb_compiler.model.read import UNNAMED, read
from cncb_compiler.model.service import ServiceFile
from cncb_compiler.model.system import System
from cncb_compiler.source.location import Location

Found = list[tuple[str, str, str, str | None]]


def reading(*files: Any, folder: str = "shop") -> tuple[DeclaredSystem, list[Diagnostic]]:
    return read([(f"{number}.yaml", value) for number, value in enumerate(files)], folder)


def found(*files: Any) -> Found:
    """Code, place (`0/events/a`, `!` for a key), message and mend of each finding."""
    return [(one.code, place(one.at), one.message, one.mend) for one in reading(*files)[1]]


def place(at: Location) -> str:
    return "/".join([at.file.removesuffix(".yaml"), *map(str, at.path)]) + ("!" if at.on_key else "")


UNKNOWN: list[tuple[dict[str, Any], str, str]] = [
    ({"evnts": {}}, "0/evnts!", "events"),
    ({"events": {"a": {"entty": "b"}}}, "0/events/a/entty!", "entity"),
    ({"defaults": {"memry": 256}}, "0/defaults/memry!", "memory"),
    ({"streams": {"main": {"shard": 1}}}, "0/streams/main/shard!", "shards"),
    ({"services": {"a": {"comands": {}}}}, "0/services/a/comands!", "commands"),
    ({"services": {"a": {"api": {"ath": "none"}}}}, "0/services/a/api/ath!", "auth"),
    ({"service": "a", "viws": {}}, "0/viws!", "views"),
    ({"service": "a", "stores": {"b": {"of": "C", "sortkey": "d"}}}, "0/stores/b/sortkey!", "sortKey"),
    ({"service": "a", "stores": {"b": {"of": "C", "indexes": {"cde": {"key": "k", "sort": "d"}}}}},
     "0/stores/b/indexes/cde/sort!", "sortKey"),
    ({"service": "a", "transitions": [{"on": "b", "emit": "c", "wth": {}}]}, "0/transitions/0/wth!", "with"),
    ({"service": "a", "changes": {"b": {"insert": [{"event": "c", "whn": "x"}]}}}, "0/changes/b/insert/0/whn!", "when"),
    ({"service": "a", "views": {"b": {"on": {"c": {"filds": {}}}}}}, "0/views/b/on/c/filds!", "fields"),
    ({"service": "a", "commands": {"b": {"function": {"retry": {"atempts": 1}}}}},
     "0/commands/b/function/retry/atempts!", "attempts"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "at", "meant"), UNKNOWN, ids=[at for _, at, _ in UNKNOWN])
def test_an_unknown_key_at_each_level(value: dict[str, Any], at: str, meant: str) -> None:
    word = at.rstrip("!").rpartition("/")[2]
    assert found(value) == [
        ("CNCB101", at, f"`{word}` is not a key of the language here", f"Did you mean `{meant}`?"),
    ]


def test_an_unknown_key_like_no_other_names_those_that_are_known() -> None:
    ((_, _, _, mend),) = found({"service": "a", "api": {"zzz": 1}})
    assert mend == "Known here: `auth`, `cors`, `kind`."


def test_an_unknown_key_leaves_its_declaration_as_it_is() -> None:
    declared, _ = reading({"events": {"a": {"entity": "b", "nope": 1}}})
    assert declared.events["a"].value.entity == "b"


def test_what_is_missing() -> None:
    assert found({"service": "a", "stores": {"b": {}}, "transitions": [{"on": "c"}]}) == [
        ("CNCB102", "0/stores/b!", "`of` is missing", "Add `of:`."),
        ("CNCB102", "0/transitions/0!", "`emit` is missing", "Add `emit:`."),
    ]


def service(**values: Any) -> dict[str, Any]:
    return {"service": "a", **values}


def command(**values: Any) -> dict[str, Any]:
    return service(commands={"b": values})


WRONG: list[tuple[Any, str, str]] = [
    (["a"], "0", "a topology file is a map of keys, not a list"),
    ("a", "0", "a topology file is a map of keys, not text"),
    ({"description": 3}, "0/description", "`3` must be text"),
    ({"description": True}, "0/description", "`true` must be text"),
    ({"description": ["a"]}, "0/description", "it must be text, not a list"),
    ({"events": ["a"]}, "0/events", "it must be a map, not a list"),
    ({"events": {"a": None}}, "0/events/a", "it must be a map, not nothing"),
    ({"events": {"a": {"external": "yes"}}}, "0/events/a/external", "`yes` must be true or false"),
    ({"events": {"a": {"external": 1}}}, "0/events/a/external", "`1` must be true or false"),
    ({"events": {"A": {}}}, "0/events/A!",
     "`A` cannot be a name here: does not have the form of a name: letters, digits and single dashes, a small letter first"),
    ({"events": {"a": {"owner": ["b", "b"]}}}, "0/events/a/owner", "it lists `b` twice"),
    ({"types": {"a": "string"}}, "0/types/a!",
     "`a` cannot be a name here: does not have the form of a type name: letters and digits, a capital first"),
    ({"streams": {"a": {"shards": "3"}}}, "0/streams/a/shards", "`3` must be a whole number"),
    ({"streams": {"a": {"shards": 1.0}}}, "0/streams/a/shards", "`1.0` must be a whole number"),
    ({"streams": {"a": {"shards": True}}}, "0/streams/a/shards", "`true` must be a whole number"),
    ({"streams": {"a": {"shards": 0}}}, "0/streams/a/shards", "`0` must be 1 or more"),
    ({"streams": {"a": {"shards": 501}}}, "0/streams/a/shards", "`501` must be 500 or less"),
    ({"streams": {"a": {"retention": "1 day"}}}, "0/streams/a/retention",
     "`1 day` does not have the form of a duration: `30s`, `15m`, `24h`, `30d`"),
    ({"streams": {"a": {"retention": "99999999d"}}}, "0/streams/a/retention", "`99999999d` is longer than 8 characters"),
    ({"stages": {"a": {"account": 12, "regions": ["us-east-1"]}}}, "0/stages/a/account",
     "`12` does not have the form of an account id: 12 digits, in quotes"),
    ({"stages": {"a": {"account": "1" * 12, "regions": []}}}, "0/stages/a/regions", "it must list 1 or more"),
    ({"stages": {"a": {"account": "1" * 12, "regions": "us-east-1"}}}, "0/stages/a/regions", "`us-east-1` must be a list"),
    ({"owner": "a\nb"}, "0/owner", "`a\nb` does not have the form of an owner: text on one line"),
    ({"owner": "x" * 129}, "0/owner", "it is longer than 128 characters"),
    ({"system": "aws-shop"}, "0/system",
     "`aws-shop` begins with `aws` or `ssm`, as no parameter of the Systems Manager may"),
    ({"system": "ssmart"}, "0/system", "`ssmart` begins with `aws` or `ssm`, as no parameter of the Systems Manager may"),
    ({"tags": {"Owner": "x"}}, "0/tags/Owner!",
     "`Owner` cannot be a name here: is the tag `owner`, which every resource gets already"),
    ({"tags": {"AWS:x": "x"}}, "0/tags/AWS:x!", "`AWS:x` cannot be a name here: begins with `aws:`, which is reserved by AWS"),
    (service(kind="backend"), "0/kind", "`backend` is not one of 'bff', 'esg', 'control', 'event-hub', 'data-lake' or 'monitor'"),
    (service(api={"cors": {"origins": ["shop.example.com"]}}), "0/api/cors/origins/0",
     '`shop.example.com` does not have the form of an origin: `https://shop.example.com`, or `"*"` for all'),
    (service(api={"cors": {"origins": ["*", "https://a.b"]}}), "0/api/cors/origins",
     'it says `"*"` beside other origins: it stands for all of them'),
    (service(api={"cors": {"origins": ["*"], "headers": ["a b"]}}), "0/api/cors/headers/0",
     "`a b` does not have the form of a header's name: letters, digits and dashes"),
    (service(functions={"b": {"handler": "class.run"}}), "0/functions/b/handler",
     "`class.run` has the word `class` of Python, which can be no name"),
    (service(views={"b": {"on": ["c", {"d": {}}]}}), "0/views/b/on",
     "it lists a map where the name of an event type belongs"),
    (service(views={"b": {"on": ["c", "c"]}}), "0/views/b/on", "it lists `c` twice"),
    (service(stores={"b": {"of": "C", "capacity": "much"}}), "0/stores/b/capacity", "`much` is not one of 'on-demand'"),
    (service(stores={"b": {"of": "C", "capacity": {"read": "1", "write": 1}}}), "0/stores/b/capacity/read",
     "`1` must be a whole number"),
    (service(stores={"b": {"of": "C", "indexes": {"cd": {"key": "k"}}}}), "0/stores/b/indexes/cd!",
     "`cd` cannot be a name here: is shorter than 3 characters"),
    (service(queries={"b": {"from": "c", "limit": "3"}}), "0/queries/b/limit", "`3` must be a whole number"),
    (service(changes={"b": {"insert": "c", "latch": "yes"}}), "0/changes/b/latch", "`yes` must be true or false"),
    (command(write="c", route="FETCH /"), "0/commands/b/route",
     "`FETCH /` does not have the form `METHOD /path/{parameter}`"),
    (command(write="c", route="GET /{a}/{a}"), "0/commands/b/route", "`GET /{a}/{a}` names `{a}` twice"),
    (command(write="c", route="GET /a/../b"), "0/commands/b/route",
     "`GET /a/../b` has the segment `..`, which callers take for a folder"),
    (command(write="c", function={"environment": {"1A": "x"}}), "0/commands/b/function/environment/1A!",
     "`1A` cannot be a name here: does not have the form of an environment variable: letters, digits and underscores, "
     "a letter first"),
    (command(write="c", function={"environment": {"A": "x\0"}}), "0/commands/b/function/environment/A",
     "`x\0` does not have the form of an environment variable's value: text without NUL"),
    (service(functions={"b": {"handler": "c.d", "schedule": "rate(1 hours)"}}), "0/functions/b/schedule",
     "`rate(1 hours)` does not have the form of a schedule: `rate(5 minutes)` or `cron(0 8 * * ? *)`"),
    (service(functions={"b": {"handler": "c.d", "schedule": "cron(0 8 1 * 1 *)"}}), "0/functions/b/schedule",
     "`cron(0 8 1 * 1 *)` must have `?` for either the day of the month or the day of the week"),
    (command(write="c", function={"environment": {"A": 1}}), "0/commands/b/function/environment/A", "`1` must be text"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "at", "message"), WRONG, ids=[f"{at}-{number}" for number, (_, at, _) in enumerate(WRONG)]
)
def test_a_wrong_value_is_told_in_plain_words(value: Any, at: str, message: str) -> None:
    assert [(code, where, said) for code, where, said, _ in found(value)] == [("CNCB103", at, message)]


def test_every_pattern_of_the_language_is_said_in_words() -> None:
    scenario = {PLACE_PATTERN, REQUEST_PATTERN}
    assert _patterns(System) | _patterns(ServiceFile) | scenario == FORMS.keys()


def _patterns(model: type[BaseModel]) -> set[str]:
    patterns: set[str] = set()
    waiting: list[Any] = [model.__pydantic_core_schema__]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                patterns.add(value["pattern"])
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
    return patterns


def test_everything_wrong_comes_at_once_and_the_rest_is_kept() -> None:
    declared, diagnostics = reading(
        {"system": "shop", "types": {"a": "string", "Good": "string"}, "streams": {"main": {"shards": 0}, "more": {}}},
        {
            "service": "orders",
            "stores": {"bad": {}, "good": {"of": "Good"}},
            "transitions": [{"emit": 1}, {"on": "a", "emit": "b"}, {"emit": 2}, {"on": "c", "emit": "d"}],
        },
    )
    assert [place(one.at) for one in diagnostics] == [
        "0/streams/main/shards", "0/types/a!", "1/stores/bad!", "1/transitions/0/emit", "1/transitions/2/emit",
    ]  # fmt: skip
    assert list(declared.types) == ["Good"]
    assert list(declared.streams) == ["more"]
    orders = declared.services["orders"].value
    assert list(orders.stores) == ["good"]
    assert [transition.emit for transition in orders.transitions] == ["b", "d"]


def test_files_merge_by_name_whatever_their_order() -> None:
    files = [("a.yaml", {"system": "shop", "events": {"b": {}}}), ("b.yaml", {"events": {"a": {}}, "tags": {"x": "1"}})]
    one, other = read(files, "f")[0], read(reversed(files), "f")[0]
    assert one == other
    assert list(one.events) == ["a", "b"]


def test_what_is_declared_twice_names_the_first_place() -> None:
    _, diagnostics = reading(
        {"system": "shop", "events": {"a": {}}, "services": {"s": {}}, "tags": {"Team": "x"}},
        {"system": "shop", "events": {"a": {}}, "tags": {"team": "y"}},
        {"service": "s"},
    )
    assert [(one.code, place(one.at), one.message, place(one.related[0].at)) for one in diagnostics] == [
        ("CNCB104", "1/system!", "`system` of the system is declared twice", "0/system!"),
        ("CNCB104", "1/tags/team!", "tag `team` is declared twice", "0/tags/Team!"),
        ("CNCB104", "1/events/a!", "event `a` is declared twice", "0/events/a!"),
        ("CNCB104", "2!", "service `s` is declared twice", "0/services/s!"),
    ]


def test_the_folder_names_a_system_that_no_file_names() -> None:
    declared, diagnostics = reading({"system": None, "owner": None})
    assert (declared.name, declared.owner, declared.description, diagnostics) == ("shop", "", "", [])


@pytest.mark.parametrize("folder", ["My Shop", "", "..", "${AWS::StackId}", "aws", "\udc80"])
def test_a_folder_whose_name_is_no_name(folder: str) -> None:
    declared, (one,) = reading({"system": None}, folder=folder)
    assert (declared.name, one.code, one.mend) == (UNNAMED, "CNCB102", "Add `system: NAME`.")
    assert place(one.at) == "0"


def test_a_wrong_name_of_the_system_is_reported_once() -> None:
    declared, (one,) = reading({"system": "My Shop"}, folder="My Shop")
    assert (declared.name, one.code, place(one.at)) == (UNNAMED, "CNCB103", "0/system")


def test_a_broken_declaration_is_not_called_unknown() -> None:
    declared, diagnostics = reading(
        {
            "system": "shop",
            "streams": {"main": {"shards": "1"}, "slow": {}},
            "types": {"Order": {"id": "uuid"}},
            "events": {
                "order-made": {"stability": "odd"},
                "order-kept": {"stream": "main", "owner": ["orders", "hub"]},
            },
        },
        {
            "service": "orders",
            "stores": {"orders": {"of": "Order", "ttl": 3}},
            "changes": {"orders": {"insert": "order-made"}},
            "queries": {"order": {"from": "orders", "key": "path.id"}},
            "views": {"made": {"on": "order-made"}},
        },
        {"service": "hub", "kind": "nonsense", "function": {"memory": 1}},
    )
    assert len(diagnostics) == 5
    assert {"main", "order-made", "orders"} <= declared.broken
    unknown = [one.message for one in link(declared).diagnostics if one.code.startswith("CNCB20")]
    assert unknown == []


def test_a_service_whose_name_is_broken_is_not_called_unknown() -> None:
    declared, _ = reading(
        {"events": {"a": {"owner": "Orders"}}}, {"events": {"b": {"owner": "orders_2"}}}, {"service": "orders_2"}
    )
    assert "orders_2" in declared.broken
