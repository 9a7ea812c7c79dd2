"""Scenarios as tests of pytest: each `scenarios/*.yaml` of a system is an item.

One machine runs for all of them, with one deployment a system; nothing of it is imported before such a file is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cncb_compiler.scenarios.suite import Suite
    from cncb_compiler.scenarios.world import World

SUFFIXES = (".yaml", ".yml")
FOLDER = "scenarios"


class ScenarioFailedError(Exception):
    """A scenario does not hold; the text is what `cncb test` shows."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--cncb-endpoint`: an endpoint that is there already."""
    parser.getgroup("cncb").addoption("--cncb-endpoint", default=None, help="An AWS endpoint that is there already.")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known by which pytest-xdist keeps a system's scenarios together (`--dist loadgroup`)."""
    config.addinivalue_line("markers", "xdist_group(name): run tests of one group in one process (pytest-xdist)")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A scenario file, where its folder lies in a system's."""
    if file_path.suffix not in SUFFIXES or file_path.parent.name != FOLDER or file_path.name.startswith("."):
        return None
    from cncb_compiler.source.discover import is_system_folder

    if not is_system_folder(file_path.parent.parent):
        return None
    return ScenarioModule.from_parent(parent, path=file_path)


class ScenarioModule(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its one scenario."""
        name = self.path.name.rpartition(".")[0]
        item = ScenarioItem.from_parent(self, name=name)
        item.add_marker(pytest.mark.xdist_group(f"cncb:{self.path.parent.parent}"))
        yield item


class ScenarioItem(pytest.Item):
    """A scenario."""

    def runtest(self) -> None:
        """Run it against the system's deployment. Raises ScenarioFailedError where it does not hold."""
        from cncb_compiler.scenarios.render import failure
        from cncb_compiler.scenarios.run import run

        suite, world = _running(self.config).world(self.path.parent.parent, self.name)
        scenario = dict(suite.runnable)[self.name]
        result = run(self.name, scenario, suite.names, world)
        if not result.passed:
            raise ScenarioFailedError(failure(suite.name, result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What `cncb test` shows; a traceback only of what is none of cncb's findings."""
        from cncb_compiler.target.problems import Problem

        if isinstance(excinfo.value, (ScenarioFailedError, Problem)):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, f"scenario {self.name}"


class _Running:
    """The machine of this process, with the systems that are deployed on it."""

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._entered = ExitStack()
        self._session: Any = None
        self._suites: dict[Path, Suite] = {}
        self._worlds: dict[Path, World] = {}

    def world(self, root: Path, name: str) -> tuple[Suite, World]:
        """The system in a folder, deployed once. Raises ScenarioFailedError where one of its scenarios is wrong."""
        from cncb_compiler.local.session import Session
        from cncb_compiler.scenarios.suite import deployed, suite_of
        from cncb_compiler.source.discover import systems

        if root not in self._suites:
            self._suites[root] = suite_of(systems(root)[0])
        suite = self._suites[root]
        self._refuse_findings(suite, name)
        if root not in self._worlds:
            if self._session is None:
                self._session = self._entered.enter_context(Session(self._endpoint))
            made: AbstractContextManager[World] = deployed(self._session, suite)
            self._worlds[root] = self._entered.enter_context(made)
        return suite, self._worlds[root]

    def close(self) -> None:
        """End everything that runs."""
        self._entered.close()

    def _refuse_findings(self, suite: Suite, name: str) -> None:
        from cncb_compiler.diagnostics.render.text import render
        from cncb_compiler.source.sources import Sources

        others = {file.source.name for file in suite.files if file.name != name}
        found = [one for one in suite.found if one.at.file not in others]
        if found:
            files = (*suite.analysis.source.files, *(file.source for file in suite.files))
            raise ScenarioFailedError(render(found, Sources(files)))


_KEY = pytest.StashKey[_Running]()


def _running(config: pytest.Config) -> _Running:
    if _KEY not in config.stash:
        config.stash[_KEY] = _Running(config.getoption("--cncb-endpoint"))
    return config.stash[_KEY]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the machine, if one was started."""
    if _KEY in config.stash:
        config.stash[_KEY].close()
