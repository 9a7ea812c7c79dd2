"""Sure mends: what is edited, that the finding goes, and what is left alone."""

from __future__ import annotations

import json

import pytest

from cncb_compiler.cache.findings import as_values, of_values
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.fix import Replacement, mended, replaced, replacements, together
from cncb_compiler.diagnostics.mend import Add, Change, Put, Remove, did_you_mean
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.source.discover import systems
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

SYSTEM = """\
system: shop
types: {Order: {id: uuid, customer: string, lines: [string]}}
events: {order-submitted: {entity: order, with: {order: Order}}}
services:
  order-bff:  # keeps orders
    kind: bff
    api: {auth: none}
    stores: {orders: {of: Order}}
    commands:
      submit:
        route: POST /orders
        input: {customer: string}
        write: orders
        set: {id: uuid(), customer: input.customer, lines: "[input.customer]"}
    changes: {orders: {insert: order-submitted}}
  history:
    api: {auth: none}
    views:
      orders:
        on: [order-submitted]   # one event
        key: order.id
        fields: {customer: 'order.customer', lines: "order.lines[*]"}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
"""


def analysed(tmp_path, text: str) -> Analysis:
    (tmp_path / "system.yaml").write_bytes(text.encode())
    return analyse(systems(tmp_path)[0])


SLIPS = [
    ("[order-submitted]   #", "[order-submited]   #", "CNCB201"),
    ("insert: order-submitted", "insert: orderSubmitted", "CNCB201"),
    ("{order: Order}", "{order: Oder}", "CNCB202"),
    ("lines: [string]", "lines: [strnig]", "CNCB110"),
    ("lines: [string]", "lines: [string?]", "CNCB110"),
    ("write: orders", "write: order", "CNCB203"),
    ("from: orders", 'from: "odrers"', "CNCB203"),
    ("kind: bff", "kind: BFF", "CNCB103"),
    ("        route: POST", "        rouet: POST", "CNCB101"),
    ("'order.customer'", "'order.custmer'", "CNCB304"),
    ("order.lines[*]", "order.line[*]", "CNCB304"),
    ("uuid()", "uuidd()", "CNCB306"),
    ("customer: input.customer", "custmer: input.customer", "CNCB305"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), SLIPS)
def test_a_slip_is_put_right_and_nothing_else_is_touched(tmp_path, right, wrong, code):
    text = SYSTEM.replace(right, wrong, 1)
    assert text != SYSTEM
    analysis = analysed(tmp_path, text)
    findings, wanted = together(analysis.shown(), analysis.sources)
    assert code in {one.code for one in findings}
    after = replaced(text, wanted)
    assert after == (SYSTEM if wrong != 'from: "odrers"' else SYSTEM.replace(right, 'from: "orders"'))
    assert code not in {one.code for one in analysed(tmp_path, after).shown()}


@pytest.mark.parametrize(
    ("unknown", "known", "sure"),
    [
        ("order-submited", ["order-submitted"], True),
        ("orderSubmitted", ["order-submitted"], True),
        ("order-placed", ["order-paid"], False),
        ("order-pai", ["order-paid", "order-pair"], False),
        ("ids", ["id"], False),
        ("on", ["or"], False),
    ],
)
def test_only_what_cannot_be_another_name_is_sure(unknown, known, sure):
    mend = did_you_mean(unknown, known, Location("a.yaml"))
    assert bool(mend and mend.edits) is sure


