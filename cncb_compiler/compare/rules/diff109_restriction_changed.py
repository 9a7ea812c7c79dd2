"""JSON Schema restricts the values of a field otherwise.

## What it does
Finds fields of events and requests whose bounds, lengths or patterns differ (`minimum`, `maxLength`, `pattern`, ...).
They say no other type, and nothing that cncb makes holds values to them: `risky`, for those who read what was written
before, or check what they get, may rely on them.

## Example
```yaml
# before
types: {Order: {id: uuid, total: {type: integer, minimum: 0}}}
# after: refunds
types: {Order: {id: uuid, total: integer}}
```

## Mend
Ask those who are affected, or publish another event for what was not allowed before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers, consumers
from cncb_compiler.compare.restrictions import differing, written
from cncb_compiler.compare.settings import said
from cncb_compiler.model.command import Command

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF109", "restriction-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """One for each event, and for each command's request, on both sides."""
    before, after = (written(side.system.declared.types) for side in (compared.before, compared.after))
    for was, now in compared.events.both():
        found = differing(was.decl.with_, before, now.decl.with_, after)
        if found:
            yield RULE(
                Level.RISKY,
                f"event:{now.name}",
                f"event {now.name}: {said(found)}",
                before=was.at,
                after=now.at,
                affected=consumers(compared.after, now.name, "after", "listens to it"),
                mend="Ask those who are affected, or publish another event for what was not allowed before.",
            )
    for old, new in compared.declarations.both():
        if isinstance(old.decl, Command) and isinstance(new.decl, Command):
            found = differing(old.decl.input, before, new.decl.input, after)
            if found:
                yield RULE(
                    Level.RISKY,
                    new.name,
                    f"{new.noun}: {said(found)} in its input",
                    before=old.construct.at,
                    after=new.construct.at / "input",
                    affected=callers(old.construct, old.decl),
                    mend="Accept what callers send today too, or give the new form a route of its own.",
                )
