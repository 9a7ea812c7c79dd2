"""Install the peers that are not there: `python -m benchmarks.peers install`."""

from __future__ import annotations

import click

from benchmarks.peers import install


@click.group(help="The tools that cncb is measured beside.")
def main() -> None:
    pass


@main.command(name="install", help="Install what is missing: npm packages into benchmarks/.peers, the rest by pip.")
def install_command() -> None:
    for line in install.install():
        click.echo(line)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.peers")
