"""A draft without what the language refuses: each thing that is taken out is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.importing.draft import SECTIONS, Draft, Said
from cncb_compiler.importing.names import name_of, unique
from cncb_compiler.importing.values import Map, Notes
from cncb_compiler.importing.write import files
from cncb_compiler.model.arithmetic import FUNCTION_NAME_LIMIT
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.read import is_source_file

_SHORTEST = 6
_LOCAL = "-local-"
"""Between service and function in the longest name of a Lambda function (CNCB707)."""

_NEEDED = frozenset({"handler", "of"})


class WrongDraftError(Exception):
    """A draft that cannot be made right; carries the source and its errors."""

    def __init__(self, source: SystemSource, errors: list[Diagnostic]) -> None:
        super().__init__(str(errors[0]))
        self.source = source
        self.errors = errors


def checked(draft: Draft, folder: Path, notes: Notes) -> tuple[dict[str, str], int]:
    """The files of a draft, and how many warnings `cncb check` will show.

    What the language refuses is taken out, and noted. Raises WrongDraftError where that does not help.
    """
    fit_names(draft)
    while True:
        texts = files(draft)
        sources = tuple(SourceFile(name, text) for name, text in sorted(texts.items()) if is_source_file(name))
        source = SystemSource(folder, sources)
        shown = analyse(source).shown()
        errors = [one for one in shown if one.severity is Severity.ERROR]
        if not errors:
            return texts, len(shown)
        if not mended(draft, errors, notes):
            raise WrongDraftError(source, errors)


def fit_names(draft: Draft) -> None:
    """Shorten the names of functions to what AWS takes, with those of system and service before them."""
    for service in draft.services.values():
        room = max(FUNCTION_NAME_LIMIT - len(f"{draft.system}-{service.name}{_LOCAL}"), _SHORTEST)
        functions: dict[str, Said] = {}
        for name, said in service.functions.items():
            short = name if len(name) <= room else name_of(name.replace("-", " "), "function", room - 3)
            functions[unique(short, functions)] = said
        service.functions = functions


def mended(draft: Draft, errors: Iterable[Diagnostic], notes: Notes) -> bool:
    """Take out what errors are about; whether there was anything to take out."""
    changed = False
    for error in errors:
        found = _declaration(draft, error.at)
        if found is None:
            continue
        section, name, said = found
        key, *inner = [str(segment) for segment in error.at.path[2:4]] or [""]
        value = said.value.get(key)
        if inner and isinstance(value, dict) and inner[0] in value and key not in _NEEDED:
            del value[inner[0]]
            key = f"{key}.{inner[0]}"
        elif key in said.value and key not in _NEEDED:
            del said.value[key]
        elif "function" in said.value:
            # Its settings may be what is wrong, such as a timeout that is too short.
            key = "function"
            del said.value[key]
        elif section is not draft.events and name in section:
            del section[name]
            key = ""
        else:
            continue
        at = Map(*said.at)
        what = f"`{key}` of `{name}`" if key else f"`{name}`"
        notes.add(at, None, f"{what} is left out: {error.message.rstrip('.')} ({error.code}).")
        changed = True
    return changed


def _declaration(draft: Draft, at: Location) -> tuple[dict[str, Said], str, Said] | None:
    """The section, name and value of the declaration that a place belongs to."""
    if len(at.path) < 2:
        return None
    section, name = str(at.path[0]), str(at.path[1])
    sections: Mapping[str, dict[str, Said]] = {"events": draft.events, "streams": draft.streams}
    service = draft.services.get(at.file.removeprefix("services/").removesuffix(".yaml"))
    if service is not None and at.file.startswith("services/"):
        sections = {key: getattr(service, key) for key in SECTIONS}
    said = sections.get(section, {}).get(name)
    return None if said is None else (sections[section], name, said)
