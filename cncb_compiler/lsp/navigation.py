"""Definition, references and rename: of what stands at a character, over all files of a system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from cncb_compiler.diagnostics.fix import Replacement
from cncb_compiler.graph.vocabulary import DEFAULT_STREAM
from cncb_compiler.lsp.symbols import Occurrence, Symbol
from cncb_compiler.model.base import NAME_PATTERN, TYPE_PATTERN
from cncb_compiler.source.scalars import resolve

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Symbols = Mapping[Symbol, Sequence[Occurrence]]


class RenameError(Exception):
    """The name cannot be changed so; the message tells why."""


def at(found: Iterable[Occurrence], offset: int) -> Occurrence | None:
    """The occurrence that a character belongs to; the end of a name is part of it, as for a cursor behind it."""
    return next((one for one in found if one.start <= offset <= one.end), None)


def definitions(symbol: Symbol, symbols: Symbols) -> list[Occurrence]:
    """Where a symbol is declared: once, unless that is an error."""
    return [one for one in symbols.get(symbol, ()) if one.declares]


def references(symbol: Symbol, symbols: Symbols, *, declaration: bool) -> list[Occurrence]:
    """Where a symbol is used; with `declaration`, also where it is declared."""
    return [one for one in symbols.get(symbol, ()) if declaration or not one.declares]


def renamed(symbol: Symbol, new: str, symbols: Symbols) -> list[Replacement]:
    """What has to be replaced so that a symbol has another name. Raises RenameError."""
    form = TYPE_PATTERN if symbol.kind == "type" else NAME_PATTERN
    if re.fullmatch(form, new) is None or not isinstance(resolve(new), str):
        raise RenameError(f"`{new}` cannot be a name of this kind: {symbol.kind}.")
    if not definitions(symbol, symbols):
        raise RenameError(f"`{symbol.name}` is not declared in this system.")
    if symbol == Symbol("stream", DEFAULT_STREAM):
        raise RenameError(f"Events that name no stream travel on `{DEFAULT_STREAM}`: its name cannot change.")
    if new != symbol.name and Symbol(symbol.kind, new, symbol.service) in symbols:
        raise RenameError(f"There is a {symbol.kind} `{new}` already.")
    return [Replacement(one.file, one.start, one.end, _written(one, new)) for one in symbols[symbol]]


def _written(one: Occurrence, new: str) -> str:
    """The name as it has to be written at an occurrence."""
    if one.bare and not _WORD.fullmatch(new):
        raise RenameError(f"`{new}` needs quotes in an expression of `{one.file}`: put `{one.symbol.name}` in them.")
    return new
