"""What cncb is to reach, and whether it does. Everything is judged within one run, so mostly as ratios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import editing, growth, subjects
from benchmarks.measure import Measurement

MEMORY_BYTES = 300_000_000
EDITED_LIMITS = {100: 1.5, 1000: 3.0}
"""What a check after an edit may take of the imports, by the number of services."""


@dataclass(frozen=True)
class Verdict:
    """One target, and what was measured."""

    target: str
    limit: float
    measured: float
    unit: str = "x"
    at_least: bool = False
    """The limit is a floor for what is measured, not a ceiling."""

    @property
    def reached(self) -> bool:
        """Whether the target holds."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def missed_by(self) -> float:
        """The factor between the limit and what was measured; 1 or less where it is reached."""
        return self.limit / self.measured if self.at_least else self.measured / self.limit


def exponents(measurements: Sequence[Measurement]) -> dict[str, float]:
    """The growth exponent of each subject that was measured at enough sizes."""
    names = dict.fromkeys(each.subject for each in measurements if each.services)
    fitted = {
        name: growth.exponent({each.services: each.seconds for each in measurements if each.subject == name})
        for name in names
    }
    return {name: value for name, value in fitted.items() if value is not None}


def _after_an_edit(measurements: Sequence[Measurement]) -> Iterator[Verdict]:
    """Checks after an edit beside imports, and keystrokes beside checks, size by size."""
    found = {(each.subject, each.services): each.seconds for each in measurements}
    for services, limit in EDITED_LIMITS.items():
        edited, imports = found.get((subjects.EDITED, services)), found.get((subjects.IMPORTS, services))
        if edited and imports:
            what = f"{subjects.EDITED}, against {subjects.IMPORTS}, at {services} services"
            yield Verdict(what, limit, edited / imports)
    for name in (editing.COMPLETION, editing.FINDINGS):
        keystroke = found.get((name, editing.SERVICES))
        beside = found.get((editing.CHECK_BESIDE, editing.SERVICES))
        if keystroke and beside:
            what = f"{name}, against a cold check, at {editing.SERVICES} services"
            yield Verdict(what, editing.LIMIT, keystroke / beside)


def verdicts(measurements: Sequence[Measurement]) -> Iterator[Verdict]:
    """Judge `measurements` at the largest size; a target of which a part was not measured is passed over."""
    grown = exponents(measurements)
    for name in (subjects.CHECK, subjects.COLD):
        if name in grown:
            yield Verdict(f"growth exponent of {name}", 1.1, grown[name], unit="")
    largest = max((each.services for each in measurements), default=0)
    by_name = {each.subject: each for each in measurements if each.services == largest}
    at = f"at {largest} services"
    floor = by_name.get(subjects.FLOOR)
    cold = by_name.get(subjects.COLD)
    unchanged = by_name.get(subjects.UNCHANGED)
    check = by_name.get(subjects.CHECK)
    for name in (subjects.DIFF, subjects.GRAPH):
        if check and name in by_name:
            yield Verdict(f"{name}, against {subjects.CHECK}, {at}", 3, by_name[name].seconds / check.seconds)
    yield from _after_an_edit(measurements)
    if cold and floor:
        yield Verdict(f"{subjects.COLD}, against the floor, {at}", 3, cold.seconds / floor.seconds)
    for peer in (subjects.SAM, subjects.SAM_LIBYAML):
        if cold and peer in by_name:
            ratio = by_name[peer].seconds / cold.seconds
            yield Verdict(f"{subjects.COLD}: faster than {peer}, {at}", 10, ratio, at_least=True)
    for peer in (subjects.TROPOSPHERE, subjects.ARCHITECT):
        if cold and peer in by_name:
            yield Verdict(f"{subjects.COLD}: level with {peer}, {at} (goal)", 1, cold.seconds / by_name[peer].seconds)
    if unchanged and floor:
        yield Verdict(f"{subjects.UNCHANGED}, against the floor, {at}", 0.5, unchanged.seconds / floor.seconds)
    for name in (subjects.CHECK, subjects.COLD, subjects.UNCHANGED):
        if name in by_name:
            peak = by_name[name].peak_bytes
            yield Verdict(f"peak memory of {name}, {at}", MEMORY_BYTES / 1e6, peak / 1e6, unit=" MB")
    started = {each.subject: each.seconds for each in measurements if not each.services}
    for name in (subjects.VERSION, subjects.HELP):
        if name in started:
            ratio = started[name] / started[subjects.IMPORT_CLICK]
            yield Verdict(f"{name}, against {subjects.IMPORT_CLICK}", 1.25, ratio)
