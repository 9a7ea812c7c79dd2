"""Sites of small systems in memory, and what is in a page: what tests of the catalogue share."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from cncb_compiler.catalogue.examples import gathered
from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.history import History
from cncb_compiler.catalogue.site import files
from cncb_compiler.compare.side import side_of
from cncb_compiler.scenarios.read import ScenarioFile, parsed, scenarios
from cncb_compiler.source.discover import SystemSource, systems
from cncb_compiler.source.files import SourceFile

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "topologies" / "shop"


def facts_of(text: str, *examples: str, history: History | None = None) -> Facts:
    """What is known of a one-file system with some scenarios."""
    source = SystemSource(Path("system"), (SourceFile("system.yaml", text),))
    told = [parsed(f"s{number}", SourceFile(f"scenarios/s{number}.yaml", one)) for number, one in enumerate(examples)]
    return _facts(source, told, history or History())


def facts_in(folder: Path) -> Facts:
    """What is known of a system on disk, without its history."""
    (source,) = systems(folder)
    return _facts(source, scenarios(source.root), History())


def _facts(source: SystemSource, told: list[ScenarioFile], history: History) -> Facts:
    side = side_of("", source)
    return Facts(side, gathered(side.system, told), history)


def made(facts: Facts) -> dict[str, str]:
    """The site: the text of each file by its path."""
    return {path: content.decode() for path, content in (make() for make in files(facts))}


@dataclass
class Seen(HTMLParser):
    """A page as a browser sees it."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [found for _, attributes in self.tags if (found := attributes.get(name)) is not None]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def seen(html: str) -> Seen:
    """A page, read."""
    page = Seen()
    page.feed(html)
    return page


def broken_links(site: Mapping[str, str]) -> list[str]:
    """What links of a site lead nowhere: to no file, or to no anchor in it; and ids that are there twice."""
    pages = {path: seen(text) for path, text in site.items() if path.endswith(".html")}
    wrong = []
    for path, page in pages.items():
        ids = page.values("id")
        wrong += [f"{path}: {one} twice" for one in set(ids) if ids.count(one) > 1]
        for href in (*page.values("href"), *page.values("src")):
            target, _, anchor = href.partition("#")
            meant = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target))) if target else path
            if meant not in site or (anchor and anchor not in pages[meant].values("id")):
                wrong.append(f"{path}: {href}")
    return wrong
