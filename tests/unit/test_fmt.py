"""The canonical layout of topology YAML."""

from __future__ import annotations

from textwrap import dedent

import pytest

from cncb_compiler.fmt.layout import format_text


def laid_out(text: str) -> str:
    result, found = format_text(dedent(text), "a.yaml")
    assert found == []
    return result


def same(text: str) -> None:
    assert laid_out(text) == dedent(text)


def test_indentation_blanks_and_line_end() -> None:
    given = "\n\nsystem:   shop  \nstages:\n      dev: {regions: [ a,b ]}   \n\n\n\n\nl:\n- a\n-   b: 1\n    c: 2"
    wanted = "system: shop\nstages:\n  dev: {regions: [a, b]}\n\nl:\n  - a\n  - b: 1\n    c: 2\n"
    assert laid_out(given) == wanted


def test_top_level_keys_in_the_order_of_the_reference() -> None:
    result = laid_out("""\
        # yaml-language-server: $schema=x
        # The file.

        # Who answers.
        owner: me  # really
        views: {}
        # What it is.
        kind: bff
        mystery: 1
        stores:
          b: {of: B}
          a: {of: A}
        service: orders
        """)
    assert result == dedent("""\
        # yaml-language-server: $schema=x
        # The file.

        service: orders
        # What it is.
        kind: bff
        # Who answers.
        owner: me # really
        stores:
          b: {of: B}
          a: {of: A}
        views: {}
        mystery: 1
        """)


def test_modeline_is_first() -> None:
    result = laid_out("# Mine\n# yaml-language-server: $schema=x\nsystem: a\n")
    assert result == "# yaml-language-server: $schema=x\n# Mine\nsystem: a\n"


def test_system_file_has_its_own_order() -> None:
    assert laid_out("events: {}\nservices: {}\nsystem: a\nstreams: {}\n") == (
        "system: a\nstreams: {}\nevents: {}\nservices: {}\n"
    )


def test_blank_lines_go_with_their_section() -> None:
    assert laid_out("events: {}\n\nsystem: a\n") == "system: a\nevents: {}\n"
    assert laid_out("owner: b\nsystem: a\n\nevents: {}\n") == "system: a\nowner: b\n\nevents: {}\n"


def test_order_inside_of_users_maps_is_kept() -> None:
    same("""\
        events:
          zebra: {with: {z: string, a: string}, entity: z}
          ant: {entity: a}
        """)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("'plain text'", "plain text"),
        ('"on"', '"on"'),
        ("'no'", '"no"'),
        ("no", '"no"'),
        ("1:30", '"1:30"'),
        ("2024-01-01", '"2024-01-01"'),
        ('"111111111111"', '"111111111111"'),
        ("'012345678901'", '"012345678901"'),
        ("'true'", '"true"'),
        ("'null'", '"null"'),
        ("''", '""'),
        ("'12'", '"12"'),
        ("12", "12"),
        ("1.50", "1.50"),
        ("0x1F", "0x1F"),
        ("true", "true"),
        ("", ""),
        ("'GET /orders/{id}'", '"GET /orders/{id}"'),
        ("'say \"hi\"'", "'say \"hi\"'"),
        ('"two\\nlines"', '"two\\nlines"'),
        ("'it''s'", '"it\'s"'),
        ("order.lines[0]", "order.lines[0]"),
        ("\"'a' == b\"", "\"'a' == b\""),
    ],
)
def test_quotes(given: str, wanted: str) -> None:
    assert laid_out(f"a: {{b: 1}}\nkey: {given}\n") == f"a: {{b: 1}}\nkey: {wanted}".rstrip() + "\n"


def test_key_on_stays_plain() -> None:
    same("views:\n  a: {on: b, fields: {}}\n")


def test_flow_that_fits_stays_and_longer_flow_opens() -> None:
    fits = "a: {b: " + "x" * 102 + "}"
    assert len(fits) == 110
    assert laid_out(fits) == fits + "\n"
    assert laid_out("a: {b: " + "x" * 103 + "}") == "a:\n  b: " + "x" * 103 + "\n"
    inner = "{c: [1, 2]}"
    assert laid_out(f"a: {{b: {inner}, d: {'x' * 100}}} # why") == f"a: # why\n  b: {inner}\n  d: {'x' * 100}\n"


def test_flow_with_empty_values_opens() -> None:
    assert laid_out("a: {b, c: 1}\nd: [{e: }]\n") == "a:\n  b:\n  c: 1\nd:\n  - e:\n"


def test_long_text_is_folded_within_the_margin() -> None:
    result = laid_out("a: " + "word " * 60)
    assert max(map(len, result.splitlines())) <= 110
    assert len(result.splitlines()) == 3


def test_comments_stand_beside_what_they_are_about() -> None:
    result = laid_out("""\
        streams: {}
        services:
           # the first
             a:    # here
                     # deep
                     kind: bff
              # of services, at its end
        # the end
        """)
    assert result == dedent("""\
        streams: {}
        services:
          # the first
          a: # here
            # deep
            kind: bff
            # of services, at its end
        # the end
        """)
    same("""\
        services:
          a:
            kind: bff
            # in a
          # in services
        # at the top
        """)


def test_text_blocks_are_left_alone() -> None:
    same("""\
        description: |
          # no comment
            deeper


          after blanks
        tags: {}
        """)


def test_comment_inside_flow_style_leaves_the_file() -> None:
    same("b:   1\na: {x: 1, # one\n  y: 2}\n")


def test_alias_keeps_its_name_and_its_file_its_order() -> None:
    assert laid_out("tags: &all {a:  b}\nsystem: x\nmore: *all\n") == "tags: &all {a: b}\nsystem: x\nmore: *all\n"


def test_broken_yaml_is_a_finding() -> None:
    text = "a: [1\nb:   2\n"
    result, found = format_text(text, "bad.yaml")
    assert result == text
    assert found[0].at.file == "bad.yaml"


def test_what_is_no_map_is_left_alone() -> None:
    assert format_text("- a\n-   b\n", "a.yaml")[0] == "- a\n-   b\n"
