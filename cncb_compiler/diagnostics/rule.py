"""What a kind of finding is: its stable code, its readable name, how bad it is."""

from __future__ import annotations

from msgspec import Struct

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Mend
from cncb_compiler.source.location import Location

GROUPS = {
    "0": "source",
    "1": "structure",
    "2": "reference",
    "3": "completeness",
    "4": "vocabulary",
    "5": "autonomy",
    "6": "flow",
    "7": "limits",
    "8": "security",
    "9": "resources",
}
"""The group of a code by its first digit: CNCB3xx is about information completeness."""


class Rule(Struct, frozen=True):
    """A kind of finding. Called with a place and a message, it makes the finding.

    Each rule has a module `rules/cncb<number>_<slug>.py`, whose docstring is its documentation. A rule that
    needs the whole linked system also has `check(system)` there; the others are found by the pass that reads
    what they are about.
    """

    code: str
    slug: str
    severity: Severity
    mendable: bool = False
    """Whether some of its findings have edits that mend them."""

    @property
    def group(self) -> str:
        """The group that the code belongs to."""
        return GROUPS[self.code[4]]

    @property
    def ignorable(self) -> bool:
        """Whether `# cncb: ignore[CODE]` may silence it: not where the source could not be understood."""
        return self.code[4] not in "012"

    def __call__(
        self, at: Location, message: str, *, mend: str | Mend | None = None, related: tuple[Related, ...] = ()
    ) -> Diagnostic:
        """A finding of this kind."""
        said = mend if isinstance(mend, Mend) else Mend(mend or "")
        return Diagnostic(
            self.code, self.slug, self.severity, at, message, said.text or None, related, said.edits, said.sure
        )
