"""The registry: which rules there are, and what running them costs."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from typing import Any

import pytest
from test_network import shop

from cncb_compiler.model import arithmetic
from cncb_compiler.rules import registry
from cncb_compiler.rules.secrets import has_secret_name, is_known_secret, looks_random


def test_rules_are_sorted_and_know_their_module() -> None:
    rules = registry.all_rules()
    assert [rule.code for rule in rules] == sorted(rule.code for rule in rules)
    rule = next(rule for rule in rules if rule.code == "CNCB601")
    assert (rule.slug, rule.severity, rule.group) == ("event-cycle", "error", "flow")
    assert rule.doc.startswith("Events that bring about")
    assert rule.module == "cncb_compiler.rules.cncb601_event_cycle"


@pytest.mark.parametrize(
    ("checks", "least"), [(registry.checks, 30), (registry.service_checks, 25), (registry.plan_checks, 2)]
)
def test_every_check_is_run_by_code(checks: Callable[[], tuple[Any, ...]], least: int) -> None:
    modules = [check.__module__ for check in checks()]
    assert modules == sorted(modules)
    assert len(modules) >= least
    assert not any(".cncb0" in module or ".cncb9" in module for module in modules), "found by other passes"


def test_a_clean_system_is_clean() -> None:
    system = shop()
    found = registry.run(system) + registry.run_services(system, system.services.values())
    assert [one for one in found if one.severity == "error"] == []


def test_the_sums_are_right() -> None:
    assert doctest.testmod(arithmetic).failed == 0
    assert arithmetic.pauses(7) == (1, 2, 4, 8, 16, 20)
    assert arithmetic.pauses(1) == ()
    assert arithmetic.patience_shown(3, 1) == "1 x 3s + (0s) = 3s"


def test_what_looks_like_a_secret() -> None:
    assert has_secret_name("DB_PASSWORD", "x")
    assert not has_secret_name("DB_PASSWORD_PARAMETER", "x")
    assert not has_secret_name("DB_PASSWORD", "/shop/db/password")
    assert not has_secret_name("DB_PASSWORD", "")
    assert not has_secret_name("TABLE", "orders")
    assert is_known_secret("-----BEGIN RSA PRIVATE KEY-----")
    assert is_known_secret("https://user:pass@host")
    assert not is_known_secret("https://${host}:8080/path")
    assert looks_random("8fGh2kLq9ZxWv7Bn4TyR")
    assert not looks_random("a-perfectly-readable-setting-1")
    assert not looks_random("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
