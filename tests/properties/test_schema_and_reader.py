"""What the JSON Schema refuses, the reader refuses too: an editor without cncb never underlines what is right."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from jsonschema import Draft7Validator
from mutations import spoiled_systems

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.graph.link import link
from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.model.read import read
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.yaml12 import load


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(language_schema())


@given(spoiled_systems())
@settings(max_examples=200, deadline=None)
def test_what_the_schema_refuses_the_reader_refuses(system: tuple[Path, tuple[SourceFile, ...]]) -> None:
    loaded = [(file.name, *load(file.text, file.name)) for file in system[1]]
    values = [(name, value) for name, value, _ in loaded if value is not None]
    refused = [(name, value) for name, value in values if not validator().is_valid(value)]
    if not refused or any(found for *_, found in loaded):
        return
    declared, wrong = read(values, "system")
    wrong = [*wrong, *link(declared).diagnostics]
    assert any(one.severity is Severity.ERROR for one in wrong), refused
