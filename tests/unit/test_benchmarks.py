"""The benchmarks measure what they say: their systems are valid, and growth is fitted right."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import editing, generate, growth, report, subjects, targets
from benchmarks.measure import SHORT_RUNS, FailedError, Made, Measurement, measure
from benchmarks.process import run
from cncb_compiler.cache.checking import findings
from cncb_compiler.model.service import ServiceFile
from cncb_compiler.model.system import System
from cncb_compiler.source.discover import read_whole


class _Yaml12(yaml.CSafeLoader):
    """`on` is a string, as in YAML 1.2."""


_Yaml12.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _load(services: int) -> dict[str, dict[str, Any]]:
    return {path: yaml.load(text, _Yaml12) for path, text in generate.files(services)}


@pytest.mark.parametrize("services", [1, 2, 10, 11, 25])
def test_systems_are_valid_and_every_event_has_one_producer_and_one_consumer(services: int) -> None:
    produced: Counter[str] = Counter()
    consumed: Counter[str] = Counter()
    declared: set[str] = set()
    for path, content in _load(services).items():
        if "service" in content:
            service = ServiceFile.model_validate(content)
            assert path == f"services/{service.service}.yaml"
            produced.update({item.event for change in service.changes.values() for item in change.insert})
            consumed.update(name for view in service.views.values() for name in view.on)
        else:
            declared |= set(System.model_validate(content).events)
    assert len(declared) == services
    assert produced == consumed == Counter(declared)


def test_systems_are_the_same_each_time(tmp_path: Path) -> None:
    generate.write(tmp_path / "a", 12)
    generate.write(tmp_path / "b", 12)
    written = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*.yaml")}
    assert len(written) == 1 + 2 + 12
    assert all((tmp_path / "b" / path).read_bytes() == content for path, content in written.items())


def test_upstream_of_a_head_is_the_tail_of_the_chain_before() -> None:
    assert generate.upstream(10, 25) == 9
    assert generate.upstream(0, 25) == 24
    assert generate.upstream(13, 25) == 12
    assert generate.upstream(0, 1) == 0


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_exponent_is_that_of_the_work_without_the_start(power: float) -> None:
    start = 0.2
    seconds = {size: start + 0.003 * (size - 1) ** power for size in (1, 101, 301, 1001)}
    fitted = growth.exponent(seconds)
    assert fitted == pytest.approx(power, rel=0.01)


def test_exponent_needs_two_larger_sizes() -> None:
    assert growth.exponent({}) is None
    assert growth.exponent({1: 0.1, 1000: 2.0}) is None
    assert growth.exponent({1: 0.1, 10: 0.2, 1000: 2.0}) is None
    assert growth.exponent({1: 0.3, 100: 0.2, 1000: 0.1}) is None


def _measured(subject: str, seconds: float, services: int = 1000, peak: int = 10) -> Measurement:
    return Measurement(subject, services, (seconds,), peak, Made(1, 1, 1))


def test_verdicts_say_by_how_much_a_target_is_missed() -> None:
    measurements = [
        _measured(subjects.COLD, 8.0, peak=600_000_000),
        _measured(subjects.FLOOR, 2.0),
        _measured(subjects.SAM, 40.0),
        _measured(subjects.UNCHANGED, 1.0),
        _measured(subjects.IMPORT_CLICK, 0.1, services=0),
        _measured(subjects.VERSION, 0.12, services=0),
    ]
    judged = {verdict.target: verdict for verdict in targets.verdicts(measurements)}
    cold = judged["cncb compile, cold, against the floor, at 1000 services"]
    assert not cold.reached
    assert cold.missed_by == pytest.approx(4 / 3)
    faster = judged["cncb compile, cold: faster than SAM translator, at 1000 services"]
    assert not faster.reached
    assert faster.missed_by == pytest.approx(2)
    assert judged["cncb compile, nothing changed, against the floor, at 1000 services"].reached
    assert judged["peak memory of cncb compile, cold, at 1000 services"].missed_by == pytest.approx(2)
    assert judged['cncb --version, against python -c "import click"'].reached
    assert not any("troposphere" in target for target in judged)


def test_report_is_a_table_a_page_and_json() -> None:
    found = report.Report((_measured(subjects.COLD, 8.0), _measured(subjects.FLOOR, 2.0)), {"Python": "3"}, ("left",))
    assert "not reached, by 1.33x" in report.as_text(found)
    assert "| floor | 1000 | 1 | 2.000 |" in report.as_markdown(found)
    assert '"missed_by": 1.33' in report.as_json(found)


def test_floor_writes_the_same_tree_and_leaves_out_its_reading(tmp_path: Path) -> None:
    generate.write(tmp_path / "system", 2)
    (tmp_path / "tree" / "a" / "b").mkdir(parents=True)
    (tmp_path / "tree" / "a" / "b" / "file").write_bytes(b"\x00text")
    (tmp_path / "tree" / "top").write_bytes(b"")
    argv = [sys.executable, subjects.HERE / "floor.py", "system", "tree", "copy"]
    finished = run(argv, tmp_path, {"PATH": os.environ["PATH"]})
    assert finished.status == 0, finished.errors
    assert 0 < float(finished.output) < finished.seconds
    assert (tmp_path / "copy" / "a" / "b" / "file").read_bytes() == b"\x00text"
    assert (tmp_path / "copy" / "top").read_bytes() == b""


def _prints(code: str) -> subjects.Subject:
    return subjects.Subject("it", lambda place: [sys.executable, "-S", "-c", code], lambda place: None)


def test_measures_small_systems_more_often(tmp_path: Path) -> None:
    places = [subjects.Place(tmp_path, 1), subjects.Place(tmp_path, 1000)]
    measured = measure([_prints("pass")], places, 2, lambda text: None)
    assert [len(each.runs) for each in measured] == [2 * SHORT_RUNS, 2]
    assert all(each.seconds > 0 and each.peak_bytes > 0 for each in measured)


def test_a_failing_command_ends_the_run_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="it of 7 services ended with status 3:\ntold"):
        measure([_prints("print('told'); raise SystemExit(3)")], [subjects.Place(tmp_path, 7)], 1, lambda text: None)


def test_a_check_after_an_edit_is_judged_beside_imports_size_by_size():
    found = [
        Measurement(subjects.EDITED, 100, (0.3,), 0),
        Measurement(subjects.IMPORTS, 100, (0.1,), 0),
        Measurement(subjects.EDITED, 1000, (0.3,), 0),
        Measurement(subjects.IMPORTS, 1000, (0.2,), 0),
        Measurement(editing.FINDINGS, 100, (0.1,), 0),
        Measurement(editing.CHECK_BESIDE, 100, (0.5,), 0),
    ]
    judged = {each.target: (round(each.measured, 2), each.reached) for each in targets.verdicts(found)}
    at = f"{subjects.EDITED}, against {subjects.IMPORTS}, at"
    assert judged[f"{at} 100 services"] == (3.0, False)
    assert judged[f"{at} 1000 services"] == (1.5, True)
    assert judged[f"{editing.FINDINGS}, against a cold check, at 100 services"] == (0.2, True)


def test_an_edit_changes_one_view_and_leaves_no_findings(tmp_path):
    generate.write(tmp_path / "system", 2)
    file = tmp_path / "system" / "services" / "service-0000.yaml"
    texts = [file.read_text()]
    for _ in range(2):
        subjects._edit(subjects.Place(tmp_path, 2))
        texts.append(file.read_text())
        assert findings(read_whole(tmp_path / "system")) == []
    assert texts[0] == texts[2] != texts[1]
