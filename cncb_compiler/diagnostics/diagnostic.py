"""The one value in which everything wrong with a system is told."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cncb_compiler.diagnostics.mend import Edit
from cncb_compiler.source.location import Location


class Severity(StrEnum):
    """How bad a finding is. Errors stop a compile; warnings and infos do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Related(Struct, frozen=True):
    """Another place that a reader needs to see, and what it has to do with the finding."""

    at: Location
    message: str


class Diagnostic(Struct, frozen=True):
    """One finding.

    `code` is stable (`CNCB304`), `slug` is its readable name (`unknown-field`). `message` says what is wrong,
    `mend` what to do about it (None only where the message is the mend). `at` is where the caret goes. `edits`,
    where there are any, mend it; where they are not `sure`, somebody has to choose them.
    """

    code: str
    slug: str
    severity: Severity
    at: Location
    message: str
    mend: str | None = None
    related: tuple[Related, ...] = ()
    edits: tuple[Edit, ...] = ()
    sure: bool = True