def test_of_a_path_the_wrong_part_is_edited(tmp_path):
    text = SYSTEM.replace("'order.customer'", "ordr.ordr")
    analysis = analysed(tmp_path, text)
    (found,) = [one for one in analysis.shown() if one.code == "CNCB304"]
    assert replaced(text, replacements(found, analysis.sources)) == text.replace("ordr.ordr", "order.ordr")


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("    api: {auth: none}  # cncb: ignore[CNCB401] no reason\n", "    api: {auth: none}\n"),
        ("    # cncb: ignore[CNCB401] no reason\r\n    api: {auth: none}\r\n", "    api: {auth: none}\r\n"),
    ],
)
def test_a_comment_that_ignores_nothing_is_removed(tmp_path, line, without):
    text = SYSTEM.replace("    api: {auth: none}\n", line, 1)
    analysis = analysed(tmp_path, text)
    (found,) = [one for one in analysis.shown() if one.code == "CNCB094"]
    read = dict(analysis.sources.texts())["system.yaml"]
    assert replaced(read, replacements(found, analysis.sources)) == SYSTEM.replace(
        "    api: {auth: none}\n", without, 1
    )


def test_two_mends_of_the_same_characters_are_not_made_together():
    twice = Replacement("a", 0, 3, "x"), Replacement("a", 2, 4, "y")
    assert twice[0].overlaps(twice[1])
    assert not Replacement("a", 0, 2, "x").overlaps(twice[1])


def test_check_fix_writes_the_files_and_shows_the_rest(cncb, write):
    text = "\ufeff" + SYSTEM.replace("insert: order-submitted", "insert: order-submited").replace("\n", "\r\n")
    folder = write({"unused": ""})
    file = folder / "system.yaml"
    file.write_bytes(text.replace("'order.customer'", "order.address").encode())
    result = cncb("check", "--fix", cwd=folder)
    assert result.returncode == 1
    assert "CNCB201 unknown-event: Change `order-submited` to `order-submitted`" in result.stdout
    assert "mended 1 finding\n" in result.stdout
    assert "CNCB304" in result.stdout
    expected = "\ufeff" + SYSTEM.replace("'order.customer'", "order.address").replace("\n", "\r\n")
    assert file.read_bytes() == expected.encode()


ROUTE = "services: {a: {functions: {f: {handler: a.b, route: GET /x}}}}"
WRITTEN = [
    ("CNCB003", "types: {Codes: {200: string}}", 'types: {Codes: {"200": string}}'),
    ("CNCB008", "owner: {Ref: !Ref Topic}", "owner: {Ref: {Ref: Topic}}"),
    ("CNCB008", "owner: !Sub 'a, ${b}'", 'owner: {"Fn::Sub": "a, ${b}"}'),
    ("CNCB008", "owner: !GetAtt Topic.TopicName", 'owner: {"Fn::GetAtt": [Topic, TopicName]}'),
    ("CNCB008", 'owner: !Base64 "\u00e9"', 'owner: {"Fn::Base64": "\u00e9"}'),
    ("CNCB092", f"{ROUTE} # cncb: ignore[unsaid-aut] later", None),
    ("CNCB093", f"{ROUTE} # cncb: ignore[unsaid-auth, CNCB101] later", None),
    ("CNCB094", f"{ROUTE} # cncb: ignore[CNCB401, unsaid-auth, CNCB402] later", None),
    ("CNCB094", f"{ROUTE} # cncb: ignore[unsaid-auth, CNCB402 , CNCB401] later", None),
]


