"""Every rule module is found, named as its code and slug, and documented in full."""

from __future__ import annotations

import sys

from cncb_compiler.diagnostics.catalogue import all_rules

PARTS = ["## What it does", "## Why is this bad?", "## Example", "## Mend"]


def test_codes_and_names_are_distinct() -> None:
    rules = all_rules()
    assert len(rules) > 20
    assert len({rule.code for rule in rules}) == len({rule.slug for rule in rules}) == len(rules)


def test_documentation() -> None:
    for rule in all_rules():
        name = f"cncb_compiler.rules.{rule.code.lower()}_{rule.slug.replace('-', '_')}"
        lines = (sys.modules[name].__doc__ or "").splitlines()
        assert lines[0].endswith("."), rule.code
        assert [line for line in lines if line.startswith("## ")] == PARTS, rule.code
        assert "```yaml" in lines, rule.code
