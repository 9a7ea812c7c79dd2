"""What `cncb export` does once it is called: the part of the system, its files, and where they go."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cncb_compiler.cli.common import FINDINGS, fail, found_systems, rendered, report
from cncb_compiler.cli.selecting import selection
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.export.part import Part, communicating, of_service, part_of
from cncb_compiler.export.text import to_json, to_yaml
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.select.grammar import NothingNamedError
from cncb_compiler.source.sources import Sources

if TYPE_CHECKING:
    from cncb_compiler.export.backstage import Wanted

ENDINGS = frozenset({".json", ".yaml", ".yml"})
"""What a FILE ends in; anything else is a folder."""

MARK = "Made by cncb export"
"""Stands near the beginning of each single file that is exported: it may be written over."""

NAMESPACE = r"(?=.{1,63}\Z)[a-z0-9]+(-[a-z0-9]+)*"
"""Backstage's namespaces (Descriptor Format of Catalog Entities: metadata.namespace)."""

_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Files:
    """Files of an export, by name below its folder. `kept` says which entries of the folder this format may remove."""

    texts: Mapping[str, bytes]
    belongs: re.Pattern[str]


def part(path: Path | None, selected: tuple[str, ...], excluded: tuple[str, ...]) -> Part:
    """The asked part of the system; ends the command where there is none, or where the system has errors."""
    sources = found_systems(path)
    if len(sources) > 1:
        names = ", ".join(str(source.root) for source in sources[:5])
        fail(f"an export is of one system; PATH holds {len(sources)}: {names}, ... Name one of them.")
    analysis = analyse(sources[0])
    shown = analysis.shown()
    if has_errors(shown):
        click.echo(report([(sources[0], shown)], "text"), err=True, nl=False)
        raise SystemExit(FINDINGS)
    try:
        return part_of(analysis.linked, selection(analysis, selected, excluded))
    except NothingNamedError as error:
        fail(str(error))


def is_file(output: Path | None) -> bool:
    """Whether `-o` names one file, by its ending."""
    return output is not None and output.suffix in ENDINGS and not output.is_dir()


def asyncapi(part: Part, output: Path | None, version: str) -> str | Files:
    """One document, or one for each service."""
    from cncb_compiler.export.asyncapi import document

    if output is None or is_file(output):
        made = document(part, version)
        if output is not None and output.suffix == ".json":
            return to_json(made).decode()
        return to_yaml(made)
    texts = {
        f"{name}.asyncapi.yaml": to_yaml(document(of_service(part, name), version)).encode()
        for name in communicating(part)
    }
    return Files(texts, re.compile(r"[^/]+\.asyncapi\.yaml"))


def json_schemas(part: Part, output: Path | None, base_uri: str | None) -> str | Files:
    """One schema, or a folder of them."""
    from cncb_compiler.export.json_schema import base_uri as default_base
    from cncb_compiler.export.json_schema import documents, event_document

    base = base_uri or default_base(part.system.name)
    if output is None or is_file(output):
        if len(part.events) != 1:
            fail(f"{len(part.events)} events have as many schemas: name a folder with `-o`, or select one event.")
        return to_json(event_document(part, part.events[0], base)).decode()
    texts = {name: to_json(schema) for name, schema in documents(part, base).items()}
    return Files(texts, re.compile(r"events|types"))


def write_catalogue(part: Part, output: Path, version: str) -> None:
    """EventCatalog's pages of a system, and of its teams, which other systems may share."""
    from cncb_compiler.export.eventcatalog import catalogue

    made = catalogue(part, version)
    write_folder(output / "domains" / part.system.name, Files(made.domain, re.compile(".*")), part.whole)
    if made.teams:
        write_folder(output / "teams", Files(made.teams, re.compile(".*")), whole=False)


def write_entities(part: Part, output: Path | None, wanted: Wanted) -> None:
    """Backstage's entities, in one file."""
    from cncb_compiler.export.backstage import entities
    from cncb_compiler.export.text import to_documents

    if re.fullmatch(NAMESPACE, wanted.namespace) is None:
        fail(f"`{wanted.namespace}` is no namespace: small letters, digits and single dashes, at most 63.")
    if not wanted.lifecycle.strip():
        fail("a lifecycle is a word, such as `production`.")
    if output is not None and not (is_file(output) and output.suffix != ".json"):
        fail(f"`{output}` does not end in .yaml or .yml: Backstage's entities are one YAML file.")
    deliver(part, output, f"# {MARK} backstage.\n{to_documents(entities(part, wanted))}")


def deliver(part: Part, output: Path | None, made: str | Files) -> None:
    """Print or write what was made, and tell what was written."""
    if isinstance(made, Files):
        assert output is not None
        write_folder(output, made, part.whole)
    elif output is None:
        click.echo(made, nl=False)
    else:
        write_file(output, made)


def write_file(path: Path, text: str) -> None:
    """Write a single file, all of it or nothing; over what cncb has made, but over nothing else."""
    try:
        before = path.read_bytes() if path.exists() else None
        if before == text.encode():
            click.echo(f"{path}: unchanged")
            return
        if before is not None and MARK.encode() not in before[:_LOOKED_AT]:
            fail(f"`{path}` was not made by `cncb export`, and is not written over. Move it, or name another file.")
        _replace(path, text)
    except OSError as error:
        fail(f"`{path}` cannot be written: {error.strerror or error}.")
    click.echo(f"{path}: {'created' if before is None else 'changed'}")


def _replace(path: Path, text: str) -> None:
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".cncb-", dir=target.parent)
    waiting = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        waiting.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        waiting.replace(target)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Files, whole: bool) -> None:
    """Write a folder as a compile writes its output; of a part of the system, the rest stays as it is."""
    from cncb_compiler.write.staging import Staging

    target = folder.resolve()
    only = _replaced(target, files) if whole else frozenset()
    with Staging(target.parent, target.name, only=only) as staging:
        for name, content in files.texts.items():
            staging.add(name, content)
        written = staging.commit()
    if written.refused:
        found = [_placed(one, target.name, folder) for one in written.refused]
        click.echo(rendered(found, Sources(()), "text"), err=True, nl=False)
        raise SystemExit(FINDINGS)
    counted = [
        f"{len(paths)} {word}"
        for word, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed))
        if paths
    ]
    click.echo(f"{folder}: {', '.join([*counted, f'{written.unchanged} unchanged'])}")


def _replaced(target: Path, files: Files) -> Collection[str]:
    """The entries of a folder that are this format's: what is no longer made of them is removed."""
    from cncb_compiler.write.filelist import read

    known, _, _ = read(str(target), target.name)
    tops = {path.partition("/")[0] for path in (*known, *files.texts)}
    return frozenset(top for top in tops if files.belongs.fullmatch(top))


def _placed(found: Diagnostic, name: str, folder: Path) -> Diagnostic:
    """A finding with its file named as the user named the folder."""
    rest = found.at.file.removeprefix(name)
    return replace(found, at=replace(found.at, file=f"{folder}{rest}"), message=found.message)
