"""The part of API Gateway's mapping templates that is played here: text, references, `#set` and `#if`.

Source: API Gateway Developer Guide, "Mapping template transformations", and the Velocity Template Language. What is
beyond that part is refused when a template is read, so that it is never half run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Parameter = Callable[[str], str]
"""The value of a request's path, query or header parameter; empty where there is none."""

_PATH = r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*"
_CALL = r"""input\.params\(\s*(?:"([^"$]*)"|'([^']*)')\s*\)"""
_INPUT = re.compile(rf"\$!?(?:\{{{_CALL}\}}|{_CALL})")
_REFERENCE = re.compile(rf"\$!?(?:\{{({_PATH})\}}|({_PATH}))")
_LITERAL = re.compile(r"""\s*(?:"([^"$#]*)"|'([^']*)'|(-?\d+))""")
_DIRECTIVE = re.compile(r"#(set|if|elseif|else|end)\b|#\{(else|end)\}")
_ANY_DIRECTIVE = re.compile(r"#[@\[{*#A-Za-z]")


class TemplateError(Exception):
    """A template has something that is not played here."""


@dataclass(slots=True)
class Rendering:
    """What a template made. `overrides` holds what it set at `$context.responseOverride`, by path."""

    parameter: Parameter
    values: dict[str, str]
    overrides: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)


_Expression = Callable[[Rendering], str]
_Condition = Callable[[Rendering], bool]
_Part = Callable[[Rendering], None]

_OVERRIDE = "context.responseOverride."


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read."""

    parts: tuple[_Part, ...]

    @classmethod
    def read(cls, source: str) -> Template:
        """Read a template. Raises TemplateError."""
        reader = _Reader(source)
        parts, ended_by = reader.parts()
        if ended_by is not None:
            raise TemplateError(f"#{ended_by} closes nothing")
        return cls(parts)

    def render(self, parameter: Parameter, context: Mapping[str, str]) -> Rendering:
        """Run the template. `context` holds the values of `$context.<name>`."""
        rendering = Rendering(parameter, {f"context.{name}": value for name, value in context.items()})
        for part in self.parts:
            part(rendering)
        return rendering


class _Reader:
    """Reads a template from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def parts(self) -> tuple[tuple[_Part, ...], str | None]:
        """All parts up to the directive that ends the block, which is returned too; None is the template's end."""
        parts: list[_Part] = []
        while self.at < len(self.source):
            directive = _DIRECTIVE.match(self.source, self.at)
            if directive is None:
                parts.append(self.piece())
                continue
            self.at = directive.end()
            name = directive[1] or directive[2]
            if name == "set":
                parts.append(self.set())
            elif name == "if":
                parts.append(self.choice())
            else:
                return tuple(parts), name
        return tuple(parts), None

    def piece(self) -> _Part:
        """A reference, or one stretch of text."""
        if self.source[self.at] == "$":
            expression = self.reference()
            if expression is not None:
                return lambda rendering: rendering.text.append(expression(rendering))
        elif _ANY_DIRECTIVE.match(self.source, self.at):
            raise TemplateError(f"{self.source[self.at : self.at + 20]!r} is not played on this machine")
        end = self.at + 1
        while end < len(self.source) and self.source[end] not in "$#":
            end += 1
        text, self.at = self.source[self.at : end], end
        return lambda rendering: rendering.text.append(text)

    def reference(self) -> _Expression | None:
        given = _INPUT.match(self.source, self.at)
        if given is not None:
            self.at = given.end()
            name = next(group for group in given.groups() if group is not None)
            return lambda rendering: rendering.parameter(name)
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            return None
        path = found[1] or found[2]
        self.at = found.end()
        if self.source.startswith(("(", "["), self.at) or path.split(".")[0] in ("input", "util", "stageVariables"):
            raise TemplateError(f"{found[0]} is not played on this machine")
        return lambda rendering: rendering.values.get(path, "")

    def set(self) -> _Part:
        self.expect("(")
        self.space()
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            raise TemplateError("#set has no reference to set")
        self.at = found.end()
        path = found[1] or found[2]
        self.expect("=")
        expression = self.expression()
        self.expect(")")

        def assign(rendering: Rendering) -> None:
            rendering.values[path] = expression(rendering)
            if path.startswith(_OVERRIDE):
                rendering.overrides[path.removeprefix(_OVERRIDE)] = rendering.values[path]

        return assign

    def choice(self) -> _Part:
        branches: list[tuple[_Condition, tuple[_Part, ...]]] = []
        ended_by: str | None = "elseif"
        while ended_by == "elseif":
            self.expect("(")
            condition = self.either()
            self.expect(")")
            parts, ended_by = self.parts()
            branches.append((condition, parts))
        if ended_by == "else":
            parts, ended_by = self.parts()
            branches.append((lambda rendering: True, parts))
        if ended_by != "end":
            raise TemplateError("#if has no #end")

        def choose(rendering: Rendering) -> None:
            for condition, chosen in branches:
                if condition(rendering):
                    for part in chosen:
                        part(rendering)
                    return

        return choose

    def either(self) -> _Condition:
        conditions = [self.both()]
        while self.take("||"):
            conditions.append(self.both())
        return lambda rendering: any(condition(rendering) for condition in conditions)

    def both(self) -> _Condition:
        conditions = [self.comparison()]
        while self.take("&&"):
            conditions.append(self.comparison())
        return lambda rendering: all(condition(rendering) for condition in conditions)

    def comparison(self) -> _Condition:
        if self.take("("):
            inner = self.either()
            self.expect(")")
            return inner
        left = self.expression()
        if self.take("=="):
            right = self.expression()
            return lambda rendering: left(rendering) == right(rendering)
        if self.take("!="):
            other = self.expression()
            return lambda rendering: left(rendering) != other(rendering)
        return lambda rendering: left(rendering) not in ("", "false")

    def expression(self) -> _Expression:
        literal = _LITERAL.match(self.source, self.at)
        if literal is not None:
            self.at = literal.end()
            text = next(group for group in literal.groups() if group is not None)
            return lambda rendering: text
        self.space()
        found = self.reference() if self.source.startswith("$", self.at) else None
        if found is None:
            raise TemplateError(f"{self.source[self.at : self.at + 20]!r} is not played on this machine")
        return found

    def take(self, token: str) -> bool:
        self.space()
        if not self.source.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise TemplateError(f"{token!r} is missing before {self.source[self.at : self.at + 20]!r}")

    def space(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1
