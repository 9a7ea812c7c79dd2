"""The answers to what a client asks about a place, in the protocol's words."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from cncb_compiler.fmt.layout import format_text
from cncb_compiler.lsp import completion, hover, keys, lens, navigation, outlines
from cncb_compiler.lsp.cursor import cursors
from cncb_compiler.lsp.expressions import declared_at, field_at, mapping_at
from cncb_compiler.lsp.findings import View, actions
from cncb_compiler.lsp.session import Place, Server
from cncb_compiler.lsp.symbols import Symbol
from cncb_compiler.source.location import Location

ITEM_KINDS = {
    "key": types.CompletionItemKind.Property,
    "name": types.CompletionItemKind.Reference,
    "word": types.CompletionItemKind.EnumMember,
    "type": types.CompletionItemKind.Class,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
}

SYMBOL_KINDS = {
    "event": types.SymbolKind.Event,
    "type": types.SymbolKind.Struct,
    "service": types.SymbolKind.Module,
    "stream": types.SymbolKind.Interface,
    "store": types.SymbolKind.Class,
    "outlet": types.SymbolKind.Interface,
}


def definition(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
    """Where the name or field at a place is declared."""
    place = ls.place(params.text_document.uri, params.position)
    return list(_definitions(place)) if place else []


def references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    """Where the name at a place stands, in topologies and scenarios."""
    place = ls.place(params.text_document.uri, params.position)
    one = place.occurrence() if place else None
    if place is None or one is None:
        return []
    symbols = place.symbols()
    found = navigation.references(one.symbol, symbols, declaration=params.context.include_declaration)
    return [place.view.location(each.file, each.start, each.end) for each in found]


def prepare_rename(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
    """The name that would be changed. Raises RenameError."""
    place = ls.place(params.text_document.uri, params.position)
    one = place.occurrence() if place else None
    if place is None or one is None:
        raise navigation.RenameError("Here is no name of the system.")
    _check_renamable(place, one.symbol)
    return types.PrepareRenamePlaceholder(place.view.range(one.file, one.start, one.end), one.symbol.name)


def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit:
    """The edits that give the name at a place another. Raises RenameError."""
    place = ls.place(params.text_document.uri, params.position)
    one = place.occurrence() if place else None
    if place is None or one is None:
        raise navigation.RenameError("Here is no name of the system.")
    _check_renamable(place, one.symbol)
    return place.view.edit(navigation.renamed(one.symbol, params.new_name, place.symbols()))


def _check_renamable(place: Place, symbol: Symbol) -> None:
    system = place.system
    system.analyse(place.buffers)
    repeated = system.repeats_services(place.buffers)
    navigation.check_renamable(symbol, place.symbols(), system.root, repeated=repeated, broken=system.broken)


def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What is known of the name, field, key and findings at a place."""
    place = ls.place(params.text_document.uri, params.position)
    said = list(filter(None, _told(place))) if place else []
    if not said:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(said)))


def completed(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    """What may be written at a place."""
    place = ls.place(params.text_document.uri, params.position)
    if place is None:
        return []
    symbols = place.symbols()
    offered = completion.offers(place.index.text, place.offset, place.file, symbols, place.system.linked)
    return [
        types.CompletionItem(
            one.label,
            kind=ITEM_KINDS[one.kind],
            detail=one.detail or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, one.documentation)
            if one.documentation
            else None,
        )
        for one in offered
    ]


