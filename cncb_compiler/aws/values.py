"""The small words of a template: references, text that must not be read as one, tags, resources."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from cncb_compiler.source.location import Location

Value: TypeAlias = Any
"""A property's value: JSON, or an intrinsic function."""

Resource: TypeAlias = dict[str, Any]
"""A resource of a template: Type, Metadata, Properties and the policies of its life."""

Skip: TypeAlias = tuple[str, str]
"""A checkov check that is not followed, and the reason why."""

_FILLED = re.compile(r"\$\{(stage|region)\}")
_REFERENCES = {"stage": "${Stage}", "region": "${AWS::Region}"}
_NOT_IN_TAGS = re.compile(r"[^\w .:/=+@-]")


def ref(logical_id: str) -> Value:
    """What `Ref` gives: a parameter's value, or a resource's name."""
    return {"Ref": logical_id}


def get_att(logical_id: str, attribute: str) -> Value:
    """An attribute of a resource of this stack."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def sub(template: str) -> Value:
    """Text of ours with `${...}` references; user text goes through `literal` or `filled`."""
    return {"Fn::Sub": template}


def literal(text: str) -> Value:
    """User text that CloudFormation leaves as it is, whatever it looks like."""
    return _substituted([text]) if "${" in text else text


def filled(text: str) -> Value:
    """User text in which `${stage}` and `${region}` are filled in, and nothing else is."""
    return _substituted(_FILLED.split(text)) if "${" in text else text


def _substituted(pieces: list[str]) -> Value:
    """Literal text, with the name of a reference at each odd index.

    A `${` of the text gets its dollar from a variable. The escape of Fn::Sub (`${!name}`) would not do:
    there is none for a brace that is never closed, or that holds anything but a name.
    """
    template = ""
    dollars = False
    for index, piece in enumerate(pieces):
        if index % 2:
            template += _REFERENCES[piece]
        else:
            dollars = dollars or "${" in piece
            template += piece.replace("${", "${Dollar}{")
    return {"Fn::Sub": [template, {"Dollar": "$"}]} if dollars else sub(template)


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` bytes of UTF-8, on one line, in which no dynamic reference is left.

    Characters that cannot be seen become spaces: AWS's APIs refuse some of them.
    """
    seen = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(seen.split()).replace("{{", "{ {")
    encoded = line.encode()
    return line if len(encoded) <= limit else encoded[: limit - 3].decode(errors="ignore").rstrip() + "..."


def tag_value(text: str) -> str:
    """Free text, such as a team's name, as AWS accepts it in a tag: other characters become `-`."""
    return _NOT_IN_TAGS.sub("-", text)[:256]


def resource(
    kind: str,
    properties: dict[str, Value],
    declaration: str | Location,
    pattern: str,
    skips: tuple[Skip, ...] = (),
    retain: bool | None = None,
) -> Resource:
    """A resource with the declaration that it came from.

    `retain`: True keeps it when the stack goes or it is replaced (not when its very creation is rolled back),
    False lets it go, None leaves CloudFormation's default, for what holds no data.
    """
    metadata: dict[str, Any] = {"cncb": {"declaration": str(declaration), "pattern": pattern}}
    if skips:
        metadata["checkov"] = {"skip": [{"id": check, "comment": reason} for check, reason in skips]}
    made: Resource = {"Type": kind, "Metadata": metadata}
    if retain is not None:
        made["DeletionPolicy"] = "RetainExceptOnCreate" if retain else "Delete"
        made["UpdateReplacePolicy"] = "Retain" if retain else "Delete"
    made["Properties"] = properties
    return made
