"""The parameters of a template: what a caller gives for them is checked, and filled up with what was and with defaults.

Source: CloudFormation User Guide, "Parameters".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid

HIDDEN = "****"
"""What the API shows of a NoEcho parameter."""

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"(?:List<.+>|CommaDelimitedList)")
_KNOWN = re.compile(
    r"String|Number|CommaDelimitedList|List<(?:Number|String)>|AWS::SSM::Parameter::Name"
    r"|(?:List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?|AWS::SSM::Parameter::Value<.+>"
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is given, and what `Ref` gives of it.

    `fetched` is what the SSM parameter that it names holds; None where it names none.
    """

    name: str
    given: str
    ref: Any
    fetched: str | None = None
    hidden: bool = False

    def shown(self) -> dict[str, Any]:
        """As the API describes it."""
        answer = {"ParameterKey": self.name, "ParameterValue": HIDDEN if self.hidden else self.given}
        return answer if self.fetched is None else answer | {"ResolvedValue": self.fetched}


def values(
    declared: Mapping[str, Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
    previous: Mapping[str, Value],
    fetch: Callable[[str], str],
) -> dict[str, Value]:
    """The value of every declared parameter. Raises RefusedError in CloudFormation's words.

    `previous` are those of the stack as it stands; `fetch` gets the value of an SSM parameter.
    """
    by_name = {one["ParameterKey"]: one for one in given}
    unknown = sorted(by_name.keys() - declared.keys())
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts = {name: _text(name, one, by_name.get(name), previous) for name, one in declared.items()}
    missing = sorted(name for name, text in texts.items() if text is None)
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _value(name, declared[name], text, fetch) for name, text in texts.items() if text is not None}


def _text(
    name: str, declared: Mapping[str, Any], given: Mapping[str, Any] | None, previous: Mapping[str, Value]
) -> str | None:
    if given is not None and given.get("UsePreviousValue"):
        if name not in previous:
            raise invalid(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a "
                "parameter key not in the previous template"
            )
        return previous[name].given
    if given is not None and "ParameterValue" in given:
        return str(given["ParameterValue"])
    default = declared.get("Default")
    if default is None:
        return None
    return ("true" if default else "false") if isinstance(default, bool) else str(default)


def _value(name: str, declared: Mapping[str, Any], text: str, fetch: Callable[[str], str]) -> Value:
    kind = str(declared.get("Type"))
    if not _KNOWN.fullmatch(kind):
        raise invalid(f"Template format error: Unrecognized parameter type: {kind}")
    _check(name, declared, kind, text)
    named = _SSM_VALUE.fullmatch(kind)
    fetched = fetch(text) if named else None
    plain = text if fetched is None else fetched
    is_list = _LIST.fullmatch(named[1] if named else kind)
    ref = [part.strip() for part in plain.split(",")] if is_list else plain
    return Value(name, text, ref, fetched, str(declared.get("NoEcho", "")).lower() == "true")


def _check(name: str, declared: Mapping[str, Any], kind: str, text: str) -> None:
    explained = declared.get("ConstraintDescription")

    def refuse(what: str) -> None:
        if explained:
            raise invalid(f"Parameter '{name}' failed to satisfy constraint: {explained}")
        raise invalid(f"Parameter '{name}' must {what}")

    parts = [part.strip() for part in text.split(",")] if _LIST.fullmatch(kind) else [text]
    if "AllowedValues" in declared and not {*parts} <= {_written(value) for value in declared["AllowedValues"]}:
        refuse("be one of AllowedValues")
    if kind in ("Number", "List<Number>"):
        for part in parts:
            _check_number(part, declared, refuse)
    elif "AllowedPattern" in declared and not all(re.fullmatch(declared["AllowedPattern"], part) for part in parts):
        refuse(f"match pattern {declared['AllowedPattern']}")
    if "MinLength" in declared and len(text) < int(declared["MinLength"]):
        refuse(f"contain at least {declared['MinLength']} characters")
    if "MaxLength" in declared and len(text) > int(declared["MaxLength"]):
        refuse(f"contain at most {declared['MaxLength']} characters")


def _check_number(part: str, declared: Mapping[str, Any], refuse: Callable[[str], None]) -> None:
    try:
        number = float(part)
    except ValueError:
        refuse("be a number")
        return
    if "MinValue" in declared and number < float(declared["MinValue"]):
        refuse(f"be a number not less than {declared['MinValue']}")
    if "MaxValue" in declared and number > float(declared["MaxValue"]):
        refuse(f"be a number not greater than {declared['MaxValue']}")


def _written(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
