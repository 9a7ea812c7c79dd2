"""A page to look at a system with: one file that needs no network and lets nothing in, for a person with a browser.

Style and script are inline, allowed by their hashes; whatever comes from a topology is data in JSON, and becomes text.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import orjson

from cncb_compiler.draw.kinds import DARK_MARKS, GLYPHS, LOOKS, MARKS
from cncb_compiler.draw.page_data import Content, data
from cncb_compiler.emit.templates import rendered, templates_folder

_SCRIPTS = (
    "data",
    "state",
    "dom",
    "glyphs",
    "layers",
    "arrange",
    "part",
    "camera",
    "paint",
    "walk",
    "lineage",
    "process",
    "sequence",
    "find",
    "detail",
    "export",
    "main",
)
"""The modules of the page, each after those that it imports."""

_IMPORT = re.compile(r'^import (\{.*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:const|function) ([\w$]+))", re.MULTILINE)
_DEPTHS = ("0", "1", "2", "3", "4", "5", "all")


def render(content: Content) -> str:
    """The page as HTML."""
    script, style, picture_style = _script(), _text("page.css"), _picture_style()
    return rendered(
        "graph/page.html.j2",
        system=content.inner.title,
        depths=_DEPTHS,
        marks=["", "-current", *(f"-{mark}" for mark in MARKS)],
        glyphs=_json(orjson.dumps(GLYPHS)),
        data=_json(data(content)),
        script=script,
        script_digest=_digest(script),
        style=style,
        style_digest=_digest(style),
        picture_style=picture_style,
        picture_digest=_digest(picture_style),
    ).decode()


def _script() -> str:
    """The modules as one script, each a function: browsers load no modules from inside of a page."""
    return '"use strict";\nconst modules = {};\n' + "".join(_module(name) for name in _SCRIPTS)


def _module(name: str) -> str:
    text = _text(f"{name}.js")
    exported = ", ".join(match[2] for match in _EXPORT.finditer(text))
    body = _IMPORT.sub(r"const \1 = modules.\2;", _EXPORT.sub(r"\1", text))
    return f"modules.{name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _picture_style() -> str:
    light = "".join(f"--{kind}-fill:{look.fill};--{kind}-line:{look.line};" for kind, look in LOOKS.items())
    light += "".join(f"--{mark}:{colour};" for mark, colour in MARKS.items())
    dark = "".join(f"--{kind}-fill:{look.line};--{kind}-line:{look.fill};" for kind, look in LOOKS.items())
    dark += "".join(f"--{mark}:{colour};" for mark, colour in DARK_MARKS.items())
    kinds = [f".{kind}{{--fill:var(--{kind}-fill);--line:var(--{kind}-line)}}" for kind in LOOKS]
    kinds += [f".{mark},.head-{mark}{{--mark:var(--{mark})}}" for mark in MARKS]
    made = {
        "light": f":root{{{light}}}",
        "dark-by-system": f':root:not([data-theme="light"]){{{dark}}}',
        "dark-by-choice": f':root[data-theme="dark"]{{{dark}}}',
        "kinds": "\n".join(kinds),
    }
    text = _text("picture.css")
    for name, rules in made.items():
        text = text.replace(f"/* {name} */", rules)
    return text


def _text(name: str) -> str:
    return (templates_folder() / "graph" / "page" / name).read_text(encoding="utf-8")


def _json(value: bytes) -> str:
    """JSON that cannot end the element that it stands in."""
    return value.replace(b"<", b"\\u003c").decode()


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
