"""What the rules of structure find, the JSON Schema refuses, so far as a schema can: for editors without cncb."""

from __future__ import annotations

import pytest
from jsonschema import Draft7Validator
from rule_specs import cases, specs

from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.source.yaml12 import load

BEYOND = {
    "A name in a key",
    "An update without fields, a delete with some",
    "Nothing says which row",
    "Changes that publish nothing, a collected view that computes nothing",
    "A computed row without a key",
    "A collected view with another generation",
    "What only tables have, said of a search index; an index of what is no object; a search by key",
    "A message has no key",
}
"""Cases that depend on what a name refers to, or on the values of several keys together."""


@pytest.mark.parametrize("code", ["CNCB101", "CNCB102", "CNCB103", "CNCB106", "CNCB107"])
def test_refuses_what_the_rules_of_structure_refuse(code: str) -> None:
    validator = Draft7Validator(language_schema())
    (spec,) = (one for one in specs() if one.name.startswith(code))
    accepted = {
        case.heading
        for case in cases(spec)
        if any(found == code for *_, found in case.expected)
        and all(validator.is_valid(load(text, name)[0]) for name, text in case.files.items())
    }
    assert accepted <= BEYOND
