"""A function is set up otherwise, in what no other kind of change is about.

## What it does
Finds functions with another runtime, environment, log level, retention of logs, or patience with AWS. `risky`; only a
log level, or longer retention, is `safe`.

## Example
```yaml
# before
defaults: {logRetention: 90d}
# after
defaults: {logRetention: 7d}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF504", "function-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with other settings."""
    for pair in compared.functions:
        found = [
            (name, getattr(pair.old.settings, name), getattr(pair.new.settings, name))
            for name in NAMES
            if getattr(pair.old.settings, name) != getattr(pair.new.settings, name)
        ]
        if found:
            mild = all(name == "log_level" or (name == "log_retention_days" and now > was) for name, was, now in found)
            said = "; ".join(f"{NAMES[name]} {text(was, now)}" for name, was, now in found)
            yield RULE(
                Level.SAFE if mild else Level.RISKY,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name}: {said}",
                before=pair.old.at,
                after=pair.new.at,
            )


NAMES = {
    "runtime": "runtime",
    "log_level": "log level",
    "log_retention_days": "days that logs are kept:",
    "call_timeout": "seconds for each call of AWS:",
    "attempts": "attempts of each call of AWS:",
    "environment": "environment:",
}
"""The settings, with their names in a message."""


def text(was: object, now: object) -> str:
    """Two values; of environments the names alone, for values may be nobody else's business."""
    if isinstance(was, dict) and isinstance(now, dict):
        return ", ".join(
            f"{name} {'is new' if name not in was else 'is gone' if name not in now else 'differs'}"
            for name in sorted(was.keys() | now.keys())
            if was.get(name) != now.get(name)
        )
    return f"{now} instead of {was}"
