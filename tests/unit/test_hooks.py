"""Hooks: found, scaffolded with a typed signature, told apart from what is written, and never overwritten."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from cncb_compiler.compilation import emit_service, write_scaffolds
from cncb_compiler.hooks.source import HookModule, closure
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.source.discover import systems

SYSTEM = """\
system: shop
types: {Line: {sku: string, quantity: integer}}
events:
  order-submitted: {entity: order, with: {order: {id: uuid, lines: [Line]}}}
  payment-due: {entity: order, with: {order: {id: uuid}, amount: number}, context: true}
services:
  process:
    transitions:
      - {on: order-submitted, emit: payment-due, with: {order: {id: order.id}, amount: {hook: pricing.total}}}
  notes:
    reactions: {tell: {on: payment-due, call: {hook: mail.send}}}
    functions: {nightly: {handler: report.run, schedule: rate(1 day)}}
"""

Write = Any


def analysed(folder: Path) -> Analysis:
    (source,) = systems(folder)
    return analyse(source)


def codes(analysis: Analysis) -> list[str]:
    return sorted(found.code for found in analysis.found if found.code.startswith("CNCB92"))


def test_missing_files_are_scaffolded_with_typed_signatures(write: Write) -> None:
    analysis = analysed(write({"system.yaml": SYSTEM}))
    texts = analysis.hooks.scaffolds
    assert sorted(texts) == ["hooks/notes/mail.py", "hooks/notes/report.py", "hooks/process/pricing.py"]
    assert "def total(event: dict[str, Any]) -> float:" in texts["hooks/process/pricing.py"]
    assert "- order: {id: uuid, lines: [Line]}" in texts["hooks/process/pricing.py"]
    assert "def send(event: dict[str, Any]) -> None:" in texts["hooks/notes/mail.py"]
    assert "def run(event: dict[str, Any], context: Any) -> Any:" in texts["hooks/notes/report.py"]
    for text in texts.values():
        ast.parse(text)


def test_a_scaffold_is_a_warning_and_a_clear_error_at_run_time(write: Write) -> None:
    analysis = analysed(write({"system.yaml": SYSTEM}))
    assert codes(analysis) == ["CNCB921"] * 3
    space: dict[str, Any] = {}
    exec(analysis.hooks.scaffolds["hooks/process/pricing.py"], space)
    with pytest.raises(NotImplementedError, match=r"pricing\.total of process is not implemented"):
        space["total"]({})


def test_scaffolds_are_written_once(write: Write) -> None:
    folder = write({"system.yaml": SYSTEM})
    assert len(write_scaffolds(analysed(folder))) == 3
    (folder / "hooks/process/pricing.py").write_text("def total(event):\n    return 1.0\n")
    assert write_scaffolds(analysed(folder)) == []
    assert codes(analysed(folder)) == ["CNCB921"] * 2


def test_a_function_that_is_not_there_is_an_error(write: Write) -> None:
    analysis = analysed(write({"system.yaml": SYSTEM, "hooks/process/pricing.py": "def other(event): ...\n"}))
    (found,) = [one for one in analysis.found if one.code == "CNCB922"]
    assert "hooks/process/pricing.py" in found.message
    assert "def total(event)" in (found.mend or "")


def test_a_file_that_is_no_python_is_an_error_with_the_line(write: Write) -> None:
    analysis = analysed(write({"system.yaml": SYSTEM, "hooks/process/pricing.py": "x = 1\ndef total(:\n"}))
    (found,) = [one for one in analysis.found if one.code == "CNCB923"]
    assert "line 2" in found.message


def test_only_the_modules_that_are_called_are_packaged_with_what_they_import() -> None:
    modules = {
        "pricing": HookModule("pricing", "from .rates import rate\n"),
        "rates": HookModule("rates", "from hooks import tables\n"),
        "tables": HookModule("tables", ""),
        "unused": HookModule("unused", ""),
    }
    assert sorted(closure(modules, ["pricing"])) == ["pricing", "rates", "tables"]


def test_the_hook_travels_in_the_package(write: Write) -> None:
    text = "def total(event):\n    return 2.0\n"
    analysis = analysed(write({"system.yaml": SYSTEM, "hooks/process/pricing.py": text}))
    (plan,) = [plan for plan in analysis.plans if plan.service == "process"]
    files = emit_service(analysis, plan).files
    assert files["process/functions/transitions/hooks/pricing.py"].decode() == text


def test_a_link_out_of_the_folder_is_not_followed(write: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("def total(event): ...\n")
    folder = write({"system.yaml": SYSTEM, "hooks/process/other.py": ""})
    (folder / "hooks/process/pricing.py").symlink_to(outside)
    assert "CNCB923" in codes(analysed(folder))
