"""A template as the bytes of a file: the same for the same template, on any machine."""

from __future__ import annotations

from typing import Any

import orjson


def to_json(template: dict[str, Any]) -> bytes:
    """Indented JSON in the order in which the template was built, with a newline at the end."""
    return orjson.dumps(template, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_yaml(template: dict[str, Any]) -> bytes:
    """YAML in block style, in the order of the template; shared parts are written out each time."""
    import yaml

    dumper: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    plain = type("PlainDumper", (dumper,), {"ignore_aliases": lambda self, value: True})
    text: str = yaml.dump(template, Dumper=plain, sort_keys=False, allow_unicode=True, width=110)
    return text.encode()
