"""The YAML loader: 1.2 semantics, every mistake a finding with a place, the same without libyaml."""

from __future__ import annotations

import math

import pytest
import ruamel.yaml
from hypothesis import given
from hypothesis import strategies as st

from cncb_compiler.source import careful, events, yaml12
from cncb_compiler.source.location import Location
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.scalars import resolve


def words(text: str) -> list[str]:
    return text.split()


SCALARS = [
    *words("on off yes no y n true True TRUE tRue false False null Null NuLL ~ -- +."),
    *words("0 -7 +3 42 0o17 0o8 0x1F 0x 1.5 -1.5e3 1e10 1e 1.e5 .5 5. 6.02E+23 .inf -.INF .nan"),
    *words("1:30 10:20:30 1.2.3 2024-01-01 2024-01-01T10:00:00Z v1 order.lines uuid() GET"),
]


def codes(text: str) -> list[str]:
    return [found.code for found in yaml12.load(text, "a.yaml")[1]]


def excerpt(text: str, at: Location) -> str:
    start, end = at.span or (0, 0)
    return text[start:end]


def test_words_that_yaml_1_1_misreads_are_strings() -> None:
    text = "on: no\nduration: 1:30\naccount: 012345678901\nday: 2024-01-01\nyes: y\n"
    assert yaml12.load(text, "a.yaml") == (
        {"on": "no", "duration": "1:30", "account": "012345678901", "day": "2024-01-01", "yes": "y"},
        [],
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("~", None),
        ("", None),
        ("3", 3),
        ("0x1F", 31),
        ("0o17", 15),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
    ],
)
def test_core_schema(written: str, value: object) -> None:
    loaded, found = yaml12.load(f"a: {written}\n", "a.yaml")
    assert found == []
    assert loaded == {"a": value}
    assert type(loaded["a"]) is type(value)


def test_quoted_scalars_are_strings() -> None:
    assert yaml12.load("""{a: "1", b: 'true', c: "", "2": x}""", "a.yaml")[0] == {
        "a": "1",
        "b": "true",
        "c": "",
        "2": "x",
    }


@pytest.mark.parametrize("written", SCALARS)
def test_plain_scalars_agree_with_ruamel(written: str) -> None:
    theirs = ruamel.yaml.YAML(typ="safe", pure=True).load(f"- {written}\n")[0]
    ours = resolve(written)
    if hasattr(theirs, "isoformat"):
        theirs = written  # YAML 1.2's core schema has no timestamps; ruamel keeps them
    assert type(ours) is type(theirs)
    assert ours == theirs or (math.isnan(ours) and math.isnan(theirs))  # type: ignore[arg-type]


def test_nested_values() -> None:
    text = "# c\na:\n  - {b: [1, 2], c: }\n  - |\n    x\n    y\nd: ''\n"
    assert yaml12.load(text, "a.yaml") == ({"a": [{"b": [1, 2], "c": None}, "x\ny\n"], "d": ""}, [])


def test_jmespath_with_the_characters_of_tags_and_anchors_stays_plain() -> None:
    text = "when: a != b && !c || *.d\nsort: sort_by(@, &e)\n"
    assert yaml12.load(text, "a.yaml") == ({"when": "a != b && !c || *.d", "sort": "sort_by(@, &e)"}, [])


def test_duplicate_key_shows_both_places_and_keeps_the_first() -> None:
    text = "a: 1\nb: {x: 1, x: 2}\n"
    value, (found,) = yaml12.load(text, "a.yaml")
    assert (found.code, value) == ("CNCB002", {"a": 1, "b": {"x": 1}})
    assert found.at.span == (15, 16)
    assert found.related[0].at.span == (9, 10)


def test_all_duplicates_are_reported_at_once() -> None:
    assert codes("a: 1\na: 2\nb: 1\nb: 2\n1: x\n") == ["CNCB002", "CNCB002", "CNCB003"]


@pytest.mark.parametrize("key", ["1", "true", "~", "1.5", "? [a]\n", "? {a: b}\n", "? \n"])
def test_keys_are_strings(key: str) -> None:
    value, found = yaml12.load(f"{key}: x\nb: y\n", "a.yaml")
    assert [one.code for one in found] == ["CNCB003"]
    assert value == {"b": "y"}


def test_number_key_is_mended_by_quotes() -> None:
    (found,) = yaml12.load("200: ok\n", "a.yaml")[1]
    assert found.mend is not None
    assert '`"200":`' in found.mend


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: b: c\n", "CNCB001", ":"),
        ("a: 'x\n", "CNCB001", "'"),
        ("a: @x\n", "CNCB001", "@"),
        ("a: {b: [}\n", "CNCB001", "}"),
        ("- a\nb: c\n", "CNCB001", "b"),
        ('a: "\\q"\n', "CNCB001", "\\"),
        ("a: \x00\n", "CNCB001", "\x00"),
        ("a: \x1b\n", "CNCB001", "\x1b"),
        ("a: \ud800\n", "CNCB001", "\ud800"),
        ("a:\n\tb: 1\n", "CNCB004", "\t"),
        ("a:\n  b: 1\n\tc: 2\n", "CNCB004", "\t"),
        ("a: *b\n", "CNCB005", "*b"),
        ("a: &x [*x]\n", "CNCB005", "*x"),
        ("a:\n  <<: {b: 1}\n", "CNCB007", "<<"),
        ("a: !Ref b\n", "CNCB008", "!Ref b"),
        ("a: !!str 1\n", "CNCB008", "!!str 1"),
        ("a: ! {}\n", "CNCB008", "! {"),
        ("a: 1\n---\nb: 2\n", "CNCB009", "---"),
        ("a: .inf\n", "CNCB012", ".inf"),
        ("a: 1e999\n", "CNCB012", "1e999"),
        ("a: 18446744073709551616\n", "CNCB012", "18446744073709551616"),
        ("a: " + "9" * 5000 + "\n", "CNCB012", "9" * 5000),
    ],
)
def test_mistakes(text: str, code: str, where: str) -> None:
    (found,) = yaml12.load(text, "a.yaml")[1]
    assert found.code == code
    assert excerpt(text, found.at) == where
    assert found.message
    assert found.mend


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n...\n"])
def test_nothing_declared(text: str) -> None:
    value, found = yaml12.load(text, "a.yaml")
    assert value is None
    assert [one.code for one in found] == (["CNCB013"] if not text.startswith("-") else [])


