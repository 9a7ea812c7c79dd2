"""`python -m cncb_compiler.local.endpoint [--host H] [--port N]`: the endpoint by itself."""

from __future__ import annotations

import argparse
from contextlib import suppress

from cncb_compiler.local.endpoint.server import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        main(options.host, options.port)
