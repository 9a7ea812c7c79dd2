"""A runner of the CI files: their own scripts, in bash, with what they call by name faked on PATH."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CNCB = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "from cncb_compiler.cli.main import main; main()" "$@"\n'
PYTHON = f"""#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin"; cp "$FAKES/python" "$FAKES/cncb" "$3/bin/"; exit; fi
if [ "$1 $2" = "-m pip" ]; then echo "$@" >> "$FAKES/pip.txt"; exit; fi
exec "{sys.executable}" "$@"
"""
SYSTEM = """\
system: shop
types:
  Order: {id: uuid, sku: string}
events:
  order-submitted: {entity: order, with: {order: Order}, external: true}
services:
  storefront:
    views:
      orders: {on: order-submitted, key: order.id, fields: {id: order.id, sku: order.sku}}
"""


def fakes(folder: Path, **scripts: str) -> Path:
    """A folder with executables: `python`, `cncb` and these."""
    folder.mkdir()
    for name, text in {"python": PYTHON, "cncb": CNCB, **scripts}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def pull_request(git: Any, folder: Path, after: str) -> Path:
    """A shallow checkout of a pull request's merge commit, as actions/checkout makes it; `main` has gone on since."""
    origin, clone = folder / "origin", folder / "clone"
    (origin / "topologies/shop").mkdir(parents=True)
    (origin / "topologies/shop/system.yaml").write_text(SYSTEM)
    git("init", "--quiet", "--initial-branch=main", cwd=origin)

    def commit(message: str) -> None:
        git("add", "--all", cwd=origin)
        git("commit", "--quiet", "--allow-empty", "-m", message, cwd=origin)

    for message in ("first", "second", "third"):
        commit(message)
    git("checkout", "--quiet", "-b", "work", cwd=origin)
    (origin / "topologies/shop/system.yaml").write_text(after)
    commit("work")
    git("checkout", "--quiet", "main", cwd=origin)
    (origin / "README").write_text("meanwhile")
    commit("meanwhile")
    git("checkout", "--quiet", "--detach", cwd=origin)
    git("merge", "--quiet", "--no-ff", "-m", "merge", "work", cwd=origin)
    git("update-ref", "refs/pull/1/merge", "HEAD", cwd=origin)
    git("checkout", "--quiet", "main", cwd=origin)
    clone.mkdir()
    git("init", "--quiet", cwd=clone)
    git("remote", "add", "origin", f"file://{origin}", cwd=clone)
    git("fetch", "--quiet", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge", cwd=clone)
    git("checkout", "--quiet", "refs/remotes/pull/1/merge", cwd=clone)
    return clone


@dataclass
class Action:
    """`action.yml` in a checkout: its steps run one after the other, as GitHub runs those of a composite action."""

    folder: Path
    checkout: Path
    inputs: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    said: str = ""

    def run(self, *names: str) -> int:
        """Run the steps (of these names, else all) up to the first that fails; its exit code."""
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        self.inputs = {name: one["default"] for name, one in action["inputs"].items()} | self.inputs
        for step in action["runs"]["steps"]:
            if (names and step["name"] not in names) or not self._wanted(step.get("if", "")):
                continue
            if "uses" in step:
                self._use(step)
            elif code := self._script(step):
                return code
        return 0

    def _wanted(self, condition: str) -> bool:
        if not condition:
            return True
        left, equals, right = condition.partition(" == ")
        assert equals, condition
        return self._value(left) == right.strip("'")

    def _use(self, step: dict[str, Any]) -> None:
        self.used.append(step["uses"].partition("@")[0])
        given = {
            "python": {"python-path": str(self.folder / "fakes/python")},
            "artifact": {"artifact-url": "https://github.com/o/r/1"},
        }
        self.outputs[step.get("id", "")] = given.get(step.get("id", ""), {})

    def _script(self, step: dict[str, Any]) -> int:
        assert "${{" not in step["run"], "an expression in a script is a way in"
        output = self.folder / "output"
        output.write_text("")
        fakes_ = self.folder / "fakes"
        environment = {
            "PATH": f"{fakes_}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "FAKES": str(fakes_),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "o/r",
            **self.environment,
            **{name: self._filled(value) for name, value in step.get("env", {}).items()},
        }
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(bash, cwd=self.checkout, env=environment, capture_output=True, text=True)
        self.said += done.stdout + done.stderr
        lines = output.read_text().splitlines()
        self.outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self._filled(self._value(found[1])), str(text))

    def _value(self, expression: str) -> str:
        kind, _, name = expression.partition(".")
        if kind == "inputs":
            return self.inputs[name]
        if kind == "steps":
            step, _, output = name.partition(".outputs.")
            return self.outputs.get(step, {}).get(output, "")
        if expression == "github.token":
            return "token"
        assert kind == "github", expression
        return self.event.get(name.removeprefix("event."), "")


GH = f"""#!{sys.executable}
import json, os, sys
import jq

kept = os.path.join(os.environ["FAKES"], "comments.json")
comments = json.load(open(kept))
arguments = sys.argv[1:]
with open(os.path.join(os.environ["FAKES"], "gh.txt"), "a") as record:
    record.write(json.dumps(arguments) + "\\n")
assert os.environ["GH_TOKEN"] == "token" and os.environ["GH_HOST"] == "github.com"
method = arguments[arguments.index("--method") + 1] if "--method" in arguments else "GET"
address = next(one for one in arguments if one == "user" or one.startswith("repos/"))
if address == "user" or (method != "GET" and "READ_ONLY" in os.environ):
    sys.exit("Resource not accessible by integration (HTTP 403)")
if method == "GET":
    for found in jq.compile(arguments[arguments.index("--jq") + 1]).input_value(comments):
        print(found)
    sys.exit()
body = open(next(one for one in arguments if one.startswith("body=@"))[6:]).read()
if method == "PATCH":
    next(one for one in comments if address.endswith("/comments/%d" % one["id"]))["body"] = body
else:
    comments.append({{"id": 100 + len(comments), "user": {{"type": "Bot", "login": "github-actions[bot]"}}, "body": body}})
json.dump(comments, open(kept, "w"))
"""


def comments(folder: Path) -> list[dict[str, Any]]:
    """What the fake of GitHub has."""
    found: list[dict[str, Any]] = json.loads((folder / "fakes/comments.json").read_text())
    return found
