"""Aggregates of collected events: `count(order-submitted)`, `sum(payment-taken, payment.amount)`."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.mapping.check import Checked, Filled
from cncb_compiler.mapping.emit import ExpressionEmitter
from cncb_compiler.mapping.emitter import Value
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.infer import ExpressionInference
from cncb_compiler.mapping.inference import Inference
from cncb_compiler.mapping.layout import Block, call, render, text
from cncb_compiler.mapping.layout import Code as Layout
from cncb_compiler.mapping.python import Code
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Expression
from cncb_compiler.mapping.typed import Typed, kind, options, words
from cncb_compiler.model.base import NAME_PATTERN
from cncb_compiler.rules.cncb112_bad_expression import RULE as BAD_EXPRESSION
from cncb_compiler.rules.cncb113_bad_aggregate import RULE as BAD_AGGREGATE
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
from cncb_compiler.schema.types import INTEGER, NUMBER, Scalar, Type, TypeTable
from cncb_compiler.source.location import Location

FUNCTIONS = ("count", "sum", "min", "max", "avg", "first", "last")
"""`first` and `last` are by the events' timestamps; the others know no order."""

_CALL = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\(\s*([^\s,()]+)\s*(?:,(.*))?\)\s*", re.ASCII | re.DOTALL)
_name = re.compile(NAME_PATTERN).match


class Aggregate(Struct, frozen=True):
    """`function(event, expression)`. `offset` is where the expression starts in the text; only `count` has none."""

    function: str
    event: str
    expression: Expression | None = None
    offset: int = 0


def parse_aggregate(raw: Any, at: Location) -> tuple[Aggregate | None, list[Diagnostic]]:
    """The aggregate that `raw` writes down at `at`; None and a diagnostic where it is none."""
    match = _CALL.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or not _name(match[2]):
        mend = "Write `count(EVENT)`, `sum(EVENT, EXPRESSION)`, or `min`, `max`, `avg`, `first`, `last` likewise."
        return None, [BAD_AGGREGATE(at, f"`{raw}` is not an aggregate of collected events.", mend=mend)]
    function, event, inner = match[1], match[2], match[3]
    if function not in FUNCTIONS:
        place = at.chars(*match.span(1))
        near = did_you_mean(function, FUNCTIONS, place) or f"The aggregates are {', '.join(FUNCTIONS)}."
        return None, [BAD_AGGREGATE(place, f"`{function}` is not an aggregate.", mend=near)]
    if inner is None or function == "count":
        if (inner is None) != (function == "count"):
            takes = "an event only" if function == "count" else "an event and an expression over it"
            mend = f"Write `{function}(EVENT)`." if function == "count" else f"Write `{function}(EVENT, EXPRESSION)`."
            return None, [BAD_AGGREGATE(at, f"`{function}` takes {takes}.", mend=mend)]
        return Aggregate(function, event), []
    expression = inner.strip()
    offset = match.start(3) + len(inner) - len(inner.lstrip())
    try:
        parse_expression(expression)
    except ExpressionError as error:
        place = at.chars(offset + error.span[0], offset + error.span[1])
        return None, [BAD_EXPRESSION(place, f"`{expression}` is not JMESPath: {error.message}")]
    return Aggregate(function, event, Expression(expression), offset), []


def check_aggregate(
    aggregate: Aggregate, scope: Scope, table: TypeTable, at: Location, *, related: tuple[Related, ...] = ()
) -> Checked:
    """What is known of an aggregate's value; `scope` is one event of its type, and the target path in lineage is empty.

    Of no events `count` and `sum` are 0, the others null. Events without the value are left out.
    """
    if aggregate.expression is None:
        return Checked(INTEGER, False, (Filled("", Typed(INTEGER, False, ("id",)), None),), table, ())
    inference = ExpressionInference(scope, table, at, related, aggregate.offset)
    typed = inference.infer(parse_expression(aggregate.expression.text))
    if not inference.diagnostics:
        _check_kind(aggregate, inference, typed)
    type_ = _result(aggregate.function, typed.type, table)
    filled = (Filled("", Typed(type_, False, typed.sources), None),)
    optional = aggregate.function != "sum"
    return Checked(type_, optional, filled, table, tuple(inference.diagnostics), tuple(inference.reads))


def compile_aggregate(
    aggregate: Aggregate,
    scope: Scope,
    table: TypeTable,
    *,
    events: str = "events",
    indent: int = 4,
    column: int = 11,
    tail: int = 1,
) -> Code:
    """The aggregate as a Python expression over `events`: the collected ones of all types, in the order of time.

    `indent`, `column` and `tail` as of `compile_mapping`; a comma is taken to follow.
    """
    variable = scope.variable
    chosen = f'if {variable}["type"] == {text(aggregate.event)}'
    loop = f"for {variable} in {events}"
    if aggregate.expression is None:
        counted: Layout = Block("sum(", ("1", loop, chosen), ")", comma=False)
        return Code(render(counted, indent, column, tail))
    inference = ExpressionInference(scope, table, Location(""))
    node = parse_expression(aggregate.expression.text)
    typed = inference.infer(node)
    emitter = ExpressionEmitter(inference, "", frozenset({variable, events}))
    value = emitter.emit(node, Value(variable, Typed(scope.root, False, ("",))))
    items: Layout = Block("[", (emitter.code(value), loop, chosen), "]", comma=False)
    if emitter.nullable(typed):
        items = emitter.helper("compact", items)
    code: Layout
    match aggregate.function:
        case "sum":
            code = call("sum", items)
        case "min" | "max":
            code = call(aggregate.function, items, "default=None")
        case "avg":
            code = emitter.helper("avg", items)
        case _:
            code = emitter.helper("item", items, "0" if aggregate.function == "first" else "-1")
    return Code(render(code, indent, column, tail), frozenset(emitter.helpers))


def _check_kind(aggregate: Aggregate, inference: Inference, typed: Typed) -> None:
    kinds = {kind(option) for option in options(typed.type, inference.table)} - {"any"}
    wanted: tuple[set[str], ...] = ({"number"}, set())
    if aggregate.function in ("min", "max"):
        wanted = ({"number"}, {"string"}, set())
    if aggregate.function in ("first", "last") or kinds in wanted:
        return
    assert aggregate.expression is not None
    phrase = "numbers or strings" if len(wanted) == 3 else "numbers"
    message = f"`{aggregate.function}` is taken of {phrase}, not of {words(typed.type, inference.table)}."
    inference.fail(BAD_ARGUMENT, (0, len(aggregate.expression.text)), message)


def _result(function: str, type_: Type, table: TypeTable) -> Type:
    if function == "avg":
        return NUMBER
    if function == "sum":
        resolved = table.resolve(type_)
        return INTEGER if isinstance(resolved, Scalar) and resolved.base == "integer" else NUMBER
    return type_
