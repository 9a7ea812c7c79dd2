"""What the builders of handlers share: the parts of a module that a template lays out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.emit.closure import PACKAGE
from cncb_compiler.mapping.layout import Block, Code, join, render, text
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, environment_name
from cncb_compiler.plan.handlers import Mapped, Publish
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import TypeTable


@dataclass(frozen=True, slots=True)
class Context:
    """What a builder is given."""

    function: FunctionPlan
    plan: ServicePlan
    table: TypeTable


@dataclass(slots=True)
class Module:
    """A handler's module: the template that lays it out, and what goes into it.

    `imports` are names by module. `constants` are assignments; `steps` are those of the pipeline.
    """

    template: str
    imports: dict[str, set[str]] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)
    steps: list[Code] = field(default_factory=list)
    mapping: bool = True
    values: dict[str, object] = field(default_factory=dict)

    def use(self, module: str, *names: str) -> None:
        """Import names of a runtime module."""
        self.imports.setdefault(f"{PACKAGE}.{module}", set()).update(names)

    def decode_with(self, module: str, function: str) -> None:
        """Decode the records of streams by another function than `from_stream`."""
        del self.imports[f"{PACKAGE}.stream_records"]
        self.use(module, function)
        self.values["decode"] = function

    def constant(self, name: str, code: Code) -> str:
        """Assign code to a name; the answer is the name."""
        self.constants.append(f"{name} = {render(code, 0, len(name) + 3)}")
        return name

    def runtime_modules(self) -> frozenset[str]:
        """The names of the runtime modules that are imported."""
        prefix = f"{PACKAGE}."
        dotted = {module.removeprefix(prefix) for module in self.imports if module.startswith(prefix)}
        return frozenset(dotted | self.imports.get(PACKAGE, set()))

    def import_lines(self) -> list[str]:
        """The import statements, in isort's order."""
        lines = ["import mapping"] if self.mapping else []
        return lines + [
            f"from {module} import {', '.join(sorted(names, key=_isort_key))}"
            for module, names in sorted(self.imports.items())
        ]


def call(function: str, *arguments: Code) -> Code:
    """A call, which may be laid out in lines."""
    return Block(f"{function}(", arguments, ")")


def reference(mapped: Mapped) -> str:
    """The function of the mapping module."""
    return f"mapping.{mapped.name}"


def strings(names: Iterable[str]) -> Code:
    """A tuple of strings."""
    quoted = tuple(text(name) for name in names)
    return f"({quoted[0]},)" if len(quoted) == 1 else Block("(", quoted, ")") if quoted else "()"


def dictionary(items: Iterable[tuple[str, Code]]) -> Code:
    """A dict with string keys."""
    return Block("{", tuple(join(f"{text(name)}: ", code) for name, code in items), "}")


def nested(value: Mapping[str, Any] | str) -> Code:
    """A dict with string keys, of texts and such dicts."""
    return text(value) if isinstance(value, str) else dictionary((name, nested(one)) for name, one in value.items())


def tuple_of(codes: list[Code]) -> Code:
    """The code alone, or a tuple of several."""
    return codes[0] if len(codes) == 1 else Block("(", tuple(codes), ")")


def variable(asset: Asset) -> str:
    """The environment variable of an asset, as a string literal."""
    return text(environment_name(asset))


def emission(module: Module, publish: Publish) -> Code:
    """What the function publishes, as an `Emission`."""
    module.use("emission", "Emission")
    arguments: list[Code] = [
        text(publish.event),
        f"stream={variable(publish.stream)}",
        f"fields={reference(publish.fields)}",
    ]
    if publish.partition_key is not None:
        arguments.append(f"partition_key={reference(publish.partition_key)}")
    if publish.step is not None:
        arguments.append(f"step={text(publish.step)}")
    if publish.when is not None:
        arguments.append(f"when={reference(publish.when)}")
    if publish.packing is not None:
        module.use("packing", "Packing")
        how = [] if publish.packing.compress is None else [f"compress={publish.packing.compress}"]
        arguments.append(join("pack=", call("Packing", *how, *(["claim=True"] if publish.packing.claim else []))))
    return call("Emission", *arguments)


def emission_constant(module: Module, publish: Publish) -> str:
    """A constant for what the function publishes."""
    stem = f"EMIT_{publish.event.replace('-', '_').upper()}"
    taken = {constant.partition(" = ")[0] for constant in module.constants}
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return module.constant(name, emission(module, publish))


def _isort_key(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
