"""`cncb new`: scaffolds that compile."""

from __future__ import annotations

from pathlib import Path

import click

from cncb_compiler.cli.common import fail, found_systems, prefix_of

KINDS = ("system", "service", "event", "view", "transition", "command", "scenario")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option(
    "--in",
    "path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The system to add to; of a new system, the folder around it.",
)
@click.option("--service", metavar="SERVICE", help="The service that gets the view, transition or command.")
@click.option(
    "--on", metavar="EVENT", help="The event that triggers the view or transition; by default a plausible one."
)
@click.option("--emit", metavar="EVENT", help="The event that the transition emits, or the command publishes.")
def command(kind: str, name: str, path: Path | None, service: str | None, on: str | None, emit: str | None) -> None:
    """Scaffold a system, service, event, view, transition or command that compiles. Nothing is ever written over.

    The NAME of a transition is the event that it emits, declared too if it does not exist; with --emit it is a remark.
    A scenario is recorded from the `cncb run` that goes on: everything since it began.
    """
    from cncb_compiler.scaffold.change import ScaffoldError
    from cncb_compiler.scaffold.names import checked_name

    _refuse_useless(kind, service=service, on=on, emit=emit)
    if kind == "scenario":
        from cncb_compiler.cli.recording import record

        record(name, path)
        return
    try:
        checked_name(name)
        written, made, checked = _system(name, path) if kind == "system" else _part(kind, name, path, service, on, emit)
    except ScaffoldError as error:
        fail(str(error))
    except OSError as error:
        fail(f"`{error.filename}` cannot be written: {error.strerror}.")
    for line in made:
        click.echo(f"new {line}")
    for file in written:
        click.echo(f"wrote {file}")
    click.echo(f"next: cncb check {checked}")


_TAKEN = {"service": ("view", "transition", "command"), "on": ("view", "transition"), "emit": ("transition", "command")}


def _refuse_useless(kind: str, **given: str | None) -> None:
    for option, value in given.items():
        if value is not None and kind not in _TAKEN[option]:
            fail(f"`--{option}` means nothing for a new {kind}; it is for a new {' or '.join(_TAKEN[option])}.")


def _system(name: str, path: Path | None) -> tuple[list[Path], tuple[str, ...], Path]:
    from cncb_compiler.scaffold.system import write_system
    from cncb_compiler.source.discover import DEFAULT_FOLDER

    default = Path(DEFAULT_FOLDER) if Path(DEFAULT_FOLDER).is_dir() else Path()
    parent = path if path is not None else default
    return write_system(parent, name), (f"system `{name}`",), parent / name


def _part(
    kind: str, name: str, path: Path | None, service: str | None, on: str | None, emit: str | None
) -> tuple[list[Path], tuple[str, ...], str | Path]:
    from cncb_compiler.passes import analyse
    from cncb_compiler.scaffold import declarations
    from cncb_compiler.scaffold.change import refuse_errors, write

    found = found_systems(path)
    if len(found) > 1:
        names = ", ".join(str(source.root) for source in found[:5])
        fail(f"a new {kind} goes into one system; here are {len(found)}: {names}, ... Name one of them with `--in`.")
    source = found[0]
    alone = path is not None and path.is_file() and source.only_file is None
    if alone and kind == "service":
        fail(f"`{path}` is a whole system in one file: add the service to its `services:`.")
    analysis = analyse(source)
    change = {
        "service": lambda: declarations.new_service(analysis, name),
        "event": lambda: declarations.new_event(analysis, name),
        "view": lambda: declarations.new_view(analysis, name, service, on),
        "transition": lambda: declarations.new_transition(analysis, name, service, on, emit),
        "command": lambda: declarations.new_command(analysis, name, service, emit),
    }[kind]()
    refuse_errors(source, change, analysis.shown())
    prefix = prefix_of(source)
    written = [Path(prefix, file) for file in write(source, change)]
    return written, change.made, path if alone and path else prefix or "."
