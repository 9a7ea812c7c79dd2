"""The comment of a pull request: whole, within its size, nothing of others live in it; and which findings are new."""

from __future__ import annotations

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from cncb_compiler.compare.compare import Differences, compare
from cncb_compiler.compare.side import Side, nothing, side_of_values
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.markup import COMMENT, size
from cncb_compiler.review.comment import MARKED, Review, marker, render
from cncb_compiler.review.findings import Checked, Findings, compared
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

GITHUB = 65_536
HOSTILE = (
    "</code></details>--><script>x</script> ![i](http://evil.example/i) @org/team #1 | `t` ~~~\n/merge\n```\x1b[31m"
)
NONE = Findings((), 0, Sources(()))
AT = Location("services/orders.yaml", ("services", "orders"))


def side(label: str, services: int, sku: str, owner: str = "web", system: str = "shop") -> Side:
    """Services that each keep a view of one event; `sku` is the name of the field that they read."""
    event = {"external": True, "with": {"order": {"id": "uuid", sku: "string"}}}
    view = {"on": "seen", "key": "order.id", "fields": {"id": "order.id", "item": f"order.{sku}"}}
    read = {f"s{number}": {"owner": owner, "views": {"orders": view}} for number in range(services)}
    value = {"system": system, "events": {"seen": event}, "services": read}
    return side_of_values(label, [("system.yaml", value)], system)


def differences(services: int = 1, label: str = "main", owner: str = "web", system: str = "shop") -> Differences:
    return compare(
        side(label, services, "sku", owner, system), side("the working tree", services, "product", owner, system)
    )


def finding(message: str, severity: Severity = Severity.ERROR, at: Location = AT) -> Diagnostic:
    return Diagnostic("CNCB304", "unknown-field", severity, at, message, "Mend it.")


def test_it_says_what_changed_for_whom_what_is_new_and_draws_it() -> None:
    warning = finding("`a` is odd", Severity.WARNING)
    text = render(
        [Review(differences(2), Findings((finding("`b` is wrong"), warning), 3, Sources(())))], "https://x.example/1"
    )
    assert text.startswith("<!-- cncb-review: shop -->\n## 🔴 shop: 1 breaking")
    assert "\nCompared: the working tree with main.\n" in text
    assert "\n| `s0` | `web` | 1 |" in text
    assert (
        "\n### 🔴 Breaking: schema\n\n- **DIFF103 field-renamed** event seen: `order.sku` is now called `order.product`"
        in text
    )
    assert "\n  - affects `view:s1.orders`: keeps it as `item`" in text
    assert (
        "\n### Findings: 1 new error, 1 new warning, 3 mended\n\n- 🔴 **CNCB304 unknown-field** `b` is wrong. Mend it. (`services/orders.yaml:1`)\n"
        in text
    )
    assert text.index("### 🔴 Breaking") < text.index("### Findings") < text.index("```mermaid\nflowchart LR\n")
    assert text.endswith("\n```\n\n[The whole comparison](https://x.example/1)\n")
    assert "Left out" not in text.replace("Left out: ", "")


def test_nothing_changed_is_one_line() -> None:
    same = side("main", 1, "sku")
    text = render([Review(compare(same, replace(same, label="the working tree")), NONE)], "https://x.example/1")
    assert text == "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n"


def test_several_systems_have_a_part_each_and_those_without_changes_a_line() -> None:
    same = side("main", 1, "sku", system="depot")
    reviews = [Review(compare(same, same), NONE), Review(differences(), NONE), Review(differences(system="mail"), NONE)]
    text = render(reviews)
    assert text.splitlines()[:3] == [marker("depot"), marker("shop"), marker("mail")]
    assert text.index("## 🔴 shop") < text.index("## 🔴 mail") < text.index("Nothing changed in `depot`.")


