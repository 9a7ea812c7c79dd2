"""Differences in their four forms: the same value, nothing of it live, each as its readers need it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cncb_compiler.compare.compare import Differences, compare
from cncb_compiler.compare.render import html, markdown, text
from cncb_compiler.compare.render import json as as_json
from cncb_compiler.compare.side import side_of_values

ROOT = Path(__file__).parents[2]
HOSTILE = "</code></details><script>alert(1)</script> ![x](http://evil.example/x) @everyone | `tick` \x1b[31m"


def differences(reason: str = "") -> Differences:
    """A removed field that a view reads, and a new one; what is hostile in it is an owner, a name and a condition."""
    events = {"order-submitted": {"external": True, "with": {"order": {"id": "uuid", "sku": "string"}}}}
    view = {
        "on": {"order-submitted": {"when": "order.sku == '<b>`x`'"}},
        "key": "order.id",
        "fields": {"id": "order.id", "sku": "order.sku"},
    }
    service = {"owner": "<i>team", "views": {"orders": view}}
    later = {"order-submitted": {"external": True, "with": {"order": {"id": "uuid", "note": "string?"}}}}
    plain = {"on": "order-submitted", "key": "order.id", "fields": {"id": "order.id"}}
    before = {"system": "shop", "events": events, "services": {"store": service}}
    after = {"system": "shop", "events": later, "services": {"store": {**service, "views": {"orders": plain}}}}
    if reason:
        one = {"change": "field-removed", "of": "event:*", "reason": reason, "until": "2026-12-31"}
        after["accept"] = [one]
    sides = [
        side_of_values(label, [("<b>.yaml", value)], "shop") for label, value in ((HOSTILE, before), ("after", after))
    ]
    return compare(*sides, today="2026-01-31")


def test_text_says_the_worst_first_and_steers_no_terminal() -> None:
    shown = text.render(differences())
    assert "\x1b" not in shown
    assert shown.index("BREAKING for store") < shown.index("RISKY") < shown.index("SAFE")
    assert "affects view:store.orders: keeps it as `sku`" in shown
    assert text.render(differences(), color=True).count("\x1b[31;1mBREAKING") == 1


def test_json_is_valid_by_its_published_schema() -> None:
    document = json.loads(as_json.render([differences(), differences("because")]))
    schema = json.loads((ROOT / "schema" / "diff.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    first = document["systems"][0]["changes"][0]
    assert (first["code"], first["level"], first["subject"]) == (
        "DIFF101",
        "breaking",
        "event:order-submitted#order.sku",
    )
    assert [one["direction"] for one in first["incompatible"]] == ["forward"]
    assert {one["node"] for one in first["affected"]} == {"view:store.orders"}
    assert first["affected"][0]["owner"] == "<i>team"
    assert document["systems"][0]["summary"]["breaking"] == 1


def test_json_that_does_not_fit_is_refused_by_the_schema() -> None:
    document = json.loads(as_json.render([differences()]))
    document["systems"][0]["changes"][0]["level"] = "bad"
    schema = json.loads((ROOT / "schema" / "diff.schema.json").read_text())
    assert not Draft202012Validator(schema).is_valid(document)


def test_markdown_has_no_html_image_mention_or_table_of_others() -> None:
    shown = markdown.render([differences()])
    outside = re.sub(r"(`+) ?.*? ?\1", "", shown)
    assert "<script" not in outside.replace("\\<", "")
    assert "](http" not in outside.replace("\\]", "")
    assert "@everyone" not in outside
    assert shown.count("<details>") == shown.count("</details>\n") == 1


def test_markdown_keeps_within_what_a_comment_may_hold() -> None:
    shown = markdown.render([differences()] * 200)
    assert len(shown) < 65_536
    assert re.search(r"\*\d+ more parts do not fit here", shown)


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_html_runs_and_fetches_nothing() -> None:
    shown = html.render([differences(HOSTILE[:60])])
    page = _Page()
    page.feed(shown)
    assert not {"script", "img", "iframe", "link", "object", "i", "b"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")]
    policy = next(value for name, value in page.attributes if value and "default-src 'none'" in value)
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in policy


def test_the_style_of_the_page_is_the_one_that_its_policy_allows() -> None:
    import base64
    import hashlib

    shown = html.render([differences()])
    style = shown.partition("<style>")[2].partition("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in shown


@pytest.mark.parametrize("render", [as_json.render, markdown.render, html.render])
def test_the_same_value_gives_the_same_text(render) -> None:
    assert render([differences()]) == render([differences()])


def test_an_acceptance_counts_until_its_day_and_is_told() -> None:
    accepted = differences("Nobody reads it.")
    change = next(one for one in accepted.changes if one.slug == "field-removed" and one.accepted)
    assert (change.level, change.judged) == ("safe", "breaking")
    assert change.accepted == "Nobody reads it. (until 2026-12-31)"
    over = compare(accepted.before, accepted.after, "2027-01-01")
    assert over.count(change.judged) == 1
    assert over.notes == ("The acceptance of field-removed of event:* (<b>.yaml) was over on 2026-12-31.",)
    assert compare(accepted.before, accepted.after, "2026-12-31").notes == ()
    nothing = compare(accepted.after, accepted.after, "2026-01-31")
    assert nothing.notes[0].endswith("accepts nothing in this comparison.")


def test_what_was_experimental_is_exempt_and_what_becomes_so_is_not() -> None:
    def side(stability: str, fields: dict[str, str]):
        event = {"external": True, "stability": stability, "with": fields}
        view = {"on": "seen", "key": "a", "fields": {"a": "a", "b": "b"}}
        value = {"system": "s", "events": {"seen": event}, "services": {"one": {"views": {"all": view}}}}
        return side_of_values(stability, [("system.yaml", value)], "s")

    both, less = {"a": "string", "b": "string"}, {"a": "string"}
    exempt = next(one for one in compare(side("experimental", both), side("stable", less)).changes if one.exempt)
    assert (exempt.slug, exempt.level, exempt.judged) == ("field-removed", "safe", "breaking")
    assert exempt.exempt == "seen was `stability: experimental`"
    assert compare(side("stable", both), side("experimental", less)).changes[0].level == "breaking"
