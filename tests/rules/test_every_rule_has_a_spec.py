"""Each rule is proved by a spec with a good and a bad case, or by a test that is named here."""

from __future__ import annotations

import pytest
from rule_specs import FOLDER, cases, specs

from cncb_compiler.rules.registry import RuleInfo, all_rules

TESTS = FOLDER.parent

PROVED_BY = {
    "CNCB014": "unit/test_discover.py",
    "CNCB015": "unit/test_discover.py",
    "CNCB016": "unit/test_discover.py",
    "CNCB017": "unit/test_discover.py",
    "CNCB00": "unit/test_yaml12.py",
    "CNCB01": "unit/test_yaml12.py",
    "CNCB09": "unit/test_suppress.py",
    "CNCB616": "cli/test_cli_replay.py",
    "CNCB720": "unit/test_aws_by_hand.py",
    "CNCB721": "unit/test_aws_by_hand.py",
    "CNCB722": "unit/test_aws_by_hand.py",
    "CNCB723": "unit/test_aws_by_hand.py",
    "CNCB725": "unit/test_aws_by_hand.py",
    "CNCB726": "unit/test_aws_by_hand.py",
    "CNCB92": "unit/test_hooks.py",
    "CNCB93": "cli/test_compile.py",
    **dict.fromkeys(("CNCB955", "CNCB956", "CNCB957", "CNCB958", "CNCB959"), "unit/test_scenarios_check.py"),
    "CNCB95": "unit/test_write.py",
}
"""Rules that need files on disk or made output, by how their codes begin: the test module that proves them."""


def _proof(code: str) -> str | None:
    return next((test for begin, test in PROVED_BY.items() if code.startswith(begin)), None)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_rule_is_proved(rule: RuleInfo) -> None:
    proof = _proof(rule.code)
    if proof is not None:
        assert rule.code in (TESTS / proof).read_text(), f"{proof} does not mention {rule.code}"
        return
    spec = FOLDER / f"{rule.code}-{rule.slug}.md"
    assert spec.exists(), f"write {spec.relative_to(TESTS.parent)}"
    bad = [case for case in cases(spec) if any(code == rule.code for _, _, _, code in case.expected)]
    good = [case for case in cases(spec) if not case.expected]
    assert bad, f"{spec.name} has no case with [{rule.code}]"
    assert good, f"{spec.name} has no case that is clean"


def test_no_spec_is_left_over() -> None:
    known = {f"{rule.code}-{rule.slug}.md" for rule in all_rules()}
    assert [spec.name for spec in specs() if spec.name not in known] == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_rule_is_documented(rule: RuleInfo) -> None:
    summary, *_ = rule.doc.splitlines()
    headings = [line for line in rule.doc.splitlines() if line.startswith("## ")]
    assert summary.endswith(".")
    assert headings == ["## What it does", "## Why is this bad?", "## Example", "## Mend"]
    assert rule.module.rpartition(".")[2] == f"{rule.code.lower()}_{rule.slug.replace('-', '_')}"


def test_codes_and_slugs_are_unique() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.slug for rule in rules}) == len(rules)
    assert [rule.code for rule in rules] == sorted(rule.code for rule in rules)
