"""`docs/graph.md`: how systems are drawn, with what the commands on the page say."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

TEXT = Path(__file__).parent / "graph.md"
_REVISIONS = Path(__file__).parent / "revisions"
_EXAMPLE = re.compile(r"```console\n\$ cncb (.*)\n```\n\n<!-- (\w+) -->\n")
"""A command, and the language of what it says, which goes in the place of the comment."""


def graph_page(topologies: Path) -> str:
    """The Markdown of the page. The commands see `topologies/`, and two revisions of a system, `was/` and `now/`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "topologies").symlink_to(topologies.resolve())
        for revision, source in (("now", "after"), ("was", "before")):
            (folder / revision).mkdir()
            text = (_REVISIONS / f"{source}.yaml").read_text(encoding="utf-8")
            (folder / revision / "system.yaml").write_text(text, encoding="utf-8")
        with chdir(folder):
            return _EXAMPLE.sub(_answered, TEXT.read_text(encoding="utf-8"))


def _answered(example: re.Match[str]) -> str:
    from click.testing import CliRunner

    from cncb_compiler.cli.main import cli

    said = CliRunner().invoke(cli, shlex.split(example[1]), catch_exceptions=False).stdout
    return f"```console\n$ cncb {example[1]}\n```\n\n```{example[2]}\n{said}```\n"