@pytest.mark.parametrize(("code", "text", "expected"), WRITTEN)
def test_what_is_written_in_another_way_is_put_right(tmp_path, code, text, expected):
    after = f"system: shop\n{text}\n"
    codes = []
    kept = f"{ROUTE} # cncb: ignore[unsaid-auth] later"
    for _ in range(3):
        analysis = analysed(tmp_path, after)
        codes.append({one.code for one in analysis.shown()})
        after = mended(analysis.shown(), analysis.sources)[1].get("system.yaml", after)
    assert after == f"system: shop\n{expected or kept}\n"
    assert code in codes[0]
    assert code not in codes[-1]


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("a: {b: 1}\n", Add(Location("a.yaml", ("a", "c")), "2"), "a: {b: 1, c: 2}\n"),
        ("a: {}\n", Add(Location("a.yaml", ("a", "b", "c")), "2"), "a: {b: {c: 2}}\n"),
        ("a:\r\n  b: 1  # one\r\n\r\nd: 1\r\n", Add(Location("a.yaml", ("a", "c")), "2"), None),
        ("a:\n  - b: 1\n", Add(Location("a.yaml", ("a", 0, "c")), "2"), "a:\n  - b: 1\n    c: 2\n"),
        ("a: {b: 1}\n", Add(Location("a.yaml", ("a", "b")), "2"), "a: {b: 1}\n"),
        ("a: [1]\n", Add(Location("a.yaml", ("a", "b")), "2"), "a: [1]\n"),
        ("a: {b: [1, 2]}\n", Put(Location("a.yaml", ("a", "b")), "3"), "a: {b: 3}\n"),
        ("a:\n  b:\n    - 1\nc: 1\n", Put(Location("a.yaml", ("a", "b")), "3"), "a:\n  b: 3\nc: 1\n"),
        ("a:\nc: 1\n", Put(Location("a.yaml", ("a",)), "3"), "a: 3\nc: 1\n"),
        ("a: [x, y]\n", Put(Location("a.yaml", ("a", 1)), "z"), "a: [x, z]\n"),
        ("a: 1\n", Put(Location("a.yaml", ("b",)), "z"), "a: 1\n"),
        ("a: {b: 1, c: 2}\n", Remove(Location("a.yaml", ("a", "b"))), "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", Remove(Location("a.yaml", ("a", "c"))), "a: {b: 1}\n"),
        ("a: {b: 1}\n", Remove(Location("a.yaml", ("a", "b"))), "a: {}\n"),
        ("s: 1\nprocessing: {batch: 1}\n", Remove(Location("a.yaml", ("processing", "batch"))), "s: 1\n"),
        ("a:\n  - b: 1\n    c: 2\n", Remove(Location("a.yaml", ("a", 0, "b"))), "a:\n  - c: 2\n"),
        ("a:\n  - b\n  - c\n", Remove(Location("a.yaml", ("a", 0))), "a:\n  - c\n"),
        ("a:\n  b: 1 # x\n  c:\n    d: 1\n", Remove(Location("a.yaml", ("a", "b"))), "a:\n  c:\n    d: 1\n"),
        ("a: &x {b: 1}\nc: *x\n", Add(Location("a.yaml", ("c", "d")), "1"), "a: &x {b: 1}\nc: *x\n"),
    ],
)
def test_keys_are_added_put_and_removed_where_they_stand(text, edit, expected):
    sources = Sources([SourceFile("a.yaml", text)])
    found = Diagnostic("CNCB999", "x", Severity.ERROR, edit.at, "x", edits=(edit,))
    after = replaced(text, replacements(found, sources))
    assert after == (expected or "a:\r\n  b: 1  # one\r\n  c: 2\r\n\r\nd: 1\r\n")


def test_what_has_to_be_chosen_is_made_only_where_it_is_asked_for(cncb, write):
    folder = write({"system.yaml": "system: shop\ntypes:\n  A: string\n  B: [A]\n"})
    kept = cncb("check", "--fix", cwd=folder)
    assert "mended 0 findings" in kept.stdout
    made = cncb("check", "--fix", "--unsafe-fixes", cwd=folder)
    assert "CNCB212 unused-type: Remove `B`" in made.stdout
    assert "B" not in (folder / "system.yaml").read_text()
    assert cncb("check", "--unsafe-fixes", cwd=folder).returncode == 2


def test_edits_are_the_same_after_they_were_kept_as_values():
    at = Location("a.yaml", ("a", 0, "b"))
    edits = (Change(at.chars(1, 2), "x", "y"), Put(at, "1"), Add(at.key(), "2"), Remove(at))
    found = [Diagnostic("CNCB999", "x", Severity.ERROR, at, "x", "y", edits=edits, sure=False)]
    assert of_values(json.loads(json.dumps(as_values(found)))) == found
