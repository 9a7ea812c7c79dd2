"""The tab that the other tests here drive notices what goes wrong in it."""

from __future__ import annotations

import pytest
from chromium import watched

FAULTY = {
    "console: no": "<script>console.error('no')</script>",
    "exception: no": "<script>setTimeout(() => { throw new Error('no') })</script>",
    "request: http://127.0.0.1:9/x.png": "<img src='http://127.0.0.1:9/x.png'>",
    "console: Executing inline script violates": (
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\"><script>1</script>"
    ),
}


@pytest.mark.parametrize("said", FAULTY)
def test_what_goes_wrong_in_a_tab_is_seen(said, browser, tmp_path):
    file = tmp_path / "faulty.html"
    file.write_text(FAULTY[said])
    context = browser.new_context()
    wrong = watched(context)
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("new Promise(done => setTimeout(done))")
    context.close()
    assert [one for one in wrong if said in one], wrong


def test_nothing_goes_wrong_in_a_sound_page(page, tmp_path):
    file = tmp_path / "sound.html"
    file.write_text("<!doctype html><title>Sound</title><script>document.title += ' page'</script>")
    page.goto(file.as_uri())
    assert page.title() == "Sound page"
