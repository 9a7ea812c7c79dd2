"""Which records a mapping sends to its function: filter criteria, the pattern language of event filtering.

Source: AWS Lambda Developer Guide, "Control which events Lambda sends to your function" and "Filter rule syntax".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from cncb_compiler.target.problems import Problem

Pattern = Mapping[str, Any]

_ABSENT = object()
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT_RULES: dict[str, Callable[[str, str], bool]] = {
    "prefix": str.startswith,
    "suffix": str.endswith,
    "equals-ignore-case": lambda value, wanted: value.casefold() == wanted.casefold(),
}

PAYLOAD_KEYS = {"kinesis": "data", "sqs": "body", "dynamodb": "dynamodb"}
"""Where a record of each source holds its producer's data."""


def patterns(criteria: Mapping[str, Any] | None, source: str) -> tuple[Pattern, ...]:
    """The patterns of a mapping's FilterCriteria; none lets every record pass. Raises Problem for what AWS refuses."""
    return tuple(_pattern(one["Pattern"], source) for one in (criteria or {}).get("Filters") or ())


def passes(wanted: tuple[Pattern, ...], document: Mapping[str, Any], source: str) -> bool:
    """Whether a record is sent to the function: one pattern is enough.

    `document` has no payload key where the producer's data is not JSON: patterns on that data drop the record.
    """
    return not wanted or any(
        _readable(one, document, PAYLOAD_KEYS[source]) and matches(one, document) for one in wanted
    )


def matches(pattern: Pattern, value: Any) -> bool:
    """Whether a JSON value fits a pattern. Of an array, one element is enough."""
    if isinstance(value, list) and value:
        return any(matches(pattern, one) for one in value)
    fields = value if isinstance(value, dict) else {}
    return all(_fits(name, rules, fields) for name, rules in pattern.items())


def _fits(name: str, rules: Any, fields: Mapping[str, Any]) -> bool:
    if name == "$or":
        return any(matches(one, fields) for one in rules)
    value = fields.get(name, _ABSENT)
    return matches(rules, value) if isinstance(rules, dict) else _leaf(rules, value)


def _leaf(rules: Iterable[Any], value: Any) -> bool:
    # `exists` knows leaves only: an object below a name counts as nothing there, as AWS documents it.
    leaves = [one for one in (value if isinstance(value, list) else [value]) if one is not _ABSENT and not _nested(one)]
    if not leaves:
        return any(isinstance(rule, dict) and rule.get("exists") is False for rule in rules)
    return any(_rule(rule, leaf) for rule in rules for leaf in leaves)


def _nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _rule(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return _same(rule, value)
    ((name, wanted),) = rule.items()
    if name == "exists":
        return bool(wanted)
    if name == "numeric":
        return _number(value) and all(_COMPARISONS[sign](value, bound) for sign, bound in _pairs(wanted))
    if name == "anything-but":
        refused = wanted if isinstance(wanted, list) else [wanted]
        return not any(_rule(one, value) for one in refused)
    return isinstance(value, str) and _TEXT_RULES[name](value, wanted)


def _same(wanted: Any, value: Any) -> bool:
    # In Python True == 1; in JSON it is not.
    return bool(wanted == value and isinstance(wanted, bool) == isinstance(value, bool))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pairs(comparisons: list[Any]) -> list[tuple[str, Any]]:
    return list(zip(comparisons[::2], comparisons[1::2], strict=True))


def _readable(pattern: Pattern, document: Mapping[str, Any], payload: str) -> bool:
    return payload in document or not _mentions(pattern, payload)


def _mentions(pattern: Pattern, name: str) -> bool:
    return name in pattern or any(_mentions(one, name) for one in pattern.get("$or", ()))


def _pattern(text: str, source: str) -> Pattern:
    try:
        pattern = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused(text, f"it is not JSON ({error})") from None
    if not isinstance(pattern, dict) or not pattern:
        raise _refused(text, "it must be an object with at least one field")
    if source == "kinesis":
        _check_kinesis(pattern, text)
    _check(pattern, text)
    return pattern


def _check_kinesis(pattern: Pattern, text: str) -> None:
    for name, below in pattern.items():
        if name == "$or":
            for one in below if isinstance(below, list) else ():
                _check_kinesis(one, text)
        elif name != "data":
            raise _refused(text, f"mappings of Kinesis streams filter on data only, not on {name}")
        elif not isinstance(below, dict):
            raise _refused(text, "the pattern for data must be an object")


def _check(pattern: Any, text: str) -> None:
    if not isinstance(pattern, dict):
        raise _refused(text, f"{orjson.dumps(pattern).decode()} must be an object")
    for name, below in pattern.items():
        if name == "$or":
            if not isinstance(below, list) or len(below) < 2:
                raise _refused(text, "$or takes an array of at least two patterns")
            for one in below:
                _check(one, text)
        elif isinstance(below, dict):
            _check(below, text)
        elif not isinstance(below, list) or not below:
            raise _refused(text, f"{name} must be an object or an array with at least one rule")
        else:
            for rule in below:
                _check_rule(rule, text)


def _check_rule(rule: Any, text: str) -> None:
    if isinstance(rule, list):
        raise _refused(text, "a rule cannot be an array")
    if isinstance(rule, dict) and not _known(rule):
        raise _refused(text, f"unknown rule {orjson.dumps(rule).decode()}")


def _known(rule: Mapping[str, Any]) -> bool:
    if len(rule) != 1:
        return False
    ((name, wanted),) = rule.items()
    if name == "exists":
        return isinstance(wanted, bool)
    if name == "numeric":
        return _comparisons(wanted)
    if name == "anything-but":
        refused = wanted if isinstance(wanted, list) else [wanted]
        simple = all(isinstance(one, str) or _number(one) for one in refused)
        return bool(refused) and (
            simple or (isinstance(wanted, dict) and wanted.keys() <= _TEXT_RULES.keys() and _known(wanted))
        )
    return name in _TEXT_RULES and isinstance(wanted, str)


def _comparisons(wanted: Any) -> bool:
    if not isinstance(wanted, list) or len(wanted) not in (2, 4):
        return False
    return all(sign in _COMPARISONS and _number(bound) for sign, bound in _pairs(wanted))


def _refused(text: str, why: str) -> Problem:
    return Problem(f"Filter pattern {text} is refused: {why}.", "Mend the filter of the event source mapping.")
