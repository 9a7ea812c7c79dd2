"""Findings as plain values, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Edit
from cncb_compiler.source.location import Location


def as_values(found: Iterable[Diagnostic]) -> list[Any]:
    """Findings as lists of texts and numbers, which JSON can hold."""
    return [
        [
            one.code,
            one.slug,
            one.severity.value,
            _place(one.at),
            one.message,
            one.mend,
            [[_place(related.at), related.message] for related in one.related],
            [[_place(edit.at), edit.old, edit.new] for edit in one.edits],
        ]
        for one in found
    ]


def of_values(values: Iterable[Any]) -> list[Diagnostic]:
    """The findings that `as_values` made values of."""
    return [
        Diagnostic(
            code,
            slug,
            Severity(severity),
            _location(at),
            message,
            mend,
            tuple(Related(_location(place), said) for place, said in related),
            tuple(Edit(_location(place), old, new) for place, old, new in edits),
        )
        for code, slug, severity, at, message, mend, related, edits in values
    ]


def _place(at: Location) -> list[Any]:
    return [at.file, at.path, at.on_key, at.span]


def _location(values: list[Any]) -> Location:
    file, path, on_key, span = values
    return Location(file, tuple(path), on_key, tuple(span) if span is not None else None)
