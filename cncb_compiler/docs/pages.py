"""The pages of `docs/` that are made from the code, the examples, and the output."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.docs.changes import changes_page
from cncb_compiler.docs.graph import graph_page
from cncb_compiler.docs.language import language_page
from cncb_compiler.docs.recipes import recipes_page
from cncb_compiler.docs.review import PULL_REQUEST, comment
from cncb_compiler.docs.rules import rules_page
from cncb_compiler.docs.scenarios import scenarios_page


def pages(root: Path) -> dict[str, str]:
    """Each page's Markdown, by its path below `docs/` of a checkout."""
    topologies, generated = root / "topologies", root / "generated"
    return {
        "diff.md": changes_page(),
        f"{PULL_REQUEST}/comment.md": comment(root / "docs" / PULL_REQUEST),
        "graph.md": graph_page(topologies),
        "language.md": language_page(),
        "recipes.md": recipes_page(topologies, generated),
        "rules.md": rules_page(),
        "scenarios.md": scenarios_page(topologies),
    }
