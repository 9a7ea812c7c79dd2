"""The catalogue in a browser, opened as files: everybody can read it, search it and go through it with the keyboard."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cncb_compiler.catalogue.examples import gathered
from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.history import History, Release
from cncb_compiler.catalogue.writing import write
from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.side import side_of
from cncb_compiler.scenarios.read import scenarios
from cncb_compiler.source.discover import systems
from cncb_compiler.source.files import SourceFile

SHOP = Path(__file__).parents[2] / "topologies" / "shop"

PAGES = {
    "overview": "index.html",
    "index": "event/index.html",
    "service": "service/order-bff.html",
    "event": "event/payment-refunded.html",
    "type": "type/Order.html",
    "view": "view/storefront.products.html",
    "process": "process/order-submitted.html",
    "owner": "owner/customer-care.html",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site of the shop, with a history of one tag in which an event had a field less."""
    (source,) = systems(SHOP)
    side = side_of("", source)
    older = [SourceFile(file.name, re.sub(r"\n    note: string\?", "", file.text)) for file in source.files]
    changes = compare(side_of("v1", replace(source, files=tuple(older))), side).changes
    history = History(
        (Release("", "", False, changes), Release("v1", "2026-01-31", True, ())), "Older tags are left out."
    )
    folder = tmp_path_factory.mktemp("catalogue") / "site"
    assert write(folder, [Facts(side, gathered(side.system, scenarios(source.root)), history)]).refused == ()
    return folder


@pytest.fixture
def shown(page, site):
    """Open a page of the site, by its path."""

    def show(path: str):
        page.goto((site / path).as_uri())
        return page

    return show


def violations(page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong in what is shown. It reads styles from the page alone: a file could not be asked for them."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_wrong_in_light_and_dark(shown, kind):
    page = shown(PAGES[kind])
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert violations(page) == [], scheme
    assert grounds == ["rgb(255, 255, 255)", "rgb(13, 17, 23)"]


def test_axe_finds_what_is_wrong(shown):
    page = shown("index.html")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img><p class=note>x</p>')")
    page.evaluate("document.querySelector('.note').style.color = '#eee'")
    assert {"image-alt", "color-contrast"} <= {found for found, _ in violations(page)}


def test_axe_finds_nothing_wrong_in_what_the_search_found(shown):
    page = shown("index.html")
    page.keyboard.press("/")
    page.keyboard.type("order")
    page.wait_for_selector("#found:not([hidden])")
    assert violations(page) == []


def test_the_search_is_used_by_keyboard(shown):
    page = shown("event/order-submitted.html")
    page.keyboard.press("/")
    page.keyboard.type("payment-gateway")
    option = page.locator("#found [role=option]")
    option.first.wait_for()
    assert option.first.inner_text() == "service payment-gateway"
    assert page.locator("#search").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").get_attribute("id") == "found-1"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/service/payment-gateway.html")
    assert page.get_by_role("heading", level=1).inner_text() == "payment-gateway"


def test_the_search_leads_to_a_field(shown):
    page = shown("index.html")
    page.get_by_role("combobox").fill("order-submitted email")
    first = page.locator("#found [role=option]").first
    first.wait_for()
    assert first.inner_text() == "event order-submitted order.email"
    first.click()
    page.wait_for_url("**/event/order-submitted.html#field-order.email")
    assert page.locator(":target code").first.inner_text() == "email"


def test_the_search_says_how_much_it_found_and_goes_away(shown):
    page = shown("index.html")
    page.keyboard.press("/")
    page.keyboard.type("nothing-like-this")
    page.wait_for_function("document.getElementById('count').textContent === '0 found'")
    assert page.locator("#found").is_hidden()
    page.get_by_role("combobox").fill("order")
    page.wait_for_selector("#found:not([hidden])")
    assert re.fullmatch(r"\d+ found|The first 30 of \d+", page.locator("#count").inner_text())
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"


def test_the_first_tab_stop_skips_to_the_content(shown):
    page = shown("event/order-submitted.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_box_of_a_map_leads_to_its_page(shown):
    page = shown("event/order-submitted.html")
    page.locator("figure.map a", has_text="make-reservation").click()
    page.wait_for_url("**/service/order-process.html#transition-make-reservation")


def test_pages_fit_a_small_screen(shown):
    for path in PAGES.values():
        page = shown(path)
        page.set_viewport_size({"width": 360, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_paper_has_what_is_told_and_not_what_is_clicked(shown):
    page = shown("event/order-submitted.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("nav.kinds").is_hidden() and page.get_by_role("combobox").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_examples_are_json(shown):
    page = shown("event/order-submitted.html")
    example = page.locator("figure.example pre").first.inner_text()
    assert json.loads(example)["type"] == "order-submitted"
