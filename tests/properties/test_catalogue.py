"""Whatever is wrong with a system, its catalogue is made: no link leads nowhere, and nothing of its texts acts."""

from __future__ import annotations

from pathlib import Path

from catalogue_sites import broken_links, made, seen
from hypothesis import given, settings
from mutations import EXAMPLES, spoiled_systems, spoiled_texts

from cncb_compiler.catalogue.examples import gathered
from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.history import History
from cncb_compiler.compare.side import side_of
from cncb_compiler.scenarios.read import scenarios
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile
from cncb_compiler.write.paths import fault

SMALL = tuple(name for name in EXAMPLES if name != "shop")
NOWHERE = Path("nowhere")
FOREIGN = {"img", "iframe", "object", "embed", "form", "style", "base"}


@given(spoiled_systems(SMALL) | spoiled_texts().map(lambda text: (NOWHERE, (SourceFile("system.yaml", text),))))
@settings(max_examples=15, deadline=None)
def test_a_spoiled_system_has_a_catalogue(spoiled) -> None:
    root, files = spoiled
    side = side_of("", SystemSource(root, files))
    site = made(Facts(side, gathered(side.system, scenarios(root)), History()))
    assert broken_links(site) == []
    assert [path for path in site if fault(path) or not path.isascii()] == []
    assert len({path.casefold() for path in site}) == len(site)
    for path, text in site.items():
        if path.endswith(".html"):
            page = seen(text)
            assert not {tag for tag, _ in page.tags} & FOREIGN, path
            assert len(page.values("src")) == 1, path
            assert not [name for _, found in page.tags for name in found if name.startswith("on")], path
