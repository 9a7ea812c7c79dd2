"""A function's package: its handler, its mappings, the hooks that it calls, and the runtime modules that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from cncb_compiler.digests import sha256_of
from cncb_compiler.emit.closure import named_modules, runtime_files
from cncb_compiler.emit.handler import handler_module
from cncb_compiler.emit.mappings import mapping_module
from cncb_compiler.hooks.source import HookModule, closure
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.handlers import OwnHandler
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import TypeTable

DIGEST_LENGTH = 16


def package(function: FunctionPlan, plan: ServicePlan, table: TypeTable, hooks: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a function's folder, by path. `hooks` are the service's hook modules, text by name."""
    handler = handler_module(function, plan, table)
    files = {"handler.py": handler.source}
    modules = set(handler.modules)
    called: tuple[str, ...] = ()
    mapping = mapping_module(function.handler, f"The mappings of `{function.name}`.", table)
    if mapping is not None:
        files["mapping.py"] = mapping.source
        called = mapping.hooks
        modules |= {"values"} if mapping.values else set()
    if isinstance(function.handler, OwnHandler):
        called = (function.handler.module,)
    if called:
        texts = closure({name: _module(name, text) for name, text in hooks.items()}, called)
        files["hooks/__init__.py"] = b""
        for name, text in texts.items():
            files[f"hooks/{name}.py"] = text.encode("utf-8", "replace")
            modules |= named_modules(text)
    if modules:
        files |= runtime_files(modules)
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """The content hash of a package: the beginning of a SHA-256 over its paths and contents, in hex."""
    listed = "".join([f"{path}\0{sha256_of(files[path])}\0" for path in sorted(files)])
    return sha256_of(listed.encode())[:DIGEST_LENGTH]


@lru_cache(maxsize=4096)
def _module(name: str, text: str) -> HookModule:
    return HookModule(name, text)
