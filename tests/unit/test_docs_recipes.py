"""The recipes page: it is true, and counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cncb_compiler.docs.recipes import RECIPES, Recipe, recipes, recipes_page

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    texts = {
        "topologies/cookbook/saga/system.yaml": (
            "# yaml-language-server: $schema=x\n# Undoes\n# a | b.\nsystem: saga\n\na: 1 # said\n"
        ),
        "topologies/cookbook/saga/hooks/orders/pricing.py": '"""Doc."""\n\n# why\nX = 1\n',
        "topologies/cookbook/create-stack/system.yaml": "# Empty.\nsystem: create-stack\n",
        "topologies/shop/system.yaml": "# The tour.\nsystem: shop\n",
        "topologies/shop/services/a.yaml": "service: a\n",
        "generated/saga/orders/template.json": "{\n}\n",
        "generated/saga/orders/README.md": "\none\n",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "generated/saga/orders/code.zip").write_bytes(b"\xff\xfe\n\n")
    return tmp_path


def test_counts_in_the_order_of_the_book_then_the_tour(tree: Path) -> None:
    assert recipes(tree / "topologies", tree / "generated") == (
        Recipe("create-stack", "cookbook/create-stack", "Empty.", 1, 0, 0),
        Recipe("saga", "cookbook/saga", r"Undoes a \| b.", 2, 2, 4),
        Recipe("shop", "shop", "The tour.", 2, 0, 0),
    )


def test_a_row_leaves_out_what_there_is_not(tree: Path) -> None:
    rows = recipes_page(tree / "topologies", tree / "generated").splitlines()
    assert r"| [saga](../topologies/cookbook/saga/) | Undoes a \| b. | 2 | 2 | 4 | 2 |" in rows
    assert "| [create-stack](../topologies/cookbook/create-stack/) | Empty. | 1 |  |  |  |" in rows


def test_every_recipe_is_there_and_nothing_else() -> None:
    folders = {folder.name for folder in (ROOT / "topologies" / "cookbook").iterdir() if folder.is_dir()}
    assert folders == set(RECIPES)


def test_the_page_is_true() -> None:
    page = recipes_page(ROOT / "topologies", ROOT / "generated")
    assert (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8") == page, (
        "run: python -m cncb_compiler.docs.recipes > docs/recipes.md"
    )