def test_long_form_of_cloudformation_functions_is_the_mend() -> None:
    assert "{Ref: ...}" in str(yaml12.load("a: !Ref b", "a.yaml")[1][0].mend)
    assert '{"Fn::Sub": ...}' in str(yaml12.load("a: !Sub b", "a.yaml")[1][0].mend)


def test_aliases_repeat_whole_values() -> None:
    text = "a: &a [1, {b: 2}]\nc: *a\nd: &s x\n*s : y\n"
    assert yaml12.load(text, "a.yaml") == ({"a": [1, {"b": 2}], "c": [1, {"b": 2}], "d": "x", "x": "y"}, [])


def test_an_alias_of_a_number_is_no_key() -> None:
    (found,) = yaml12.load("a: &a 5\n*a : b\n", "a.yaml")[1]
    assert (found.code, "`5`" in found.message) == ("CNCB003", True)


def test_a_file_with_one_bad_entry_keeps_the_others() -> None:
    text = "a: {<<: {x: 1}, b: 2}\n? {k: [1]}\n: {c: 3}\n*u : 4\nd: [*u, 5]\n"
    value, found = yaml12.load(text, "a.yaml")
    assert value == {"a": {"b": 2}, "d": [None, 5]}
    assert [one.code for one in found] == ["CNCB007", "CNCB003", "CNCB005", "CNCB005"]


def test_alias_bomb_is_cut_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    value, (found,) = yaml12.load("\n".join(lines), "a.yaml")
    assert (value, found.code) == (None, "CNCB006")
    assert found.related


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]
    assert codes("\n".join(lines)) == ["CNCB010"]


@pytest.mark.parametrize("text", ["[" * 51, "[" * 200_000, "- " * 200_000, "{a: " * 60])
def test_depth_is_bounded(text: str) -> None:
    assert codes(text) == ["CNCB010"]


def test_depth_of_fifty_is_allowed() -> None:
    assert codes("[" * 50 + "]" * 50) == []


def test_size_is_bounded() -> None:
    assert codes("a: " + "x" * 1024 * 1024) == ["CNCB011"]


def test_byte_order_mark_does_not_shift_places() -> None:
    text = "\ufeffa: 1\na: 2\n"
    (found,) = yaml12.load(text, "a.yaml")[1]
    assert found.at.span == (6, 7)


WORDS = st.sampled_from(
    [
        *("a", "b", ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", ", ", "'", '"', "&x ", "*x", "!t ", "<<"),
        *("#", "1", "~", "? ", "| ", "\n---\n", "\n...\n", "\t", "true", "é", "日", "\U0001f600", "\\", "%"),
        *("@", "\r\n", "\ufeff"),
    ]
)
YAMLISH = st.lists(WORDS, max_size=40).map("".join)


@given(st.one_of(YAMLISH, st.text(max_size=60)))
def test_any_text_gives_a_value_or_findings_inside_the_file(text: str) -> None:
    value, found = yaml12.load(text, "a.yaml")
    if value is None and not found:
        assert careful.read(text, "a.yaml") == (None, [])
    index = PositionIndex(text)
    for one in found:
        for at in (one.at, *(related.at for related in one.related)):
            place = index.range(at)
            assert 1 <= place.line <= place.end_line <= len(index.lines)
            assert 1 <= place.column <= len(index.lines.line(place.line)) + 2
            assert (place.line, place.column) <= (place.end_line, place.end_column)


@given(YAMLISH)
def test_the_fast_and_the_careful_reading_agree(text: str) -> None:
    value, found = yaml12.load(text, "a.yaml")
    assert careful.read(text, "a.yaml") == (value, found)


@pytest.mark.parametrize(
    "text", ["a: [1, on]\nb: {c: 'd'}\n", "a: 1\na: 2\n", "a: b: c\n", "a: &x [1]\nb: *x\n", "", "\ud800"]
)
def test_without_libyaml_all_is_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, found = yaml12.load(text, "a.yaml")
    monkeypatch.setattr(events, "_CParser", None)
    assert type(events.parser("a")).__name__ == "_PythonParser"
    python_value, python_found = yaml12.load(text, "a.yaml")
    assert python_value == value
    assert [(one.code, one.at) for one in python_found] == [(one.code, one.at) for one in found]
