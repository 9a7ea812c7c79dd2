"""`cncb endpoint`: what stands in for AWS, by itself, for several runs to share."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--port", type=int, default=4566, show_default=True, metavar="PORT", help="Where it answers; 0 for a free port."
)
def command(port: int) -> None:
    """Serve a local AWS endpoint until Ctrl-C, for `cncb run --endpoint URL` and `cncb test --endpoint URL`.

    It holds CloudFormation stacks, tables, streams, buckets, queues, parameters, logs and APIs in memory. It runs no
    functions: that is what `cncb run` and `cncb test` do beside it. With its URL in AWS_ENDPOINT_URL, `cncb plan`,
    `deploy` and `remove` work on it as on AWS.

    Exit code 0: it served, and was ended. 2: wrong usage, or the port cannot be used.
    """
    import gc
    import signal
    import threading

    from cncb_compiler.cli.common import fail

    try:
        from cncb_compiler.local.endpoint.server import served
    except ImportError as error:
        fail(f"{error.name} is not installed: pip install 'cncb[local]'")
    try:
        server = served("127.0.0.1", port)
    except OSError as error:
        fail(f"port {port} cannot be used: {error.strerror}")
    click.echo(f"http://127.0.0.1:{server.port}  (Ctrl-C ends it)")
    # Other commands end before the collector would pay; an endpoint serves for hours.
    gc.enable()
    for number in (signal.SIGINT, signal.SIGTERM):
        # A server cannot be shut down by the thread that serves.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
