"""Which findings are shown: comments in the source, then the team's settings; then sorted by place.

on: order-paid          # cncb: ignore[CNCB401] the legacy shop publishes it until March
# cncb: ignore[CNCB401, unused-event] a comment of its own speaks of the next line
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from cncb_compiler.diagnostics.config import Config
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Change, Mend
from cncb_compiler.diagnostics.named import Named
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

_COMMENT = re.compile(r"#[ \t]*cncb:[ \t]*ignore\b(?:\[(?P<names>[^\]\r\n]*)\])?(?P<reason>[^\r\n]*)")
_BREAK = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[^\s,]+")
_SEPARATOR = re.compile(r"[\s,]+(?=[^\s,])")
_SEPARATED = re.compile(r"[\s,]+$")


@dataclass
class _Mention:
    """A rule that a comment names; `used` once it silenced something. `removal` removes it."""

    rule: Rule
    at: Location
    removal: tuple[Change, ...] = ()
    used: bool = False


@dataclass
class _Comment:
    """An ignore comment: the line that it speaks of, and the rules that it names."""

    file: str
    line: int
    mentions: list[_Mention] = field(default_factory=list)


def apply(
    diagnostics: Iterable[Diagnostic], sources: Sources, config: Config, rules: Callable[[], Iterable[Rule]]
) -> list[Diagnostic]:
    """The findings to show, by file, line, column and code, each once.

    `rules` (usually `registry.rules`) is asked only where a comment names rules. Adds what is
    wrong with the comments themselves. That one is unused is said only where all rules could run: not beside
    structural errors.
    """
    diagnostics = list(diagnostics)
    comments, found = _comments(sources, Named(rules))
    by_place = {(comment.file, comment.line): comment.mentions for comment in comments}
    kept = [found_one for found_one in diagnostics if not _ignored(found_one, sources, by_place)] + found
    if all(diagnostic.severity is not Severity.ERROR or _ignorable(diagnostic) for diagnostic in diagnostics):
        kept += [_unused(mention) for comment in comments for mention in comment.mentions if not mention.used]
    configured = (_configured(diagnostic, config) for diagnostic in kept)
    return in_order((diagnostic for diagnostic in configured if diagnostic is not None), sources)


def touching(diagnostics: Iterable[Diagnostic], file: str) -> list[Diagnostic]:
    """The findings that are in a file or have a related place in it."""
    return [
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.at.file == file or any(related.at.file == file for related in diagnostic.related)
    ]


def in_order(diagnostics: Iterable[Diagnostic], sources: Sources) -> list[Diagnostic]:
    """By file, line, column, code and message; what says the same of the same place is said once."""
    by_key: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.at.file, *sources.range(diagnostic.at), diagnostic.code, diagnostic.message)
        by_key.setdefault(key, diagnostic)
    return [by_key[key] for key in sorted(by_key)]


def _ignored(diagnostic: Diagnostic, sources: Sources, by_place: dict[tuple[str, int], list[_Mention]]) -> bool:
    if not by_place:
        return False
    mentions = by_place.get((diagnostic.at.file, sources.range(diagnostic.at).line), ())
    matching = [mention for mention in mentions if mention.rule.code == diagnostic.code]
    for mention in matching:
        mention.used = True
    return bool(matching)


def _ignorable(diagnostic: Diagnostic) -> bool:
    return Rule(diagnostic.code, diagnostic.slug, diagnostic.severity).ignorable


def _configured(diagnostic: Diagnostic, config: Config) -> Diagnostic | None:
    if any(ignore.covers(diagnostic.at.file, diagnostic.code) for ignore in config.ignores):
        return None
    if diagnostic.code not in config.severities:
        return diagnostic
    severity = config.severities[diagnostic.code]
    return None if severity is None else replace(diagnostic, severity=severity)


def _comments(sources: Sources, named: Named) -> tuple[list[_Comment], list[Diagnostic]]:
    """All ignore comments, one a line that is spoken of, and what is wrong with them."""
    by_place: dict[tuple[str, int], _Comment] = {}
    found: list[Diagnostic] = []
    for file, text in sources.texts():
        index = sources.index(file) if "cncb:" in text and file.endswith((".yaml", ".yml")) else None
        if index is None:
            continue
        for match in _COMMENT.finditer(text):
            start = match.start()
            if (start and text[start - 1] not in " \t\r\n") or index.in_scalar(start):
                continue
            line, column = index.lines.place(start)
            if not index.lines.line(line)[: column - 1].strip():
                line = _next_line(index.lines.line, line, len(index.lines))
            comment = by_place.setdefault((file, line), _Comment(file, line))
            comment.mentions += _mentions(match, file, named, found)
    return list(by_place.values()), found


def _next_line(line: Callable[[int], str], number: int, last: int) -> int:
    """The line that a comment of its own speaks of: the next with more than blanks and comments."""
    number += 1
    while number < last and (not line(number).strip() or line(number).lstrip().startswith("#")):
        number += 1
    return number


def _mentions(match: re.Match[str], file: str, named: Named, found: list[Diagnostic]) -> list[_Mention]:
    at = Location(file, span=(match.start(), match.start() + len(match.group().rstrip())))
    names = match.group("names")
    if names is None or not names.strip():
        from cncb_compiler.rules.cncb096_malformed_ignore import RULE as MALFORMED_IGNORE

        message = "The comment names no rules, so it ignores nothing."
        found.append(MALFORMED_IGNORE(at, message, mend="Write `# cncb: ignore[CODE] reason`."))
        return []
    if not match.group("reason").strip(" \t:-"):
        from cncb_compiler.rules.cncb095_ignore_without_reason import RULE as IGNORE_WITHOUT_REASON

        message = "The comment does not say why the finding may be ignored."
        found.append(IGNORE_WITHOUT_REASON(at, message, mend="Write the reason after the bracket."))
    mentions = []
    for name in _NAME.finditer(names):
        start = match.start("names") + name.start()
        place = Location(file, span=(start, start + len(name.group())))
        rule = named.rule(name.group())
        if rule is None:
            found.append(named.unknown(place, name.group()))
        elif not rule.ignorable:
            found.append(named.not_ignorable(place, rule, (_removal(match, name, file),)))
        else:
            mentions.append(_Mention(rule, place, (_removal(match, name, file),)))
    return mentions


def _removal(comment: re.Match[str], name: re.Match[str], file: str) -> Change:
    """The edit that removes one of several names from a comment; else all of it, with the blanks before it.

    With its line, where it stands alone on one.
    """
    if len(_NAME.findall(names := comment["names"])) > 1:
        shift = comment.start("names")
        after = _SEPARATOR.match(names, name.end())
        before = _SEPARATED.search(names, 0, name.start())
        start = name.start() if after or before is None else before.start()
        end = after.end() if after else name.end()
        return Change(Location(file, span=(shift + start, shift + end)), names[start:end], "")
    text, (start, end) = comment.string, comment.span()
    start = len(text[:start].rstrip(" \t"))
    following = _BREAK.match(text, end)
    if following and (start == 0 or text[start - 1] in "\r\n"):
        end = following.end()
    return Change(Location(file, span=(start, end)), text[start:end], "")


def _unused(mention: _Mention) -> Diagnostic:
    from cncb_compiler.rules.cncb094_unused_ignore import RULE as UNUSED_IGNORE

    message = f"{mention.rule.code} ({mention.rule.slug}) finds nothing on this line that could be ignored."
    return UNUSED_IGNORE(mention.at, message, mend=Mend("Remove it from the comment.", mention.removal))
