"""A tab of a real headless Chromium, in which nothing may go wrong and from which nothing may leave."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import MISSING, executable, watched

HERE = Path(__file__).parent
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Under pytest-xdist (`--dist loadgroup`), all tests here share one browser, in one process."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def browser():
    """Chromium, started once. It ends with this folder's tests: its event loop would be in the way of others."""
    from playwright.sync_api import sync_playwright

    path = executable()
    assert path is not None, MISSING
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser):
    """A tab of its own, light, 1280 by 800; what goes wrong in it fails the test (`chromium.watched`)."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    wrong = watched(context)
    yield context.new_page()
    context.close()
    assert wrong == []
