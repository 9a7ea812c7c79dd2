"""Whether each peer is there, and its installation."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NPM_FOLDER = Path(__file__).resolve().parent.parent / ".peers"
"""Where the npm packages live: git-ignored, and made anew by `install`."""

NPM_PACKAGES = {"@architect/inventory": "6.1.0", "@architect/package": "11.0.4"}
PYPI_PACKAGES = {
    "aws-sam-translator": "aws-sam-translator>=1.90",
    "troposphere": "troposphere>=4.8",
    "aws-lambda-powertools": "aws-lambda-powertools>=3",
}


def pypi_version(package: str) -> str | None:
    """The installed version of a PyPI package; None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def npm_version(package: str) -> str | None:
    """The installed version of an npm package; None where it, or node, is not installed."""
    manifest = NPM_FOLDER / "node_modules" / package / "package.json"
    if shutil.which("node") is None or not manifest.is_file():
        return None
    version: str = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    return version


def install() -> Iterator[str]:
    """Install the peers that are missing; yields a line of report for each step, also of one that fails."""
    missing = [wanted for package, wanted in PYPI_PACKAGES.items() if pypi_version(package) is None]
    if missing:
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=False)
        yield f"pip install {' '.join(missing)}: {_outcome(done.returncode)}"
    if shutil.which("npm") is None or shutil.which("node") is None:
        yield "node and npm are not installed: Architect is left out"
    elif any(npm_version(package) != version for package, version in NPM_PACKAGES.items()):
        NPM_FOLDER.mkdir(exist_ok=True)
        (NPM_FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
        (NPM_FOLDER / "package.json").write_text(
            json.dumps({"private": True, "dependencies": NPM_PACKAGES}, indent=2) + "\n", encoding="utf-8"
        )
        argv = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        done = subprocess.run(argv, cwd=NPM_FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        yield f"npm install {' '.join(NPM_PACKAGES)}: {_outcome(done.returncode)}"
    for package in PYPI_PACKAGES:
        yield f"{package} {pypi_version(package) or 'not installed'}"
    for package in NPM_PACKAGES:
        yield f"{package} {npm_version(package) or 'not installed'}"


def _outcome(status: int) -> str:
    return "done" if status == 0 else f"failed with status {status}"
