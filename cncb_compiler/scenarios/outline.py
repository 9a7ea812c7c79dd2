"""How a recorded scenario is laid out: as a team would write it by hand."""

from __future__ import annotations

from typing import Any


class _Lines:
    """What begins a line for each of its parts."""


class _Map(dict[Any, Any], _Lines):
    pass


class _List(list[Any], _Lines):
    pass


def _in_lines(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The outline of a scenario in lines of its own; what is within a step, row or event on one line, where it fits."""
    if len(path) > 3 or (len(path) == 3 and (path[0] == "when" or path[1] == "faults")):
        return value
    if isinstance(value, dict):
        return _Map({name: _in_lines(inner, (*path, name)) for name, inner in value.items()})
    if isinstance(value, list):
        return _List(_in_lines(inner, (*path, number)) for number, inner in enumerate(value))
    return value


def laid_out(scenario: dict[str, Any]) -> str:
    """The YAML of a scenario, given as plain values."""
    import yaml

    from cncb_compiler.fmt.layout import format_text
    from cncb_compiler.source.scalars import resolve

    class Dumper(yaml.SafeDumper):
        """Quotes what YAML 1.2 would read as something else than text."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, said: str) -> yaml.ScalarNode:
        style = '"' if not isinstance(resolve(said), str) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", said, style=style)

    def lines(dumper: yaml.SafeDumper, said: Any) -> yaml.Node:
        if isinstance(said, dict):
            return dumper.represent_mapping("tag:yaml.org,2002:map", said.items(), flow_style=False)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", said, flow_style=False)

    Dumper.add_representer(str, text)
    Dumper.add_representer(_Map, lines)
    Dumper.add_representer(_List, lines)
    dumped: str = yaml.dump(
        _in_lines(scenario), Dumper=Dumper, sort_keys=False, default_flow_style=True, width=10_000, allow_unicode=True
    )
    return format_text(dumped, "recorded")[0]
