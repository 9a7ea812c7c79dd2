"""The SAM translator as a library: SAM templates in, CloudFormation out, one service after another.

Usage: `python by_sam.py INPUT OUTPUT [libyaml]`: a folder of templates, and the folder to write. They are
loaded as the translator's own command does it, by its `yaml_parse`; with `libyaml`, by the faster C loader,
in its favour. The templates name no managed policy, so nothing is asked of the network; the region must be in
`AWS_DEFAULT_REGION`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class _NoManagedPolicies(ManagedPolicyLoader):
    """In place of the loader that lists AWS's managed policies over the network."""

    def __init__(self) -> None:
        self._policy_map: dict[str, str] = {}


def main(source: str, output: str, loader: str = "") -> None:
    """Translate every template in `source` into `output`."""
    policies = _NoManagedPolicies()
    for path in sorted(Path(source).iterdir()):
        text = path.read_text(encoding="utf-8")
        template = yaml.load(text, yaml.CSafeLoader) if loader == "libyaml" else yaml_parse(text)
        translated = transform(template, {}, policies)
        folder = Path(output, path.stem)
        folder.mkdir(parents=True)
        (folder / "template.json").write_text(json.dumps(translated, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
