"""One endpoint and one machine for all tests here that need them; tests keep apart by the name of their system."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from cncb_compiler.local.session import Session
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.source.discover import systems

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Under pytest-xdist (`--dist loadgroup`), tests with the shared machine stay in one process."""
    for item in items:
        if item.path.parent == HERE and "session" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("local-machine"))


@pytest.fixture(scope="session")
def session():
    with Session() as entered:
        yield entered


@pytest.fixture(scope="session")
def analysed(tmp_path_factory):
    """Analyse a system: of a folder, or of files that are written on the spot, by their names."""

    def analyse_files(files):
        folder = files
        if isinstance(files, dict):
            folder = tmp_path_factory.mktemp("system")
            for name, text in files.items():
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(textwrap.dedent(text))
        analysis = analyse(systems(folder)[0])
        assert not has_errors(analysis.shown()), analysis.shown()
        return analysis

    return analyse_files


@pytest.fixture
def deploy(session, analysed):
    """Deploy a system (as `analysed` takes it) on the shared machine, which runs it until the test ends."""
    stacks = set()

    def deploy_files(files):
        analysis = analysed(files)
        stacks.update(f"{plan.system}-{plan.service}-{session.target.stage}" for plan in analysis.plans)
        return session.deploy(analysis)

    yield deploy_files
    for name in stacks:
        session.machine.forget(name)
