"""`docs/language.md`: the reference of the language, from the models, the texts and the examples beside this module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cncb_compiler.docs.nouns import NOUNS, Noun
from cncb_compiler.docs.words import words
from cncb_compiler.model.json_schema import language_schema

_HERE = Path(__file__).parent
TEXTS = _HERE / "texts"
EXAMPLES = _HERE / "examples"

_FOOT = "---\n\nThis page is made from the models by `python -m cncb_compiler.docs`; a test holds it true.\n"


def language_page() -> str:
    """The Markdown of `docs/language.md`."""
    definitions: dict[str, Any] = language_schema()["definitions"]
    links = _links(definitions)
    contents = "".join(f"- [{noun.title}](#{_anchor(noun.title)})\n" for noun in NOUNS)
    sections = "".join(part for noun in NOUNS for part in _section(noun, definitions, links))
    return f"{_text('introduction')}\n{contents}\n{_text('names')}\n{sections}{_FOOT}"


def _section(noun: Noun, definitions: Mapping[str, Any], links: Mapping[str, str]) -> Iterator[str]:
    yield f"## {noun.title}\n\n{_text(noun.name)}\n"
    for model in noun.models:
        if model != noun.models[0]:
            yield f"### {_title(model)}\n\n{definitions[model]['description']}\n\n"
        yield _table(definitions[model], definitions, links)
    yield f"Example:\n\n```yaml\n{(EXAMPLES / f'{noun.name}.yaml').read_text(encoding='utf-8')}```\n\n"


def _table(definition: Mapping[str, Any], definitions: Mapping[str, Any], links: Mapping[str, str]) -> str:
    rows = ["| Key | Type | Default | Meaning |", "|---|---|---|---|"]
    required = definition.get("required", ())
    properties: dict[str, Any] = definition["properties"]
    # A service's file is a service with its name on top.
    for key in sorted(properties, key=lambda key: key != "service"):
        schema = properties[key]
        default = "required" if key in required else _default(schema)
        meaning = described(schema, definitions)
        rows.append(f"| `{key}` | {_cell(words(schema, links))} | {_cell(default)} | {_cell(meaning)} |")
    return "\n".join(rows) + "\n\n"


def _default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    if default in (None, ""):
        return ""
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"


def described(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """The description of a key; a bare reference has that of what it refers to."""
    if "description" in schema or "$ref" not in schema:
        return str(schema.get("description", ""))
    return str(definitions[schema["$ref"].rpartition("/")[2]].get("description", ""))


def _links(definitions: Mapping[str, Any]) -> dict[str, str]:
    """Where each definition is documented."""
    links = {model: _title(model).lower() for model in definitions}
    for noun in NOUNS:
        for model in noun.models:
            title = noun.title if model == noun.models[0] else _title(model)
            links[model] = f"[{_title(model).lower()}](#{_anchor(title)})"
    links["Service"] = links["ServiceFile"] = "[service](#services)"
    return links


def _title(model: str) -> str:
    """A model's name as words: `FunctionSettings` is `Function settings`."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in model).strip()
    return spaced[0].upper() + spaced[1:]


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _text(name: str) -> str:
    return (TEXTS / f"{name}.md").read_text(encoding="utf-8")
