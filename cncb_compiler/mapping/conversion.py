"""How a value of one type is made into one of another, in the words of a mend."""

from __future__ import annotations

from difflib import get_close_matches

from cncb_compiler.schema.types import TIMESTAMP, Enum, Scalar, Type


def conversion(source: Type, target: Type) -> str | None:
    """What to do about a value of `source` where `target` is asked for; None where nothing general can be said."""
    if isinstance(source, Enum) and isinstance(target, Enum):
        alien = next((value for value in source.values if value not in target.values), "")
        near = get_close_matches(alien, target.values, n=1)
        return f"Did you mean `{near[0]}`?" if near else "Let a hook translate the values, or declare the value."
    if not isinstance(source, Scalar) or not isinstance(target, Scalar):
        return None
    if source == TIMESTAMP and target.format == "date-time":
        return "Convert it: `iso(...)`."
    if target == TIMESTAMP and source.base == "integer":
        return "Declare it as `timestamp` where it is in milliseconds since the epoch."
    if target == Scalar("string"):
        return "Convert it: `to_string(...)`."
    if source.base == "string" and target == Scalar("number"):
        return "Convert it: `to_number(...)`, with an alternative for what is no number."
    return None
