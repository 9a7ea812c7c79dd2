"""Literate specs of the rules: Markdown that holds the YAML, with what is expected at the end of the lines.

A spec `CNCB401-never-produced.md` has cases. A case is a fenced `yaml` block, which is a whole system in one file; or
several blocks under one heading, each titled with `file: NAME`, which are the files of one system. A block titled
`given` is a further file of every system below it in the document.

`# error: [CNCB401]` at the end of a line says that a finding of this severity and code begins on the line; several
codes stand beside each other: `# error: [CNCB304][CNCB301]`. A case without a mark must be clean.

A block titled `mended` (or `mended: NAME`, of several files) is what the file before it becomes when all mends of the
spec's rule are made, those that have to be chosen too: as `cncb check --fix --unsafe-fixes` does, and an editor.

Exactly the marked findings must come. Warnings and infos of other rules than the spec's own are left out, unless the
case marks one of their code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.graph.link import link
from cncb_compiler.model.read import read
from cncb_compiler.patterns.lower import lower
from cncb_compiler.rules.registry import run, run_planned, run_services
from cncb_compiler.source import yaml12
from cncb_compiler.source.positions import PositionIndex

FOLDER = Path(__file__).parent
ONE_FILE = "system.yaml"
MENDED = "mended:"

_FENCE = re.compile(
    r"^```yaml\s*(?:file:\s*(?P<file>\S+)|(?P<given>given)|(?P<mended>mended)(?::\s*(?P<of>\S+))?)?\s*$"
)
_MARK = re.compile(r"#\s*(error|warning|info):\s*((?:\[CNCB\d{3}\]\s*)+)")

Expected = tuple[str, int, str, str]
"""File, line, severity, code."""


@dataclass(slots=True)
class Case:
    """A system of a spec, by its files' names; `line` is where it begins, `end` where it ends in the document."""

    spec: Path
    heading: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    mended: dict[str, str] = field(default_factory=dict)
    end: int = 0

    @property
    def code(self) -> str:
        """The code of the rule that the spec is about."""
        return self.spec.name.partition("-")[0]

    @property
    def expected(self) -> set[Expected]:
        """What the marks say."""
        return {
            (name, number, severity, code)
            for name, text in self.files.items()
            for number, line in enumerate(text.splitlines(), 1)
            for severity, codes in _MARK.findall(line)
            for code in re.findall(r"CNCB\d{3}", codes)
        }

    def __str__(self) -> str:
        return f"{self.spec.name}:{self.line}"


def specs() -> list[Path]:
    """All specs."""
    return sorted(FOLDER.glob("CNCB*.md"))


def cases(spec: Path) -> list[Case]:
    """The cases of a spec, in order."""
    found: list[Case] = []
    given: dict[str, str] = {}
    heading, titled = "", False
    for line, title, text in _blocks(spec.read_text()):
        if title == "#":
            heading, titled = text, False
        elif title == "given":
            given[f"given-{len(given)}.yaml"] = text
        elif title.startswith(MENDED):
            found[-1].mended[title.removeprefix(MENDED) or ONE_FILE] = text
        elif title and titled:
            found[-1].files[title] = text
            found[-1].end = line + text.count("\n") + 1
        else:
            titled = bool(title)
            end = line + text.count("\n") + 1
            found.append(Case(spec, heading, line, {**given, title or ONE_FILE: text}, end=end))
    return found


def _blocks(markdown: str) -> Iterator[tuple[int, str, str]]:
    """The headings (title `#`) and YAML blocks of a document, each with its line."""
    lines = iter(enumerate(markdown.splitlines(), 1))
    for number, line in lines:
        fence = _FENCE.match(line)
        if fence is not None:
            body = []
            for _, inner in lines:
                if inner.startswith("```"):
                    break
                body.append(inner)
            title = f"{MENDED}{fence['of'] or ''}" if fence["mended"] else fence["file"] or fence["given"] or ""
            yield number, title, "\n".join(body) + "\n"
        elif line.startswith("#"):
            yield number, "#", line.lstrip("# ")


ABOUT_TEMPLATES = ("CNCB72", "CNCB83", "CNCB9")
"""How the codes of rules begin that look at finished templates."""


ABOUT_PLANS = ("CNCB708", "CNCB709")
"""Those of rules that look at planned services."""


def findings(files: dict[str, str], *, plans: bool = False, templates: bool = False) -> list[Diagnostic]:
    """Everything that is found in a system; with `plans` and `templates`, in its planned and finished services too."""
    found: list[Diagnostic] = []
    values = []
    for name, text in sorted(files.items()):
        value, wrong = yaml12.load(text, name)
        values.append((name, value))
        found += wrong
    declared, wrong = read(values, "system")
    system = link(declared)
    found += [*wrong, *system.diagnostics, *run(system)]
    # A check of one service may see nothing of the others, or what it finds could not be remembered.
    alone = replace(system, emissions={}, consumers={}, publishing_functions={})
    for name, service in system.services.items():
        found += run_services(replace(alone, services={name: service}), (service,))
    planned = [lower(system, service) for service in system.services.values()] if plans or templates else []
    found += run_planned(planned)
    if templates:
        found += [one for plan in planned for one in checked_template(plan)[1]]
    return found


def unmarked(text: str) -> str:
    """A text without its marks, as `cncb fmt` lays it out."""
    lines = (_MARK.sub("", line).rstrip() for line in text.split("\n"))
    return format_text("\n".join(lines), ONE_FILE)[0]


def about(case: Case, files: dict[str, str]) -> list[Diagnostic]:
    """What the rule of a case finds in its files."""
    plans, templates = case.code.startswith(ABOUT_PLANS), case.code.startswith(ABOUT_TEMPLATES)
    return [one for one in findings(files, plans=plans, templates=templates) if one.code == case.code]


def actual(case: Case) -> dict[Expected, str]:
    """What is found in a case, as far as the spec is about it, each with its message."""
    own = {case.code, *(code for _, _, _, code in case.expected)}
    indexes = {name: PositionIndex(text) for name, text in case.files.items()}
    return {
        (found.at.file, indexes[found.at.file].range(found.at).line, found.severity.value, found.code): found.message
        for found in findings(
            case.files, plans=case.code.startswith(ABOUT_PLANS), templates=case.code.startswith(ABOUT_TEMPLATES)
        )
        if found.severity is Severity.ERROR or found.code in own
    }
