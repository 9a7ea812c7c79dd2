"""The `cncb` command: a table of commands, each imported only when it is called."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from keyword import iskeyword

import click

from cncb_compiler import __version__

COMMANDS = {
    "check": "Check a system: every finding at once.",
    "compile": "Compile a system to CloudFormation templates and Lambda handlers.",
    "deploy": "Deploy a system: what `plan` shows.",
    "diff": "Show what changed in meaning, and who is affected.",
    "docs": "Write a catalogue of a system, as pages for a browser.",
    "endpoint": "Serve a local AWS endpoint, for several runs to share.",
    "explain": "Say why a resource, permission or setting exists.",
    "export": "Describe a system as AsyncAPI, JSON Schema, EventCatalog or Backstage do.",
    "faults": "List, show and resubmit what could not be handled.",
    "fmt": "Lay out topology YAML canonically, comments kept.",
    "graph": "Draw the event graph of a system.",
    "import": "Make a topology of AsyncAPI, CloudFormation, SAM or Serverless Framework files.",
    "invoke": "Call a function of a deployed system.",
    "lineage": "Say where a field comes from, where it goes, and who would break.",
    "lsp": "Serve an editor: the language server.",
    "logs": "Show the logs of a service's functions.",
    "new": "Scaffold a system, service, event, view, transition, command or scenario.",
    "package": "Build the zips of a system's functions.",
    "plan": "Show what a deployment would do, resource by resource.",
    "publish": "Publish an event, validated and completed.",
    "rebuild": "Rebuild a view: a fresh copy, filled from the lake, takes its place.",
    "reindex": "Rebuild a search index: what `rebuild` is for views.",
    "replay": "Give the lake's events once more to one function.",
    "remove": "Remove a deployed system, and say what is retained.",
    "review": "Write what a change does as a comment for its pull request.",
    "rule": "Explain one check.",
    "rules": "List all checks.",
    "run": "Run a whole system on this machine, and follow its events.",
    "schema": "Print the JSON Schema of the language, for editors.",
    "test": "Run a system's scenarios on this machine.",
    "trace": "Show the tree of what an event has caused.",
}
"""Name and one-line help of each command, here so that `--help` needs to import none of them."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own, `cncb_compiler.cli.<name>`: `import` in `import_`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        suffix = "_" if iskeyword(cmd_name) else ""
        module = import_module(f"cncb_compiler.cli.{cmd_name}{suffix}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one-line help, none of them imported."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cncb")
def cli() -> None:
    """Compile a description of an event-driven system into what AWS runs.

    PATH is a system's folder, or one of its files; by default the system one stands in, else `topologies/`.
    """


def main() -> None:
    """Run the command line. An error of cncb itself ends with exit code 2 and one line, not with a traceback.

    A command is one short burst whose values all live to its end, so there is nothing for the collector to find; and
    looking for pydantic's plugins, of which cncb has none, would take longer than checking a small system.
    """
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        cli()
    except Exception as error:
        from cncb_compiler.cli.common import USAGE, internal_error

        internal_error(error)
        raise SystemExit(USAGE) from None
