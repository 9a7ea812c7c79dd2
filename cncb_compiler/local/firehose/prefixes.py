"""The names of objects: prefixes with expressions that are evaluated for each object.

Source: Amazon Data Firehose Developer Guide, "Understand custom prefixes for Amazon S3 objects" and "Configure Amazon
S3 object name format".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

DEFAULT_TIME = "yyyy/MM/dd/HH/"
"""What stands behind a prefix that says no time by itself."""
SUFFIX_TIME = "yyyy-MM-dd-HH-mm-ss"
FAILED = "processing-failed"
"""The type of output of what a function failed on."""

_EXPRESSION = re.compile(r"!\{(\w+):([^}]*)\}")
_PATTERN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_FORMATS = {
    "yyyy": "%Y",
    "uuuu": "%Y",
    "YYYY": "%G",
    "yy": "%y",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
    "DDD": "%j",
}


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix with its expressions: pairs of a namespace (empty: plain text) and a value."""

    parts: tuple[tuple[str, str], ...]

    def evaluated(self, at: datetime, random: str, error_type: str = "") -> str:
        """The prefix of an object whose oldest record came at `at` (UTC)."""
        return "".join(self._part(namespace, value, at, random, error_type) for namespace, value in self.parts)

    def _part(self, namespace: str, value: str, at: datetime, random: str, error_type: str) -> str:
        if namespace == "timestamp":
            return formatted(value, at)
        if namespace == "firehose":
            return random if value == "random-string" else error_type
        return value


def parsed(text: str) -> Prefix:
    """A prefix as it is configured. Raises ValueError for an expression that is not evaluated here."""
    parts: list[tuple[str, str]] = []
    end = 0
    for found in _EXPRESSION.finditer(text):
        parts.append(("", text[end : found.start()]))
        namespace, value = found.groups()
        known = namespace == "timestamp" or (
            namespace == "firehose" and value in ("random-string", "error-output-type")
        )
        if not known:
            raise ValueError(f"the expression {found[0]} in a prefix")
        if namespace == "timestamp":
            formatted(value, datetime(2000, 1, 1))
        parts.append((namespace, value))
        end = found.end()
    parts.append(("", text[end:]))
    if not any(namespace == "timestamp" for namespace, _ in parts):
        parts.append(("timestamp", DEFAULT_TIME))
    return Prefix(tuple(part for part in parts if part[1]))


def formatted(pattern: str, at: datetime) -> str:
    """A time by a pattern of Java's DateTimeFormatter. Raises ValueError for letters that are not known here."""
    made = []
    end = 0
    for found in _PATTERN.finditer(pattern):
        if found.start() != end:
            break
        end = found.end()
        word, quoted = found[0], found[1]
        if quoted is not None:
            made.append(quoted.replace("''", "'") or "'")
        elif word[0].isalpha():
            if word not in _FORMATS:
                raise ValueError(f"the letters {word} in a time pattern")
            made.append(at.strftime(_FORMATS[word]))
        else:
            made.append(word)
    if end != len(pattern):
        raise ValueError(f"the time pattern {pattern}")
    return "".join(made)
