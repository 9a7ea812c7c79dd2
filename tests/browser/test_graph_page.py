"""The page of `cncb graph --format html`, driven as a person does: by pointer, by keyboard, by address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import expect

from benchmarks.generate import write as write_services
from cncb_compiler.cli.main import cli

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "topologies" / "shop"


FIELD = "view=field&field=event:order-submitted%23order.customerId&up=all&down=all"


def drawn(folder: Path, file: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["graph", str(folder), "-o", str(file), *arguments], catch_exceptions=False)
    assert (result.exit_code, result.output) == (0, "")
    return file.as_uri()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return drawn(SHOP, tmp_path_factory.mktemp("page") / "shop.html")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A page of so many services of the benchmarks, each with six boxes."""
    made = {}

    def page_of(services: int) -> str:
        if services not in made:
            folder = tmp_path_factory.mktemp(f"services-{services}")
            write_services(folder / "system", services)
            made[services] = drawn(folder / "system", folder / "page.html")
        return made[services]

    return page_of


@pytest.fixture
def see(page):
    """Open a page at an address, and wait until it is drawn."""

    def opened(url: str, address: str = ""):
        page.goto("about:blank")
        page.goto(f"{url}#{address}")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        return page

    return opened


def box(page, name: str):
    return page.locator(f'#world [data-id="{name}"]')


def shown(page) -> set[str]:
    return set(page.locator("#world .box").evaluate_all("all => all.map(one => one.dataset.id)"))


