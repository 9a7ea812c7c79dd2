"""`cncb diff --format html` in a browser: nothing runs or leaves, and it can be read by everybody, in light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.render import html
from cncb_compiler.compare.side import side_of
from cncb_compiler.source.discover import systems

EXAMPLE = Path(__file__).parents[2] / "docs/examples/pull-request"


@pytest.fixture
def shown(page, tmp_path):
    """The example's page, in a tab."""
    before, after = (side_of(side, systems(EXAMPLE / side)[0]) for side in ("before", "after"))
    file = tmp_path / "diff.html"
    file.write_text(html.render([compare(before, after)]), encoding="utf-8")
    page.goto(file.as_uri())
    return page


def luminance(page, what: str, of: str) -> float:
    """How bright a colour of an element is, 0 to 1 (WCAG 2.2, relative luminance)."""
    colour = page.locator(what).first.evaluate(f"one => getComputedStyle(one).{of}")
    parts = [int(part) / 255 for part in colour[4:-1].split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(page, what: str) -> float:
    light, dark = sorted((luminance(page, what, "color"), luminance(page, "body", "backgroundColor")), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_is_bad_is_open_and_what_is_safe_is_folded_away(shown):
    assert shown.get_by_role("heading", level=1).inner_text() == "shop: 2 breaking, 2 safe"
    assert "`" not in shown.locator("main").inner_text()
    assert shown.get_by_text("DIFF401 auth-weakened").is_visible()
    safe = shown.get_by_text("DIFF212 service-added")
    assert not safe.is_visible()
    shown.locator("summary").last.focus()
    shown.keyboard.press("Enter")
    assert safe.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_light_and_dark(shown, scheme):
    shown.emulate_media(color_scheme=scheme)
    assert (luminance(shown, "body", "backgroundColor") > 0.5) == (scheme == "light")
    for what in ("body", ".category", "details.breaking h2", "details.safe h2", "li .place"):
        assert contrast(shown, what) >= 4.5, what


def test_it_fits_a_small_screen(shown):
    shown.set_viewport_size({"width": 360, "height": 640})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
