"""What is said of a service depends on its own file, and on what is shared: a digest of both, for each service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cncb_compiler.digests import digest
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.location import Location


def texts_of(source: SystemSource) -> dict[str, str]:
    """By file, a digest of its text."""
    return {file.name: digest([file.text]) for file in source.files}


def keys_of(
    texts: Mapping[str, str], services: Mapping[str, Location], shared: Iterable[str], seeing_all: Iterable[str] = ()
) -> dict[str, str]:
    """By service, a digest of its name and file, of the files that are no service's own, and of what else is `shared`.

    `seeing_all`: services that depend on every file.
    """
    # A file that is no service's own may say something about all.
    own = {at.file for at in services.values() if not at.path}
    everything = [f"{name}:{text}" for name, text in texts.items()]
    common = digest([*shared, *(f"{name}:{text}" for name, text in texts.items() if name not in own)])
    return {
        name: digest([common, name, at.file, texts.get(at.file, ""), *(everything if name in seeing_all else ())])
        for name, at in services.items()
    }