def detail(page, heading: str) -> str:
    return page.locator(
        "#detail section", has=page.get_by_role("heading", name=re.compile(f"^{heading}", re.IGNORECASE))
    ).inner_text()


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("#world text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
    const apart = a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
    if (!apart) found.push([one, other]);
  }));
  return found;
}"""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "view=system",
        "focus=event:payment-taken&up=2&down=2",
        FIELD,
        "view=process&start=command:order-bff.submit",
    ],
)
def test_no_label_lies_over_another(see, shop, address):
    page = see(shop, address)
    page.click("#fit")
    assert page.locator("#world text").count() > 10
    assert page.evaluate(OVERLAPS) == []


def test_a_click_says_everything_that_is_known(see, shop):
    page = see(shop)
    box(page, "event:payment-taken").click()
    expect(page.get_by_role("heading", name="payment-taken")).to_be_visible()
    assert "The customer was charged." in page.locator("#detail").inner_text()
    facts = detail(page, "facts")
    assert "payments" in facts and re.search(r"topologies/shop/events/payments\.yaml:\d+", facts)
    assert "payment-gateway · payments changes" in detail(page, "producers")
    assert "order-bff · pay" in detail(page, "consumers") and "receipts · receipts" in detail(page, "consumers")
    assert "uuid" in detail(page, "schema")
    page.locator("#detail").get_by_role("button", name="payment-gateway · payments changes").click()
    assert "timeout" in detail(page, "runtime settings") and "60 s" in detail(page, "runtime settings")
    assert "ChangesPaymentsFunction" in detail(page, "generated resources")
    expect(box(page, "change:payment-gateway.payments")).to_have_class(re.compile("current"))
    page.click("#close")
    expect(page.locator("#detail")).to_be_hidden()


def test_search_finds_names_fields_and_routes_and_says_how_many(see, shop):
    page = see(shop)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("payment-tak")
    expect(page.locator("#results li").first).to_contain_text("payment-taken")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ found"))
    page.keyboard.press("Enter")
    expect(page.locator("#detail-name")).to_have_text("payment-taken")
    page.fill("#search", "POST /orders")
    expect(page.locator("#results")).to_contain_text("submit")
    page.fill("#search", "address.postcode")
    page.locator("#results button", has_text="event order-submitted").first.click()
    expect(page.locator('[data-view="field"]')).to_have_attribute("aria-pressed", "true")
    page.fill("#search", "no such thing")
    expect(page.locator("#found")).to_have_text("Nothing found")


def test_filters_leave_what_matches_and_what_it_touches(see, shop):
    page = see(shop)
    page.click("#fit")
    everything = shown(page)
    page.select_option("#owner", "payments")
    left = shown(page)
    assert {"reaction:payment-gateway.charge", "event:take-payment", "event:payment-taken"} <= left < everything
    assert "command:catalogue.create" not in left
    expect(page.locator("#summary")).to_contain_text(f"{len(left)} of {len(everything)} boxes")
    page.click("#clear")
    assert shown(page) == everything
    page.select_option("#kind", "control")
    assert {one for one in shown(page) if one.startswith("transition:")} and "command:catalogue.create" not in shown(
        page
    )
    page.click("#clear")
    page.locator("#kinds label", has_text="queries").locator("input").uncheck()
    assert shown(page) == {one for one in everything if not one.startswith("query:")}


def test_the_keyboard_alone(see, shop):
    page = see(shop)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the picture")).to_be_focused()
    page.keyboard.press("Enter")
    focused = "document.activeElement.closest('[data-id]')?.dataset.id"
    first = page.evaluate(focused)
    assert first
    see(shop, "node=event:payment-taken")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    assert page.evaluate(focused) == "event:payment-taken"
    page.keyboard.press("ArrowRight")
    after = page.evaluate(focused)
    assert after != "event:payment-taken"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#detail-name")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#focus")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#focus")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_a_screen_reader_gets(see, shop):
    page = see(shop, "node=event:payment-taken")
    unnamed = page.locator("button, input, select, [role=button]").evaluate_all(
        "all => all.filter(one => one.checkVisibility() && !one.textContent.trim() && !one.ariaLabel && !one.labels?.length)"
        ".map(one => one.outerHTML)"
    )
    assert unnamed == []
    page.click("#fit")
    expect(page.get_by_role("button", name="reaction pay in order-bff")).to_have_count(1)
    assert page.get_by_role("complementary", name="payment-taken").count() == 1
    assert page.get_by_role("heading", level=3, name=re.compile("producers", re.IGNORECASE)).count() == 1
    assert page.get_by_role("table").count() == 1
    see(shop, "view=process&start=command:order-bff.submit")
    steps = page.locator("#told li").all_text_contents()
    assert steps[0] == "outside: POST /orders. order-bff: command submit"


def test_axe_finds_nothing_wrong_in_light_and_dark(see, page, shop):
    for address in ("", "node=event:payment-taken", "view=process&start=command:order-bff.submit", FIELD):
        see(shop, address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == [], (address, scheme)


def test_dark_by_system_and_by_choice(see, page, shop):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    see(shop)
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert light == "rgb(255, 255, 255)" and dark != light
    page.click("#theme")
    assert page.evaluate(ground) == light
    page.click("#theme")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == dark


def test_focus_with_depth(see, shop):
    page = see(shop, "node=event:reservation-confirmed")
    page.get_by_role("button", name="Focus", exact=True).click()
    near = shown(page)
    assert {
        "change:inventory.reservations",
        "transition:order-process.take-payment",
        "reaction:order-bff.reserve",
    } <= near
    assert "event:take-payment" not in near
    page.select_option("#down", "2")
    assert shown(page) > near and "event:take-payment" in shown(page)
    page.select_option("#up", "0")
    assert "change:inventory.reservations" not in shown(page)
    lefts = page.evaluate(
        "['event:reservation-confirmed', 'transition:order-process.take-payment', 'event:take-payment']"
        ".map(id => document.querySelector(`#world [data-id='${id}']`).getBoundingClientRect().left)"
    )
    assert lefts == sorted(lefts)
    page.click("#unfocus")
    assert len(shown(page)) > 50


def test_one_field_through_the_system(see, shop):
    page = see(shop, "node=event:product-created")
    page.locator("#detail").get_by_role("button", name="product.price").click()
    fields = shown(page)
    assert {
        "command:catalogue.create#input.price",
        "store:catalogue.products#price",
        "event:product-created#product.price",
        "view:storefront.products#price",
        "response:storefront.product#price",
    } <= fields
    assert not [one for one in fields if one.startswith("event:order-")]
    page.select_option("#up", "0")
    assert "store:catalogue.products#price" not in shown(page)
    box(page, "view:storefront.products#price").click()
    expect(page.locator("#focus-name")).to_have_text("price of view storefront.products")


def test_a_process_is_told_in_its_order(see, shop):
    page = see(shop)
    page.click('[data-view="process"]')
    expect(page.locator("#empty")).to_be_visible()
    page.select_option("#start", "command:order-bff.submit")
    names = page.locator("#world .event-name").all_text_contents()
    first = ["POST /orders", "order-submitted", "make-reservation", "reservation-confirmed  if new.hold.accepted"]
    assert names[:4] == first
    order = [name.split("  ")[0] for name in names]
    told = ["take-payment", "POST /parcels/{id}/packed", "parcel-packed", "ship-order", "parcel-dispatched"]
    assert [one for one in order if one in told] == told
    assert order.index("payment-taken") < order.index("ship-order")
    assert order.index("release-reservation") < order.index("reservation-released")
    page.locator("#world .chip", has_text="charge").click()
    expect(page.locator("#detail-name")).to_have_text("charge")
    expect(page.locator('[data-view="process"]')).to_have_attribute("aria-pressed", "true")


def test_an_address_is_a_view_and_back_goes_back(see, shop):
    page = see(shop)
    box(page, "event:order-submitted").click()
    page.get_by_role("button", name="Focus", exact=True).click()
    page.select_option("#down", "3")
    there = shown(page)
    see(shop, page.evaluate("location.hash.slice(1)"))
    assert shown(page) == there
    expect(page.locator("#detail-name")).to_have_text("order-submitted")
    expect(page.locator("#down")).to_have_value("3")
    page.select_option("#down", "0")
    page.go_back()
    expect(page.locator("#down")).to_have_value("3")
    assert shown(page) == there


def test_files_and_paper(see, shop, tmp_path):
    page = see(shop, "focus=event:payment-taken")
    with page.expect_download() as saved:
        page.click("#save-svg")
    text = Path(saved.value.path()).read_text()
    assert saved.value.suggested_filename == "shop-service.svg"
    assert "payment-taken" in text and "<script" not in text and "tabindex" not in text
    alone = tmp_path / "alone.svg"
    alone.write_text(text)
    with page.expect_download() as saved:
        page.click("#save-png")
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    page.click("#theme")
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("#find")).to_be_hidden()
    expect(page.locator("header .tools")).to_be_hidden()
    assert page.locator("#map").get_attribute("viewBox")
    assert page.locator("#world").evaluate("one => getComputedStyle(one).transform") == "none"
    page.emulate_media(media="screen")
    expect(page.locator("#map")).not_to_have_attribute("viewBox", re.compile(""))
    page.goto(alone.as_uri())
    assert page.locator(".ground").evaluate("one => getComputedStyle(one).fill") == "rgb(255, 255, 255)"


HOSTILE = "</script><img src=x onerror=alert(1)>\"'`{{7*7}}&lt;<b>"


def test_what_a_topology_says_is_only_ever_text(see, tmp_path):
    system = {
        "system": "hostile",
        "types": {"Order": {"id": "uuid"}},
        "streams": {"main": {}, "audit": {}},
        "events": {
            "order-submitted": {
                "description": HOSTILE,
                "entity": "order",
                "stream": "main",
                "with": {"order": "Order"},
            },
            "order-kept": {"entity": "order", "stream": "audit", "external": True, "with": {"order": "Order"}},
        },
        "services": {
            "orders": {
                "owner": "checkout",
                "description": HOSTILE,
                "api": {"auth": "iam"},
                "stores": {"orders": {"of": "Order", "description": HOSTILE}},
                "commands": {
                    "submit": {"description": HOSTILE, "input": {}, "write": "orders", "set": {"id": "uuid()"}}
                },
                "changes": {"orders": {"insert": {"event": "order-submitted", "when": "new.id != '</script><b>'"}}},
            },
            "mails": {
                "stores": {"sent": {"of": "Order"}},
                "reactions": {
                    "send": {"on": "order-submitted", "write": "sent"},
                    "keep": {"on": "order-kept", "write": "sent"},
                },
            },
        },
    }
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "system.yaml").write_text(yaml.safe_dump(system))
    url = drawn(tmp_path / "system", tmp_path / "page.html")
    page = see(url, "node=event:order-submitted")
    expect(page.locator(".description")).to_have_text(HOSTILE)
    assert page.locator("#stream option").all_text_contents() == ["all", "audit", "main"]
    page.select_option("#stream", "audit")
    assert "event:order-kept" in shown(page) and "event:order-submitted" not in shown(page)
    for address in ("node=service:orders", "node=command:orders.submit", "view=process&start=command:orders.submit"):
        see(url, address)
    assert "new.id != '</script><b>'" in page.locator("#world").text_content()
    assert page.locator("img, b").count() == 0


def test_three_hundred_nodes_open_within_a_second(see, page, many):
    """Measured as what the page's thread computes until it is drawn: other work on the machine does not count."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    see(many(50))
    page.evaluate("new Promise(requestAnimationFrame)")
    spent = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    assert spent["TaskDuration"] < 1
    page.click("#fit")
    expect(page.locator("#world .box")).to_have_count(300)


