"""Findings as JUnit's XML, which most CI servers show: a suite for each file, a failed case for each finding in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.sources import Sources

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """The findings as one document; a file without any has one case, which passes."""
    by_file: dict[str, list[Diagnostic]] = {name: [] for name, _ in sources.texts()}
    for one in diagnostics:
        by_file.setdefault(one.at.file, []).append(one)
    top = Element("testsuites", name="cncb", tests=str(sum(max(1, len(found)) for found in by_file.values())))
    top.set("failures", str(len(diagnostics)))
    for file, found in by_file.items():
        shown = _text(sources.shown(file))
        suite = SubElement(top, "testsuite", name=shown, tests=str(max(1, len(found))), failures=str(len(found)))
        suite.set("errors", "0")
        if not found:
            SubElement(suite, "testcase", classname=shown, name="no findings")
        for one in found:
            place = sources.range(one.at)
            name = f"{one.code} {one.slug} at {place.line}:{place.column}"
            case = SubElement(suite, "testcase", classname=shown, name=name)
            failure = SubElement(case, "failure", type=one.code, message=_text(one.message))
            failure.text = _text(f"{shown}:{place.line}:{place.column}: {one.severity}: {one.mend or one.message}")
    indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(top, encoding="unicode")}\n'


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
