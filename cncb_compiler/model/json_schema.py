"""The JSON Schema of the language, for editors: draft-07, which every YAML language server understands.

Beside the standard it has `markdownDescription` and `patternErrorMessage`, which editors show and validators ignore.
"""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from cncb_compiler.model.base import Node
from cncb_compiler.model.problems import FORMS
from cncb_compiler.model.service import ServiceFile
from cncb_compiler.model.system import System

SCHEMA_FILE = "cncb.schema.json"


def language_schema() -> dict[str, Any]:
    """The schema of a topology file: of a service, if it has the key `service`, else of the system."""
    definitions = definitions_of(System, ServiceFile)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cncb topology",
        "description": "A file of a system: its streams, types and events, or one of its services.",
        "if": {"required": ["service"]},
        "then": {"$ref": "#/definitions/ServiceFile"},
        "else": {"$ref": "#/definitions/System"},
        "definitions": definitions,
    }


def definitions_of(*models: type[Node]) -> dict[str, Any]:
    """The schemas of the models and of those inside them, by name, with the texts of their keys."""
    _, generated = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/definitions/{model}",
        schema_generator=_Documented,
    )
    return titled(generated["$defs"])


class _Documented(GenerateJsonSchema):
    """Schemas with the texts that stand below the keys in the source.

    Pydantic could read them itself, but would do so whenever the models are imported.
    """

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        model = schema["cls"]
        texts = key_texts(model)
        for name, info in model.model_fields.items():
            if name in texts:
                made["properties"][info.alias or name]["description"] = texts[name]
        return made


def key_texts(model: type[Node]) -> dict[str, str]:
    """The text below each key of a model, and of those that it inherits from, by the key's name in Python."""
    texts: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Node):
            parsed = ast.parse(inspect.getsource(one)).body[0]
            assert isinstance(parsed, ast.ClassDef)
            for key, text in pairwise(parsed.body):
                match key, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                        texts[name] = inspect.cleandoc(said)
    return texts


def titled(definitions: dict[str, Any]) -> dict[str, Any]:
    """Definitions by name, in draft-07; each has its name as the title that editors show."""
    return {name: {"title": name, **draft7(schema)} for name, schema in sorted(definitions.items())}


def draft7(node: Any) -> Any:
    """The same schema in draft-07, in which nothing may stand beside `$ref`, and `null` is no default worth showing."""
    if isinstance(node, list):
        return [draft7(item) for item in node]
    if not isinstance(node, dict):
        return node
    converted = {key: draft7(value) for key, value in node.items() if key != "title" and not _unsaid(key, value)}
    if "$ref" in converted and len(converted) > 1:
        converted["allOf"] = [{"$ref": converted.pop("$ref")}]
    if "patternProperties" in converted:
        converted["additionalProperties"] = False
    return {**converted, **_for_editors(converted)}


def _for_editors(node: dict[str, Any]) -> dict[str, Any]:
    """What an editor shows of a schema: its description as Markdown, the form of a text in words, examples of it."""
    shown: dict[str, Any] = {}
    if isinstance(node.get("description"), str) and "`" in node["description"]:
        shown["markdownDescription"] = node["description"]
    pattern = node.get("pattern")
    if isinstance(pattern, str) and pattern in FORMS:
        shown["patternErrorMessage"] = f"This does not have the form {FORMS[pattern]}."
        examples = [one for one in _QUOTED.findall(FORMS[pattern]) if re.search(pattern, one)]
        if examples:
            shown["examples"] = examples
    return shown


_QUOTED = re.compile(r"`([^`]+)`")


def _unsaid(key: str, value: Any) -> bool:
    """Defaults that tell a reader nothing: null, and empty or derived objects."""
    return key == "default" and (value is None or isinstance(value, (dict, list)))