def test_a_large_system_opens_at_its_services_and_draws_what_is_in_sight(see, many):
    page = see(many(210))
    expect(page.locator('[data-view="system"]')).to_have_attribute("aria-pressed", "true")
    assert 0 < len(shown(page)) < 420
    page.click('[data-view="service"]')
    assert 0 < len(shown(page)) < 1260
    page.fill("#search", "service-0150")
    page.keyboard.press("Enter")
    expect(page.locator("#detail-name")).to_have_text("service-0150")
    expect(page.locator('#world .card[data-id="service:service-0150"]')).to_be_in_viewport()
    page.keyboard.press("f")
    assert "event:item-0149-changed" in shown(page) and len(shown(page)) < 20


def test_what_differs_is_marked(see, tmp_path):
    revisions = ROOT / "cncb_compiler" / "docs" / "revisions"
    for name, source in (("now", "after"), ("was", "before")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "system.yaml").write_text((revisions / f"{source}.yaml").read_text())
    url = drawn(tmp_path / "now", tmp_path / "page.html", "--against", str(tmp_path / "was"))
    page = see(url)
    expect(page.locator("#changed")).to_be_checked()
    differing = shown(page)
    assert "changed: order-submitted" in page.locator("#world").text_content()
    box(page, "event:order-submitted").click()
    assert "DIFF" in detail(page, "what differs")
    page.uncheck("#changed")
    assert shown(page) >= differing
