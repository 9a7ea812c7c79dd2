"""`docs/diff.md`: comparing revisions, and every kind of change, from the docstrings of the kinds' modules."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from cncb_compiler.cli.against import WORKING_TREE
from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.registry import ChangeInfo, all_kinds
from cncb_compiler.compare.render import text
from cncb_compiler.compare.side import Side, side_of_values
from cncb_compiler.source.canonical import canonical
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.sources import Sources
from cncb_compiler.source.yaml12 import load

HEAD = Path(__file__).with_name("diff.md")


def changes_page() -> str:
    """The Markdown of `docs/diff.md`."""
    kinds = all_kinds()
    rows = "".join(
        f"| [{kind.code}](#{_anchor(kind)}) | {kind.slug} | {', '.join(kind.levels)} | {_first(kind)} |\n"
        for kind in kinds
    )
    parts: list[str] = []
    category = ""
    for kind in kinds:
        if kind.category != category:
            category = kind.category
            parts.append(f"## {category.capitalize()}\n\n")
        parts.append(_section(kind))
    table = f"| Code | Name | Levels | Finds |\n|---|---|---|---|\n{rows}\n"
    return f"{HEAD.read_text(encoding='utf-8')}\n{_example()}\n{_ALL}{table}{''.join(parts)}{_FOOT}"


def _example() -> str:
    """What an edit is, and what the comparison says of it."""
    before, after = ((_REVISIONS / f"{side}.yaml").read_text(encoding="utf-8") for side in ("before", "after"))
    edit = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
    said = text.render(compare(_side("main", before), _side(WORKING_TREE, after)))
    return f"## Example\n\nThe edit:\n\n```diff\n{_lines(edit)}```\n\nIts meaning:\n\n```text\n{said}```\n"


def _side(label: str, yaml: str) -> Side:
    value, _ = load(yaml, "system.yaml")
    sources = Sources([SourceFile("system.yaml", yaml)])
    return side_of_values(label, [("system.yaml", canonical(value))], "shop", sources)


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


_REVISIONS = Path(__file__).with_name("revisions")
_ALL = "## All kinds of change\n\n`cncb rules` lists them too; `cncb rule CODE` shows one.\n\n"


_FOOT = "---\n\nThis page is made from the code by `python -m cncb_compiler.docs`; a test holds it true.\n"


def _section(kind: ChangeInfo) -> str:
    body = kind.doc.strip().replace("\n## ", "\n#### ")
    return f"### {kind.code} {kind.slug}\n\nLevels: {', '.join(kind.levels)}.\n\n{body}\n\n"


def _first(kind: ChangeInfo) -> str:
    return kind.summary.replace("|", r"\|")


def _anchor(kind: ChangeInfo) -> str:
    return f"{kind.code} {kind.slug}".lower().replace(" ", "-")
