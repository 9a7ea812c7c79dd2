"""`docs/diff.md`: comparing revisions, and every kind of change, from the docstrings of the kinds' modules."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.compare.registry import ChangeInfo, all_kinds

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
    return f"{HEAD.read_text(encoding='utf-8')}\n{table}{''.join(parts)}{_FOOT}"


_FOOT = "---\n\nThis page is made from the code by `python -m cncb_compiler.docs`; a test holds it true.\n"


def _section(kind: ChangeInfo) -> str:
    body = kind.doc.strip().replace("\n## ", "\n#### ")
    return f"### {kind.code} {kind.slug}\n\nLevels: {', '.join(kind.levels)}.\n\n{body}\n\n"


def _first(kind: ChangeInfo) -> str:
    return kind.summary.replace("|", r"\|")


def _anchor(kind: ChangeInfo) -> str:
    return f"{kind.code} {kind.slug}".lower().replace(" ", "-")
