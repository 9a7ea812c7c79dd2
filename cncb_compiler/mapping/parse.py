"""Mappings read: JMESPath, plain values, `{const: x}`, `{hook: module.function}`, maps and lists of mappings."""

from __future__ import annotations

import re
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree
from cncb_compiler.rules.cncb111_bad_mapping import RULE as BAD_MAPPING
from cncb_compiler.rules.cncb112_bad_expression import RULE as BAD_EXPRESSION
from cncb_compiler.source.location import Location

NOTHING = Constant(None)
"""What a mapping that cannot be read is taken for; its diagnostic stops the compile."""

_HOOK = re.compile(r"([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)", re.ASCII)


def parse_mapping(raw: Any, at: Location) -> tuple[Tree, list[Diagnostic]]:
    """The mapping that `raw` (plain values, as YAML gives them) writes down at `at`, and what is wrong with it.

    Expressions are parsed by the JMESPath grammar here; whether they fit what they read is `mapping.check`'s
    question.
    """
    diagnostics: list[Diagnostic] = []
    return _parse(raw, at, diagnostics), diagnostics


def parse_expression_at(text: str, at: Location) -> tuple[Expression, list[Diagnostic]]:
    """A JMESPath expression that stands alone, such as a `when:` guard."""
    diagnostics: list[Diagnostic] = []
    _syntax(text, at, diagnostics)
    return Expression(text), diagnostics


def _parse(raw: Any, at: Location, diagnostics: list[Diagnostic]) -> Tree:
    if isinstance(raw, str):
        return Expression(raw) if _syntax(raw, at, diagnostics) else NOTHING
    if raw is None or isinstance(raw, (bool, int, float)):
        return _constant(raw, at, diagnostics)
    if isinstance(raw, list):
        return Items(tuple(_parse(item, at / index, diagnostics) for index, item in enumerate(raw)))
    if not isinstance(raw, dict):
        diagnostics.append(BAD_MAPPING(at, f"`{raw}` is not a mapping.", mend="Put literal values in `{const: ...}`."))
        return NOTHING
    if len(raw) == 1:
        if "const" in raw:
            return _constant(raw["const"], at / "const", diagnostics)
        if "hook" in raw:
            return _hook(raw["hook"], at / "hook", diagnostics)
    fields: dict[str, Tree] = {}
    for name, inner in raw.items():
        if not isinstance(name, str):
            diagnostics.append(
                BAD_MAPPING((at / name).key(), f"`{name}` is not the name of a field: it is not a text.")
            )
            continue
        if isinstance(inner, str) and _is_expression(inner):
            fields[name] = Expression(inner)
        else:
            fields[name] = _parse(inner, at / name, diagnostics)
    return Nested(fields)


def _is_expression(text: str) -> bool:
    try:
        parse_expression(text)
    except ExpressionError:
        return False
    return True


def _syntax(text: str, at: Location, diagnostics: list[Diagnostic]) -> bool:
    try:
        parse_expression(text)
    except ExpressionError as error:
        diagnostics.append(
            BAD_EXPRESSION(
                at.chars(*error.span),
                f"`{text}` is not JMESPath: {error.message}",
                mend="For a literal text write `{const: ...}`; elsewhere correct the expression at the mark.",
            )
        )
        return False
    return True


def _constant(value: Any, at: Location, diagnostics: list[Diagnostic]) -> Constant:
    if _is_json(value):
        return Constant(value)
    diagnostics.append(
        BAD_MAPPING(at, f"`{value}` is not a JSON value.", mend="Use texts, finite numbers, booleans, null.")
    )
    return NOTHING


def _is_json(value: Any) -> bool:
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    return value is None or isinstance(value, (str, bool, int))


def _hook(name: Any, at: Location, diagnostics: list[Diagnostic]) -> Tree:
    match = _HOOK.fullmatch(name) if isinstance(name, str) else None
    # A keyword could be neither imported nor called; `keyword` is imported only where a hook is.
    from keyword import iskeyword

    if match is None or iskeyword(match[1]) or iskeyword(match[2]):
        message = f"`{name}` does not name a hook."
        diagnostics.append(
            BAD_MAPPING(at, message, mend="Write `module.function`, both in snake_case: `pricing.total`.")
        )
        return NOTHING
    return HookCall(match[1], match[2])
