"""What is wrong with a value, in plain words: pydantic's kinds of errors, said without its vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from cncb_compiler.model.acceptance import CHANGE_PATTERN, SUBJECT_PATTERN
from cncb_compiler.model.base import (
    ACCOUNT_PATTERN,
    DAY_PATTERN,
    DURATION_PATTERN,
    FIELD_PATH_PATTERN,
    FIELD_PATTERN,
    LOGICAL_ID_PATTERN,
    NAME_PATTERN,
    OWNER_PATTERN,
    PLACE_PATTERN,
    REGION_PATTERN,
    REQUEST_PATTERN,
    TYPE_PATTERN,
)
from cncb_compiler.model.bus import DETAIL_TYPE_PATTERN, SOURCE_PATTERN
from cncb_compiler.model.command import ROUTE_PATTERN
from cncb_compiler.model.function import HANDLER_PATTERN, HEADER_PATTERN, ORIGIN_PATTERN, SCHEDULE_PATTERN
from cncb_compiler.model.monitor import TOPIC_PATTERN
from cncb_compiler.model.search_domain import INSTANCE_PATTERN
from cncb_compiler.model.settings import ENVIRONMENT_PATTERN, VARIABLE_PATTERN
from cncb_compiler.model.system import ENCRYPTION_PATTERN, TAG_KEY_PATTERN, TAG_VALUE_PATTERN
from cncb_compiler.model.view import CACHE_CONTROL_PATTERN

FORMS: Mapping[str, str] = {
    ACCOUNT_PATTERN: "of an account id: 12 digits, in quotes",
    CACHE_CONTROL_PATTERN: "of a Cache-Control header: `max-age=5`",
    CHANGE_PATTERN: "of a kind of change: `DIFF101` or `field-removed`",
    DAY_PATTERN: "of a day: `2026-12-31`",
    DETAIL_TYPE_PATTERN: "of a detail type: text on one line",
    DURATION_PATTERN: "of a duration: `30s`, `15m`, `24h`, `30d`",
    ENCRYPTION_PATTERN: "of a KMS key: `alias/NAME` or a key's ARN",
    ENVIRONMENT_PATTERN: "of an environment variable: letters, digits and underscores, a letter first",
    FIELD_PATH_PATTERN: "of a field name, or of the way to a field in records: `maker.name`",
    FIELD_PATTERN: "of a field name: letters, digits and underscores, no digit first",
    HANDLER_PATTERN: "`module.function`, both in snake_case",
    INSTANCE_PATTERN: "of a type of machine: `t3.small.search`",
    HEADER_PATTERN: "of a header's name: letters, digits and dashes",
    SOURCE_PATTERN: "of a source: `acme.shipping`, of letters, digits and `._/-`",
    LOGICAL_ID_PATTERN: "of a logical id: letters and digits",
    NAME_PATTERN: "of a name: letters, digits and single dashes, a small letter first",
    ORIGIN_PATTERN: 'of an origin: `https://shop.example.com`, or `"*"` for all',
    OWNER_PATTERN: "of an owner: text on one line",
    PLACE_PATTERN: "`SERVICE.NAME`",
    REGION_PATTERN: "of a region: `us-east-1`",
    REQUEST_PATTERN: "`METHOD /path`",
    ROUTE_PATTERN: "`METHOD /path/{parameter}`",
    SCHEDULE_PATTERN: "of a schedule: `rate(5 minutes)` or `cron(0 8 * * ? *)`",
    SUBJECT_PATTERN: "of what changes: `event:order-submitted#order.sku`",
    TAG_KEY_PATTERN: "of a tag: up to 128 letters, digits, spaces and `_.:/=+@-`",
    TAG_VALUE_PATTERN: "of a tag's value: up to 256 letters, digits, spaces and `_.:/=+@-`",
    TOPIC_PATTERN: "of a topic: its name, or its ARN",
    TYPE_PATTERN: "of a type name: letters and digits, a capital first",
    VARIABLE_PATTERN: "of an environment variable's value: text without NUL",
}
"""What each pattern of the language asks for."""

_KINDS: Mapping[str, str] = {
    "string_type": "must be text",
    "string_unicode": "must be text; half a character is none",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be a map",
    "model_type": "must be a map",
    "tuple_type": "must be a list",
}


def choices(error: ErrorDetails) -> list[str]:
    """The words of which one had to be written; nothing where the complaint is another."""
    return re.findall(r"'([^']*)'", error["ctx"]["expected"]) if error["type"] == "literal_error" else []


def problem(error: ErrorDetails) -> str:
    """What is wrong, as the rest of a sentence that begins with the value."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    match error["type"]:
        case "literal_error":
            return f"is not one of {context['expected']}"
        case "string_pattern_mismatch":
            return f"does not have the form {FORMS.get(context['pattern'], context['pattern'])}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "string_too_short":
            return f"is shorter than {context['min_length']} characters"
        case "too_short":
            return f"must list {context['min_length']} or more"
        case "value_error":
            return str(context["error"])
        case kind:
            return _KINDS.get(kind, "does not fit here")
