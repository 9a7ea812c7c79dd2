"""Definition, references and rename: of what stands at a character, over all files of a system."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from cncb_compiler.diagnostics.fix import Replacement
from cncb_compiler.graph.vocabulary import DEFAULT_STREAM
from cncb_compiler.hooks.source import HOOKS_FOLDER
from cncb_compiler.lsp.names import OF_A_SERVICE
from cncb_compiler.lsp.symbols import Occurrence, Symbol
from cncb_compiler.model.base import NAME_PATTERN, TYPE_PATTERN
from cncb_compiler.model.problems import FORMS
from cncb_compiler.source.scalars import resolve

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Symbols = Mapping[Symbol, Sequence[Occurrence]]


class RenameError(Exception):
    """The name cannot be changed so; the message tells why."""


def at(found: Iterable[Occurrence], offset: int, symbols: Callable[[], Symbols]) -> Occurrence | None:
    """The occurrence that a character belongs to; the end of a name is part of it, as for a cursor behind it.

    Of several, one whose symbol is declared; `symbols` is asked only then.
    """
    here = [one for one in found if one.start <= offset <= one.end]
    if len(here) < 2:
        return here[0] if here else None
    known = symbols()
    return next((one for one in here if definitions(one.symbol, known)), here[0])


def definitions(symbol: Symbol, symbols: Symbols) -> list[Occurrence]:
    """Where a symbol is declared: once, unless that is an error."""
    return [one for one in symbols.get(symbol, ()) if one.declares]


def references(symbol: Symbol, symbols: Symbols, *, declaration: bool) -> list[Occurrence]:
    """Where a symbol is used; with `declaration`, also where it is declared."""
    return [one for one in symbols.get(symbol, ()) if declaration or not one.declares]


def like(query: str, name: str) -> bool:
    """Whether the letters of a query come in a name, in their order, whatever their case."""
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold())


def check_renamable(
    symbol: Symbol, symbols: Symbols, root: Path, *, repeated: bool, broken: Iterable[str] = ()
) -> None:
    """Refuse a name that cannot be changed, whatever the new one is. Raises RenameError.

    `root` is the system's folder; `repeated`: some service is an alias of another; `broken`: files that are no YAML.
    """
    unread = sorted(broken)
    if unread:
        raise RenameError(f"`{unread[0]}` cannot be read now, and may hold the name too: mend it first.")
    if not definitions(symbol, symbols):
        raise RenameError(f"`{symbol.name}` is not declared in this system.")
    if symbol == Symbol("stream", DEFAULT_STREAM):
        raise RenameError(f"Events that name no stream travel on `{DEFAULT_STREAM}`: its name cannot change.")
    if symbol.kind in OF_A_SERVICE and repeated:
        raise RenameError("A service is an alias of another here, and a name may stand in both: rename it by hand.")
    if symbol.kind == "service" and (root / HOOKS_FOLDER / symbol.name).is_dir():
        raise RenameError(
            f"The hooks of `{symbol.name}` live in `{HOOKS_FOLDER}/{symbol.name}`: rename the folder and the service "
            "by hand, together."
        )


def renamed(symbol: Symbol, new: str, symbols: Symbols) -> list[Replacement]:
    """What has to be replaced so that a symbol, which is declared, has another name. Raises RenameError."""
    form = TYPE_PATTERN if symbol.kind == "type" else NAME_PATTERN
    if re.fullmatch(form, new) is None:
        raise RenameError(f"`{new}` cannot be a name here: it does not have the form {FORMS[form]}.")
    if not isinstance(resolve(new), str):
        raise RenameError(f"`{new}` cannot be a name here: YAML does not read it as text.")
    if new != symbol.name and definitions(Symbol(symbol.kind, new, symbol.service), symbols):
        raise RenameError(f"There is a {symbol.kind} `{new}` already.")
    return [Replacement(one.file, one.start, one.end, _written(one, new)) for one in symbols[symbol]]


def _written(one: Occurrence, new: str) -> str:
    """The name as it has to be written at an occurrence."""
    if one.bare and not _WORD.fullmatch(new):
        raise RenameError(f"`{new}` needs quotes in an expression of `{one.file}`: put `{one.symbol.name}` in them.")
    return new
