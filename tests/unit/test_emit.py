"""What is emitted for every kind of handler: packages that lint clean, and tests that pass and cover them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from emit_plans import HOOKS, NASTY, TYPES, every_kind
from hypothesis import example, given
from hypothesis import strategies as st

from cncb_compiler.emit.closure import named_modules, runtime_files
from cncb_compiler.emit.package import digest, package
from cncb_compiler.emit.readme import readme
from cncb_compiler.emit.templates import rendered
from cncb_compiler.emit.tests import service_tests
from cncb_compiler.emit.text import WIDTH, docstring, inline
from cncb_compiler.plan.service import ServicePlan

RUFF = [sys.executable, "-m", "ruff"]
STYLE = ["--isolated", "--no-cache", f"--line-length={WIDTH}", "--target-version=py311"]


def write_service(plan: ServicePlan, folder: Path) -> Path:
    for function in plan.functions:
        for path, content in package(function, plan, TYPES, HOOKS).items():
            write(folder / "functions" / function.name / path, content)
    for path, content in service_tests(plan, TYPES, HOOKS).items():
        write(folder / path, content)
    write(folder / "README.md", readme(plan))
    return folder


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two services of the same functions, side by side."""
    folder = tmp_path_factory.mktemp("generated")
    write_service(every_kind(), folder / "tests" / "every-kind")
    write_service(every_kind("twin"), folder / "tests" / "twin")
    return folder


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_packages_lint_clean(emitted: Path) -> None:
    rules = "--select=E,F,I,UP,B"
    checked = run(*RUFF, "check", *STYLE, rules, "--exclude=hooks", ".", cwd=emitted)
    assert checked.returncode == 0, checked.stdout
    formatted = run(*RUFF, "format", "--diff", *STYLE, "--exclude=hooks", ".", cwd=emitted)
    assert formatted.returncode == 0, formatted.stdout


def test_generated_tests_pass_and_cover_everything(emitted: Path) -> None:
    command = [sys.executable, "-m", "coverage", "run", "--source=.", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tested = run(*command, ".", cwd=emitted)
    assert tested.returncode == 0, tested.stdout[-4000:]
    run(sys.executable, "-m", "coverage", "json", "-q", "--include=*/handler.py,*/mapping.py", cwd=emitted)
    report = json.loads((emitted / "coverage.json").read_text())
    missed = {file: found["missing_lines"] for file, found in report["files"].items() if found["missing_lines"]}
    assert missed == {}
    handlers = [file for file in report["files"] if file.endswith("handler.py")]
    assert len(handlers) == 2 * len(every_kind().functions)


def test_a_wrong_mapping_fails_its_test(tmp_path: Path) -> None:
    plan = every_kind()
    folder = write_service(plan, tmp_path / "service")
    mapping = folder / "functions" / "submit" / "mapping.py"
    text = mapping.read_text()
    wrong = text.replace('.get("email")', '.get("status")')
    assert wrong != text
    mapping.write_text(wrong)
    (test_file,) = folder.glob("tests/test_*__submit.py")
    tested = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test_file), cwd=folder)
    assert tested.returncode == 1, tested.stdout
    assert "1 failed" in tested.stdout


def test_a_package_holds_only_what_it_uses() -> None:
    plan = every_kind()
    files = {function.name: set(package(function, plan, TYPES, HOOKS)) for function in plan.functions}
    assert "hooks/pricing.py" in files["submit"]
    assert "hooks/rates.py" in files["submit"], "a hook's own imports come with it"
    assert not any("unused" in path for paths in files.values() for path in paths)
    assert "mapping.py" not in files["totals"]
    assert "mapping.py" not in files["report"]
    counting = {f"cncb_runtime/{name}.py" for name in ("__init__", "errors", "jsons", "metrics", "tracing")}
    assert files["report"] == {"handler.py", "hooks/__init__.py", "hooks/reports.py", *counting}
    assert "cncb_runtime/values.py" in files["submit"]
    assert "cncb_runtime/values.py" not in files["order"]
    for name, paths in files.items():
        listens = name in ("view-totals", "collect", "cancel", "transitions")
        assert ("cncb_runtime/http.py" in paths) <= (not listens)
        assert ("cncb_runtime/stream_records.py" in paths) >= listens


