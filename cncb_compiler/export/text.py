"""Values as the bytes of files: the same for the same value, and read alike by YAML 1.1 and 1.2."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from cncb_compiler.source.scalars import resolve

WIDTH = 110


def to_json(value: Any) -> bytes:
    """Indented JSON, keys in the value's order."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_yaml(value: Any) -> str:
    """One YAML document in block style, keys in the value's order."""
    return to_documents([value])


def to_documents(values: Iterable[Any]) -> str:
    """Several YAML documents in one file."""
    import yaml

    base = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper: Any = type("Dumper", (base,), {"ignore_aliases": lambda self, value: True})
    dumper.add_representer(str, _text)
    written = [
        yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False)
        for value in values
    ]
    return "---\n".join(written)


def _text(dumper: Any, text: str) -> Any:
    """A text: lines as lines, and in quotes what YAML 1.2 would take for a number (`1e3`, `0o17`)."""
    style = "|" if "\n" in text else None if isinstance(resolve(text), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
