"""Telling people what has happened."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import Request, urlopen


def tell(event: dict[str, Any]) -> None:
    """Send one mail."""
    body = json.dumps({"about": event["thing"]["name"]}).encode()
    request = Request(f"{os.environ['MAIL_URL']}/mails", body, {"content-type": "application/json"})
    with urlopen(request, timeout=2) as answer:
        answer.read()
