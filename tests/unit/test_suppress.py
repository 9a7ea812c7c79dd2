"""Ignore comments, settings in cncb.toml, and the order of what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from cncb_compiler.diagnostics.config import Config, Ignore, glob_pattern, load_config
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.diagnostics.suppress import apply, touching
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

SYNTAX = Rule("CNCB201", "unknown-event", Severity.ERROR)
FIELD = Rule("CNCB304", "unknown-field", Severity.ERROR)
UNUSED = Rule("CNCB402", "unused-event", Severity.WARNING)


def rules() -> list[Rule]:
    return [SYNTAX, FIELD, UNUSED]


def run(text: str, *found: Diagnostic, config: Config | None = None) -> list[tuple[str, int]]:
    sources = Sources([SourceFile("a.yaml", text)])
    shown = apply(found, sources, config or Config(), rules)
    return [(one.code, sources.range(one.at).line) for one in shown]


def at(*path: str | int) -> Location:
    return Location("a.yaml", path)


@pytest.mark.parametrize(
    "comment",
    [
        "# cncb: ignore[CNCB304] because",
        "#cncb:ignore[CNCB304]: because",
        "# cncb: ignore[ unknown-field ] because",
        "# cncb: ignore[CNCB304,unknown-field] because",
    ],
)
def test_comment_at_the_end_of_the_line(comment: str) -> None:
    assert run(f"a: x  {comment}\nb: y\n", FIELD(at("a"), "m"), FIELD(at("b"), "m")) == [("CNCB304", 2)]


def test_comment_on_its_own_line_speaks_of_the_next() -> None:
    text = "# cncb: ignore[CNCB304] because\n\n# more\na: x\nb: y\n"
    assert run(text, FIELD(at("a"), "m"), FIELD(at("b"), "m")) == [("CNCB304", 5)]


def test_several_comments_for_one_line() -> None:
    text = "# cncb: ignore[CNCB304] because\n# cncb: ignore[CNCB402] of this\na: x\n"
    assert run(text, FIELD(at("a"), "m"), UNUSED(at("a"), "m")) == []


def test_one_comment_for_several_rules_of_which_one_is_unused() -> None:
    assert run("a: x # cncb: ignore[CNCB304, CNCB402] because\n", FIELD(at("a"), "m")) == [("CNCB094", 1)]


def test_text_in_a_value_is_no_comment() -> None:
    comment = "# cncb: ignore[CNCB304] because"
    text = f"a: '{comment}'\nb: |\n  {comment}\nc: x{comment}\n"
    assert run(text, FIELD(at("a"), "m")) == [("CNCB304", 1)]


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# cncb: ignore[CNCB402] because", "CNCB094"),
        ("# cncb: ignore[CNCB999] because", "CNCB092"),
        ("# cncb: ignore[CNCB201] because", "CNCB093"),
        ("# cncb: ignore CNCB304", "CNCB096"),
        ("# cncb: ignore[] because", "CNCB096"),
    ],
)
def test_what_is_wrong_with_a_comment(comment: str, code: str) -> None:
    assert run(f"a: x {comment}\n") == [(code, 1)]


def test_a_reason_is_asked_for() -> None:
    assert run("a: x # cncb: ignore[CNCB304]\n", FIELD(at("a"), "m")) == [("CNCB095", 1)]


def test_structural_findings_are_not_ignored() -> None:
    assert run("a: x # cncb: ignore[CNCB201] no\n", SYNTAX(at("a"), "m")) == [("CNCB201", 1), ("CNCB093", 1)]


def test_unused_is_not_said_where_later_rules_could_not_run() -> None:
    assert run("a: x # cncb: ignore[CNCB402] because\nb: y\n", SYNTAX(at("b"), "m")) == [("CNCB201", 2)]


def test_the_catalogue_is_not_loaded_for_nothing() -> None:
    def never() -> list[Rule]:
        raise AssertionError

    sources = Sources([SourceFile("a.yaml", "a: x\n")])
    assert len(apply([FIELD(at("a"), "m")], sources, Config(), never)) == 1


def test_order_and_repetition() -> None:
    sources = Sources([SourceFile("b.yaml", "a: x\nb: y\n"), SourceFile("a.yaml", "a: x\nb: y\n")])
    found = [
        FIELD(Location("b.yaml", ("a",)), "m"),
        UNUSED(Location("a.yaml", ("b",)), "m"),
        FIELD(Location("a.yaml", ("b",)), "n"),
        FIELD(Location("a.yaml", ("b",)), "m"),
        FIELD(Location("a.yaml", ("b",)), "m"),
        FIELD(Location("a.yaml", ("b",), on_key=True), "m"),
    ]
    expected = [("a.yaml", 1, "CNCB304", "m"), ("a.yaml", 4, "CNCB304", "m"), ("a.yaml", 4, "CNCB304", "n")]
    expected += [("a.yaml", 4, "CNCB402", "m"), ("b.yaml", 4, "CNCB304", "m")]
    for order in (found, found[::-1]):
        shown = apply(order, sources, Config(), rules)
        assert [(one.at.file, sources.range(one.at).column, one.code, one.message) for one in shown] == expected


def test_settings() -> None:
    config = Config({"CNCB402": None, "CNCB304": Severity.INFO})
    sources = Sources([SourceFile("a.yaml", "a: x\n")])
    (shown,) = apply([FIELD(at("a"), "m"), UNUSED(at("a"), "m")], sources, config, rules)
    assert (shown.code, shown.severity) == ("CNCB304", Severity.INFO)
    per_file = Config(ignores=(Ignore("a.*", frozenset({"CNCB304"})),))
    assert run("a: x\n", FIELD(at("a"), "m"), UNUSED(at("a"), "m"), config=per_file) == [("CNCB402", 1)]


@pytest.mark.parametrize(
    ("glob", "file", "matches"),
    [
        ("services/*.yaml", "services/a.yaml", True),
        ("services/*.yaml", "services/x/a.yaml", False),
        ("services/**/*.yaml", "services/x/y/a.yaml", True),
        ("services/**/*.yaml", "services/a.yaml", True),
        ("**", "services/a.yaml", True),
        ("a?.yaml", "ab.yaml", True),
        ("a.yaml", "axyaml", False),
    ],
)
def test_globs(glob: str, file: str, matches: bool) -> None:
    assert bool(glob_pattern(glob).fullmatch(file)) is matches


def test_config_of_the_nearest_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "topologies/shop"
    root.mkdir(parents=True)
    assert load_config(root, rules) == (Config(), [])
    (tmp_path / "pyproject.toml").write_text("[tool.cncb.rules]\nunused-event = 'error'\n")
    config, found = load_config(root, rules)
    assert (config.severities, found) == ({"CNCB402": Severity.ERROR}, [])
    (root / "cncb.toml").write_text("[rules]\nCNCB402 = 'off'\n[ignore]\n'services/*' = ['unknown-field']\n")
    config, found = load_config(root, rules)
    assert (config.severities, found) == ({"CNCB402": None}, [])
    assert config.ignores == (Ignore("services/*", frozenset({"CNCB304"})),)


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[rules]\nCNCB402 = ", "CNCB090", (2, 11)),
        ("[rules", "CNCB090", (1, 7)),
        ("[rules]\nCNCB402 = 'never'", "CNCB091", (2, 1)),
        ("[rules]\nCNCB402 = 3", "CNCB091", (2, 1)),
        ("rules = 1", "CNCB091", (1, 1)),
        ("[rulez]", "CNCB091", (1, 2)),
        ("[ignore]\n'a' = 'CNCB402'", "CNCB091", (2, 2)),
        ("[rules]\nCNCB999 = 'off'", "CNCB092", (2, 1)),
        ("[ignore]\n'a' = ['CNCB999']", "CNCB092", (2, 9)),
        ("[rules]\nunknown-event = 'warning'", "CNCB093", (2, 1)),
        ("[ignore]\n'a' = ['CNCB201']", "CNCB093", (2, 9)),
        ("a = " + "[" * 5000, "CNCB090", (1, 1)),
    ],
)
def test_what_is_wrong_with_the_config(tmp_path: Path, text: str, code: str, where: tuple[int, int]) -> None:
    (tmp_path / "cncb.toml").write_text(text)
    config, (found,) = load_config(tmp_path, rules)
    sources = Sources([], settings=config.file)
    assert (found.code, found.at.file) == (code, "cncb.toml")
    assert sources.range(found.at)[:2] == where
    assert config.severities == {}


def test_structural_rules_may_be_named_at_their_own_severity(tmp_path: Path) -> None:
    (tmp_path / "cncb.toml").write_text("[rules]\nCNCB201 = 'error'\n")
    assert load_config(tmp_path, rules)[1] == []


def test_a_config_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "cncb.toml").write_bytes(b"\xff")
    assert [one.code for one in load_config(tmp_path, rules)[1]] == ["CNCB090"]


def test_findings_that_touch_a_file() -> None:
    near = FIELD(Location("b.yaml"), "m", related=(Related(Location("a.yaml"), "declared here"),))
    assert touching([near, FIELD(Location("b.yaml"), "m"), FIELD(at(), "m")], "a.yaml") == [
        near,
        FIELD(at(), "m"),
    ]
