"""Serving the endpoint over HTTP on a port of this machine."""

from __future__ import annotations

import json
import logging
import socket
import sys
import threading
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from cncb_compiler.local.endpoint.app import Application
from cncb_compiler.target.running import LOCAL_REGION


def served(host: str, port: int) -> BaseWSGIServer:
    """The endpoint's server, bound to a port (0: a free one), with the mock's services mended and being loaded.

    Raises OSError where the port is taken.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

    from cncb_compiler.local.endpoint.mends import mend_all

    class Handler(MotoRequestHandler):
        """Keeps connections open, and sends an answer at once."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Requests are not logged: they would be more than all else."""

    mend_all()
    application: Any = Application(DomainDispatcherApplication(create_backend_app))
    with socket.create_server((host, port)) as listening:
        server = make_server(host, port, application, threaded=True, request_handler=Handler, fd=listening.fileno())
    application.url = f"http://{host}:{server.port}"
    threading.Thread(target=application.warm, args=(LOCAL_REGION,), name="warm", daemon=True).start()
    return server


def main(host: str, port: int) -> None:
    """Serve until the process ends; says `{"url": ...}` on standard output once it answers."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = served(host, port)
    sys.stdout.write(json.dumps({"url": f"http://{host}:{server.port}"}) + "\n")
    sys.stdout.flush()
    server.serve_forever()
