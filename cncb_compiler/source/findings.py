"""What the careful reading says of each mistake: the words, apart from the reading itself."""

from __future__ import annotations

import json
import re
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Change, Mend
from cncb_compiler.rules.cncb002_duplicate_key import RULE as DUPLICATE_KEY
from cncb_compiler.rules.cncb003_non_string_key import RULE as NON_STRING_KEY
from cncb_compiler.rules.cncb005_bad_alias import RULE as BAD_ALIAS
from cncb_compiler.rules.cncb006_alias_expansion import RULE as ALIAS_EXPANSION
from cncb_compiler.rules.cncb007_merge_key import RULE as MERGE_KEY
from cncb_compiler.rules.cncb008_yaml_tag import RULE as YAML_TAG
from cncb_compiler.rules.cncb009_several_documents import RULE as SEVERAL_DOCUMENTS
from cncb_compiler.rules.cncb010_nested_too_deep import RULE as NESTED_TOO_DEEP
from cncb_compiler.rules.cncb011_file_too_large import RULE as FILE_TOO_LARGE
from cncb_compiler.rules.cncb012_number_out_of_range import RULE as NUMBER_OUT_OF_RANGE
from cncb_compiler.rules.cncb013_empty_file import RULE as EMPTY_FILE
from cncb_compiler.source.limits import MAX_BYTES, MAX_DEPTH, MAX_EXPANSION
from cncb_compiler.source.location import Location

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ATTRIBUTE = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)+")


def too_large(file: str) -> Diagnostic:
    """The file is over the limit."""
    return FILE_TOO_LARGE(
        Location(file),
        f"`{file}` is larger than {MAX_BYTES // 1024} KiB, the most that one file may hold.",
        mend="Give each service a file of its own, and split `types` and `events` over several files.",
    )


def empty(file: str) -> Diagnostic:
    """The file holds no document."""
    return EMPTY_FILE(Location(file), f"`{file}` declares nothing.", mend="Remove it, or fill it.")


def another_document(at: Location) -> Diagnostic:
    """A second document begins."""
    message = "Another YAML document begins here, and a file holds only one."
    mend = "One document a file; hold several services under `services:`."
    return SEVERAL_DOCUMENTS(at, message, mend=mend)


def too_deep(at: Location) -> Diagnostic:
    """One map or list too many inside each other."""
    message = f"More than {MAX_DEPTH} maps and lists inside each other."
    return NESTED_TOO_DEEP(at, message, mend="Name an inner part under `types` and refer to it.")


def out_of_range(at: Location, written: str) -> Diagnostic:
    """A number that JSON cannot carry."""
    mend = "Put it in quotes if it is text; else use a finite number of at most 64 bits."
    return NUMBER_OUT_OF_RANGE(at, f"`{short(written)}` is not a number that JSON can carry.", mend=mend)


def tagged(at: Location, tag: str, written: str | None, value: str) -> Diagnostic:
    """A value with a tag; of CloudFormation's short forms the mend is the long one.

    `written` is the whole text of a scalar with nothing but the tag before it; `value` is what it says.
    """
    tag = tag.replace("tag:yaml.org,2002:", "!!")
    mend: str | Mend = "Leave it out; put quotes around text that begins with `!`."
    if tag[:1] == "!" and tag[1:2].isupper():
        name = tag[1:] if tag in ("!Ref", "!Condition") else f'"Fn::{tag[1:]}"'
        said = (_PLAIN.fullmatch(value) and value) or json.dumps(value, ensure_ascii=False)
        if tag == "!GetAtt" and _ATTRIBUTE.fullmatch(value):
            said = "[" + ", ".join(value.split(".", 1)) + "]"
        edits = (Change(at, written, f"{{{name}: {said}}}"),) if written else ()
        mend = Mend(f"Write the long form: `{{{name}: ...}}`.", edits)
    return YAML_TAG(at, f"`{short(tag)}` is a tag; files of a system have none.", mend=mend)


def non_string_key(at: Location, value: Any, written: str | None) -> Diagnostic:
    """A key that is no string. `written` is its text where quotes around it would mend it."""
    if isinstance(value, (dict, list)):
        name = "A map" if isinstance(value, dict) else "A list"
    elif written:
        name = f"The key `{short(written)}`"
    else:
        name = "An empty key" if value is None else f"The key `{value}`"
    mend: str | Mend = "Write the key as one word or a quoted string."
    if written:
        quoted = json.dumps(written, ensure_ascii=False)
        mend = Mend(f"Quote it: `{short(quoted)}:`.", (Change(at, written, quoted),))
    return NON_STRING_KEY(at, f"{name} is not a string; keys are strings.", mend=mend)


def duplicate_key(at: Location, key: str, first: Location) -> Diagnostic:
    """A key that its map has already."""
    return DUPLICATE_KEY(
        at,
        f"`{short(key)}` is already a key of this map.",
        mend="Remove one of the two, or give it another name.",
        related=(Related(first, f"`{short(key)}` is first written here"),),
    )


def merge_key(at: Location) -> Diagnostic:
    """The merge key of YAML 1.1."""
    message = "`<<` merges maps in YAML 1.1 only; in YAML 1.2 it is a key like any other."
    mend = "Write the keys out, or repeat a whole value by an alias (`key: *name`)."
    return MERGE_KEY(at, message, mend=mend)


def unknown_alias(at: Location, name: str) -> Diagnostic:
    """An alias of nothing."""
    message = f"`*{short(name)}` repeats a value, but no value above is marked `&{short(name)}`."
    mend = f"Mark the value with `&{short(name)}`, or put quotes around text that begins with `*`."
    return BAD_ALIAS(at, message, mend=mend)


def recursive_alias(at: Location, name: str, around: Location) -> Diagnostic:
    """An alias of the value that it stands in."""
    message = f"`*{short(name)}` repeats a value inside itself, which has no end."
    related = (Related(around, f"`&{short(name)}` is the value around it"),)
    return BAD_ALIAS(at, message, mend="Write out the inner value.", related=related)


def too_much_repeated(at: Location, name: str, anchor: Location, size: int) -> Diagnostic:
    """The alias with which the file's aliases repeat too much."""
    return ALIAS_EXPANSION(
        at,
        f"With `*{short(name)}` the aliases of this file repeat more than {MAX_EXPANSION} values.",
        mend="Use fewer aliases; a named type or a default says the same once.",
        related=(Related(anchor, f"`&{short(name)}` holds {size} values"),),
    )


def short(text: str) -> str:
    """The text, cut if it is long."""
    return text if len(text) <= 60 else text[:57] + "..."
