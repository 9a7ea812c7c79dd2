"""JMESPath text parsed into nodes that know their place.

The grammar is the `jmespath` library's. It keeps no positions, so they are taken from its tokens: nodes name
identifiers in the order of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cncb_compiler.mapping.nodes import (
    And,
    Call,
    Chain,
    Comparison,
    Current,
    ExpressionReference,
    FieldAccess,
    Flatten,
    Index,
    Literal,
    MultiHash,
    MultiList,
    Node,
    Not,
    Or,
    Projection,
    Slice,
    Span,
    ValueProjection,
)

MAX_LENGTH = 4000
MAX_DEPTH = 60
"""Limits of one expression; longer or deeper ones are better hooks."""

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

is_plain_path = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII).fullmatch
"""Whether an expression is nothing but field names with dots between, by far the most frequent kind."""


class ExpressionError(Exception):
    """The text is not JMESPath. `span` is where it stops being so."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@lru_cache(maxsize=16384)
def parse_expression(text: str) -> Node:
    """The syntax tree of `text`; raises `ExpressionError`. Plain paths are read without the library."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The expression is longer than {MAX_LENGTH} characters.", (0, len(text)))
    if is_plain_path(text):
        return _plain_path(text)
    return _parse(text)


def _plain_path(text: str) -> Node:
    names = text.split(".")
    if len(names) > MAX_DEPTH:
        raise ExpressionError(f"The path has more than {MAX_DEPTH} segments.", (0, len(text)))
    end = len(names[0])
    node: Node = FieldAccess(names[0], (0, end))
    for name in names[1:]:
        start = end + 1
        end = start + len(name)
        node = Chain(node, FieldAccess(name, (start, end)), (0, end))
    return node


def _parse(text: str) -> Node:
    # Deferred: most systems' expressions are plain paths, and a command like `--help` has none.
    from jmespath.exceptions import EmptyExpressionError, JMESPathError
    from jmespath.lexer import Lexer
    from jmespath.parser import Parser

    try:
        tree: Any = Parser().parse(text).parsed
        tokens: list[Any] = [
            token for token in Lexer().tokenize(text) if token["type"] in ("unquoted_identifier", "quoted_identifier")
        ]
    except EmptyExpressionError:
        raise ExpressionError("The expression is empty.", (0, 0)) from None
    except JMESPathError as error:
        raise ExpressionError(*_explained(error, text)) from None
    except (RecursionError, ValueError):
        raise ExpressionError(
            "The expression is nested too deeply, or holds too large a number.", (0, len(text))
        ) from None
    spans = iter([_token_span(token) for token in tokens])
    return _Builder(text, spans).node(tree, (0, len(text)), 0)


def _token_span(token: dict[str, Any]) -> Span:
    # The lexer gives the end of an unquoted identifier, but the length of a quoted one.
    start: int = token["start"]
    return (start, token["end"] if token["type"] == "unquoted_identifier" else start + token["end"])


def _explained(error: Any, text: str) -> tuple[str, Span]:
    position = getattr(error, "lex_position", None)
    if not isinstance(position, int) or position >= len(text):
        return "The expression ends where more is expected.", (max(0, len(text) - 1), len(text))
    token = getattr(error, "token_value", None)
    width = len(token) if isinstance(token, str) and text.startswith(token, position) and token else 1
    unclosed = str(getattr(error, "message", "")).startswith("Unclosed")
    if unclosed:
        return f"`{text[position]}` is not closed.", (position, len(text))
    return f"`{text[position : position + width]}` is not expected here.", (position, position + width)


class _Builder:
    """Turns the library's tree into nodes, handing out the identifiers' places in the order of the text."""

    def __init__(self, text: str, spans: Iterator[Span]) -> None:
        self.text = text
        self.spans = spans

    def node(self, raw: dict[str, Any], around: Span, depth: int) -> Node:
        """The node for `raw`. `around` is where it is to be found, where it names nothing itself."""
        if depth > MAX_DEPTH:
            raise ExpressionError(f"The expression is nested deeper than {MAX_DEPTH} levels.", (0, len(self.text)))
        kind, children = raw["type"], raw["children"]
        match kind:
            case "field":
                return FieldAccess(raw["value"], next(self.spans))
            case "current" | "identity":
                return Current(around)
            case "literal":
                return Literal(raw["value"], around)
            case "index":
                return Index(raw["value"], around)
            case "slice":
                return Slice(children[0], children[1], children[2], around)
            case "subexpression" | "pipe" | "index_expression":
                return self._chain(children, around, depth)
            case "function_expression":
                name_span = next(self.spans)
                arguments = tuple(self.node(child, name_span, depth + 1) for child in children)
                return Call(raw["value"], arguments, _cover(name_span, *arguments), name_span)
            case "multi_select_dict":
                pairs = []
                for child in children:
                    key_span = next(self.spans)
                    pairs.append((child["value"], self.node(child["children"][0], key_span, depth + 1)))
                return MultiHash(tuple(pairs), around)
            case "multi_select_list":
                return MultiList(tuple(self.node(child, around, depth + 1) for child in children), around)
            case "expref":
                body = self.node(children[0], around, depth + 1)
                return ExpressionReference(body, body.span)
            case "not_expression":
                operand = self.node(children[0], around, depth + 1)
                return Not(operand, operand.span)
            case "flatten":
                left = self.node(children[0], around, depth + 1)
                return Flatten(left, left.span)
            case "filter_projection":
                left = self.node(children[0], around, depth + 1)
                # In the text, and so among the tokens, the condition comes before what is done with each item.
                condition = self.node(children[2], left.span, depth + 1)
                right = self.node(children[1], left.span, depth + 1)
                return Projection(left, right, condition, _cover(left.span, condition, right))
            case "projection" | "value_projection":
                left = self.node(children[0], around, depth + 1)
                right = self.node(children[1], left.span, depth + 1)
                span = _cover(left.span, right)
                return (
                    Projection(left, right, None, span) if kind == "projection" else ValueProjection(left, right, span)
                )
            case _:
                left = self.node(children[0], around, depth + 1)
                right = self.node(children[1], around, depth + 1)
                span = _cover(left.span, right)
                if kind == "or_expression":
                    return Or(left, right, span)
                if kind == "and_expression":
                    return And(left, right, span)
                return Comparison(_OPERATORS[raw["value"]], left, right, span)

    def _chain(self, children: list[dict[str, Any]], around: Span, depth: int) -> Node:
        node = self.node(children[0], around, depth + 1)
        for child in children[1:]:
            right = self.node(child, node.span, depth + 1)
            node = Chain(node, right, _cover(node.span, right))
        return node


def _cover(span: Span, *nodes: Node) -> Span:
    starts = [span[0], *(node.span[0] for node in nodes)]
    ends = [span[1], *(node.span[1] for node in nodes)]
    return (min(starts), max(ends))
