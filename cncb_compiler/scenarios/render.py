"""How the outcome of scenarios is told: a line each, then what failed, then a summary; or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cncb_compiler.scenarios.coverage import Covered, as_json
from cncb_compiler.scenarios.run import Result
from cncb_compiler.scenarios.suite import SuiteResult


def line(system: str, result: Result) -> str:
    """One scenario that was run."""
    return f"{'ok  ' if result.passed else 'FAIL'}  {system}/{result.name}  {result.sentence}  {result.seconds:.2f} s"


def failure(system: str, result: Result) -> str:
    """A failed scenario: where, the first difference, and what was caused."""
    lines = [f"{system}/{result.name}: {result.sentence}", f"  {result.where}"]
    lines += [f"    {one}" for one in result.problem.splitlines()]
    if result.trace:
        lines += ["  what was caused:", *(f"    {one}".rstrip() for one in result.trace.splitlines())]
    return "\n".join(lines)


def failures(outcomes: Sequence[SuiteResult]) -> str:
    """All that failed; empty where nothing did."""
    blocks = [f"{one.system}: not run\n  {one.problem}" for one in outcomes if one.problem]
    blocks += [failure(one.system, result) for one in outcomes for result in one.results if not result.passed]
    return "\n\n".join(blocks)


def summary(outcomes: Sequence[SuiteResult], seconds: float) -> str:
    """How many scenarios of how many systems hold."""
    results = [result for one in outcomes for result in one.results]
    failed = sum(not result.passed for result in results)
    not_run = sum(bool(one.problem) for one in outcomes)
    parts = [f"{len(results) - failed} passed"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{not_run} not run"] if not_run else []
    systems = f"{len(outcomes)} system{'' if len(outcomes) == 1 else 's'}"
    return f"{', '.join(parts)} in {systems}, {seconds:.1f} s"


VERSION = 1


def as_data(
    outcomes: Sequence[SuiteResult],
    seconds: float,
    covered: Mapping[str, Sequence[Covered]] | None = None,
    findings: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Everything as JSON values, for programs; keys are only added while `version` is 1.

    {
      "version": 1, "passed": false, "seconds": 7.412,
      "summary": {"systems": 1, "passed": 20, "failed": 1},
      "diagnostics": [what is wrong with the YAML, as `cncb check --output-format json` tells it],
      "systems": [
        {
          "system": "shop", "problem": why it could not be run, or null,
          "scenarios": [
            {
              "name": "payment-refused", "scenario": "A refused payment ...", "passed": false, "seconds": 0.812,
              "where": "then.rows order-bff.orders", "problem": "...", "trace": "..."  (each null if it passed)
            }
          ],
          "coverage": {"percentage": 96.2, "declarations": [...]}  (with --coverage)
        }
      ]
    }
    """
    results = [result for one in outcomes for result in one.results]
    systems = []
    for one in outcomes:
        told: dict[str, Any] = {
            "system": one.system,
            "problem": one.problem or None,
            "scenarios": [
                {
                    "name": result.name,
                    "scenario": result.sentence,
                    "passed": result.passed,
                    "seconds": round(result.seconds, 3),
                    "where": result.where or None,
                    "problem": result.problem or None,
                    "trace": result.trace or None,
                }
                for result in one.results
            ],
        }
        if covered is not None and one.system in covered:
            told["coverage"] = as_json(covered[one.system])
        systems.append(told)
    for name in sorted(set(covered or ()) - {one.system for one in outcomes}):
        told = {"system": name, "problem": None, "scenarios": [], "coverage": as_json((covered or {})[name])}
        systems.append(told)
    return {
        "version": VERSION,
        "passed": not findings and all(one.passed for one in outcomes),
        "seconds": round(seconds, 3),
        "summary": {
            "systems": len(outcomes),
            "passed": sum(result.passed for result in results),
            "failed": sum(not result.passed for result in results),
        },
        "diagnostics": list(findings),
        "systems": systems,
    }
