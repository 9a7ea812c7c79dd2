"""Linking what is searched: the index of a view, and what its queries find documents by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Add, Mend, Put, Remove, chosen, did_you_mean
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.system import Construct, LinkedProjection, LinkedSearch, LinkedStore
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.model.query import Query, Search
from cncb_compiler.model.view import View
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb209_unknown_search_field import RULE as UNKNOWN_SEARCH_FIELD
from cncb_compiler.rules.cncb210_unfit_search_field import RULE as UNFIT_SEARCH_FIELD
from cncb_compiler.rules.cncb223_part_of_document import RULE as PART_OF_DOCUMENT
from cncb_compiler.rules.cncb224_ignored_parameter import RULE as IGNORED_PARAMETER
from cncb_compiler.rules.cncb225_not_searchable import RULE as NOT_SEARCHABLE
from cncb_compiler.schema.indexing import TEXT, IndexedField, indexed_fields
from cncb_compiler.schema.types import Field, ListOf, Record, Scalar, Type
from cncb_compiler.source.location import Location

PARAMETERS = ("q", "sort", "limit", "cursor")
"""What a caller says beside the filters."""
URL = "url"
"""Where the object is that an indexed document is of; no field of the document."""

_Problem: TypeAlias = Callable[[IndexedField, Location], Diagnostic | None]


def link_search(
    linking: Linking, decl: Query, at: Location, store: LinkedStore, given: Collection[str]
) -> tuple[LinkedStore, LinkedSearch] | None:
    """What a query searches and by which fields; `given` are the parameters of its path."""
    source = store if store.kind == "opensearch" else store.index
    if source is None:
        linking.diagnostics.append(
            NOT_SEARCHABLE(
                (at / "search").key(),
                f"`{store.name}` has no search index",
                mend="Say `kind: opensearch` of the view, or `index: [FIELD]` of an s3 view.",
                related=(Related(store.construct.at.key(), f"`{store.name}` is declared here"),),
            )
        )
        return None
    if decl.search is not None and (decl.key is not None or decl.index is not None):
        said = "key" if decl.key is not None else "index"
        linking.diagnostics.append(
            INCOMPLETE((at / said).key(), f"it says `search` and `{said}`", mend="Keep one of the two.")
        )
        return None
    search = decl.search or Search()
    fields = indexed_fields(source.record, linking.table)
    linked = LinkedSearch(
        text=tuple(_named(linking, search.text, fields, source, at / "search" / "text", _text)),
        filters=_named(linking, search.filters, fields, source, at / "search" / "filters", _filter),
        sort=_named(linking, search.sort, fields, source, at / "search" / "sort", _sort),
    )
    filters = at / "search" / "filters"
    for name in given:
        if name not in search.filters:
            linking.diagnostics.append(
                IGNORED_PARAMETER(
                    (at / "route").key(),
                    f"`{name}` of the path filters nothing: each call finds the same",
                    mend=chosen(
                        f"Add `{name}` to `filters`, or take it out of the route.",
                        Put(filters, f"[{', '.join((*search.filters, name))}]")
                        if search.filters
                        else Add(filters, name),
                    ),
                )
            )
    searched = source if source is store else with_url(source)
    return searched, linked


def with_url(index: LinkedStore) -> LinkedStore:
    """The index of an s3 view as its queries see it: each document with the URL of its object."""
    record = Record({**index.record.fields, URL: Field(Scalar("string", "uri"))}, index.record.open)
    return LinkedStore(
        index.construct, index.name, index.purpose, index.kind, record, index.key_names, {}, None, "on-demand"
    )


def check_whole_documents(linking: Linking, construct: Construct, projections: Iterable[LinkedProjection]) -> None:
    """Report events that set other fields of a document than the first one does: a document is written as a whole."""
    written = [one for one in projections if one.fields is not None and isinstance(one.fields.tree, Nested)]
    for one in written[1:]:
        if _names(one) != _names(written[0]):
            linking.diagnostics.append(
                PART_OF_DOCUMENT(
                    one.at.key(),
                    f"`{one.event}` sets other fields of the documents of `{construct.name}` than `{written[0].event}`",
                    mend="Let each event set the same fields, or collect the events (`collect`).",
                    related=(Related(written[0].at.key(), f"`{written[0].event}` sets {_listed(_names(written[0]))}"),),
                )
            )


def object_index(linking: Linking, construct: Construct, decl: View, store: LinkedStore) -> LinkedStore | None:
    """The search index of the objects of an s3 view: their key, and the fields that `index` names."""
    at = construct.at / "index"
    if not decl.index:
        return None
    if decl.collect is not None and decl.kind == "s3":
        mend = "Say `kind: opensearch` instead of `index`."
        linking.diagnostics.append(INCOMPLETE(at.key(), "collected objects are not indexed", mend=mend))
        return None
    if decl.kind != "s3":
        other = "Say `kind: s3`, or `kind: opensearch` without `index`."
        mended = Mend("Remove it.", (Remove(at),)) if decl.kind == "opensearch" else other
        linking.diagnostics.append(INCOMPLETE(at.key(), "only the objects of an s3 view are indexed", mend=mended))
        return None
    fields = {name: field for name, field in store.record.fields.items() if name in store.key_names}
    for number, name in enumerate(decl.index):
        place = at / number if len(decl.index) > 1 else at
        if name in store.record.fields:
            fields[name] = store.record.fields[name]
        else:
            linking.diagnostics.append(_unknown(name, store.record.fields, store, place))
    if URL in fields:
        linking.diagnostics.append(
            UNFIT_SEARCH_FIELD(at, "`url` is where queries put the URL of the object", mend="Rename the field.")
        )
    name = f"{construct.name}-index"
    return LinkedStore(
        construct,
        name,
        "index",
        "opensearch",
        Record(fields),
        store.key_names,
        {},
        None,
        "on-demand",
        generation=store.generation,
    )


def _named(
    linking: Linking,
    names: tuple[str, ...],
    fields: Mapping[str, IndexedField],
    store: LinkedStore,
    at: Location,
    problem: _Problem,
) -> dict[str, IndexedField]:
    found: dict[str, IndexedField] = {}
    for number, name in enumerate(names):
        place = at / number if len(names) > 1 else at
        wrong = _unfit(name, fields, store, linking, place) if name not in fields else problem(fields[name], place)
        if wrong is None:
            found[name] = fields[name]
        else:
            linking.diagnostics.append(wrong)
    return found


def _unfit(
    name: str, fields: Mapping[str, IndexedField], store: LinkedStore, linking: Linking, at: Location
) -> Diagnostic:
    """Why a name is none of the fields that something can be found by."""
    type_ = _type_at(name, store.record, linking)
    if type_ is None:
        return _unknown(name, fields, store, at)
    within = [path for path in fields if path.startswith(f"{name}.")]
    mend = f"Name a field in it: {', '.join(f'`{path}`' for path in within)}." if within else "Name another field."
    return UNFIT_SEARCH_FIELD(
        at, f"nothing can be found by `{name}`, of which the index does not look inside", mend=mend
    )


def _type_at(path: str, record: Record, linking: Linking) -> Type | None:
    type_: Type = record
    for part in path.split("."):
        type_ = linking.table.resolve(type_)
        while isinstance(type_, ListOf):
            type_ = linking.table.resolve(type_.item)
        if not isinstance(type_, Record) or part not in type_.fields:
            return None
        type_ = type_.fields[part].type
    return type_


def _unknown(name: str, known: Iterable[str], store: LinkedStore, at: Location) -> Diagnostic:
    names = list(known)
    listed = f"Fields: {', '.join(f'`{field}`' for field in names)}."
    return UNKNOWN_SEARCH_FIELD(
        at,
        f"`{name}` is not a field of `{store.name}`",
        mend=did_you_mean(name, names, at) or listed,
        related=(Related(store.construct.at.key(), f"`{store.construct.name}` is declared here"),),
    )


def _text(field: IndexedField, at: Location) -> Diagnostic | None:
    if field.kind == TEXT:
        return None
    message = f"`{field.path}` has no words to look for: it is held as {_NOUNS[field.kind]}"
    return UNFIT_SEARCH_FIELD(at, message, mend="Put it under `filters`.")


def _filter(field: IndexedField, at: Location) -> Diagnostic | None:
    if field.path not in PARAMETERS:
        return None
    message = f"`{field.path}` is a parameter of every search, and so cannot be a filter's"
    return UNFIT_SEARCH_FIELD(at, message, mend="Rename the field.")


def _sort(field: IndexedField, at: Location) -> Diagnostic | None:
    if not field.several:
        return None
    message = f"`{field.path}` has several values, of which none can be sorted by"
    return UNFIT_SEARCH_FIELD(at, message, mend="Name a field with one value.")


_NOUNS = {
    "keyword": "a whole",
    "date": "a date",
    "date-time": "a date",
    "timestamp": "a time",
    "long": "a number",
    "double": "a number",
    "boolean": "true or false",
}


def _names(projection: LinkedProjection) -> tuple[str, ...]:
    tree = projection.fields.tree if projection.fields else None
    return tuple(sorted(tree.fields)) if isinstance(tree, Nested) else ()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