def test_a_hook_brings_the_runtime_modules_that_it_imports() -> None:
    plan = every_kind()
    (submit,) = (function for function in plan.functions if function.name == "report")
    hooks = {"reports": "from cncb_runtime import (\n    jsons,\n    stream,\n)\nimport cncb_runtime.nothing\n"}
    files = package(submit, plan, TYPES, hooks)
    assert {"cncb_runtime/jsons.py", "cncb_runtime/stream.py", "cncb_runtime/aws.py"} <= set(files)


def test_imports_of_the_runtime_are_found() -> None:
    text = (
        "import os\nfrom cncb_runtime import shape, jsons\nfrom cncb_runtime.http import respond\n# cncb_runtime.view"
    )
    assert named_modules(text) == {"shape", "jsons", "http"}
    assert set(runtime_files({"jsons"})) == {"cncb_runtime/__init__.py", "cncb_runtime/jsons.py"}


def test_runtime_modules_import_nothing_of_the_compiler() -> None:
    folder = Path(runtime_files.__code__.co_filename).parents[1] / "runtime"
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module is not None
                top = node.module.partition(".")[0]
                assert top in sys.stdlib_module_names | {"boto3", "botocore"}, (file.name, node.module)


def test_the_same_plan_gives_the_same_bytes_and_the_digest_follows_the_content() -> None:
    first, second = every_kind(), every_kind()
    for one, other in zip(first.functions, second.functions, strict=True):
        files, again = package(one, first, TYPES, HOOKS), package(other, second, TYPES, HOOKS)
        assert files == again
        assert digest(files) == digest(dict(reversed(again.items())))
        assert digest({**files, "handler.py": files["handler.py"] + b"#"}) != digest(files)
        assert digest({**files, "more.py": b""}) != digest(files)
    assert digest({"ab": b"c"}) != digest({"a": b"bc"})
    assert service_tests(first, TYPES, HOOKS) == service_tests(second, TYPES, HOOKS)
    assert readme(first) == readme(second)


def test_readme_shows_the_service() -> None:
    text = readme(every_kind()).decode()
    assert "| `submit` | pattern | POST /orders/{id} |" in text
    assert 'n0["submit"]' in text
    assert "flowchart LR" in text
    assert "<b>" not in text
    assert NASTY not in text


def test_a_template_without_its_values_is_an_error() -> None:
    with pytest.raises(Exception, match="undefined"):
        rendered("readme.md.j2")


def docstring_of(text: str, indent: int, hanging: int) -> tuple[str, list[str]]:
    pad = " " * indent
    source = f'def f():\n{pad}"""{"x" * hanging}{docstring(text, indent, hanging)}"""\n{pad}return 1\n'
    module = ast.parse(source)
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(module.body) == 1
    assert len(function.body) == 2
    return (ast.get_docstring(function) or "")[hanging:], source.splitlines()


@given(st.text(), st.sampled_from([4, 8]), st.sampled_from([0, 11]))
@example('"""', 4, 0)
@example('a"', 4, 0)
@example("\\", 4, 0)
@example('\\"', 4, 0)
@example("\\N{x} \\x", 4, 0)
@example("a " * 200, 4, 11)
@example("\\" * 300, 8, 11)
@example('"' * 300, 8, 11)
@example("{{ x }} {% raw %}", 4, 0)
@example("\ud800\u202e\x00\x85\u2028", 4, 0)
@example(NASTY, 4, 11)
def test_any_text_stays_inside_its_docstring(text: str, indent: int, hanging: int) -> None:
    read, lines = docstring_of(text, indent, hanging)
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    assert "".join(read.split()) == "".join(printable.split())
    assert max(map(len, lines)) <= WIDTH


@given(st.text())
@example("a | b\n# c <script> `x` [y](z) &amp; \\")
def test_any_text_stays_one_line_of_markdown(text: str) -> None:
    line = inline(text)
    assert len(line.splitlines()) <= 1
    assert "<" not in line
    for index, letter in enumerate(line):
        if letter in "|`[]*_#":
            escapes = len(line[:index]) - len(line[:index].rstrip("\\"))
            assert escapes % 2 == 1
