"""Names of streams, tables, queues and so on, from their logical ids or from what refers to them."""

from __future__ import annotations

import re

from cncb_compiler.importing.names import name_of
from cncb_compiler.importing.stack import Reference

_SUFFIXES = r"(Stream|Table|Bucket|Queue|Bus|EventBus|Topic)$"
_NOISE = re.compile(
    r"aws|arn|name|kinesis|sqs|sns|events?|stream|queue|topic|resolve|ssm|\d{12}|[a-z]{2}-[a-z]+-\d|-+|\d+|v\d+",
    re.IGNORECASE,
)
"""Words of ARNs and parameters that name nothing."""

_OUTPUT = re.compile(r"\bcf(?:\([^)]*\))?:([A-Za-z0-9-]+?)-*(?:\$\{[^}]*\})?\.([A-Za-z0-9]+)\}")


def named(logical_id: str, fallback: str) -> str:
    """The name of a thing after its logical id: `OrdersTable` is `orders`."""
    stem = re.sub(_SUFFIXES, "", logical_id) or logical_id
    return name_of(stem[:1].upper() + stem[1:], fallback)


def thing(source: Reference, kind: str) -> str:
    """The name of what a reference points at; of text, its last word that is no word of AWS."""
    if source.logical_id:
        return named(source.logical_id, kind)
    found = re.search(r"streams/([A-Za-z0-9-]+)/(?:arn|name)", source.text) or _OUTPUT.search(source.text)
    if found:
        return name_of(found.group(1), kind)
    bare = re.sub(r"\$\{[^}]*\}", " ", source.text)
    words = [word for word in re.split(r"[^A-Za-z0-9-]+", bare) if word and not _NOISE.fullmatch(word)]
    inside = re.findall(r"\$\{([A-Za-z0-9:._-]+)\}", source.text)
    last = words[-1] if words else re.split(r"[:.]", inside[-1])[-1] if inside else ""
    last = re.sub(r"(Stream|Queue|Topic|Bus)?(Arn|Name|Url)$", "", last) or last
    return name_of(re.sub(_SUFFIXES, "", last) or last, kind)


def output(text: str) -> tuple[str, str] | None:
    """The stack and the output that `${cf:STACK.OUTPUT}` of the Serverless Framework names."""
    found = _OUTPUT.search(text)
    return (found.group(1), found.group(2)) if found else None
