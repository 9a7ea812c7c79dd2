"""What a plain (unquoted) scalar means: the YAML 1.2 core schema, with leading zeros kept as text.

YAML 1.1, which PyYAML resolves by default, reads `on` as true, `1:30` as 90 and `012` as 10. Here they are
strings. A numeral with a leading zero is a string too, although the core schema reads `012` as 12: in a
system's files it is an account id or a code, and reading it as a number would lose the zero.
"""

from __future__ import annotations

import re

NON_STRING_STARTS = frozenset("-+.0123456789~nNtTfF")
"""The first characters of all plain scalars that are not strings. The empty scalar is null."""

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)").fullmatch
_OCTAL = re.compile(r"0o[0-7]+").fullmatch
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)").fullmatch
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})

_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)
_LONGEST_NUMERAL = 400


def resolve(text: str) -> Scalar:
    """The value of the plain scalar `text`.

    >>> [resolve(word) for word in ("true", "~", "3", "0x1F", "1.5", "on", "1:30", "0123", "2024-01-01")]
    [True, None, 3, 31, 1.5, 'on', '1:30', '0123', '2024-01-01']

    A numeral of more than 400 characters stays a string (`fits_json` tells it apart); Python refuses to
    convert very long ones.
    """
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMERAL:
        return text
    if _INTEGER(text):
        return int(text)
    if _FLOAT(text):
        return float(text)
    if _OCTAL(text):
        return int(text[2:], 8)
    if _HEXADECIMAL(text):
        return int(text[2:], 16)
    if _INFINITY(text):
        return float(text.replace(".", ""))
    if text in _NOT_A_NUMBER:
        return float("nan")
    return text


def fits_json(value: Scalar) -> bool:
    """Whether a resolved scalar can stand in JSON: finite, and an integer of at most 64 bits."""
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, int):
        return _SMALLEST <= value <= _LARGEST
    return not (isinstance(value, str) and len(value) > _LONGEST_NUMERAL and _is_numeral(value))


def _is_numeral(text: str) -> bool:
    return any(form(text) for form in (_INTEGER, _FLOAT, _OCTAL, _HEXADECIMAL))
