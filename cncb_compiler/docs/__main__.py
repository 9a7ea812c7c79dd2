"""`python -m cncb_compiler.docs`: write the generated pages of `docs/`, from the top of a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

from cncb_compiler.docs.pages import pages


def main() -> int:
    """Write the pages that changed; says which."""
    root = Path()
    if not (root / "topologies").is_dir():
        sys.stderr.write("Run it at the top of a checkout.\n")
        return 2
    for name, text in pages(root).items():
        path = root / "docs" / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
