"""The Jinja2 templates: in a checkout below `templates/`, in an installed package beside the modules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from cncb_compiler.emit.text import docstring, inline

_PACKAGE = Path(__file__).resolve().parent.parent


def templates_folder() -> Path:
    """Where the templates are."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def rendered(template: str, **values: Any) -> bytes:
    """A template filled in. A value that is missing is an error."""
    text: str = _template(template).render(values)
    return text.encode()


@cache
def _template(name: str) -> Any:
    return _environment().get_template(name)


@cache
def _environment() -> Any:
    # Deferred: most commands emit nothing.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["docstring"] = docstring
    environment.filters["inline"] = inline
    return environment