def mends(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The mends of what is found in a range, and of all of its file."""
    start = ls.place(params.text_document.uri, params.range.start)
    end = ls.place(params.text_document.uri, params.range.end)
    if start is None or end is None:
        return []
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    return actions(ls.found(start.system), start.file, start.offset, end.offset, start.view, only)


def laid_out(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """What `cncb fmt` would change in a file: nothing where it is not YAML."""
    located = ls.located(params.text_document.uri)
    if located is None:
        return []
    system, file = located
    view = ls.view(system)
    index = view.sources.index(file)
    if index is None:
        return []
    text, _ = format_text(index.text, file)
    return view.changed(file, text)


def outlined(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """The declarations of a file, nested."""
    located = ls.located(params.text_document.uri)
    view = ls.view(located[0]) if located else None
    index = view.sources.index(located[1]) if located and view else None
    if located is None or view is None or index is None:
        return []
    return [_symbol(one, located[1], view) for one in outlines.outline(index)]


def _symbol(one: outlines.Declared, file: str, view: View) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one.name,
        kind=types.SymbolKind.Namespace if one.section else types.SymbolKind.Object,
        range=view.range(file, one.start, one.end),
        selection_range=view.range(file, *one.key),
        children=[_symbol(inner, file, view) for inner in one.inside] or None,
    )


def searched(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """The declared names of all known systems in which the letters of a query come in order."""
    found = []
    for system in list(ls.files.systems.values()):
        view = ls.view(system)
        for symbol, occurrences in system.symbols(ls.files.buffers).items():
            if navigation.like(params.query, symbol.name):
                found += [
                    types.WorkspaceSymbol(
                        location=view.location(one.file, one.start, one.end),
                        name=symbol.name,
                        kind=SYMBOL_KINDS[symbol.kind],
                        container_name=symbol.service or None,
                    )
                    for one in occurrences
                    if one.declares
                ]
    return found


def counted(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Above each event of a file: how many publish and consume it, and where."""
    located = ls.located(params.text_document.uri)
    linked = located[0].linked if located else None
    view = ls.view(located[0]) if located else None
    index = view.sources.index(located[1]) if located and view else None
    if located is None or linked is None or view is None or index is None:
        return []
    return [
        types.CodeLens(view.range(located[1], start, end), types.Command(title, ""))
        for title, start, end in lens.counts(located[0].occurrences(located[1], index), linked)
    ]


def _definitions(place: Place) -> Iterator[types.Location]:
    one = place.occurrence()
    if one is not None:
        for each in navigation.definitions(one.symbol, place.symbols()):
            yield place.view.location(each.file, each.start, each.end)
        return
    at = _field_declared(place)
    index = place.view.sources.index(at.file) if at else None
    span = index.span(at) if index and at else None
    if at and span:
        yield place.view.location(at.file, *span)


def _field_declared(place: Place) -> Location | None:
    """Where the field that an expression names here is declared."""
    linked = place.system.linked
    for cursor in cursors(place.index.text, place.offset)[:1]:
        mapping = mapping_at(linked, place.file, cursor.path) if linked and not cursor.on_key else None
        if linked and mapping:
            known = field_at(cursor.before + cursor.after, len(cursor.before), mapping, linked.types)
            return declared_at(known[0], mapping, linked) if known else None
    return None


def _told(place: Place) -> Iterator[str | None]:
    """The name, field or key that stands at a place, and the rules of what is found there."""
    system, one = place.system, place.occurrence()
    analysis = system.analysis
    if one is not None and system.linked is not None:
        yield hover.about(one.symbol, system.linked)
    for cursor in cursors(place.index.text, place.offset)[:1]:
        if cursor.on_key:
            path = (*cursor.path, cursor.before + cursor.after)
            yield keys.documentation(path, keys.root_of(place.file, service=cursor.service is not None))
        elif one is None and system.linked is not None:
            mapping = mapping_at(system.linked, place.file, cursor.path)
            text = cursor.before + cursor.after
            known = field_at(text, len(cursor.before), mapping, system.linked.types) if mapping else None
            yield hover.field(*known) if known else None
    if analysis is not None:
        here = [
            found
            for found in [*analysis.found, *system.late]
            if found.at.file == place.file and _covers(place.view.span(found), place.offset)
        ]
        yield hover.of_findings(here)


def _covers(span: tuple[int, int], offset: int) -> bool:
    return span[0] <= offset <= span[1] and span != (0, 0)
