"""Which Chromium the browser tests drive, the system's or else the one that Playwright downloads, and what is seen in it.

`python tests/browser/chromium.py` downloads it where there is none, or says what to install.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACOS = "/Applications/{0}.app/Contents/MacOS/{0}"
_LOCAL = ("file:", "data:", "blob:", "about:")
MISSING = (
    "The tests in tests/browser need Chromium, and there is none. Install it: `apt-get install chromium` on Debian, "
    "`brew install --cask chromium` on macOS, or `python -m playwright install --with-deps chromium` anywhere."
)


def executable() -> str | None:
    """The path of a Chromium, None if there is none."""
    on_path = (shutil.which(name) for name in _NAMES)
    installed = (_MACOS.format(name) for name in ("Chromium", "Google Chrome"))
    found = [path for path in (*on_path, *installed) if path and Path(path).exists()]
    return found[0] if found else _downloaded()


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def watched(context) -> list[str]:
    """What goes wrong in the tabs of a browser context from now on: console errors, exceptions, requests that leave.

    What a page's Content-Security-Policy refuses is a console error.
    """
    wrong: list[str] = []

    def request(made) -> None:
        if not made.url.startswith(_LOCAL):
            wrong.append(f"request: {made.url}")

    def console(said) -> None:
        if said.type == "error":
            wrong.append(f"console: {said.text}")

    context.on("request", request)
    context.on("console", console)
    context.on("weberror", lambda raised: wrong.append(f"exception: {raised.error}"))
    return wrong


def main() -> int:
    if executable() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if executable() is None:
            sys.stderr.write(f"{MISSING}\n")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
