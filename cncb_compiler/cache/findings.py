"""Findings as plain values, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Add, Change, Edit, Put, Remove
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
            [_edit(edit) for edit in one.edits],
            one.sure,
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
            tuple(_KINDS[kind](_location(place), *texts) for kind, place, *texts in edits),
            sure,
        )
        for code, slug, severity, at, message, mend, related, edits, sure in values
    ]


_KINDS: Mapping[str, Callable[..., Edit]] = {"change": Change, "put": Put, "add": Add, "remove": Remove}


def _edit(edit: Edit) -> list[Any]:
    match edit:
        case Change():
            return ["change", _place(edit.at), edit.old, edit.new]
        case Put():
            return ["put", _place(edit.at), edit.value]
        case Add():
            return ["add", _place(edit.at), edit.value]
        case Remove():
            return ["remove", _place(edit.at)]


def _place(at: Location) -> list[Any]:
    return [at.file, at.path, at.on_key, at.span]


def _location(values: list[Any]) -> Location:
    file, path, on_key, span = values
    return Location(file, tuple(path), on_key, tuple(span) if span is not None else None)
