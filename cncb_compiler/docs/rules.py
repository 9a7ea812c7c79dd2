"""`docs/rules.md`: every check, from the docstrings of the rules' modules."""

from __future__ import annotations

from collections.abc import Sequence

from cncb_compiler.rules.registry import RuleInfo, all_rules

_HEAD = """\
# Checks

Everything that `cncb check` and `cncb compile` look for. `cncb rule CODE` shows one of them.

An error stops a compile; a warning or info does not. Outside the groups source, structure and reference, a comment
`# cncb: ignore[CODE] reason` on the line silences a finding there, and `cncb.toml` (or `[tool.cncb]` of
`pyproject.toml`) changes severities and ignores files.

`cncb check --fix` makes the mends that are sure, and lays the files out again that were laid out by `cncb fmt`. With
`--unsafe-fixes` it also makes those that are one of several, or remove what somebody wrote. An editor offers each
([editors.md](editors.md)).

| Code | Name | Severity | Finds |
|---|---|---|---|
"""

_FOOT = "---\n\nThis page is made from the rules by `python -m cncb_compiler.docs`; a test holds it true.\n"


def rules_page(rules: Sequence[RuleInfo] | None = None) -> str:
    """The Markdown of `docs/rules.md`; of all rules, unless some are given."""
    listed = all_rules() if rules is None else rules
    rows = "".join(
        f"| [{rule.code}](#{_anchor(rule)}) | {rule.slug} | {rule.severity} | {_cell(_summary(rule))} |\n"
        for rule in listed
    )
    parts: list[str] = []
    group = ""
    for rule in listed:
        if rule.group != group:
            group = rule.group
            parts.append(f"## {group.capitalize()}\n\n")
        parts.append(_section(rule))
    return f"{_HEAD}{rows}\n{''.join(parts)}{_FOOT}"


def _section(rule: RuleInfo) -> str:
    lines = rule.doc.strip().splitlines()
    fenced = False
    shown = []
    for line in lines:
        fenced = fenced != line.startswith("```")
        shown.append(f"##{line}" if line.startswith("## ") and not fenced else line)
    body = "\n".join(shown)
    said = f"Severity: {rule.severity}. {rule.mending}".rstrip()
    return f"### {rule.code} {rule.slug}\n\n{said}\n\n{body}\n\n"


def _summary(rule: RuleInfo) -> str:
    """The first paragraph of a rule's documentation."""
    return rule.doc.strip().partition("\n\n")[0]


def _anchor(rule: RuleInfo) -> str:
    return f"{rule.code} {rule.slug}".lower().replace(" ", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
