"""`docs/recipes.md`: what a team writes for each recipe, beside what the compiler makes of it.

A pure function of the folders `topologies/` and `generated/`.
`python -m cncb_compiler.docs.recipes` prints the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

RECIPES = (
    "create-stack",
    "create-function",
    "event-stream",
    "create-stream-processor",
    "create-api-gateway",
    "data-lake-s3",
    "data-lake-es",
    "event-first",
    "micro-event-store",
    "db-first-dynamodb",
    "materialized-view-dynamodb",
    "materialized-view-s3",
    "materialized-view-es",
    "replaying-events",
    "bff-rest-search",
    "bi-directional-sync",
    "bff-rest-analytics",
    "event-orchestration",
    "saga",
    "timeout-retry",
    "backpressure-ratelimit",
    "handling-faults",
    "fault-monitor",
    "resubmitting-faults",
    "idempotence-inverse-oplock",
    "idempotence-es",
    "claim-check",
    "esg-send",
    "custom-metrics",
    "event-metrics",
    "tuning-faas",
    "frp-batching",
    "frp-async-non-blocking-io",
    "frp-grouping",
    "dynamodb-autoscaling",
)
"""The recipes in the order of the book's chapters; those that are not listed follow by name."""

_MODELINE = "# yaml-language-server:"

_HEAD = """\
# Recipes

Each recipe is a whole system in `topologies/cookbook/<recipe>/`, as short as it can be: what the compiler
can infer is left out. `topologies/shop/` is the tour, where they work together.

*YAML* counts the lines that say something (no blank lines, no comments), *hooks* the same of the Python
beside it, and *generated* every line of text in `generated/<system>/`: template, handlers, tests, documents.

| Recipe | What it shows | YAML | Hooks | Generated | Ratio |
|---|---|--:|--:|--:|--:|
"""

_FOOT = """
This page is made by `python -m cncb_compiler.docs.recipes > docs/recipes.md`; a test holds it true.
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One example system: its folder below `topologies`, its own words, and lines written and generated.

    `generated` is 0 where nothing has been generated yet.
    """

    name: str
    folder: str
    shows: str
    yaml: int
    hooks: int
    generated: int


def recipes(topologies: Path, generated: Path) -> tuple[Recipe, ...]:
    """The recipes of the cookbook in the book's order, then the tour. OSError where a file cannot be read."""
    order = {name: number for number, name in enumerate(RECIPES)}
    folders = sorted(
        (folder.parent for folder in (topologies / "cookbook").glob("*/system.yaml")),
        key=lambda folder: (order.get(folder.name, len(order)), folder.name),
    )
    return tuple(_recipe(folder, topologies, generated) for folder in (*folders, topologies / "shop"))


def recipes_page(topologies: Path, generated: Path) -> str:
    """The Markdown of `docs/recipes.md`."""
    return _HEAD + "".join(map(_row, recipes(topologies, generated))) + _FOOT


def _recipe(folder: Path, topologies: Path, generated: Path) -> Recipe:
    return Recipe(
        name=folder.name,
        folder=folder.relative_to(topologies).as_posix(),
        shows=_leading_comment((folder / "system.yaml").read_text(encoding="utf-8")),
        yaml=sum(_said(path) for path in _files(folder, ".yaml", ".yml")),
        hooks=sum(_said(path) for path in _files(folder / "hooks", ".py")),
        generated=sum(_lines(path) for path in _files(generated / folder.name)),
    )


def _row(recipe: Recipe) -> str:
    link = f"[{recipe.name}](../topologies/{recipe.folder}/)"
    made = f"{recipe.generated:,}" if recipe.generated else ""
    ratio = f"{recipe.generated / recipe.yaml:.0f}" if recipe.generated and recipe.yaml else ""
    return f"| {link} | {recipe.shows} | {recipe.yaml} | {recipe.hooks or ''} | {made} | {ratio} |\n"


def _leading_comment(text: str) -> str:
    """The comment that a file begins with, as one line; the editor's modeline is no part of it."""
    words = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith(_MODELINE):
            words.append(line.lstrip("# ").rstrip())
    return " ".join(words).replace("|", r"\|")


def _files(folder: Path, *suffixes: str) -> Iterable[Path]:
    """The files below a folder, sorted; with `suffixes`, only those. Caches of tools are passed over."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path for path in paths if not suffixes or path.suffix in suffixes)


def _said(path: Path) -> int:
    """The lines of a file that are neither blank nor a comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def _lines(path: Path) -> int:
    """The lines of a text file; none of a file that is not UTF-8 text."""
    try:
        return len(path.read_text(encoding="utf-8").splitlines())
    except UnicodeDecodeError:
        return 0


if __name__ == "__main__":
    import sys

    sys.stdout.write(recipes_page(Path("topologies"), Path("generated")))
