"""What looks like a secret: by its name, or by the value itself."""

from __future__ import annotations

import math
import re
from collections import Counter

_SECRET_NAME = re.compile(
    r"SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE
)
_NOT_THE_SECRET = re.compile(
    r"(ARN|NAME|ID|PATH|PARAMETER|PARAM|URL|URI|ENDPOINT|HOST|TTL|TIMEOUT|SECONDS|MINUTES|DAYS|AGE|LENGTH|COUNT|LIMIT|VERSION)$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(\{\{resolve:|arn:|/|https?://|ssm:|\$\{)")
_KNOWN_FORMS = re.compile(
    r"(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}"
    r"|\bxox[baprs]-[A-Za-z0-9-]{10,}"
    r"|\bsk_live_[A-Za-z0-9]{16,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."
    r"|://[^/\s:@${}]+:[^/\s:@${}]+@"
)
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{32,}")

MIN_ENTROPY = 4.0
"""Bits per character from which on a long word of letters and digits is taken for random."""


def has_secret_name(name: str, value: str) -> bool:
    """Whether a name says that its value is a secret, and the value is more than where to find it."""
    return bool(
        value and _SECRET_NAME.search(name) and not _NOT_THE_SECRET.search(name) and not _REFERENCE.match(value)
    )


def is_known_secret(value: str) -> bool:
    """Whether a text has the form of a known kind of key: AWS, GitHub, Slack, Stripe, PEM, JWT, user:password@."""
    return _KNOWN_FORMS.search(value) is not None


def looks_random(value: str) -> bool:
    """Whether a text is one long word of mixed letters and digits, or of hexadecimal digits, as keys are."""
    if _HEXADECIMAL.fullmatch(value):
        return True
    if not _TOKEN.fullmatch(value) or value.startswith("/"):
        return False
    kinds = (str.isupper, str.islower, str.isdigit)
    return all(any(kind(letter) for letter in value) for kind in kinds) and _entropy(value) >= MIN_ENTROPY


def _entropy(value: str) -> float:
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)
