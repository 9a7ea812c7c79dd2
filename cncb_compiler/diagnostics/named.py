"""Rules as users name them: by code (`CNCB304`) or by name (`unknown-field`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.mend import Change, Mend, did_you_mean
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.location import Location


class Named:
    """Looks rules up; the catalogue is loaded at the first question."""

    def __init__(self, rules: Callable[[], Iterable[Rule]]) -> None:
        self._rules = rules

    @cached_property
    def _by_name(self) -> dict[str, Rule]:
        rules = list(self._rules())
        return {rule.slug: rule for rule in rules} | {rule.code: rule for rule in rules}

    def rule(self, name: str) -> Rule | None:
        """The rule with this code or name."""
        return self._by_name.get(name)

    def unknown(self, at: Location, name: str) -> Diagnostic:
        """The finding that no rule has this code or name."""
        from cncb_compiler.rules.cncb092_unknown_rule import RULE as UNKNOWN_RULE

        near = did_you_mean(name, self._by_name, at) or did_you_mean(name.upper(), self._by_name, at)
        guess = f" {near.text}" if near else ""
        mend = Mend("`cncb rules` lists them all.", near.edits if near else ())
        return UNKNOWN_RULE(at, f"`{name}` is not the code or name of a rule.{guess}", mend=mend)

    def not_ignorable(self, at: Location, rule: Rule, removal: tuple[Change, ...] = ()) -> Diagnostic:
        """The finding that somebody wants to silence a rule that cannot be silent; `removal` removes that."""
        from cncb_compiler.rules.cncb093_not_ignorable import RULE as NOT_IGNORABLE

        return NOT_IGNORABLE(
            at,
            f"{rule.code} ({rule.slug}) cannot be ignored or lowered; it says what could not be understood.",
            mend=Mend("Mend what it finds, and remove this.", removal),
        )
