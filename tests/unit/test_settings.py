"""Settings by exception: the nearest that is said counts."""

from __future__ import annotations

from typing import Any

import pytest

from cncb_compiler.graph.link import link
from cncb_compiler.model.read import read
from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.system import Defaults
from cncb_compiler.patterns.lower import lower
from cncb_compiler.patterns.settings import read_settings, settings
from cncb_compiler.plan.function import ReadSettings, Settings

DAY = 86_400


def resolved(
    own: dict[str, Any] | None = None,
    service: dict[str, Any] | None = None,
    defaults: dict[str, Any] | None = None,
    *,
    routed: bool = False,
) -> Settings:
    return settings(
        Defaults.model_validate(defaults or {}),
        Service.model_validate({"function": service or {}}),
        FunctionSettings.model_validate(own or {}),
        routed=routed,
    )


def read_of(own: dict[str, Any], shared: dict[str, Any] | None = None, retention: int = DAY) -> ReadSettings:
    return read_settings(Processing.model_validate(shared or {}), Processing.model_validate(own), retention)


def test_what_nobody_says() -> None:
    said = resolved()
    assert (said.runtime, said.memory, said.timeout, said.log_level) == ("python3.13", 256, 30, "INFO")
    assert (said.log_retention_days, said.call_timeout, said.attempts) == (30, 2, 3)
    assert (said.environment, said.concurrency) == ({}, None)


@pytest.mark.parametrize(
    ("key", "field", "values", "resolved_values"),
    [
        ("memory", "memory", (128, 512, 1024), (128, 512, 1024)),
        ("timeout", "timeout", ("5s", "1m", "2m"), (5, 60, 120)),
        ("logLevel", "log_level", ("DEBUG", "WARN", "ERROR"), ("DEBUG", "WARN", "ERROR")),
    ],
)
def test_own_before_the_service_before_the_system(
    key: str, field: str, values: tuple[Any, ...], resolved_values: tuple[Any, ...]
) -> None:
    system, service, own = ({key: value} for value in values)
    assert getattr(resolved({}, {}, system), field) == resolved_values[0]
    assert getattr(resolved({}, service, system), field) == resolved_values[1]
    assert getattr(resolved(own, service, system), field) == resolved_values[2]


def test_behind_a_route_the_default_is_shortened_and_what_is_said_is_not() -> None:
    assert resolved(routed=True).timeout == 29
    assert resolved(defaults={"timeout": "10s"}, routed=True).timeout == 10
    assert resolved({"timeout": "60s"}, routed=True).timeout == 60
    assert resolved(service={"timeout": "60s"}, routed=True).timeout == 60


def test_the_environment_is_merged_name_by_name() -> None:
    said = resolved({"environment": {"A": "own", "B": "own"}}, {"environment": {"A": "service", "C": "service"}})
    assert said.environment == {"A": "own", "B": "own", "C": "service"}


def test_retry_is_merged_key_by_key() -> None:
    said = resolved({"retry": {"timeout": "1s"}}, {"retry": {"timeout": "5s", "attempts": 7}})
    assert (said.call_timeout, said.attempts) == (1, 7)


def test_a_concurrency_of_none_at_all_is_something_said() -> None:
    assert resolved({"concurrency": 0}, {"concurrency": 5}).concurrency == 0
    assert resolved({}, {"concurrency": 5}).concurrency == 5


def test_log_retention_in_days() -> None:
    assert resolved(defaults={"logRetention": "90d"}).log_retention_days == 90
    assert resolved(defaults={"logRetention": "48h"}).log_retention_days == 2
    assert resolved(defaults={"logRetention": "1s"}).log_retention_days == 1


def test_reading_own_before_the_service() -> None:
    shared = {"batchSize": 10, "window": 5, "startingPosition": "LATEST"}
    read_as = read_of({"batchSize": 500, "window": 0}, shared)
    assert (read_as.batch_size, read_as.window, read_as.starting_position) == (500, 0, "LATEST")
    assert read_of({}) == read_of({"batchSize": 100})


def test_records_are_waited_for_as_long_as_they_are_kept_and_a_week_at_most() -> None:
    assert read_of({}).max_age == DAY
    assert read_of({}, retention=2 * DAY).max_age == 2 * DAY
    assert read_of({}, retention=30 * DAY).max_age == 7 * DAY
    assert read_of({"maxAge": "1h"}, {"maxAge": "2h"}).max_age == 3600
    assert read_of({}, {"maxAge": "2h"}).max_age == 7200


def test_the_plan_names_the_key_of_every_stream_that_is_used() -> None:
    value = {
        "system": "shop",
        "streams": {"main": {"encryption": "alias/main"}, "slow": {"encryption": "alias/slow"}, "idle": {}},
        "events": {
            "made": {"entity": "x", "with": {"x": {"id": "uuid"}}, "stream": "main"},
            "kept": {"entity": "x", "with": {"x": {"id": "uuid"}}, "stream": "slow"},
        },
        "services": {
            "reads": {"views": {"made": {"on": "made"}}},
            "moves": {"transitions": [{"on": "made", "emit": "kept"}]},
            "publishes": {"commands": {"make": {"publish": "made", "input": {"x": {"id": "uuid"}}}}},
        },
    }
    declared, found = read([("system.yaml", value)], "shop")
    assert found == []
    system = link(declared)
    keys = {name: lower(system, service).stream_keys for name, service in system.services.items()}
    assert keys["reads"] == keys["publishes"] == {"main": "alias/main"}
    assert keys["moves"] == {"main": "alias/main", "slow": "alias/slow"}
