"""Tables, as rows of texts with the heading first: for a terminal, and for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.targets import Verdict

Rows = Sequence[tuple[str, ...]]


def verdicts(found: Iterable[Verdict]) -> list[tuple[str, ...]]:
    """The rows of a table of targets."""
    rows: list[tuple[str, ...]] = [("target", "limit", "measured", "verdict")]
    for each in found:
        sign = ">=" if each.at_least else "<="
        said = "reached" if each.reached else f"not reached, by {each.missed_by:.2f}x"
        rows.append((each.target, f"{sign} {each.limit:g}{each.unit}", f"{each.measured:.2f}{each.unit}", said))
    return rows


def as_text(rows: Rows) -> str:
    """The table for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )


def as_markdown(rows: Rows) -> str:
    """The table for a page."""
    heading, *body = rows
    rule = ("---", *("---:" for _ in heading[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *body))
