"""docs/run.md, docs/deploy.md, docs/rebuild.md and docs/operate.md show what the commands print."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CNCB = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()"]
_spec = spec_from_file_location("docs_console", Path(__file__).with_name("docs_console.py"))
docs_console = module_from_spec(_spec)
sys.modules[_spec.name] = docs_console
_spec.loader.exec_module(docs_console)


def first_system():
    """The system that the README begins with, and the pages go on with."""
    sources = (
        one for one in docs_console.steps((ROOT / "README.md").read_text()) if one.__class__.__name__ == "Source"
    )
    return next(sources)


@pytest.mark.parametrize("page", ["run", "deploy", "rebuild", "operate"])
@pytest.mark.xdist_group("docs")
def test_a_page_shows_what_its_commands_print(page, tmp_path):
    with docs_console.console(tmp_path, CNCB) as shell:
        shell.take(first_system())
        wrong = [shell.take(step) for step in docs_console.steps((ROOT / "docs" / f"{page}.md").read_text())]
    assert "\n\n".join(filter(None, wrong)) == ""


@pytest.mark.parametrize(
    ("expected", "printed", "alike"),
    [
        (["a 12:00:00.123", "..."], ["a 13:59:01.999", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a", "..."], ["b"], False),
        (["a"], ["a", "b"], False),
        (["at 127.0.0.1:80 now..."], ["at 127.0.0.1:4566 now and then"], True),
        (["table  kept"], ["table  lost"], False),
    ],
)
def test_what_is_shown_is_compared_by_its_form(expected, printed, alike):
    assert (docs_console.matches(tuple(expected), printed) is not None) == alike


def test_an_id_of_the_page_stands_for_the_one_of_the_run(tmp_path):
    page, run = "c3e5b39b-9286-5fa4-9ab6-426d6d64c811", "0f05cbb3-8a63-4b25-a2dc-0b8cbd9a0b2d"
    with docs_console.console(tmp_path, CNCB) as shell:
        assert shell.take(docs_console.Step(1, f"echo id {run}", (f"id {page}",))) == ""
        assert shell.take(docs_console.Step(2, f"test {page} = {run} && echo same", ("same",))) == ""
        assert "but it printed" in shell.take(docs_console.Step(3, "echo this", ("that",)))