def test_a_large_system_fits_and_what_is_left_out_is_counted() -> None:
    large = differences(400, owner="w" * 40)
    large = replace(
        large, changes=tuple(replace(one, message=f"{one.message} {n}") for n in range(300) for one in large.changes)
    )
    findings = Findings(tuple(finding(f"`x{n}` is wrong") for n in range(500)), 0, Sources(()))
    text = render([Review(large, findings)], "https://x.example/1")
    assert size(text) <= COMMENT < GITHUB
    left = re.search(
        r"\*Left out here: (\d+) changes, (\d+) new findings, (\d+) lines; see \[the page\]\(https://x.example/1\)\.\*",
        text,
    )
    assert left is not None
    assert int(left[1]) + len(re.findall(r"^- \*\*DIFF", text, re.MULTILINE)) == len(large.changes)
    assert int(left[2]) + text.count("**CNCB304 unknown-field**") == 500
    assert int(left[3]) + len(re.findall(r"^\| `s\d+` \|", text, re.MULTILINE)) == 400
    assert text.count("```") == 2
    assert "boxes" in text and "are left out: there is room for 500 edges" in text
    assert "`cncb diff` and `cncb check` show them" in render([Review(large, findings)])


def test_many_large_systems_fit_and_the_worst_have_the_room() -> None:
    one = differences(30)
    safe = replace(one, changes=tuple(replace(change, level="safe") for change in one.changes))
    reviews = [Review(replace(one if n % 2 else safe, system=f"system-{n}"), NONE) for n in range(1500)]
    text = render(reviews)
    assert size(text) <= COMMENT
    assert text.count("<!-- cncb-review:") == MARKED
    whole = re.findall(r"^## (\S) system-(\d+)", text, re.MULTILINE)
    assert len(whole) > 5 and {sign for sign, _ in whole} == {"🔴"}
    brief = re.findall(r"^- \S `system-\d+`: ", text, re.MULTILINE)
    left = re.search(r"\*(\d+) more systems differ\.\*", text)
    assert left is not None and len(whole) + len(brief) + int(left[1]) == 1500


def test_nothing_of_others_is_live_in_it() -> None:
    hostile = replace(differences(2, label=HOSTILE, owner=HOSTILE), system=HOSTILE, notes=(HOSTILE,))
    hostile = replace(hostile, changes=tuple(replace(one, message=HOSTILE, mend=HOSTILE) for one in hostile.changes))
    found = Findings((finding(HOSTILE, at=Location(f"{HOSTILE}.yaml")),), 0, Sources(()))
    text = render([Review(hostile, found)], "https://x.example/(a)?b=1 c\n")
    blocks = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    inline = [token for block in blocks for token in block.children or ()]
    html = [token.content.strip() for token in (*blocks, *inline) if token.type.startswith("html")]
    assert html[0] == marker(HOSTILE)
    assert "--" not in html[0][4:-3]
    assert all(re.fullmatch(r"<details><summary>\S* \w+: \w+ \(\d+\)</summary>|</details>", one) for one in html[1:])
    links = [dict(token.attrs)["href"] for token in inline if token.type == "link_open"]
    assert links == ["https://x.example/%28a%29?b=1%20c%0A"]
    assert not [token for token in inline if token.type == "image"]
    plain = "".join(token.content for token in inline if token.type in ("text", "text_special"))
    assert not re.search(r"@\w|#\d|://", plain)
    assert not re.search(r"^\s*/", text, re.MULTILINE)
    assert "\x1b" not in text


def test_the_same_gives_the_same_bytes() -> None:
    assert render([Review(differences(9), NONE)]) == render([Review(differences(9), NONE)])


def test_new_is_what_was_not_said_before_wherever_it_stands_now() -> None:
    old, moved = finding("a"), finding("a", at=Location("moved.yaml"))
    new, gone = finding("new", Severity.WARNING), finding("gone")
    before = Checked((old, gone), (old, gone))
    after = Checked((new, moved), (new, moved))
    assert compared(before, after) == Findings((new,), 1, after.sources)
    assert compared(before, Checked((old, moved, gone), (old, moved, gone))).new == (moved,)
    assert compared(Checked(), after).new == (moved, new), "errors first"


def test_what_is_ignored_is_not_mended() -> None:
    one = finding("a")
    assert compared(Checked((one,), (one,)), Checked((), (one,))).mended == 0
    assert compared(Checked((one,), (one,)), Checked((), ())).mended == 1
    assert compared(Checked((), (one,)), Checked((one,), (one,))).new == (one,)


def test_a_system_that_is_new_or_gone_is_drawn() -> None:
    there = side("main", 1, "sku")
    for pair in ((nothing("main, which has no shop yet", "shop"), there), (there, nothing("the working tree", "shop"))):
        assert "```mermaid" in render([Review(compare(*pair), NONE)])
