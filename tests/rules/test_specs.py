"""Each case of each spec gives exactly the findings that it is marked with."""

from __future__ import annotations

import pytest
from rule_specs import Case, actual, cases, specs

CASES = [case for spec in specs() for case in cases(spec)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    found = actual(case)
    missing = sorted(case.expected - found.keys())
    surplus = sorted(found.keys() - case.expected)
    report = [
        *(f"missing: {file}:{line} {severity} {code}" for file, line, severity, code in missing),
        *(
            f"surplus: {file}:{line} {severity} {code}: {found[file, line, severity, code]}"
            for file, line, severity, code in surplus
        ),
    ]
    assert not report, "\n".join([f"{case} {case.heading}", *report])
