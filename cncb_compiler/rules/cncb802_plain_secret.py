"""A secret in plain text.

## What it does
Looks at environment variables, tags, constants of mappings, raw `resources` and `overrides`. Reported is

- a value that has the form of a key: of AWS, GitHub, Slack or Stripe, a private key, a JSON web token, a URL with a
  password;
- a variable or property that is named as a secret (`..._PASSWORD`, `...Secret`, `API_KEY`, `...Token`) with the
  text itself as its value, not a reference to where it is kept (a parameter's path, an ARN,
  `{{resolve:secretsmanager:...}}`);
- an environment variable whose value looks random: 20 or more mixed letters and digits, or 32 hexadecimal ones.

## Why is this bad?
It is in the repository, in the template, in the console and in every log of a deployment, for everybody who may
read them.

## Example
```yaml
function:
  environment: {PROVIDER_API_KEY: 8fGh2kLq9ZxWv7Bn4TyR}
```

## Mend
Keep it in Secrets Manager or as a SecureString parameter, and read it at run time. In the environment say only where
(`PROVIDER_API_KEY_PARAMETER: /shop/provider/key`). Then change the secret: it is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.mapping.tree import Constant, Items, Nested, Tree
from cncb_compiler.rules.environment import environments
from cncb_compiler.rules.secrets import has_secret_name, is_known_secret, looks_random
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB802", "plain-secret", Severity.ERROR)

MEND = "Keep it in Secrets Manager or as a SecureString parameter, say only where, and read it at run time."


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Tags."""
    for tag, value in system.declared.tags.items():
        if is_known_secret(value):
            yield _finding(Location(system.declared.at.file, ("tags", tag)), f"the tag `{tag}` holds a key")


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Environments and raw resources, then the constants of mappings."""
    for at, value in environments(service):
        name = str(at.path[-1])
        if is_known_secret(value) or looks_random(value):
            yield _finding(at, f"`{name}` holds what looks like a key")
        elif has_secret_name(name, value):
            yield _finding(at, f"`{name}` holds a secret in plain text")
    for section, entries in (("resources", service.decl.resources), ("overrides", service.decl.overrides)):
        if entries:
            yield from _raw("", entries, service.at / section)
    for _, mapping in service.mappings:
        yield from _constants(mapping.tree, mapping.at)


def _finding(at: Location, message: str) -> Diagnostic:
    return RULE(at, message, mend=MEND)


def _raw(name: str, value: Any, at: Location) -> Iterator[Diagnostic]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _raw(str(key), inner, at / key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _raw(name, inner, at / index)
    elif isinstance(value, str) and (is_known_secret(value) or has_secret_name(name, value)):
        yield _finding(at, f"`{name}` holds a secret in plain text")


def _constants(tree: Tree, at: Location) -> Iterator[Diagnostic]:
    if isinstance(tree, Nested):
        for name, inner in tree.fields.items():
            if inner.__class__ in (Constant, Nested, Items):
                yield from _constants(inner, at / name)
    elif isinstance(tree, Items):
        for index, inner in enumerate(tree.items):
            yield from _constants(inner, at / index)
    elif isinstance(tree, Constant) and isinstance(tree.value, str) and is_known_secret(tree.value):
        yield _finding(at, "this constant is a key")
