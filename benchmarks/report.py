"""The report of a run: as a table on the terminal, as a page of Markdown, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from benchmarks import listeners, subjects, tables, targets
from benchmarks.listeners import Listeners
from benchmarks.measure import Measurement

_HEADINGS = (
    "subject",
    "services",
    "runs",
    "median s",
    "spread",
    "ms/service",
    "x floor",
    "peak MB",
    "growth",
)
_MADE_HEADINGS = ("subject", "files/service", "KB/service", "resources/service")


@dataclass(frozen=True)
class Report:
    """Everything that one run found."""

    measurements: tuple[Measurement, ...]
    versions: dict[str, str]
    """The version of each program and library that was measured."""
    notes: tuple[str, ...]
    """What was left out, and why."""
    listeners: Listeners | None = None
    """What was found of listeners that run; None where they were not measured."""


def times(report: Report) -> list[tuple[str, ...]]:
    """The rows of the table of times, the heading first."""
    grown = targets.exponents(report.measurements)
    largest = max((each.services for each in report.measurements), default=0)
    floors = {each.services: each.seconds for each in report.measurements if each.subject == subjects.FLOOR}
    rows: list[tuple[str, ...]] = [_HEADINGS]
    for each in report.measurements:
        floor = floors.get(each.services)
        growth = grown.get(each.subject) if each.services == largest else None
        row = (
            each.subject,
            str(each.services or ""),
            str(len(each.runs)),
            f"{each.seconds:.3f}",
            f"±{(max(each.runs) - min(each.runs)) / 2 / each.seconds:.0%}",
            f"{each.seconds / each.services * 1000:.2f}" if each.services else "",
            f"{each.seconds / floor:.2f}" if floor else "",
            f"{each.peak_bytes / 1e6:.0f}" if each.services and each.peak_bytes else "",
            f"{growth:.2f}" if growth is not None else "",
        )
        rows.append(row)
    return rows


def made(report: Report) -> list[tuple[str, ...]]:
    """The rows of the table of what was written at the largest size, the heading first."""
    largest = max((each.services for each in report.measurements), default=0)
    rows: list[tuple[str, ...]] = [_MADE_HEADINGS]
    for each in report.measurements:
        if each.made is not None and each.services == largest:
            parts = (each.made.files, each.made.bytes / 1000, each.made.resources)
            rows.append((each.subject, *(f"{part / largest:.1f}" for part in parts)))
    return rows


def judged(report: Report) -> list[tuple[str, ...]]:
    """The rows of the table of targets, the heading first."""
    return tables.verdicts(targets.verdicts(report.measurements))


def as_text(report: Report) -> str:
    """The whole report for a terminal."""
    found = [tables.as_text(rows) for rows in (times(report), made(report), judged(report)) if len(rows) > 1]
    text = "\n".join([*(f"{table}\n" for table in found), f"With {_versions(report)}.", *report.notes]) + "\n"
    return text if report.listeners is None else f"{text}\n{listeners.as_text(report.listeners)}"


def as_json(report: Report) -> str:
    """The whole report as JSON: every run in seconds, exponents, verdicts."""
    found = {
        "measurements": [{**asdict(each), "seconds": each.seconds} for each in report.measurements],
        "exponents": targets.exponents(report.measurements),
        "verdicts": [
            {**asdict(each), "reached": each.reached, "missed_by": each.missed_by}
            for each in targets.verdicts(report.measurements)
        ],
        "versions": report.versions,
        "notes": report.notes,
        "listeners": None if report.listeners is None else listeners.as_values(report.listeners),
    }
    return json.dumps(found, indent=2) + "\n"


def as_markdown(report: Report) -> str:
    """The page of the documentation: the method, then the tables of this run."""
    method = (subjects.HERE / "method.md").read_text(encoding="utf-8")
    found = {
        "Targets": judged(report),
        "Time, memory and growth": times(report),
        "What was made": made(report),
    }
    parts = [
        method,
        "## Latest run\n",
        f"With {_versions(report)}.\n",
        *(f"- {note}\n" for note in report.notes),
    ]
    parts += [f"### {title}\n\n{tables.as_markdown(rows)}\n" for title, rows in found.items() if len(rows) > 1]
    if report.listeners is not None:
        parts.append(listeners.as_markdown(report.listeners))
    return "\n".join(parts)


def _versions(report: Report) -> str:
    return ", ".join(f"{name} {version}" for name, version in report.versions.items())
